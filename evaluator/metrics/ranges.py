"""Which interval a metric takes, by its smallest relevant count, its weights and its clusters."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from evaluator.catalogue.metrics import Metric
from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.metrics.cell_table import cell_table
from evaluator.metrics.cells import CELL_METRICS, cell_interval, share_interval
from evaluator.metrics.influences import influence_of
from evaluator.metrics.number_ranges import number_range
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import (
    Spread,
    effective_n,
    skewness_of,
)

SMALL_CLASS = 30
NEAR_ONE = 0.95
_COUNTED, _EITHER = np.array([False, True]), np.array([True, True])
LARGEST_LOSS = {"brier_loss": 1.0, "log_loss": -math.log(1e-15)}
"""The most that one row can add to a mean, for the metrics that are means of losses."""


def interval_for(
    entry: Metric, rows: AnyRows, value: float, spread: Spread, count: int, level: float,
    rng: np.random.Generator | None = None,
) -> Interval:  # fmt: skip
    """The interval of one measured metric; without ends when one cluster holds all the rows or clusters agree exactly."""
    if isinstance(rows, NumberRows):
        return number_range(entry.name, rows, value, spread, level)
    if spread.n_clusters == 1:
        return Interval(None, None, level, "one_cluster", "none")
    if entry.name in CELL_METRICS:
        return cell_interval(entry.name, rows.table, value, spread, count, level, rng)
    if entry.name == "auc":
        return _auc_range(rows, value, spread, count, level)
    if entry.name == "average_precision":
        return _average_precision_range(rows, value, spread, count, level)
    if entry.name in LARGEST_LOSS:
        return _mean_loss_range(entry, rows, value, spread, level)
    if spread.se == 0:
        return Interval(None, None, level, "nothing_varies", "none")
    return intervals.t_interval(value, spread, level, low=entry.low, high=entry.high)


def share_range(counted: BoolArray, among: BoolArray, rows: BinaryRows, level: float) -> Interval:
    """The interval of any share of rows, `counted` of `among`; see `cells.share_interval`."""
    inside = np.flatnonzero(among)
    weight = None if rows.weight is None else rows.weight[inside]
    cluster = None if rows.real_clusters is None else rows.real_clusters[inside]
    table = cell_table(counted[inside].view(np.uint8), _COUNTED.size, weight=weight, cluster=cluster)
    return share_interval(_COUNTED, _EITHER, table, level)


def _auc_range(rows: BinaryRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    if count >= SMALL_CLASS and 1 - NEAR_ONE <= value <= NEAR_ONE and spread.se > 0:
        return intervals.logit_interval(value, spread, level, method="logit_delong")
    part = independent_share(rows, spread)
    positives, negatives = max(1.0, rows.positives * part), max(1.0, rows.negatives * part)
    interval = intervals.newcombe_auc(value, positives, negatives, level)
    return interval if rows.weight is None and rows.real_clusters is None else _approximate(interval)


def _mean_loss_range(entry: Metric, rows: BinaryRows, value: float, spread: Spread, level: float) -> Interval:
    found = influence_of(entry.name, rows)
    assert found is not None
    if spread.se == 0:
        size = rows.n * independent_share(rows, spread)
        return intervals.constant_mean(value, size, level, largest=LARGEST_LOSS[entry.name])
    skewness = skewness_of(found.rows, rows.real_clusters)
    return intervals.skewed_interval(value, spread, skewness, level, low=entry.low, high=entry.high)


def _average_precision_range(rows: BinaryRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    if 0 < value < 1 and spread.se > 0:
        interval = intervals.logit_interval(value, spread, level, method="logit_influence")
        return interval if count >= EXACT_BELOW else _approximate(interval)
    size = max(1.0, count * independent_share(rows, spread))
    return Interval(((1 - level) / 2) ** (1 / size), 1.0, level, "perfect_separation", "approximate")


def independent_share(rows: BinaryRows, spread: Spread) -> float:
    """Independent evidence as a share of the rows.

    Where nothing varies, the data cannot show how alike the rows of a cluster are: then they count as one row.
    """
    part = 1.0 if rows.weight is None else effective_n(rows.weight) / rows.n
    if spread.se > 0 or rows.real_clusters is None:
        return part / max(1.0, spread.design_effect)
    sizes = np.bincount(rows.real_clusters)
    return part * rows.n / float(np.dot(sizes, sizes))


def _approximate(interval: Interval) -> Interval:
    return replace(interval, coverage="approximate")
