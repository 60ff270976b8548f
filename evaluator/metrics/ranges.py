"""Which interval a metric takes, by its smallest relevant count, its weights and its clusters."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from evaluator.catalogue.metrics import PROPORTIONS, Metric
from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.metrics.influences import influence_of, rate_parts
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval
from evaluator.statistics import intervals, proportions
from evaluator.statistics.influence import BoolArray, cells_of, share
from evaluator.statistics.spread import (
    FloatArray,
    IntArray,
    Spread,
    all_alone,
    effective_n,
    skewness_of,
    spread_of,
    without_rounding,
)

SMALL_CLASS = 30
NEAR_ONE = 0.95
RARE_ERROR = 5
LARGEST_LOSS = {"brier_loss": 1.0, "log_loss": -math.log(1e-15)}
"""The most that one row can add to a mean, for the metrics that are means of losses."""


def interval_for(
    entry: Metric, rows: BinaryRows, value: float, spread: Spread, count: int, level: float, rng: np.random.Generator
) -> Interval:
    """The interval of one measured metric; without ends when one cluster holds all the rows or clusters agree exactly."""
    if spread.n_clusters == 1:
        return Interval(None, None, level, "one_cluster", "none")
    if entry.name in PROPORTIONS:
        return proportion_range(entry.name, rows, level)
    if entry.name == "f1":
        return _f1_range(rows, level)
    if entry.name == "balanced_accuracy":
        return _balanced_accuracy_range(rows, value, spread, count, level)
    if entry.name == "mcc":
        return _mcc_range(rows, value, spread, level, rng)
    if entry.name == "auc":
        return _auc_range(rows, value, spread, count, level)
    if entry.name == "average_precision":
        return _average_precision_range(rows, value, spread, count, level)
    if entry.name in LARGEST_LOSS:
        return _mean_loss_range(entry, rows, value, spread, level)
    if spread.se == 0:
        return Interval(None, None, level, "nothing_varies", "none")
    return intervals.t_interval(value, spread, level, low=entry.low, high=entry.high)


def proportion_range(metric: str, rows: BinaryRows, level: float) -> Interval:
    """The interval of a plain share."""
    counted, among = rate_parts(metric, rows)
    return share_range(counted, among, rows, level)


def share_range(counted: BoolArray, among: BoolArray, rows: BinaryRows, level: float) -> Interval:
    """Interval of weight(counted) / weight(among): exact or Wilson for independent rows, else by influence.

    With weights or clusters the interval is on the log-odds scale with the clustered standard error; small or extreme
    counts take Wilson's interval at the effective sample size instead.
    """
    inside = np.flatnonzero(among)
    hits = int(np.count_nonzero(counted))
    clusters = None if rows.real_clusters is None else rows.real_clusters[inside]
    if clusters is not None and all_alone(clusters):
        clusters = None
    if rows.weight is None and clusters is None:
        return proportions.proportion(hits, inside.size, level)
    weight = None if rows.weight is None else rows.weight[inside]
    part = share(counted[inside].astype(np.float64), np.ones(inside.size), weight)
    spread = without_rounding(spread_of(part.rows, clusters), part.value)
    if inside.size >= EXACT_BELOW and RARE_ERROR <= hits <= inside.size - RARE_ERROR and spread.se > 0:
        return intervals.logit_interval(part.value, spread, level, method="logit_influence")
    size = _effective_size(part.value, spread, inside.size, weight, clusters)
    at_size = proportions.wilson(part.value * size, size, level)
    return Interval(at_size.low, at_size.high, level, "wilson_effective", "approximate")


def _effective_size(
    value: float, spread: Spread, n: int, weight: FloatArray | None, clusters: IntArray | None
) -> float:
    """Rows' worth of independent evidence; never more than n, and one cluster at least."""
    largest = float(n) if weight is None else effective_n(weight)
    if clusters is not None:
        sizes = np.bincount(clusters)
        largest = min(largest, n * float(sizes.sum()) / float(np.dot(sizes, sizes)))
    if 0 < value < 1 and math.isfinite(spread.se) and spread.se > 0:
        return max(1.0, min(largest, value * (1 - value) / spread.se**2))
    return max(1.0, largest)


def _f1_range(rows: BinaryRows, level: float) -> Interval:
    tp, fp, fn, _ = rows.cells
    assert rows.decision is not None
    if rows.weight is None and rows.real_clusters is None:
        return proportions.f1_from_counts(int(tp), int(fp + fn), level)
    jaccard = share_range(rows.label & rows.decision, rows.label | rows.decision, rows, level)
    return proportions.map_interval(jaccard, lambda share: 2 * share / (1 + share), f"{jaccard.method}_on_jaccard")


def _balanced_accuracy_range(rows: BinaryRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    independent = rows.weight is None and rows.real_clusters is None
    if not independent and count >= EXACT_BELOW and min(rows.cells) >= RARE_ERROR and spread.se > 0:
        return intervals.logit_interval(value, spread, level, method="logit_influence")
    found, cleared = (rate_parts(name, rows) for name in ("true_positive_rate", "true_negative_rate"))
    first, second = (share_range(*parts, rows, level) for parts in (found, cleared))
    values = [share(a.astype(np.float64), b.astype(np.float64), rows.weight).value for a, b in (found, cleared)]
    joined = proportions.mover_mean(values[0], first, values[1], second)
    return joined if independent else _approximate(joined)


def _mcc_range(rows: BinaryRows, value: float, spread: Spread, level: float, rng: np.random.Generator) -> Interval:
    if min(rows.cells) >= RARE_ERROR and abs(value) < 1:
        return intervals.fisher_z_interval(value, spread, level)
    assert rows.decision is not None
    cells = cells_of(rows.label, rows.decision, rows.weight)
    size = rows.n * independent_share(rows, spread) / sum(cells)
    tp, fp, fn, tn = (cell * size for cell in cells)
    interval = intervals.dirichlet_mcc((tp, fp, fn, tn), level, rng)
    return interval if rows.weight is None and rows.real_clusters is None else _approximate(interval)


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
