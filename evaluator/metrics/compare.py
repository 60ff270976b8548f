"""The difference of one metric between two subjects on the same rows."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS, Metric
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.class_compare import class_difference, class_p_value
from evaluator.metrics.class_measure import in_classes
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.influences import has_influence, influence_of, rate_parts
from evaluator.metrics.measure import few_reason, relevant_count, what_is_missing
from evaluator.metrics.number_ranges import number_difference_range
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.metrics.shared_ranges import FEW_DISAGREEMENTS, independent_share, same_answers_range
from evaluator.records import EstimateStatus, Interval
from evaluator.statistics.comparison import disagreements, mcnemar_mid_p, paired_difference, paired_proportions
from evaluator.statistics.influence import Influence
from evaluator.statistics.spread import Spread, spread_of, without_rounding

SAME_DENOMINATOR = frozenset(
    {
        "accuracy", "selection_rate", "true_positive_rate", "false_negative_rate", "false_positive_rate",
        "true_negative_rate",
    }
)  # fmt: skip
"""Shares whose denominator does not depend on the model, so that disagreements can be counted case by case."""


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second; `value`, `se` and `interval` are None unless `status` is "ok".

    `p_value` : of McNemar's mid-p test that there is no difference, for shares of the same independent rows.
    """

    status: EstimateStatus
    reason: str
    n: int
    relevant_count: int | None
    value: float | None = None
    se: float | None = None
    interval: Interval | None = None
    p_value: float | None = None


def compare(metric: str, a: AnyRows, b: AnyRows, *, level: float, min_group: int) -> Difference:
    """Compare two subjects on the same rows, row by row.

    Parameters
    ----------
    a, b : the same rows in the same order as two subjects see them.
    """
    entry = METRICS[metric]
    missing = what_is_missing(entry, a) or what_is_missing(entry, b)
    if missing:
        return Difference("not_tested", missing, a.n, None)
    if not has_influence(metric):
        return Difference("not_tested", f"{entry.label} has no comparison row by row.", a.n, None)
    if isinstance(a, ClassRows):
        entry = in_classes(entry)
    count = min(relevant_count(entry, a), relevant_count(entry, b))
    if a.n < min_group or count < MIN_RELEVANT:
        return Difference("too_few", few_reason(entry, a.n, count, min_group), a.n, count)
    first, second = influence_of(metric, a), influence_of(metric, b)
    if first is None or second is None:
        return Difference("undefined", f"{entry.label} is undefined for one of the two.", a.n, count)
    if isinstance(a, NumberRows) and isinstance(b, NumberRows):
        return _numbers(metric, a, b, first, second, level)
    if isinstance(a, ClassRows) and isinstance(b, ClassRows):
        interval, value, se = class_difference(entry, a, b, first, second, level)
        return Difference("ok", "", a.n, count, value, se, interval, class_p_value(metric, a, b))
    assert isinstance(a, BinaryRows)
    assert isinstance(b, BinaryRows)
    value = first.value - second.value
    spread = without_rounding(spread_of(first.rows - second.rows, a.real_clusters), value)
    if spread.n_clusters == 1:
        return Difference("ok", "", a.n, count, value, None, Interval(None, None, level, "one_cluster", "none"))
    low, high = _bounds(entry)
    interval, se = paired_difference(
        first.value, second.value, first.rows, second.rows, level, cluster=a.real_clusters, low=low, high=high
    )
    counted = _counted(metric, a, b, spread, level)
    return Difference("ok", "", a.n, count, value, se, counted or interval, _p_value(metric, a, b))


def _numbers(
    metric: str, a: NumberRows, b: NumberRows, first: Influence, second: Influence, level: float
) -> Difference:
    value, count = first.value - second.value, a.n
    spread = without_rounding(spread_of(first.rows - second.rows, a.real_clusters), value, unit=0.0)
    interval = number_difference_range(metric, a, b, first, second, spread, level)
    return Difference("ok", "", a.n, count, value, None if spread.n_clusters == 1 else spread.se, interval)


def _counted(metric: str, a: BinaryRows, b: BinaryRows, spread: Spread, level: float) -> Interval | None:
    """The interval from counted disagreements, where they are so few that a standard error says little.

    With clusters or weights, counts are those of as many independent rows as the data are worth.
    """
    part = independent_share(a, spread)
    if metric not in SAME_DENOMINATOR:
        return same_answers_range(METRICS[metric], a.n * part, level) if spread.se == 0 else None
    a_only, b_only, among = _apart(metric, a, b)
    if a_only + b_only >= FEW_DISAGREEMENTS or (a.weight is not None and spread.se > 0):
        return None
    return paired_proportions(a_only * part, b_only * part, among * part, level)


def _apart(metric: str, a: BinaryRows, b: BinaryRows) -> tuple[int, int, int]:
    """Cases that count for the first alone, for the second alone, and all that the share is of."""
    (right_a, among), (right_b, _) = rate_parts(metric, a), rate_parts(metric, b)
    return (*disagreements(right_a & among, right_b & among), int(among.sum()))


def _p_value(metric: str, a: BinaryRows, b: BinaryRows) -> float | None:
    if metric not in SAME_DENOMINATOR or a.weight is not None or a.real_clusters is not None:
        return None
    return mcnemar_mid_p(*_apart(metric, a, b)[:2])


def _bounds(entry: Metric) -> tuple[float | None, float | None]:
    if entry.low is None or entry.high is None:
        return None, None
    width = entry.high - entry.low
    return -width, width
