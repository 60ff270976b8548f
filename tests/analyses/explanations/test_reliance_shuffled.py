"""EXPL12: whether a model that learnt nothing would be explained in the same way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explained_samples import fitted, model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, withheld
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    BaggingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.reliance.refitting import lessons, may_be_refitted, shuffled_model
from evaluator.analyses.explanations.reliance.shuffled_labels import (
    CONSTANT,
    FEW_FEATURES,
    FITS,
    MANY_FITS,
    NOT_REFITTED,
    SLOW_FIT,
    shuffled_labels,
)
from evaluator.analyses.explanations.reliance.training_size import longest_seconds, training_seconds

NAMES = ("debt", "income", "loans", "noise")
ENOUGH = 40_000.0


def frame_of(n: int = 1_200):
    rng = np.random.default_rng(31)
    frame = people(n).assign(noise=rng.normal(0, 1, n))
    frame["repaid"] = (rng.random(n) < sigmoid(3 * frame["income"] - 1.5 * frame["debt"] - 5)).astype(int)
    return frame


def about(folder: Path, estimator, frame=None, **data: object) -> Explained:
    frame = frame_of() if frame is None else frame
    plan = plan_of(data={"features": list(NAMES), **data})
    estimator.fit(frame[list(NAMES)], frame["repaid"])
    return explained_by(folder, plan, fitted(estimator, plan), frame, rate=ENOUGH)


def test_a_model_that_learnt_something_is_explained_otherwise(tmp_path: Path) -> None:
    explained = about(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()))
    (row,) = shuffled_labels(explained)
    assert row.status == "ok"
    assert row.low is not None
    assert row.low < 0.7
    said = judged_as(explained, "EXPL12", [row])
    assert said.outcome == "clear"
    assert said.sentence.startswith("A model that learnt from shuffled outcomes is ")
    assert shuffled_labels(explained) == (row,)


def test_a_model_whose_explanation_does_not_depend_on_learning_is_found(tmp_path: Path) -> None:
    frame = frame_of()
    for name, scale in zip(NAMES, (1e6, 1e4, 1e2, 1.0), strict=True):
        frame[name] = frame[name] * scale / frame[name].std()
    explained = about(tmp_path, KNeighborsClassifier(9), frame)
    rows = shuffled_labels(explained)
    said = judged_as(explained, "EXPL12", rows)
    assert (rows[0].proven, said.outcome) == (True, "found")
    assert "is explained in much the same way" in said.sentence


def test_a_model_that_gives_up_on_noise_is_clear(tmp_path: Path) -> None:
    explained = about(tmp_path, DecisionTreeClassifier(max_depth=2, min_impurity_decrease=0.05, random_state=1))
    (row,) = shuffled_labels(explained)
    assert (row.value, row.status, row.reason) == (None, "undefined", CONSTANT)
    assert judged_as(explained, "EXPL12", [row]).outcome == "clear"


def test_only_what_may_be_trained_again_is(tmp_path: Path) -> None:
    explained = about(tmp_path, LogisticRegression())
    assert may_be_refitted(explained)
    model = explained.subject.model
    assert model is not None
    for kind in ("pickle", "joblib", "call"):
        other = replace(explained, subject=replace(explained.subject, model=replace(model, kind=kind)))
        assert not may_be_refitted(other)
    (row,) = shuffled_labels(other)
    assert (row.status, row.reason) == ("not_tested", NOT_REFITTED)
    assert judged_as(explained, "EXPL12", [row]).outcome == "not_tested"
    assert shuffled_labels(withheld(explained))[0].reason == "the parts do not add up"


@pytest.mark.parametrize(
    ("estimator", "may"),
    [
        (make_pipeline(FunctionTransformer(np.abs), LogisticRegression()), False),
        (make_pipeline(make_column_transformer((OneHotEncoder(dtype=np.float64), ["a"])), LogisticRegression()), True),
        (KNeighborsClassifier(metric=lambda a, b: 0.0), False),
    ],
)
def test_foreign_functions_inside_a_model_are_not_run(tmp_path: Path, estimator, may: bool) -> None:
    explained = about(tmp_path, LogisticRegression())
    model = explained.subject.model
    assert model is not None
    other = replace(explained, subject=replace(explained.subject, model=replace(model, estimator=estimator)))
    assert may_be_refitted(other) is may


def test_few_features_and_slow_training_are_said(tmp_path: Path) -> None:
    plan = plan_of(data={"features": ["income", "debt"]})
    frame = frame_of(500)
    two = fitted(LogisticRegression().fit(frame[["income", "debt"]], frame["repaid"]), plan)
    assert shuffled_labels(explained_by(tmp_path, plan, two, frame))[0].reason == FEW_FEATURES
    explained = about(tmp_path, LogisticRegression())
    ticks = iter(range(1_000))
    slow = replace(explained, clock=lambda: float(next(ticks)))
    assert shuffled_labels(slow)[0].reason == SLOW_FIT


def test_the_training_file_is_learnt_from_where_it_has_all_columns(tmp_path: Path) -> None:
    explained = about(tmp_path, LogisticRegression())
    half = np.arange(0, explained.asked.n, 2)
    assert set(lessons(explained, half, 10_000).frame.index) <= set(half.tolist())
    training = frame_of(400).assign(noise=7.0)
    given = replace(explained, subject=replace(explained.subject, training=training))
    taught = lessons(given, half, 300)
    assert (len(taught.frame), set(taught.frame["noise"])) == (300, {7.0})
    lacking = replace(explained, subject=replace(explained.subject, training=training.drop(columns="noise")))
    assert set(lessons(lacking, half, 300).frame["noise"]) != {7.0}


def test_training_again_leaves_the_model_as_it_is_and_repeats(tmp_path: Path) -> None:
    estimator = DecisionTreeClassifier(max_depth=3)
    explained = about(tmp_path, estimator)
    before = estimator.predict_proba(explained.asked.frame)[:, 1]
    taught = lessons(explained, np.arange(600), 500)
    first, again = (shuffled_model(explained, taught, 1) for _ in range(2))
    assert not isinstance(first, str)
    assert not isinstance(again, str)
    rows = np.arange(200)
    assert (first.mixer.rows(rows) == again.mixer.rows(rows)).all()
    assert (estimator.predict_proba(explained.asked.frame)[:, 1] == before).all()
    one_class = taught._replace(label=np.zeros(len(taught.label), dtype=int))
    assert shuffled_model(explained, one_class, 1) == "the model could not be trained again on these rows"


def test_predicted_numbers_are_looked_at_too(tmp_path: Path) -> None:
    frame = frame_of(600)
    plan = plan_of("regression", data={"features": list(NAMES)})
    estimator = HistGradientBoostingRegressor(max_iter=5, random_state=1).fit(frame[list(NAMES)], frame["days"])
    explained = explained_by(tmp_path, plan, fitted(estimator, plan), frame, rate=ENOUGH)
    (row,) = shuffled_labels(explained)
    assert (row.status, FITS) == ("ok", 4)


def test_a_function_is_never_trained(tmp_path: Path) -> None:
    model = model_of(lambda frame: sigmoid(frame["income"] - 3).to_numpy(), NAMES)
    explained = explained_by(tmp_path, plan_of(data={"features": list(NAMES)}), model, frame_of(300))
    assert shuffled_labels(explained)[0].reason == NOT_REFITTED


def test_models_that_train_others_many_times_are_not_trained_again(tmp_path: Path) -> None:
    search = GridSearchCV(DecisionTreeClassifier(random_state=1), {"max_depth": [1, 2]}, cv=2)
    (row,) = shuffled_labels(about(tmp_path, make_pipeline(StandardScaler(), search)))
    assert (row.status, row.reason) == ("not_tested", MANY_FITS)


def test_training_again_stays_in_this_process_and_off_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    forest = RandomForestClassifier(3, max_depth=2, n_jobs=2, random_state=1)
    explained = about(tmp_path, make_pipeline(StandardScaler(), forest))
    explained.asked.estimator.set_params(memory=str(folder))
    again = shuffled_model(explained, lessons(explained, np.arange(600), 200), 1)
    assert not isinstance(again, str)
    assert (again.estimator[-1].n_jobs, forest.n_jobs) == (1, 2)
    assert not folder.exists()


def test_the_size_of_a_model_decides_before_it_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explained = about(tmp_path, RandomForestClassifier(3, max_depth=2, random_state=1))
    estimator = explained.asked.estimator
    estimator.set_params(n_estimators=5_000)

    def never(*_: object) -> None:
        raise AssertionError("trained")

    monkeypatch.setattr("evaluator.analyses.explanations.reliance.shuffled_labels.shuffled_model", never)
    assert shuffled_labels(explained)[0].reason == SLOW_FIT


def test_the_busy_machine_does_not_decide_where_the_size_does(tmp_path: Path) -> None:
    explained = about(tmp_path, RandomForestClassifier(5, max_depth=2, random_state=1))
    ticks = iter(range(1_000))
    slow = replace(explained, clock=lambda: float(next(ticks)))
    assert shuffled_labels(slow)[0].reason != SLOW_FIT


def test_nominal_seconds_follow_what_is_trained_inside_what() -> None:
    forest = RandomForestClassifier(10)
    one = training_seconds(forest, 600, 20)
    assert one is not None
    both = VotingClassifier([("a", forest), ("b", RandomForestClassifier(10))])
    assert training_seconds(both, 600, 20) == pytest.approx(2 * one)
    bag = BaggingClassifier(forest, n_estimators=7)
    assert training_seconds(bag, 600, 20) == pytest.approx(7 * one + 0.7 * one)
    assert training_seconds(make_pipeline(StandardScaler(), LogisticRegression()), 600, 20) is None
    assert longest_seconds(LogisticRegression(max_iter=10**8), 600, 20) > 1_000
    small, large = (training_seconds(MLPClassifier(size), 600, 20) for size in (50, (5_000, 5_000)))
    assert small is not None
    assert large is not None
    assert small < 1.2
    assert large > 100
    assert training_seconds(HistGradientBoostingClassifier(), 600, 11, classes=3) == pytest.approx(0.894)
