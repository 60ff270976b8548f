"""A plan with its silent defaults written out."""

from __future__ import annotations

from typing import TypeVar

from evaluator.catalogue.metrics import MULTICLASS, canonical_metric
from evaluator.plan.schema import ComparePart, CriterionPart, Part, Plan, TaskPart

P = TypeVar("P", bound=Part)

DEFAULT_THRESHOLD = 0.5


def resolve(plan: Plan) -> Plan:
    """The same plan with question, favourable, thresholds and canonical metric names filled in; idempotent.

    The predicted number of a regression task is its `score`, whichever key named it. A multiclass task has neither a
    favourable prediction nor a threshold.
    """
    task = _task(plan.task)
    return _with(
        plan,
        question=plan.question or plan.title,
        task=task,
        compare_with=plan.compare_with and _compare(plan.compare_with, task),
        criteria=tuple(_criterion(criterion) for criterion in plan.criteria),
    )


def _with(part: P, **changes: object) -> P:
    """A copy whose `model_fields_set` still names what the author wrote, so that defaults can be told apart."""
    return part.model_construct(part.model_fields_set, **{**dict(part), **changes})


def _task(task: TaskPart) -> TaskPart:
    if task.kind == "regression":
        return _with(task, score=task.score or task.prediction, prediction=None, score_kind="rank")
    if task.kind == MULTICLASS:
        return task
    favourable = task.positive if task.favourable is None else task.favourable
    return _with(task, favourable=favourable, threshold=_threshold(task))


def _threshold(task: TaskPart) -> float | None:
    assumed = task.kind == "binary" and task.score_kind == "probability" and task.score and task.prediction is None
    return DEFAULT_THRESHOLD if task.threshold is None and assumed else task.threshold


def _compare(compare: ComparePart, task: TaskPart) -> ComparePart:
    if task.kind == "regression":
        return _with(compare, score=compare.score or compare.prediction, prediction=None)
    if task.kind == MULTICLASS:
        return compare
    if compare.threshold is not None or compare.score is None or compare.prediction is not None:
        return compare
    if task.score_kind == "rank":
        return compare
    return _with(compare, threshold=task.threshold)


def _criterion(criterion: CriterionPart) -> CriterionPart:
    return _with(criterion, metric=canonical_metric(criterion.metric) or criterion.metric)
