"""What a plan with several classes should be looked at for."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.catalogue.metrics import Metric
from evaluator.plan.class_checks import has_class_scores
from evaluator.plan.schema import ComparePart, Plan, TaskPart, WordsPart

CLASS = "{class}"
"""Stands in the plan's words for the class that a sentence is about."""
ORDERED = frozenset({"quadratic_kappa"})
"""Metrics that ask how far apart two classes are."""
_ABOUT_A_CLASS = ("positive", "predicted_positive")


def class_cautions(plan: Plan) -> Iterator[str]:
    """Words that say nothing about a class, and costs that nothing uses."""
    words = plan.words or WordsPart()
    given = {key: text for key in _ABOUT_A_CLASS if (text := getattr(words, key)) is not None}
    if not given:
        yield f"words: without them, sentences say 'belonged to' a class; write positive: showed {CLASS}, for example."
    for key, text in given.items():
        if CLASS not in text:
            yield f"words.{key}: it does not hold {CLASS}, so sentences about different classes would read alike."
    if plan.use.costs is not None:
        yield "use.costs: they are for two outcomes, so they are not used for several classes."


def order_caution(name: str, metric: Metric, plan: Plan) -> Iterator[str]:
    """A metric of ordered classes where the plan gives no order."""
    column = plan.data.columns.get(plan.task.label)
    if metric.name in ORDERED and not (column and column.ordered):
        line = f"data.columns.{plan.task.label}.ordered: true"
        yield f"{name}: {metric.name} needs classes that run from low to high; without {line} it will not be tested."


def has_scores(part: TaskPart | ComparePart) -> bool:
    """Whether the plan names a score of the model, one or one for each class."""
    return part.score is not None or has_class_scores(part)
