"""What a task of several classes needs and must not have, and the class that a criterion is about."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.catalogue.metrics import MULTICLASS, Metric
from evaluator.plan.problems import FieldPath, Problem
from evaluator.plan.schema import ComparePart, CriterionPart, TaskPart

ADD_SCORES = "Write 'score_prefix: p_' when the columns are named p_ and the class, or 'scores: {CLASS: COLUMN}'."
_ONLY_BINARY = ("positive", "threshold", "favourable")
ScoredPart = TaskPart | ComparePart


def class_task_problems(task: TaskPart) -> Iterator[Problem]:
    """A multiclass task names a score column for every class, or the predicted class, or both."""
    yield from _answer_problems(("task",), task)
    for key in _ONLY_BINARY:
        if getattr(task, key) is not None:
            message = "a multiclass task has no positive class and no threshold."
            yield Problem(("task", key), message, f"Remove '{key}'.")
    if not (has_class_scores(task) or task.score is not None or task.prediction is not None):
        hint = f"{ADD_SCORES} Or add 'prediction: COLUMN' with the predicted class."
        yield Problem(("task",), "needs scores of the classes or a predicted class, found neither.", hint)


def class_compare_problems(compare: ComparePart) -> Iterator[Problem]:
    """The earlier model of a multiclass task names its answers in the same way."""
    yield from _answer_problems(("compare_with",), compare)
    if compare.threshold is not None:
        message = "a multiclass task has no threshold."
        yield Problem(("compare_with", "threshold"), message, "Remove 'threshold'.")


def _answer_problems(path: FieldPath, part: ScoredPart) -> Iterator[Problem]:
    if part.score is not None:
        message = "a multiclass task has one score column for each class, not one alone."
        yield Problem((*path, "score"), message, ADD_SCORES)
    if part.score_prefix is not None and part.scores:
        message = "the score columns are given twice, by their prefix and one by one."
        yield Problem((*path, "score_prefix"), message, "Keep score_prefix or scores.")
    if "" in part.scores:
        yield Problem((*path, "scores"), "names a column for a class without a name.", "Write the class's value.")


def no_class_scores(path: FieldPath, part: ScoredPart, kind: str) -> Iterator[Problem]:
    """Scores of single classes belong to multiclass tasks alone."""
    for key in ("score_prefix", "scores"):
        if getattr(part, key):
            hint = f"Write 'score: COLUMN', or kind: {MULTICLASS} if the label has more than two classes."
            yield Problem((*path, key), f"a {kind} task has no score columns of several classes.", hint)


def class_problems(
    path: FieldPath, criterion: CriterionPart, metric: Metric | None, kind: str | None
) -> Iterator[Problem]:
    """The class of a criterion: needed by metrics of one class, not taken by those of all."""
    here = (*path, "class")
    if kind not in (None, MULTICLASS):
        if criterion.class_ is not None:
            message = f"a {kind} task has no classes to choose from."
            yield Problem(here, message, "Remove 'class'.")
    elif kind is not None and metric is not None and kind in metric.tasks:
        yield from _scope_problems(here, criterion, metric)


def _scope_problems(here: FieldPath, criterion: CriterionPart, metric: Metric) -> Iterator[Problem]:
    if criterion.class_ is None and metric.scope == "one_class":
        message = f"is missing; {metric.name} is about one class against the rest."
        yield Problem(
            here, message, f"Add 'class: VALUE' to the criterion, or use a metric of all classes{_like(metric)}."
        )
    elif criterion.class_ is not None and metric.scope == "all_classes":
        message = f"{metric.name} is about all classes together."
        yield Problem(here, message, "Remove 'class', or use a metric of one class, such as true_positive_rate.")
    elif isinstance(criterion.class_, str) and not criterion.class_:
        yield Problem(here, "names no class.", "Write a value of the label.")


def _like(metric: Metric) -> str:
    averaged = ("precision", "true_positive_rate", "f1", "auc", "average_precision")
    return f", such as {metric.name}_macro" if metric.name in averaged else ""


def has_class_scores(part: ScoredPart) -> bool:
    """Whether the plan names a score for every class."""
    return part.score_prefix is not None or bool(part.scores)
