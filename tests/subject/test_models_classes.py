"""Models of several classes: one number for each class, and which classes they know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.svm import SVC

from evaluator.errors import ModelError
from evaluator.plan.schema import Plan
from evaluator.subject.loading import load_subject
from evaluator.subject.models.checking import check_model
from evaluator.subject.models.features import feature_frame
from evaluator.subject.subject import Subject

KINDS = ("cat", "dog", "emu")
Attach = Callable[..., Subject]


def animals(kinds: tuple[str, ...] = KINDS) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    kind = rng.integers(0, len(kinds), 120)
    columns = {"length": kind + rng.normal(0, 0.4, 120), "weight": -kind + rng.normal(0, 0.4, 120)}
    return pd.DataFrame({"animal": np.asarray(kinds, dtype=object)[kind]} | columns)


@pytest.fixture
def attach(tmp_path: Path) -> Attach:
    """Fit the estimator, save it, and load the subject with it; the scores handed in are its own."""

    def attaching(estimator: BaseEstimator, fitted_on: tuple[str, ...] = KINDS, **task: Any) -> Subject:
        estimator.fit(animals(fitted_on)[["length", "weight"]], animals(fitted_on)["animal"])
        frame = animals()
        said = [kind if kind in fitted_on else fitted_on[0] for kind in frame["animal"]]
        frame.assign(said=said if set(said) <= set(KINDS) else "cat").to_parquet(tmp_path / "a.parquet")
        skops.io.dump(estimator, tmp_path / "m.skops")
        plan = Plan.model_validate(
            {
                "plan_version": 1,
                "plan": "animals",
                "title": "Animals",
                "model": {"name": "m", "version": "1", "artifact": {"path": "m.skops"}},
                "task": {"kind": "multiclass", "label": "animal", "prediction": "said"} | task,
                "data": {"evaluation": {"path": "a.parquet"}, "features": ["length", "weight"]},
            }
        )
        return load_subject(plan, tmp_path)

    return attaching


def asked(subject: Subject) -> np.ndarray:
    assert subject.model is not None
    plan = Plan.model_validate(
        {
            "plan_version": 1, "plan": "a", "title": "A", "model": {"name": "m", "version": "1"},
            "task": {"kind": "multiclass", "label": "animal", "prediction": "said"},
            "data": {"evaluation": {"path": "a.parquet"}, "features": ["length", "weight"]},
        }
    )  # fmt: skip
    return subject.model.scores(feature_frame(plan, subject.frame, subject.columns, subject.model))


def test_a_classifier_gives_every_class_a_probability(attach: Attach) -> None:
    estimator = LogisticRegression()
    subject = attach(estimator)
    assert subject.model is not None
    assert subject.model.classes == KINDS
    scores = asked(subject)
    assert scores.shape == (120, 3)
    assert np.allclose(scores, estimator.predict_proba(animals()[["length", "weight"]]))
    assert not subject.warnings


@pytest.mark.parametrize(("k", "columns"), [(3, 3), (2, 2)])
def test_a_classifier_without_probabilities_ranks_every_class(attach: Attach, k: int, columns: int) -> None:
    subject = attach(RidgeClassifier(), KINDS[:k], score_kind="rank")
    scores = asked(subject)
    assert scores.shape == (120, columns)
    if k == 2:
        assert (scores[:, 0] == -scores[:, 1]).all()


def test_probabilities_are_asked_of_those_who_have_them(attach: Attach) -> None:
    with pytest.raises(ModelError, match="gives no probabilities"):
        attach(RidgeClassifier())


def test_one_number_for_each_pair_of_classes_is_not_one_for_each_class(attach: Attach) -> None:
    four = (*KINDS, "yak")
    subject = attach(SVC(decision_function_shape="ovo"), four, score_kind="rank")
    with pytest.raises(ModelError, match="120 x 6 values for 120 rows; expected 4 for each row"):
        asked(subject)


def test_classes_that_one_side_alone_knows_are_said(attach: Attach) -> None:
    fewer = attach(LogisticRegression(), KINDS[:2])
    assert "model.artifact: LogisticRegression was not fitted on 'emu'." in fewer.warnings
    more = attach(LogisticRegression(), (*KINDS, "yak"))
    assert any("also knows 'yak'" in warning for warning in more.warnings)


def test_a_model_of_another_label_is_refused(attach: Attach) -> None:
    with pytest.raises(ModelError, match="was fitted on the classes 'oak', 'yew'; the data have 'cat', 'dog', 'emu'"):
        attach(LogisticRegression(), ("oak", "yew"))


def test_a_row_is_reproduced_when_every_class_is(attach: Attach) -> None:
    subject = attach(LogisticRegression())
    assert subject.model is not None
    supplied = asked(subject)
    frame = subject.frame[["length", "weight"]]
    assert check_model(subject.model, frame, supplied).reproduced == 120
    changed = supplied.copy()
    changed[[3, 3, 7], [0, 1, 2]] += 0.01
    found = check_model(subject.model, frame, changed)
    assert (found.reproduced, found.deterministic) == (118, True)
    assert found.largest_difference == pytest.approx(0.01)
