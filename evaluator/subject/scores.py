"""The label, and what each model says about every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.plan.schema import Plan
from evaluator.records import MODEL, PREVIOUS
from evaluator.subject import values
from evaluator.subject.levels import nfc
from evaluator.subject.problems import Problems
from evaluator.subject.subject import Label, Scores

LevelsAndPositive = tuple[tuple[str, ...], str]


def existing(frame: pd.DataFrame, name: str | None) -> str | None:
    """The column of that name, or None when the plan names none or it is missing."""
    return nfc(name) if name is not None and nfc(name) in frame.columns else None


def label_and_scores(
    plan: Plan, frame: pd.DataFrame, names: values.Names, problems: Problems
) -> tuple[Label, tuple[Scores, ...]]:
    """The label and what the models say; empty where a problem was added."""
    nothing = np.zeros(0, dtype=bool)
    column = existing(frame, plan.task.label)
    if plan.task.kind == "regression":
        return _numbers(plan, frame, column, names, problems)
    _check_own_column(plan, frame, column, problems)
    found = None if column is None else values.check_label(frame[column], plan.task.positive, names, problems)
    if found is None:
        # Scores do not need the label to be checked, so that all problems are said at once.
        _all_scores(plan, frame, names, None, problems)
        return nothing, ()
    coded, positive = found
    scores = _all_scores(plan, frame, names, (coded.levels, positive), problems)
    return coded.codes == coded.levels.index(positive), scores


def _check_own_column(plan: Plan, frame: pd.DataFrame, label: str | None, problems: Problems) -> None:
    if label in {existing(frame, plan.task.score), existing(frame, plan.task.prediction)} - {None}:
        problems.add(f"task: '{label}' is both the label and the model's answer.", "Name the model's own column.")


def _numbers(
    plan: Plan, frame: pd.DataFrame, column: str | None, names: values.Names, problems: Problems
) -> tuple[NDArray[np.float64], tuple[Scores, ...]]:
    """The measured number and what the models predicted for it."""
    _check_own_column(plan, frame, column, problems)
    label = None if column is None else values.check_numbers("task.label", frame[column], names, problems)
    scores = tuple(_predicted(asked, frame, names, problems) for asked in _asked(plan))
    return (np.zeros(0) if label is None else label), scores


def _predicted(asked: _Asked, frame: pd.DataFrame, names: values.Names, problems: Problems) -> Scores:
    column = existing(frame, asked.score or asked.prediction)
    where = f"{asked.where}.prediction"
    predicted = None if column is None else values.check_numbers(where, frame[column], names, problems)
    return Scores(asked.subject, asked.version, predicted, None, False, None, False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the plan says about one model's columns."""

    subject: str
    where: str
    version: str
    score: str | None
    prediction: str | None
    threshold: float | None


def _asked(plan: Plan) -> Iterator[_Asked]:
    task, compare = plan.task, plan.compare_with
    yield _Asked(MODEL, "task", plan.model.version, task.score, task.prediction, task.threshold)
    if compare is not None:
        threshold = task.threshold if compare.threshold is None else compare.threshold
        yield _Asked(PREVIOUS, "compare_with", compare.version, compare.score, compare.prediction, threshold)


def _all_scores(
    plan: Plan, frame: pd.DataFrame, names: values.Names, label: LevelsAndPositive | None, problems: Problems
) -> tuple[Scores, ...]:
    if plan.task.score is None and plan.task.prediction is None:
        problems.add("task: the plan names no column with the model's answer.", "Add score: or prediction: to task.")
    probability = plan.task.score_kind == "probability"
    return tuple(_scores(asked, probability, frame, names, label, problems) for asked in _asked(plan))


def _scores(
    asked: _Asked,
    probability: bool,
    frame: pd.DataFrame,
    names: values.Names,
    label: LevelsAndPositive | None,
    problems: Problems,
) -> Scores:
    score, prediction = None, None
    if column := existing(frame, asked.score):
        score = values.check_score(f"{asked.where}.score", frame[column], probability, names, problems)
    if (column := existing(frame, asked.prediction)) and label is not None:
        where = f"{asked.where}.prediction"
        prediction = values.check_prediction(where, frame[column], *label, names, problems)
    recorded = prediction is not None
    if prediction is None and score is not None and asked.threshold is not None:
        prediction = score >= asked.threshold
    return Scores(
        subject=asked.subject,
        version=asked.version,
        score=score,
        prediction=prediction,
        probability=probability and score is not None,
        threshold=asked.threshold,
        recorded=recorded,
    )
