"""Intervals that rows of more than one kind of task take, and how much independent evidence the rows are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from evaluator.catalogue.metrics import Metric
from evaluator.metrics.cell_table import cell_table
from evaluator.metrics.cells import share_interval
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.comparison import paired_proportions
from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.spread import Spread, effective_n, skewness_of

_COUNTED, _EITHER = np.array([False, True]), np.array([True, True])
LARGEST_LOSS = {"brier_loss": 1.0, "log_loss": -math.log(1e-15)}
"""The most that one row can add to a mean, for the metrics that are means of losses."""
FEW_DISAGREEMENTS = 20
"""With fewer rows that two subjects decide differently, disagreements are counted rather than their spread taken."""


def share_range(counted: BoolArray, among: BoolArray, rows: BinaryRows | ClassRows, level: float) -> Interval:
    """The interval of any share of rows, `counted` of `among`; see `cells.share_interval`."""
    inside = np.flatnonzero(among)
    weight = None if rows.weight is None else rows.weight[inside]
    cluster = None if rows.real_clusters is None else rows.real_clusters[inside]
    table = cell_table(counted[inside].view(np.uint8), _COUNTED.size, weight=weight, cluster=cluster)
    return share_interval(_COUNTED, _EITHER, table, level)


def mean_loss_range(
    entry: Metric, rows: BinaryRows | ClassRows, found: Influence, spread: Spread, level: float
) -> Interval:
    """The interval of a mean of losses, which are often small and seldom large."""
    if spread.se == 0:
        size = rows.n * independent_share(rows, spread)
        interval = intervals.constant_mean(found.value, size, level, largest=LARGEST_LOSS[entry.name])
        plain = rows.weight is None and rows.real_clusters is None
        return interval if plain else replace(interval, coverage="approximate")
    skewness = skewness_of(found.rows, rows.real_clusters)
    return intervals.skewed_interval(found.value, spread, skewness, level, low=entry.low, high=entry.high)


def same_answers_range(entry: Metric, size: float, level: float) -> Interval:
    """The interval of a difference where both subjects answer all of `size` rows' worth of evidence alike.

    On a row that is not here they may differ by more than 1 where the metric has no upper end.
    """
    found = paired_proportions(0, 0, size, level)
    return found if entry.high is not None else replace(found, coverage="approximate")


def independent_share(rows: BinaryRows | ClassRows, spread: Spread) -> float:
    """Independent evidence as a share of the rows.

    Where nothing varies, the data cannot show how alike the rows of a cluster are: then they count as one row.
    """
    part = 1.0 if rows.weight is None else effective_n(rows.weight) / rows.n
    if spread.se > 0 or rows.real_clusters is None:
        return part / max(1.0, spread.design_effect)
    sizes = np.bincount(rows.real_clusters)
    return part * rows.n / float(np.dot(sizes, sizes))
