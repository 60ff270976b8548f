"""How many rows are looked at follows from the model's size, and not from how busy the machine is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.nominal_pace import nominal_rate
from evaluator.analyses.explanations.pace import pace_of, steady

X = pd.DataFrame(np.random.default_rng(0).normal(size=(200, 3)), columns=list("abc"))
Y = X["a"] > 0


def fitted(model):  # type: ignore[no-untyped-def]
    return model.fit(X, Y)


def ticking(step: float):  # type: ignore[no-untyped-def]
    """A clock that goes on by `step` at every look."""
    now = [0.0]

    def clock() -> float:
        now[0] += step
        return now[0]

    return clock


def test_more_trees_are_slower_and_a_pipeline_is_its_last_step() -> None:
    few, many = (nominal_rate(fitted(HistGradientBoostingClassifier(max_iter=n))) for n in (5, 50))
    assert few is not None
    assert many is not None
    assert few > many
    booster = HistGradientBoostingClassifier(max_iter=50)
    assert nominal_rate(fitted(make_pipeline(StandardScaler(), booster))) == many
    linear = nominal_rate(fitted(LogisticRegression()))
    assert linear is not None
    assert linear > few


@pytest.mark.parametrize(
    "model",
    [GradientBoostingRegressor(n_estimators=5), RandomForestRegressor(5), HistGradientBoostingRegressor(max_iter=5)],
)
def test_every_kind_of_tree_model_has_a_pace(model) -> None:  # type: ignore[no-untyped-def]
    assert nominal_rate(fitted(model)) is not None


def test_of_other_models_the_size_says_nothing() -> None:
    assert nominal_rate(None) is None
    assert nominal_rate(fitted(KNeighborsRegressor())) is None


def test_a_busy_machine_changes_nothing_and_a_model_far_slower_than_its_kind_is_timed() -> None:
    model = fitted(LogisticRegression())
    mixer = Mixer(X, lambda frame: model.predict_proba(frame)[:, 1])
    idle, busy = (pace_of(model, mixer, ticking(step)) for step in (1e-3, 5e-3))
    assert idle == busy == nominal_rate(model)
    assert pace_of(model, mixer, ticking(60.0)) < 200
    assert pace_of(None, mixer, ticking(1e-3)) != pace_of(None, mixer, ticking(5e-3))


def test_a_measured_pace_counts_only_when_it_is_far_slower() -> None:
    assert [steady(100.0, measured, 4) for measured in (500.0, 30.0, 20.0)] == [100.0, 100.0, 20.0]
    assert steady(None, 20.0) == 20.0
