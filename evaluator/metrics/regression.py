"""Each regression metric's value and per-row influence, by canonical name."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from evaluator.metrics.number_rows import NumberRows
from evaluator.statistics.influence import Influence, mean
from evaluator.statistics.order_statistics import influence_of_quantile, quantile, slope_at
from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import spread_of, without_rounding

QUANTILES = {"median_absolute_error": 0.5, "p90_absolute_error": 0.9}
"""Metrics that are a quantile of the size of the error, and the share of cases at or below it."""
ROUNDING = 1e-12
"""Numbers that differ by less, compared with their size, are the same number."""


def has_variation(rows: NumberRows) -> bool:
    """Whether the labels differ by more than rounding."""
    size = mean(rows.label**2, rows.weight).value
    return rows.label_variance.value > ROUNDING**2 * size


def at_most(rows: NumberRows, limit: float) -> Influence:
    """Share of the weight whose error is at most `limit` in size."""
    return mean((rows.size_of_error <= limit).astype(np.float64), rows.weight)


def size_at(rows: NumberRows, share: Influence, level: float) -> float:
    """Independent rows that a share of these rows is worth; never more than there are, and one at least.

    Notes
    -----
    Korn and Graubard 1998: share * (1 - share) / variance, times the squared ratio of the normal and t quantiles, so
    that few clusters do not pass for many.
    """
    cluster = rows.real_clusters
    if cluster is None and rows.weight is None:
        return float(rows.n)
    largest = rows.n_effective
    spread = without_rounding(spread_of(share.rows, cluster), share.value)
    if math.isfinite(spread.se) and spread.se > 0:
        worth = share.value * (1 - share.value) / spread.se**2
        return max(1.0, min(largest, worth) * (normal_quantile(level) / t_quantile(level, spread.df)) ** 2)
    if cluster is not None:
        sizes = np.bincount(cluster)
        largest *= rows.n / float(np.dot(sizes, sizes))
    return max(1.0, largest)


def _mean_error(rows: NumberRows) -> Influence:
    return mean(rows.error, rows.weight)


def _mean_absolute_error(rows: NumberRows) -> Influence:
    return mean(rows.size_of_error, rows.weight)


def _root_mean_squared_error(rows: NumberRows) -> Influence:
    squared = rows.squared_error
    value = math.sqrt(squared.value)
    return Influence(value, squared.rows / (2 * value) if value > 0 else np.zeros(rows.n))


def _quantile(metric: str) -> Callable[[NumberRows], Influence]:
    share = QUANTILES[metric]

    def of(rows: NumberRows) -> Influence:
        found = quantile(rows.ordered, share)
        below = at_most(rows, found)
        return influence_of_quantile(found, below, slope_at(rows.ordered, share, rows.n_effective))

    return of


def _r2(rows: NumberRows) -> Influence | None:
    if not has_variation(rows):
        return None
    left, total = rows.squared_error, rows.label_variance
    ratio = left.value / total.value
    return Influence(1 - ratio, (ratio * total.rows - left.rows) / total.value)


NUMBER_INFLUENCES: dict[str, Callable[[NumberRows], Influence | None]] = {
    "mean_error": _mean_error,
    "mean_absolute_error": _mean_absolute_error,
    "root_mean_squared_error": _root_mean_squared_error,
    "r2": _r2,
    **{name: _quantile(name) for name in QUANTILES},
}


def number_influence(metric: str, rows: NumberRows) -> Influence | None:
    """Value and influence of `metric`, or None where it is undefined on these rows; computed once per rows."""
    if metric not in NUMBER_INFLUENCES:
        return None
    if metric not in rows.influences:
        rows.influences[metric] = NUMBER_INFLUENCES[metric](rows) if rows.has_weight else None
    return rows.influences[metric]
