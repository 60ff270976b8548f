"""The intervals of ranking metrics of two outcomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.metrics.rows import BinaryRows
from evaluator.metrics.shared_ranges import independent_share
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.precision_range import average_precision_interval, limited_by, precision_bias
from evaluator.statistics.spread import Spread, effective_n

SMALL_CLASS = 30
FEW_MISRANKED = 3.0
"""With fewer rows of the smaller class times the share of pairs ranked wrongly, the logit range of an AUC falls short."""


def enough_misranked(auc: float, smaller_class: float) -> bool:
    """Whether the log-odds of an AUC are close to normal; else Newcombe's wider range is taken."""
    return smaller_class >= SMALL_CLASS and min(auc, 1 - auc) * smaller_class >= FEW_MISRANKED


def auc_range(rows: BinaryRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    """The interval of an area under the ROC curve."""
    part = independent_share(rows, spread)
    if spread.se > 0 and enough_misranked(value, count * part):
        return _logit_auc(rows, value, spread, level)
    positives, negatives = max(1.0, rows.positives * part), max(1.0, rows.negatives * part)
    interval = intervals.newcombe_auc(value, positives, negatives, level)
    return interval if rows.weight is None and rows.real_clusters is None else _approximate(interval)


def _logit_auc(rows: BinaryRows, value: float, spread: Spread, level: float) -> Interval:
    if rows.real_clusters is None:
        return intervals.logit_interval(value, spread, level, method="logit_delong")
    units = min(independent_units(rows, rows.label), independent_units(rows, ~rows.label))
    interval = intervals.logit_interval(value, limited_by(spread, units), level, method="logit_delong")
    return interval if units >= EXACT_BELOW else _approximate(interval)


def average_precision_range(rows: BinaryRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    """The interval of average precision."""
    if 0 < value < 1 and spread.se > 0:
        units = independent_units(rows, rows.label)
        bias = precision_bias(rows.ranking, rows.real_clusters)
        interval = average_precision_interval(value, bias, spread, units, level)
        # With unequal weights a few heavy rows may be all that is ranked wrongly.
        few = rows.weight is not None and (1 - value) * units < FEW_MISRANKED
        return interval if units >= EXACT_BELOW and not few else _approximate(interval)
    size = max(1.0, count * independent_share(rows, spread))
    return Interval(((1 - level) / 2) ** (1 / size), 1.0, level, "perfect_separation", "approximate")


def independent_units(rows: BinaryRows, of: BoolArray) -> float:
    """Clusters with such rows; else the rows, or Kish's size of them under weights."""
    if rows.real_clusters is not None:
        return float(np.count_nonzero(np.bincount(rows.real_clusters[of])))
    return float(np.count_nonzero(of)) if rows.weight is None else effective_n(rows.weight[of])


def _approximate(interval: Interval) -> Interval:
    return replace(interval, coverage="approximate")
