"""Metrics of decisions from a table of cells: values and intervals; one look at the rows serves them all."""

from __future__ import annotations

import math

import numpy as np

from evaluator.catalogue.metrics import METRICS, PROPORTIONS, Metric
from evaluator.catalogue.settings import EXACT_BELOW, MIN_RELEVANT
from evaluator.metrics.cell_table import CellMask, CellTable
from evaluator.metrics.measurement import Measurement, few_reason
from evaluator.records import Interval
from evaluator.statistics import intervals, proportions
from evaluator.statistics.influence import Cells, Influence, mcc_of_cells
from evaluator.statistics.spread import FloatArray, Spread, without_rounding
from evaluator.statistics.streams import stream

RARE_ERROR = 5
"""With fewer cases of one kind, a standard error says little."""
N_CELLS = 4
"""True negatives, false positives, false negatives, true positives: 2 * label + decision."""
_TN, _FP, _FN, _TP = np.eye(N_CELLS, dtype=bool)
_ALL = np.ones(N_CELLS, dtype=bool)
SHARES: dict[str, tuple[CellMask, CellMask]] = {
    "accuracy": (_TN | _TP, _ALL),
    "selection_rate": (_FP | _TP, _ALL),
    "precision": (_TP, _TP | _FP),
    "true_positive_rate": (_TP, _TP | _FN),
    "false_negative_rate": (_FN, _TP | _FN),
    "false_positive_rate": (_FP, _FP | _TN),
    "true_negative_rate": (_TN, _FP | _TN),
    "negative_predictive_value": (_TN, _TN | _FN),
}
"""Which cells a plain share counts, and which it is a share of."""
_JACCARD = (_TP, _TP | _FP | _FN)
_MISSED = (_FN, _FN | _FP)
CELL_METRICS = (*SHARES, "balanced_accuracy", "informedness", "f1", "mcc", "error_ratio")
_RELEVANT: dict[str, CellMask] = {
    "n": _ALL,
    "positives": _TP | _FN,
    "negatives": _FP | _TN,
    "predicted_positive": _TP | _FP,
    "predicted_negative": _TN | _FN,
    "true_or_wrong": _TP | _FP | _FN,
    "wrong": _FP | _FN,
}


def value_in_cells(metric: str, table: CellTable) -> Influence | None:
    """Value of a metric and its derivative in the weight of each cell; None where it is undefined."""
    if metric in SHARES:
        return _share(*SHARES[metric], table.weight)
    if metric == "f1":
        return _f1(table.weight)
    tn, fp, fn, tp = (float(cell) for cell in table.weight)
    if metric == "error_ratio":
        return Influence(fn / fp, (_FN - fn / fp * _FP) / fp) if fp > 0 else None
    if tn + fp == 0 or fn + tp == 0:
        return None
    if metric == "mcc":
        return None if tn + fn == 0 or fp + tp == 0 else mcc_of_cells(Cells(tp, fp, fn, tn))
    found, cleared = (_share(*SHARES[name], table.weight) for name in ("true_positive_rate", "true_negative_rate"))
    assert found is not None
    assert cleared is not None
    if metric == "informedness":
        return Influence(found.value + cleared.value - 1, found.rows + cleared.rows)
    return Influence((found.value + cleared.value) / 2, (found.rows + cleared.rows) / 2)


def _share(counted: CellMask, among: CellMask, weight: FloatArray) -> Influence | None:
    total = float(weight[among].sum())
    if total == 0:
        return None
    value = float(weight[counted].sum()) / total
    return Influence(value, (counted - value * among) / total)


def _f1(weight: FloatArray) -> Influence | None:
    twice = 2.0 * _TP
    among = twice + _FP + _FN
    total = float(np.dot(among, weight))
    if total == 0:
        return None
    value = float(np.dot(twice, weight)) / total
    return Influence(value, (twice - value * among) / total)


def relevant_in_cells(entry: Metric, table: CellTable) -> int:
    """How many rows limit the precision of the metric."""
    if entry.relevant_count == "smaller_class":
        return int(min(table.rows[_RELEVANT[side]].sum() for side in ("positives", "negatives")))
    return int(table.rows[_RELEVANT[entry.relevant_count]].sum())


def measure_cells(
    metric: str, table: CellTable, *, level: float, min_group: int, seed: int, unit: str = ""
) -> Measurement:
    """Measure a metric of decisions; parameters as `measure`, which asks this for all such metrics."""
    entry = METRICS[metric]
    count = relevant_in_cells(entry, table)
    if table.n < min_group or count < MIN_RELEVANT:
        return Measurement("too_few", few_reason(entry, table.n, count, min_group), table.n, count)
    found = value_in_cells(metric, table)
    if found is None:
        return Measurement("undefined", f"{entry.label} is undefined on these rows.", table.n, count)
    spread = without_rounding(table.spread(found.rows), found.value)
    rng = stream(seed, "interval/mcc", unit) if metric == "mcc" else None
    interval = cell_interval(metric, table, found.value, spread, count, level, rng)
    counted = metric in PROPORTIONS and not table.weighted
    return Measurement(
        "ok", "", table.n, count, found.value, spread.se if math.isfinite(spread.se) else None, interval,
        int(table.rows[SHARES[metric][0]].sum()) if counted else None, spread.n_clusters, table.n_effective,
        spread.design_effect,
    )  # fmt: skip


def cell_interval(
    metric: str, table: CellTable, value: float, spread: Spread, count: int, level: float,
    rng: np.random.Generator | None = None,
) -> Interval:  # fmt: skip
    """The interval of a measured metric of decisions; Matthews' correlation alone needs random numbers."""
    if spread.n_clusters == 1:
        return Interval(None, None, level, "one_cluster", "none")
    if metric in SHARES:
        return share_interval(*SHARES[metric], table, level)
    if metric == "f1":
        if table.plain:
            return proportions.f1_from_counts(int(table.rows[_TP].sum()), int(table.rows[_FP | _FN].sum()), level)
        jaccard = share_interval(*_JACCARD, table, level)
        return proportions.map_interval(jaccard, lambda share: 2 * share / (1 + share), f"{jaccard.method}_on_jaccard")
    if metric == "error_ratio":
        missed = share_interval(*_MISSED, table, level)
        return proportions.map_interval(missed, proportions.odds, f"{missed.method}_on_odds")
    if metric == "balanced_accuracy":
        return _balanced_accuracy_interval(table, value, spread, count, level)
    if metric == "informedness":
        halved = spread._replace(se=spread.se / 2)
        balanced = _balanced_accuracy_interval(table, (value + 1) / 2, halved, count, level)
        return proportions.map_interval(balanced, lambda share: 2 * share - 1, balanced.method)
    assert rng is not None
    return _mcc_interval(table, value, spread, level, rng)


def share_interval(counted: CellMask, among: CellMask, table: CellTable, level: float) -> Interval:
    """Interval of weight(counted) / weight(among): exact or Wilson for independent rows, else by influence.

    With weights or clusters the interval is on the log-odds scale with the clustered standard error; small or extreme
    counts take Wilson's interval at the effective sample size instead.
    """
    inside = table.inside(among)
    hits, n = int(table.rows[counted].sum()), inside.n
    if inside.plain:
        return proportions.proportion(hits, n, level)
    part = _share(counted, among, table.weight)
    assert part is not None
    spread = without_rounding(inside.spread(part.rows[among]), part.value)
    if n >= EXACT_BELOW and RARE_ERROR <= hits <= n - RARE_ERROR and spread.se > 0:
        return intervals.logit_interval(part.value, spread, level, method="logit_influence")
    size = _effective_size(inside, part.value, spread)
    at_size = proportions.wilson(part.value * size, size, level)
    return Interval(at_size.low, at_size.high, level, "wilson_effective", "approximate")


def _effective_size(table: CellTable, value: float, spread: Spread) -> float:
    """Rows' worth of independent evidence; never more than there are rows, and one cluster at least."""
    largest = table.n_effective or float(table.n)
    if table.clusters is not None:
        largest = min(largest, table.n**2 / table.clusters.squared_sizes)
    if 0 < value < 1 and math.isfinite(spread.se) and spread.se > 0:
        return max(1.0, min(largest, value * (1 - value) / spread.se**2))
    return max(1.0, largest)


def _balanced_accuracy_interval(table: CellTable, value: float, spread: Spread, count: int, level: float) -> Interval:
    if not table.plain and count >= EXACT_BELOW and table.rows.min() >= RARE_ERROR and spread.se > 0:
        return intervals.logit_interval(value, spread, level, method="logit_influence")
    found, cleared = (SHARES[name] for name in ("true_positive_rate", "true_negative_rate"))
    first, second = (_share(*cells, table.weight) for cells in (found, cleared))
    assert first is not None
    assert second is not None
    ranges = (share_interval(*cells, table, level) for cells in (found, cleared))
    return _as_promised(proportions.mover_mean(first.value, next(ranges), second.value, next(ranges)), table)


def _mcc_interval(table: CellTable, value: float, spread: Spread, level: float, rng: np.random.Generator) -> Interval:
    if table.rows.min() >= RARE_ERROR and abs(value) < 1:
        return intervals.fisher_z_interval(value, spread, level)
    size = table.n * independent_part(table, spread) / float(table.weight.sum())
    tn, fp, fn, tp = (float(cell) * size for cell in table.weight)
    return _as_promised(intervals.dirichlet_mcc((tp, fp, fn, tn), level, rng), table)


def independent_part(table: CellTable, spread: Spread) -> float:
    """Independent evidence as a share of the rows, as `ranges.independent_share` finds it row by row."""
    part = 1.0 if table.n_effective is None else table.n_effective / table.n
    if spread.se > 0 or table.clusters is None:
        return part / max(1.0, spread.design_effect)
    return part * table.n / table.clusters.squared_sizes


def _as_promised(interval: Interval, table: CellTable) -> Interval:
    """Tested for plain rows alone, approximate for others."""
    if table.plain:
        return interval
    return Interval(interval.low, interval.high, interval.level, interval.method, "approximate")
