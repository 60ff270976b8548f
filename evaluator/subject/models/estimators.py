"""How an estimator of scikit-learn is asked for scores: which method, which column, which features."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.errors import ModelError
from evaluator.plan.schema import TaskPart
from evaluator.subject.levels import canonical_level, find_level, nfc
from evaluator.subject.models.answers import as_array
from evaluator.subject.models.foreign import Raised, attempt
from evaluator.subject.problems import listed

Answer = Callable[[pd.DataFrame], NDArray[Any]]


def estimator_features(estimator: Any) -> tuple[str, ...] | None:
    """The names of the columns it was fitted on, in order; None when it was fitted on bare numbers."""
    names = getattr(estimator, "feature_names_in_", None)
    return None if names is None else tuple(nfc(str(name)) for name in names)


def feature_count(estimator: Any) -> int:
    """How many columns it was fitted on, 0 when it does not say."""
    count = getattr(estimator, "n_features_in_", 0)
    return int(count) if isinstance(count, int | np.integer) else 0


def estimator_classes(estimator: Any, task: TaskPart) -> tuple[str, ...] | None:
    """The classes it was fitted on, in the order of its scores; None where the task is not one of several classes."""
    if task.kind != MULTICLASS:
        return None
    return tuple(
        canonical_level(value) or "" for value in np.asarray(getattr(estimator, "classes_", ())).ravel().tolist()
    )


def estimator_answer(estimator: Any, task: TaskPart, name: str) -> Answer:
    """A function from rows to what the estimator says of each: a probability, a ranking or a number, or one for each class.

    Raises
    ------
    ModelError : it is of another kind than the task, or does not know the positive label.
    """
    method, column = _method(estimator, task, name)
    named = estimator_features(estimator) is not None

    def answer(frame: pd.DataFrame) -> NDArray[Any]:
        said = _quietly(lambda: as_array(method(frame if named else frame.to_numpy())))
        if isinstance(said, Raised):
            raise ModelError(
                f"{name} raised {said} for {len(frame):,} rows.",
                "Check that the columns have the types and values that the model was fitted on.",
            )
        return column(said)

    return answer


def _quietly(work: Callable[[], Any]) -> Any:
    """Warnings about single rows, such as a category never seen, are the model's own business while it scores."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return attempt(work)


def _method(
    estimator: Any, task: TaskPart, name: str
) -> tuple[Callable[[Any], Any], Callable[[NDArray[Any]], NDArray[Any]]]:
    if task.kind == "regression":
        return _number_method(estimator, name)
    return _class_scores(estimator, task, name) if task.kind == MULTICLASS else _score(estimator, task, name)


def _number_method(estimator: Any, name: str) -> tuple[Callable[[Any], Any], Callable[[NDArray[Any]], NDArray[Any]]]:
    if hasattr(estimator, "classes_"):
        message = f"{name} predicts classes, and the task is regression."
        raise ModelError(message, "Write kind: binary, or name the model that predicts the number.")
    if not hasattr(estimator, "predict"):
        raise ModelError(
            f"{name} cannot predict: it has no method predict.", "Save the fitted model, not a part of it."
        )
    return estimator.predict, lambda said: said


def _class_scores(
    estimator: Any, task: TaskPart, name: str
) -> tuple[Callable[[Any], Any], Callable[[NDArray[Any]], NDArray[Any]]]:
    if not hasattr(estimator, "classes_"):
        what = "is not fitted, or predicts no classes"
        raise ModelError(f"{name} {what}, and the task is multiclass.", "Save the fitted classifier.")
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba, lambda said: said
    _check_ranks(estimator, task, name)
    return estimator.decision_function, lambda said: np.column_stack([-said, said]) if said.ndim == 1 else said


def _score(
    estimator: Any, task: TaskPart, name: str
) -> tuple[Callable[[Any], Any], Callable[[NDArray[Any]], NDArray[Any]]]:
    if not hasattr(estimator, "classes_"):
        what = "is not fitted, or predicts no classes"
        raise ModelError(f"{name} {what}, and the task is binary.", "Save the fitted classifier.")
    position = _positive_position(estimator, task, name)
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba, lambda said: said[:, position] if said.ndim == 2 else said
    _check_ranks(estimator, task, name)
    return estimator.decision_function, lambda said: said if position else -said


def _check_ranks(estimator: Any, task: TaskPart, name: str) -> None:
    """An estimator without probabilities serves a task whose scores are ranks."""
    if task.score_kind == "probability" or not hasattr(estimator, "decision_function"):
        raise ModelError(
            f"{name} gives no probabilities: it has no method predict_proba.",
            "Wrap it in CalibratedClassifierCV before fitting, or write score_kind: rank if only the order counts.",
        )


def _positive_position(estimator: Any, task: TaskPart, name: str) -> int:
    levels = [canonical_level(value) or "" for value in np.asarray(estimator.classes_).ravel().tolist()]
    level = find_level(task.positive, levels)
    if level not in levels or len(levels) != 2:
        raise ModelError(
            f"{name} was fitted on the labels {listed(levels, 5)}; expected two, one of them {task.positive!r}.",
            "Name the model that was fitted on this label, or mend task.positive.",
        )
    return levels.index(level)
