"""Trees of every kind of model read as they answer, against all coalitions asked of the model itself, and against shap."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, asked_of, fitted, people, plan_of
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, PolynomialFeatures, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor
from threadpoolctl import threadpool_limits

from evaluator.analyses.explanations import tree_columns
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.tree_way import TreeWay, tree_way_of

NUMBERS = ("income", "debt", "loans")
ROWS, BACKGROUND = np.arange(0, 60, 6), np.arange(100, 130)
SMALL = {"n_estimators": 8, "max_depth": 4, "random_state": 1}
REGRESSORS = [
    DecisionTreeRegressor(max_depth=5, random_state=1), ExtraTreeRegressor(max_depth=5, random_state=1),
    RandomForestRegressor(**SMALL), ExtraTreesRegressor(**SMALL), GradientBoostingRegressor(**SMALL),
    GradientBoostingRegressor(loss="quantile", **SMALL), GradientBoostingRegressor(init="zero", **SMALL),
    HistGradientBoostingRegressor(max_iter=12, random_state=1),
]  # fmt: skip
CLASSIFIERS = [
    DecisionTreeClassifier(max_depth=5, random_state=1), ExtraTreeClassifier(max_depth=5, random_state=1),
    RandomForestClassifier(**SMALL), ExtraTreesClassifier(**SMALL),
]  # fmt: skip
BOOSTED = [
    GradientBoostingClassifier(**SMALL), HistGradientBoostingClassifier(max_iter=12, random_state=1),
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small models are fitted faster by one thread, above all beside other tests."""
    with threadpool_limits(1):
        yield


def single(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers that single precision holds, which shap needs."""
    return frame.assign(**{name: frame[name].astype(np.float32).astype(float) for name in ("income", "debt")})


def gaps(frame: pd.DataFrame) -> pd.DataFrame:
    frame.loc[::4, "debt"] = np.nan
    return frame


def set_up(
    folder: Path, estimator: Any, kind: str, frame: pd.DataFrame, features: tuple[str, ...], **plan: Any
) -> Asked:
    made = plan_of(kind, data={"features": list(features)}, **plan)
    estimator.fit(frame[list(features)], frame["days" if kind == "regression" else "repaid"])
    return asked_of(folder, made, fitted(estimator, made), frame)


def read_way(asked: Asked) -> TreeWay:
    way = tree_way_of(asked)
    assert way is not None
    return way


def asked_for_all_coalitions(asked: Asked) -> np.ndarray:
    """Shapley values by their definition, every mixture asked of the model itself."""
    k = asked.mixer.width
    pairs = np.array(list(itertools.product(ROWS, BACKGROUND)))
    sets = np.array(list(itertools.product([False, True], repeat=k)))
    source = np.where(sets[:, None, :], pairs[None, :, :1], pairs[None, :, 1:])
    said = asked.mixer.mixed(source.reshape(-1, k)).reshape(len(sets), ROWS.size, BACKGROUND.size).mean(axis=2)
    place = {tuple(chosen): number for number, chosen in enumerate(sets.tolist())}
    parts = np.zeros((ROWS.size, k))
    for number, chosen in enumerate(sets.tolist()):
        size = sum(chosen)
        for player in np.flatnonzero(~np.array(chosen)):
            more = [*chosen[:player], True, *chosen[player + 1 :]]
            weight = math.factorial(size) * math.factorial(k - size - 1) / math.factorial(k)
            parts[:, player] += weight * (said[place[tuple(more)]] - said[number])
    return parts


def held(asked: Asked) -> np.ndarray:
    """Parts that add up to the model's own scores."""
    found = read_way(asked).parts_of(ROWS, BACKGROUND)
    assert found is not None
    assert found.base + found.values.sum(axis=1) == pytest.approx(asked.mixer.rows(ROWS), abs=1e-10)
    return found.values


@pytest.mark.parametrize("estimator", REGRESSORS, ids=repr)
def test_every_kind_of_regressor(tmp_path: Path, estimator: Any) -> None:
    frame = people(300) if isinstance(estimator, GradientBoostingRegressor) else gaps(people(300))
    asked = set_up(tmp_path, estimator, "regression", frame, NUMBERS)
    assert held(asked) == pytest.approx(asked_for_all_coalitions(asked), abs=1e-10)


@pytest.mark.parametrize("positive", [0, 1])
@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=repr)
def test_every_kind_of_classifier_that_counts(tmp_path: Path, estimator: Any, positive: int) -> None:
    asked = set_up(tmp_path, estimator, "binary", gaps(people(300)), NUMBERS, task={"positive": positive})
    assert held(asked) == pytest.approx(asked_for_all_coalitions(asked), abs=1e-12)


@pytest.mark.parametrize("positive", [0, 1])
@pytest.mark.parametrize("estimator", [*BOOSTED, GradientBoostingClassifier(loss="exponential", **SMALL)], ids=repr)
def test_boosted_chances_add_up_for_either_label(tmp_path: Path, estimator: Any, positive: int) -> None:
    asked = set_up(tmp_path, estimator, "binary", people(300), NUMBERS, task={"positive": positive})
    parts = held(asked)
    assert np.corrcoef(parts[:, 0], asked.frame["income"][ROWS])[0, 1] * (1 if positive else -1) > 0.5


@pytest.mark.parametrize("estimator", [*REGRESSORS[2:5], *CLASSIFIERS[:3], *BOOSTED, REGRESSORS[-1]], ids=repr)
def test_the_same_as_shap_with_the_same_background(tmp_path: Path, estimator: Any) -> None:
    import shap

    kind = "binary" if hasattr(estimator, "predict_proba") else "regression"
    asked = set_up(tmp_path, estimator, kind, single(people(300)), NUMBERS)
    matrix = asked.frame.to_numpy(dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        explainer = shap.TreeExplainer(
            estimator, data=shap.maskers.Independent(matrix[BACKGROUND], max_samples=BACKGROUND.size),
            model_output="raw" if kind == "regression" else "probability", feature_perturbation="interventional",
        )  # fmt: skip
        theirs = np.asarray(explainer.shap_values(matrix[ROWS], check_additivity=False))
    theirs = theirs[..., 1] if theirs.ndim == 3 else theirs
    # Shap holds leaves and thresholds in single precision for some models.
    assert held(asked) == pytest.approx(theirs, abs=1e-5 * np.abs(theirs).max())


def with_levels(n: int = 300) -> pd.DataFrame:
    """Text, truth values, missing levels and codes without order."""
    frame = people(n).assign(loans=np.random.default_rng(2).integers(0, 12, n))
    frame["days"] = frame["days"] + np.where(frame["loans"] % 3 == 0, 20.0, -5.0) + 9 * (frame["region"] == "north")
    return frame


def test_native_categories_of_boosted_trees(tmp_path: Path) -> None:
    booster = HistGradientBoostingRegressor(categorical_features=[2], max_iter=20, random_state=1)
    frame = with_levels()
    frame["loans"] = frame["loans"].astype(float).mask(frame.index % 11 == 0)
    asked = set_up(tmp_path, booster, "regression", frame, NUMBERS)
    assert held(asked) == pytest.approx(asked_for_all_coalitions(asked), abs=1e-10)


def one_hot() -> ColumnTransformer:
    return make_column_transformer((OneHotEncoder(sparse_output=False), ["region", "loans"]), remainder="passthrough")


PIPELINES = [
    make_pipeline(one_hot(), HistGradientBoostingRegressor(max_iter=20, random_state=1)),
    make_pipeline(make_column_transformer((OneHotEncoder(), list(FEATURES))), RandomForestRegressor(**SMALL)),
    make_pipeline(
        make_column_transformer(
            (OrdinalEncoder(), ["region"]), (make_pipeline(SimpleImputer(), StandardScaler()), ["debt", "income"]),
            ("drop", ["loans"]),
        ),
        GradientBoostingRegressor(**SMALL),
    ),
    make_pipeline(
        make_column_transformer((OrdinalEncoder(), ["region"]), remainder="passthrough"),
        HistGradientBoostingRegressor(categorical_features=[0], max_iter=20, random_state=1),
    ),
]  # fmt: skip


@pytest.mark.parametrize("pipeline", PIPELINES, ids=lambda one: type(one[-1]).__name__)
def test_pipelines_are_explained_by_the_columns_of_the_plan(tmp_path: Path, pipeline: Any) -> None:
    asked = set_up(tmp_path, pipeline, "regression", with_levels(), FEATURES)
    found = held(asked)
    assert found == pytest.approx(asked_for_all_coalitions(asked), abs=1e-10)
    assert np.abs(found[:, 3]).max() > 0.1


@pytest.mark.parametrize(
    "mixing", [PCA(2), PolynomialFeatures(2), make_column_transformer((PCA(1), ["debt", "income"]))], ids=repr
)  # fmt: skip
def test_columns_made_from_several_features_belong_to_none(tmp_path: Path, mixing: Any) -> None:
    asked = set_up(tmp_path, make_pipeline(mixing, DecisionTreeRegressor(max_depth=3)), "regression", people(), NUMBERS)
    way = read_way(asked)
    assert way.parts_of(ROWS, BACKGROUND) is None


def test_a_level_that_few_rows_have_is_learnt_when_it_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_columns, "LEARNT_FROM", 60)
    frame = with_levels(2_000)
    frame.loc[[7, 8, 1_900], "region"] = "rare"
    frame.loc[frame["region"] == "rare", "days"] += 500
    asked = set_up(tmp_path, make_pipeline(one_hot(), DecisionTreeRegressor()), "regression", frame, FEATURES)
    way = read_way(asked)
    first, later = way.parts_of(ROWS, BACKGROUND), way.parts_of(np.array([7, 1_900]), BACKGROUND)
    assert first is not None
    assert later is not None
    assert (later.values[:, 3] > 200).all()
    fresh = read_way(replace(asked)).parts_of(np.array([7, 1_900]), BACKGROUND)
    assert fresh is not None
    assert (fresh.values == later.values).all()


def test_a_feature_that_is_always_the_same_has_no_part(tmp_path: Path) -> None:
    asked = set_up(tmp_path, RandomForestRegressor(**SMALL), "regression", people().assign(loans=1), NUMBERS)
    assert (held(asked)[:, 2] == 0).all()


def test_two_features_that_are_copies_share_by_what_the_trees_read(tmp_path: Path) -> None:
    frame = people()
    frame["debt"] = frame["income"]
    asked = set_up(tmp_path, HistGradientBoostingRegressor(max_iter=10), "regression", frame, NUMBERS)
    assert held(asked) == pytest.approx(asked_for_all_coalitions(asked), abs=1e-10)


def test_one_of_several_classes(tmp_path: Path) -> None:
    frame, forest = people(), RandomForestClassifier(**SMALL)
    forest.fit(frame[list(NUMBERS)], frame["region"])
    plan = plan_of("regression", data={"features": list(NUMBERS)})
    model = fitted(DecisionTreeRegressor().fit(frame[list(NUMBERS)], frame["days"]), plan)
    for place, name in enumerate(forest.classes_):
        asked = replace(asked_of(tmp_path, plan, model, frame), estimator=forest, class_=name)
        found = read_way(asked).parts_of(ROWS, BACKGROUND)
        assert found is not None
        chance = forest.predict_proba(frame[list(NUMBERS)])[ROWS, place]
        assert found.base + found.values.sum(axis=1) == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize(
    ("estimator", "kind"),
    [
        (GradientBoostingRegressor(init=LinearRegression(), **SMALL), "regression"),
        (HistGradientBoostingRegressor(loss="poisson", max_iter=5), "regression"),
        (LinearRegression(), "regression"),
        (make_pipeline(StandardScaler(), LinearRegression()), "regression"),
    ],
    ids=repr,
)
def test_answers_that_are_no_sum_over_trees_are_left_to_other_ways(tmp_path: Path, estimator: Any, kind: str) -> None:
    frame = people().assign(days=lambda rows: rows["days"].clip(lower=0))
    assert tree_way_of(set_up(tmp_path, estimator, kind, frame, NUMBERS)) is None


@pytest.mark.parametrize("booster", [GradientBoostingClassifier(**SMALL), HistGradientBoostingClassifier(max_iter=3)])
def test_boosted_trees_for_three_classes_are_left_to_other_ways(tmp_path: Path, booster: Any) -> None:
    frame = people()
    plan = plan_of("regression", data={"features": list(NUMBERS)})
    model = fitted(DecisionTreeRegressor().fit(frame[list(NUMBERS)], frame["days"]), plan)
    three = booster.fit(frame[list(NUMBERS)], frame["region"])
    assert tree_way_of(replace(asked_of(tmp_path, plan, model, frame), estimator=three, class_="north")) is None
