"""Parts of scores against closed forms and shap's exact explainer, and what happens when they do not add up."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import (
    FEATURES,
    asked_of,
    clock_of,
    explained,
    finding,
    fitted,
    importances,
    loaded,
    model_of,
    people,
    plan_of,
    sigmoid,
)
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from threadpoolctl import threadpool_limits

from evaluator.analyses.explanations import tree_way
from evaluator.analyses.explanations.additive_way import additive_contributions
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import draw
from evaluator.analyses.explanations.sampled_way import sampled_contributions
from evaluator.analyses.explanations.tree_reading import ReadTrees
from evaluator.analyses.explanations.tree_way import tree_way_of
from evaluator.analyses.explanations.ways import NOT_ADDING_UP, TOO_SLOW, contributions_of
from evaluator.statistics.streams import stream

NUMBERS = ("income", "debt", "loans")
PLAN = plan_of(data={"features": list(NUMBERS)})
FAST, SLOW = 1e6, 100.0


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small models are fitted faster by one thread, above all beside other tests."""
    with threadpool_limits(1):
        yield


def interacting(frame: pd.DataFrame) -> np.ndarray:
    """All three features, with an interaction of each two."""
    a, b, c = (frame[name].to_numpy(dtype=float) for name in NUMBERS)
    return sigmoid(a * b - 2 * c + 0.5 * b * c + 0.3 * a)


def exact(asked: Asked, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Shap's exact explainer in the space of the score."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap

        matrix = asked.frame.to_numpy(dtype=float)
        masker = shap.maskers.Independent(matrix[background], max_samples=background.size)
        answer = lambda values: asked.mixer._answer(pd.DataFrame(values, columns=asked.frame.columns))  # noqa: E731
        return np.asarray(shap.ExactExplainer(answer, masker)(matrix[rows]).values)


def some(asked: Asked, n: int):
    return draw(n, stream(7, "test"), asked.strata)


def test_random_orders_are_exact_for_two_features(tmp_path: Path) -> None:
    features = ("income", "debt")
    model = model_of(lambda frame: sigmoid(frame["income"] * frame["debt"] - 1).to_numpy(), features)
    asked = asked_of(tmp_path, plan_of(data={"features": list(features)}), model, people(50))
    found = sampled_contributions(asked, some(asked, 20), 50)
    assert found.values == pytest.approx(exact(asked, found.drawn.index, np.arange(50)), abs=1e-12)
    assert found.adds_up
    assert found.background == 50


def test_random_orders_come_close_to_the_exact_parts(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, PLAN, model_of(interacting, NUMBERS), people(200))
    found = sampled_contributions(asked, some(asked, 60), 200)
    truth = exact(asked, found.drawn.index, np.arange(200))
    assert np.abs(found.values - truth).max() < 0.02
    assert np.abs(found.values).mean(axis=0) == pytest.approx(np.abs(truth).mean(axis=0), rel=0.03)
    assert found.off < 1e-12


def test_own_backgrounds_leave_no_lean(tmp_path: Path) -> None:
    """With few cases to compare with, the mean size is a little too large, and by less than its range."""
    asked = asked_of(tmp_path, PLAN, model_of(interacting, NUMBERS), people(400))
    found = sampled_contributions(asked, some(asked, 400), 50)
    truth = exact(asked, found.drawn.index, np.arange(400))
    assert np.abs(found.values).mean(axis=0) == pytest.approx(np.abs(truth).mean(axis=0), rel=0.03)


def test_a_linear_model_has_its_closed_form(tmp_path: Path) -> None:
    frame = people(300)
    plan = plan_of("regression", data={"features": list(NUMBERS)})
    estimator = LinearRegression().fit(frame[list(NUMBERS)], frame["days"])
    asked = asked_of(tmp_path, plan, fitted(estimator, plan), frame)
    found = contributions_of(asked, FAST, clock_of()).shown
    assert found is not None
    assert (found.how, found.space, found.background) == ("additive", "score", 300)
    centred = frame[list(NUMBERS)] - frame[list(NUMBERS)].mean()
    assert found.values == pytest.approx((centred * estimator.coef_).to_numpy()[found.drawn.index], abs=1e-9)


def test_a_slow_logistic_model_is_explained_in_log_odds(tmp_path: Path) -> None:
    frame = people(300)
    estimator = LogisticRegression().fit(frame[list(NUMBERS)], frame["repaid"])
    asked = asked_of(tmp_path, PLAN, fitted(estimator, PLAN), frame)
    found = contributions_of(asked, 900.0, clock_of()).shown
    assert found is not None
    assert (found.how, found.space) == ("additive", "log_odds")
    centred = frame[list(NUMBERS)] - frame[list(NUMBERS)].mean()
    assert found.values == pytest.approx((centred * estimator.coef_[0]).to_numpy()[found.drawn.index], abs=1e-6)
    usual = contributions_of(asked, FAST, clock_of()).shown
    assert usual is not None
    assert (usual.how, usual.space) == ("sampled", "chance")


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_trees_are_read_exactly(tmp_path: Path, kind: str) -> None:
    frame = people(400)
    plan = plan_of(kind, data={"features": list(NUMBERS)})
    tree = (
        DecisionTreeClassifier(max_depth=4, random_state=1)
        if kind == "binary"
        else DecisionTreeRegressor(max_depth=4, random_state=1)
    )
    # Trees compare 32-bit numbers, which the sample holds exactly.
    rounded = frame.assign(**{name: frame[name].astype(np.float32).astype(float) for name in NUMBERS})
    tree.fit(rounded[list(NUMBERS)], frame["repaid" if kind == "binary" else "days"])
    asked = asked_of(tmp_path, plan, fitted(tree, plan), rounded)
    way = tree_way_of(asked)
    assert way is not None
    found = way.contributions(some(asked, 40), 60)
    assert found is not None
    assert found.off < 1e-12
    assert found.background == 300
    turns = way.turns(40)
    for place, background in enumerate(way.backgrounds(60)):
        assert background.size == 60
        truth = exact(asked, found.drawn.index[turns == place], background)
        assert found.values[turns == place] == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize(
    "estimator", [DecisionTreeClassifier(max_depth=3), GradientBoostingClassifier(n_estimators=20)]
)
def test_the_parts_are_those_of_the_positive_label_whichever_comes_first(tmp_path: Path, estimator) -> None:
    frame = people(400)
    plan = plan_of(task={"positive": 0}, data={"features": list(NUMBERS)})
    estimator.set_params(random_state=1).fit(frame[list(NUMBERS)], frame["repaid"])
    asked = asked_of(tmp_path, plan, fitted(estimator, plan), frame)
    way = tree_way_of(asked)
    assert way is not None
    found = way.contributions(some(asked, 30), 100)
    assert found is not None
    assert found.off < 1e-12
    assert np.corrcoef(found.values[:, 0], asked.frame["income"][found.drawn.index])[0, 1] < -0.5


def categories(n: int = 800) -> pd.DataFrame:
    """A feature of many codes without order, on which the outcome depends."""
    rng = np.random.default_rng(2)
    frame = people(n).assign(loans=rng.integers(0, 12, n))
    odds = np.where(frame["loans"] % 3 == 0, 2.0, -1.0) + frame["income"] - 3
    return frame.assign(repaid=(rng.random(n) < sigmoid(odds)).astype(int))


def booster_of_categories(frame: pd.DataFrame) -> HistGradientBoostingClassifier:
    estimator = HistGradientBoostingClassifier(categorical_features=[2], random_state=1, max_iter=50)
    return estimator.fit(frame[list(NUMBERS)], frame["repaid"])


def test_trees_with_native_categories_are_read_exactly(tmp_path: Path) -> None:
    frame = categories()
    asked = asked_of(tmp_path, PLAN, fitted(booster_of_categories(frame), PLAN), frame)
    attempts = contributions_of(asked, FAST, clock_of())
    assert [found.how for found in attempts.tried] == ["tree"]
    assert attempts.tried[0].off < 1e-12


def as_thresholds(read: ReadTrees) -> ReadTrees:
    """Levels misread as quantities."""
    return read._replace(trees=tuple(tree._replace(category=None) for tree in read.trees))


def as_first_class(read: ReadTrees) -> ReadTrees:
    """The parts of the other outcome."""
    return read._replace(trees=tuple(tree._replace(value=-tree.value) for tree in read.trees), base=-read.base)


@pytest.mark.parametrize("misread", [as_thresholds, as_first_class])
def test_trees_that_are_misread_are_found_out_and_not_shown(
    tmp_path: Path, misread: Callable[[ReadTrees], ReadTrees], monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = categories()
    model = fitted(booster_of_categories(frame), PLAN)
    rightly = tree_way.read_trees
    monkeypatch.setattr(tree_way, "read_trees", lambda *given: misread(rightly(*given)))
    asked = asked_of(tmp_path, PLAN, model, frame)
    attempts = contributions_of(asked, FAST, clock_of())
    assert [found.how for found in attempts.tried] == ["tree", "sampled"]
    assert attempts.tried[0].rows_off > 10
    assert attempts.shown is attempts.tried[-1]
    tables = explained(tmp_path, PLAN, model, frame, step=1e-5)
    assert importances(tables)["loans"].how == "sampled"
    assert "was not used" in finding(tables, "EXPL03").sentence


def test_a_pipeline_is_explained_by_the_columns_of_the_plan(tmp_path: Path) -> None:
    frame, plan = people(), plan_of("regression")
    encode = make_column_transformer((OneHotEncoder(), ["region"]), remainder="passthrough")
    estimator = make_pipeline(encode, LinearRegression()).fit(frame[list(FEATURES)], frame["days"])
    found = importances(explained(tmp_path, plan, fitted(estimator, plan), frame))
    assert list(found) == list(FEATURES)
    assert {row.how for row in found.values()} == {"additive"}
    weights = estimator[-1].coef_[:3]
    by_region = pd.Series(weights, index=["east", "north", "south"])[frame["region"]].to_numpy()
    assert found["region"].value == pytest.approx(np.abs(by_region - by_region.mean()).mean(), rel=1e-6)


def test_a_model_that_minds_the_company_of_a_row_is_not_explained(tmp_path: Path) -> None:
    model = model_of(lambda frame: sigmoid(frame["income"] - frame["income"].mean()).to_numpy(), NUMBERS)
    tables = explained(tmp_path, PLAN, model)
    assert {row.status for row in importances(tables).values()} == {"not_tested"}
    assert {row.reason for row in importances(tables).values()} == {NOT_ADDING_UP}
    assert finding(tables, "EXPL03").outcome == "found"
    assert "withheld" in finding(tables, "EXPL03").sentence
    assert finding(tables, "EXPL04").outcome == "not_tested"


def test_what_is_too_slow_is_said(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, PLAN, model_of(interacting, NUMBERS))
    attempts = contributions_of(asked, SLOW, clock_of())
    assert (attempts.tried, attempts.shown, attempts.reason) == ((), None, TOO_SLOW)


def test_a_feature_without_a_part_has_none(tmp_path: Path) -> None:
    model = model_of(lambda frame: sigmoid(frame["income"] * frame["debt"] - 2).to_numpy(), NUMBERS)
    asked = asked_of(tmp_path, PLAN, model)
    found = contributions_of(asked, FAST, clock_of()).shown
    assert found is not None
    assert (found.values[:, 2] == 0).all()


def test_additive_parts_are_refused_for_a_model_with_interactions(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, PLAN, model_of(interacting, NUMBERS))
    found = additive_contributions(asked, some(asked, 50), "log_odds")
    assert found is not None
    assert not found.adds_up
    sure = model_of(lambda frame: np.where(frame["income"] > 3, 0.5 + frame["debt"] / 99, frame["loans"] / 4), NUMBERS)
    assert additive_contributions(asked_of(tmp_path, PLAN, sure), some(asked, 50), "log_odds") is None


def test_missing_values_and_threads_do_no_harm(tmp_path: Path) -> None:
    frame = people(400)
    frame.loc[::7, "debt"] = np.nan
    estimator = RandomForestClassifier(20, random_state=1, n_jobs=2).fit(frame[list(NUMBERS)], frame["repaid"])
    tables = explained(tmp_path, PLAN, fitted(estimator, PLAN), frame, step=1e-5)
    assert finding(tables, "EXPL02").outcome == "clear"
    assert importances(tables)["income"].status == "ok"


def test_the_score_of_the_plan_is_the_one_that_is_explained(tmp_path: Path) -> None:
    subject = loaded(tmp_path, PLAN, model_of(interacting, NUMBERS))
    assert subject.model is not None
    assert subject.model.scores(subject.frame[list(NUMBERS)]) == pytest.approx(subject.scores[0].score)
