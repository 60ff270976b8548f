"""Shares and means of drawn cases with their ranges, weights and clusters respected."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evaluator.metrics.cell_table import cell_table
from evaluator.metrics.cells import share_interval
from evaluator.records import Interval
from evaluator.statistics.influence import BoolArray, mean
from evaluator.statistics.intervals import constant_mean
from evaluator.statistics.proportions import wilson
from evaluator.statistics.spread import FloatArray, IntArray, effective_n, spread_of, without_gaps, without_rounding

_COUNTED, _EITHER = np.array([False, True]), np.array([True, True])


class Ranged(NamedTuple):
    """A share or a mean, and its range."""

    value: float
    interval: Interval


def share_of(counted: BoolArray, weight: FloatArray | None, cluster: IntArray | None, level: float) -> Ranged:
    """The share of rows that count, of independent rows, weighted rows or clusters."""
    cluster = without_gaps(cluster)
    table = cell_table(counted.view(np.uint8), _COUNTED.size, weight=weight, cluster=cluster)
    value = mean(counted.astype(np.float64), weight).value
    if cluster is not None and int(cluster.max()) == 0:
        return Ranged(value, Interval(None, None, level, "one_cluster", "none"))
    return Ranged(value, share_interval(_COUNTED, _EITHER, table, level))


def mean_of(
    values: FloatArray, weight: FloatArray | None, cluster: IntArray | None, level: float, *, most: int
) -> Ranged:
    """The mean of shares, each of a list of `most` entries at most.

    Notes
    -----
    Wilson's interval at the size that independent yes-or-no answers would need for the same standard error, at most
    as many as entries; near 1 a t interval of few rows falls short of its level.
    """
    cluster = without_gaps(cluster)
    found = mean(values, weight)
    spread = without_rounding(spread_of(found.rows, cluster), found.value)
    if not np.isfinite(spread.se):
        return Ranged(found.value, Interval(None, None, level, "one_cluster", "none"))
    size = float(values.size) if weight is None else effective_n(weight)
    if cluster is not None:
        size = min(size, values.size**2 / float(np.square(np.bincount(cluster)).sum()))
    if spread.se == 0:
        return Ranged(found.value, constant_mean(found.value, size, level, largest=1.0))
    worth = min(found.value * (1 - found.value) / spread.se**2, most * size)
    at_size = wilson(found.value * worth, worth, level)
    return Ranged(found.value, replace(at_size, method="wilson_effective", coverage="approximate"))


def together(ranged: Ranged, level: float) -> Ranged:
    """The same, said at the level that several such ranges hold at together."""
    method = f"{ranged.interval.method}_bonferroni"
    return Ranged(ranged.value, replace(ranged.interval, level=level, method=method))
