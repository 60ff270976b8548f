"""Which interval a regression metric takes, on one subject and between two on the same rows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.regression import QUANTILES, ROUNDING, at_most, number_influence, size_at
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.influence import Influence
from evaluator.statistics.order_statistics import ends_of_quantile
from evaluator.statistics.pairs import Ends, mover_difference
from evaluator.statistics.spread import Spread, correlation_of, skewness_of

TESTED_SKEWNESS = 0.1
"""With a more skewed estimate than this, simulated ranges hold the truth less often than they promise."""
OPEN_END = "too_few_beyond"
"""Method of a range that does not exist, since too few errors lie beyond the quantile."""


def number_range(metric: str, rows: NumberRows, value: float, spread: Spread, level: float) -> Interval:
    """The interval of one measured regression metric."""
    if spread.n_clusters == 1:
        return _none(level, "one_cluster")
    if metric in QUANTILES:
        return _quantile_range(QUANTILES[metric], rows, value, level)
    if spread.se == 0:
        return _none(level, "nothing_varies")
    if metric == "r2":
        return _explained_range(rows.squared_error, rows, level)
    if metric == "root_mean_squared_error":
        return _root_range(rows, value, spread, level)
    found = number_influence(metric, rows)
    assert found is not None
    return _mean_range(found, spread, rows, level, low=0.0 if metric == "mean_absolute_error" else None)


def number_difference_range(
    metric: str, a: NumberRows, b: NumberRows, first: Influence, second: Influence, spread: Spread, level: float
) -> Interval:
    """The interval of the first subject's metric minus the second's on the same rows."""
    if spread.n_clusters == 1:
        return _none(level, "one_cluster")
    if np.array_equal(a.size_of_error, b.size_of_error) and first.value == second.value:
        return _none(level, "nothing_varies")
    if metric in QUANTILES:
        return _quantile_difference(QUANTILES[metric], a, b, first, second, level)
    if spread.se == 0:
        return _none(level, "nothing_varies")
    if metric == "r2":
        left, other = a.squared_error, b.squared_error
        return _explained_range(Influence(left.value - other.value, left.rows - other.rows), a, level, whole=0.0)
    found = intervals.t_interval(first.value - second.value, spread, level, method="paired_influence")
    parts = [first.rows - second.rows]
    if metric == "root_mean_squared_error":
        # A difference of roots depends on both, however alike the two are.
        parts += [a.squared_error.rows, b.squared_error.rows]
    return _as_tested(found, a, *(skewness_of(part, a.real_clusters) for part in parts))


def _mean_range(found: Influence, spread: Spread, rows: NumberRows, level: float, *, low: float | None) -> Interval:
    """The farther ends of t and of its correction for skewness.

    The correction alone falls short where errors are large in both directions, t alone where they are in one.
    """
    skewness = skewness_of(found.rows, rows.real_clusters)
    plain = intervals.t_interval(found.value, spread, level, low=low)
    skewed = intervals.skewed_interval(found.value, spread, skewness, level, low=low)
    return _as_tested(intervals.farther_ends(plain, skewed, method="t_and_hall"), rows, skewness)


def _root_range(rows: NumberRows, value: float, spread: Spread, level: float) -> Interval:
    """The interval of the mean squared error under the root."""
    found = _mean_range(rows.squared_error, spread._replace(se=2 * value * spread.se), rows, level, low=0.0)
    low, high = (None if end is None else math.sqrt(end) for end in (found.low, found.high))
    return replace(found, low=low, high=high, method=f"{found.method}_root")


def _explained_range(left: Influence, rows: NumberRows, level: float, *, whole: float = 1.0) -> Interval:
    """`whole` minus the interval of `left` over the variance of the labels."""
    cluster, total = rows.real_clusters, rows.label_variance
    ratio = intervals.ratio_interval(left, total, level, cluster=cluster)
    if ratio.low is None or ratio.high is None:
        return ratio
    low = whole - ratio.high
    high = whole - (max(0.0, ratio.low) if whole else ratio.low)
    skewness = (skewness_of(part.rows, cluster) for part in (left, total))
    return _as_tested(replace(ratio, low=low, high=high), rows, *skewness)


def _quantile_range(share: float, rows: NumberRows, value: float, level: float) -> Interval:
    smallest, largest = rows.ordered.values[[0, -1]]
    if largest - smallest <= ROUNDING * largest:
        return _none(level, "nothing_varies")
    ends = _ends(share, rows, value, level)
    if ends is None:
        return _none(level, OPEN_END)
    if rows.weight is None and rows.real_clusters is None:
        return Interval(*ends, level, "order_statistics", "guaranteed")
    promise = intervals.promise(rows.n_clusters)
    return _as_tested(Interval(*ends, level, "order_statistics_effective", promise), rows)


def _ends(share: float, rows: NumberRows, value: float, level: float) -> tuple[float, float] | None:
    return ends_of_quantile(rows.ordered, share, size_at(rows, at_most(rows, value), level), level)


def _quantile_difference(
    share: float, a: NumberRows, b: NumberRows, first: Influence, second: Influence, level: float
) -> Interval:
    """From the order statistics around both quantiles and how far the two go together row by row (MOVER, Zou 2007)."""
    ends, other = _ends(share, a, first.value, level), _ends(share, b, second.value, level)
    if ends is None or other is None:
        return _none(level, OPEN_END)
    together = np.array([correlation_of(first.rows, second.rows, a.real_clusters)])
    values = np.array([first.value]), np.array([second.value])
    found = mover_difference(values[0], _as_arrays(ends), values[1], _as_arrays(other), together)
    promise = intervals.promise(a.n_clusters)
    interval = Interval(float(found.low[0]), float(found.high[0]), level, "paired_order_statistics", promise)
    return _as_tested(interval, a)


def _as_arrays(ends: tuple[float, float]) -> Ends:
    return Ends(np.array([ends[0]]), np.array([ends[1]]))


def _as_tested(interval: Interval, rows: NumberRows, *skewness: float) -> Interval:
    """As promised where simulations support it, approximate elsewhere."""
    even = all(abs(one) <= TESTED_SKEWNESS for one in skewness)
    supported = even and rows.n_effective >= EXACT_BELOW
    return interval if supported else replace(interval, coverage="approximate")


def _none(level: float, method: str) -> Interval:
    return Interval(None, None, level, method, "none")
