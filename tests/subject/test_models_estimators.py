"""How estimators are asked: the positive column, ranks, numbers, and those that do not fit the task."""

from __future__ import annotations

from typing import Any

import model_samples as samples
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from evaluator.errors import InputError, ModelError
from evaluator.subject.models.estimators import estimator_answer, estimator_features, feature_count
from evaluator.subject.models.features import feature_frame
from evaluator.subject.models.model import Model
from evaluator.subject.subject import ColumnInfo

NUMBERS = samples.rows()[["a", "b"]]


def fitted(estimator: Any, label: Any = None, rows: Any = NUMBERS) -> Any:
    return estimator.fit(rows, samples.label() if label is None else label)


def answer(estimator: Any, rows: pd.DataFrame = NUMBERS, **task: Any) -> np.ndarray[Any, Any]:
    return estimator_answer(estimator, samples.plan_with(None, task=task).task, "Sample")(rows)


@pytest.mark.parametrize(
    ("labels", "positive"),
    [((0, 1), 1), ((0, 1), "1"), ((0, 1), True), ((False, True), 1), (("no", "yes"), "yes"), ((1, 2), 2), ((0.0, 1.0), 1)],
)  # fmt: skip
def test_the_positive_label_is_found_however_it_is_written(labels: tuple[Any, Any], positive: Any) -> None:
    model = fitted(LogisticRegression(), np.array(labels)[samples.label()])
    assert np.array_equal(answer(model, positive=positive), model.predict_proba(NUMBERS)[:, 1])


def test_the_smaller_label_can_be_the_positive_one() -> None:
    model = fitted(LogisticRegression())
    assert np.array_equal(answer(model, positive=0), model.predict_proba(NUMBERS)[:, 0])


def test_a_model_without_probabilities_ranks_by_its_decision_function() -> None:
    model = fitted(LinearSVC())
    ranks = answer(model, score_kind="rank", threshold=None)
    assert np.array_equal(ranks, model.decision_function(NUMBERS))
    assert np.array_equal(answer(model, score_kind="rank", threshold=None, positive=0), -ranks)


@pytest.mark.parametrize(
    ("estimator", "label", "task", "said"),
    [
        (LinearSVC(), None, {}, "gives no probabilities"),
        (LogisticRegression(), None, {"positive": "yes"}, "was fitted on the labels '0', '1'"),
        (LogisticRegression(), np.arange(samples.N) % 3, {}, "'0', '1', '2'; expected two"),
        (LinearRegression(), None, {}, "predicts no classes, and the task is binary"),
        (LogisticRegression(), None, samples.REGRESSION, "predicts classes, and the task is regression"),
        (StandardScaler(), None, samples.REGRESSION, "cannot predict"),
    ],
)
def test_a_model_of_another_kind_is_refused(estimator: Any, label: Any, task: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        answer(fitted(estimator, label), **task)
    assert caught.value.hint


def test_what_scikit_learn_raises_is_said() -> None:
    with pytest.raises(ModelError, match="Sample raised ValueError: could not convert string to float"):
        answer(fitted(LogisticRegression()), NUMBERS.assign(b="text"))


def test_a_category_never_seen_does_not_warn() -> None:
    rows = samples.rows().assign(c="new")
    unseen = samples.CLASSIFIERS["logistic"]()
    unseen.set_params(columntransformer__c__handle_unknown="infrequent_if_exist")
    assert len(answer(unseen.fit(samples.rows(), samples.label()), rows)) == samples.N


def test_a_model_fitted_on_bare_numbers_says_how_many_columns() -> None:
    bare = fitted(LogisticRegression(), rows=NUMBERS.to_numpy())
    assert (estimator_features(bare), feature_count(bare)) == (None, 2)
    assert np.array_equal(answer(bare), bare.predict_proba(NUMBERS.to_numpy())[:, 1])
    assert (estimator_features(object()), feature_count(object())) == (None, 0)


def model(features: tuple[str, ...] | None, n_features: int) -> Model:
    return Model("skops", "0" * 64, "Sample", samples.Path(), "m.skops", None, features, n_features, (), "number", len)  # type: ignore[arg-type]


def columns(**roles: Any) -> list[ColumnInfo]:
    return [ColumnInfo(name, role, "number", name, "", (), ()) for name, role in roles.items()]


TABLE = pd.DataFrame({"a": [1.0], "b": [2.0], "sex": ["F"], "score": [0.5]})
ROLES = columns(a="feature", b="feature", sex="sensitive", score="score")


@pytest.mark.parametrize(
    ("features", "n_features", "planned", "expected"),
    [
        (("b", "a"), 2, None, ["b", "a"]),
        (("sex", "a"), 2, ["b"], ["sex", "a"]),
        (None, 2, None, ["a", "b"]),
        (None, 0, ["sex", "b"], ["sex", "b"]),
        (None, 3, ["sex", "b", "a"], ["sex", "b", "a"]),
    ],
)
def test_the_columns_are_those_of_the_model_else_of_the_plan_else_of_the_data(
    features: tuple[str, ...] | None, n_features: int, planned: list[str] | None, expected: list[str]
) -> None:
    plan = samples.plan_with(None, data={"features": planned})
    assert list(feature_frame(plan, TABLE, ROLES, model(features, n_features)).columns) == expected


@pytest.mark.parametrize(
    ("features", "n_features", "said"),
    [
        (("a", "incom", "b"), 3, "fitted on 1 column that the data lack: 'incom'. Did you mean 'income'"),
        (None, 5, "takes 5 columns and the plan gives it 2"),
    ],
)
def test_columns_that_do_not_fit_are_said(features: tuple[str, ...] | None, n_features: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        feature_frame(samples.plan_with(None), TABLE.assign(income=1), ROLES, model(features, n_features))
    assert said in str(caught.value)


def test_a_plan_without_any_feature_gives_a_model_nothing() -> None:
    with pytest.raises(InputError, match="takes at least one column and the plan gives it 0"):
        feature_frame(samples.plan_with(None), TABLE, columns(a="id"), model(None, 0))
