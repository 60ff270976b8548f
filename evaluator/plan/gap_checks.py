"""Criteria on gaps between groups: what they compare, and on which side their limit lies."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.catalogue.metrics import PROPORTIONS, Metric
from evaluator.plan.problems import FieldPath, Problem, quoted
from evaluator.plan.schema import CriterionPart, GapPart

PLAIN_AGAINST = ("extremes", "overall")
_SIDES = {"difference": ("at_most", "at_least"), "ratio": ("at_least", "at_most")}
# kind -> the limit it takes, the one it cannot take
_MEANS = {
    "difference": "a difference between groups is better the smaller it is",
    "ratio": "a ratio, lowest to highest group, is better the closer it is to 1",
}


def gap_problems(path: FieldPath, criterion: CriterionPart, metric: Metric | None) -> Iterator[Problem]:
    """Everything wrong with a criterion on a gap that the schema alone cannot see."""
    if criterion.gap is None:
        return
    yield from _column_problems((*path, "gap"), criterion.gap)
    yield from _side_problems(path, criterion, criterion.gap)
    if criterion.against is not None:
        message = "a criterion compares groups or models, not both at once."
        yield Problem((*path, "against"), message, "Remove 'against', or make two criteria.")
    if metric is not None:
        yield from _metric_problems(path, criterion, criterion.gap, metric)


def _column_problems(path: FieldPath, gap: GapPart) -> Iterator[Problem]:
    columns = (gap.by,) if isinstance(gap.by, str) else gap.by
    if not columns:
        yield Problem((*path, "by"), "names no column.", "Name the column whose groups are compared, such as sex.")
    if repeated := next((name for name in columns if columns.count(name) > 1), None):
        yield Problem((*path, "by"), f"names {quoted(repeated)} twice.", "Name each column once.")
    if len(columns) > 1 and gap.against not in PLAIN_AGAINST:
        message = f"groups of {len(columns)} columns cannot be held against one level."
        yield Problem((*path, "against"), message, "Write extremes or overall, or compare by one column.")


def _side_problems(path: FieldPath, criterion: CriterionPart, gap: GapPart) -> Iterator[Problem]:
    takes, refuses = _SIDES[gap.kind]
    if getattr(criterion, refuses) is not None:
        message = f"a {gap.kind} between groups takes {takes} alone."
        yield Problem((*path, refuses), message, f"Write {takes}: {_MEANS[gap.kind]}.")


def _metric_problems(path: FieldPath, criterion: CriterionPart, gap: GapPart, metric: Metric) -> Iterator[Problem]:
    if gap.kind == "ratio" and metric.name not in PROPORTIONS:
        message = f"{metric.name} is not a share of cases, and ratios are defined for shares."
        yield Problem((*path, "gap", "kind"), message, "Write kind: difference, with at_most.")
        return
    most = 1.0 if gap.kind == "ratio" else _span(metric)
    limit = criterion.at_most if gap.kind == "difference" else criterion.at_least
    if limit is None or (limit >= 0 and (most is None or limit <= most)):
        return
    expected = "of 0 or more" if most is None else f"from 0 to {most:g}"
    hint = f"Limits are fractions: did you mean {limit / 100:g}?" if most is not None and 1 < limit <= 100 else ""
    hint = hint or "The limit is the greatest difference, or the smallest ratio, that is acceptable."
    yield Problem((*path, _SIDES[gap.kind][0]), f"expected a limit {expected}, found {limit:g}.", hint)


def _span(metric: Metric) -> float | None:
    return None if metric.low is None or metric.high is None else metric.high - metric.low
