"""Which interval a metric takes, by its smallest relevant count, its weights and its clusters."""

from __future__ import annotations

import numpy as np

from evaluator.catalogue.metrics import Metric
from evaluator.metrics.cells import CELL_METRICS, cell_interval
from evaluator.metrics.class_ranges import class_range
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.influences import influence_of
from evaluator.metrics.loss_ranges import is_rare_outcome, rare_loss_range
from evaluator.metrics.number_ranges import number_range
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rank_ranges import auc_range, average_precision_range, enough_misranked
from evaluator.metrics.shared_ranges import LARGEST_LOSS, independent_share, mean_loss_range, share_range
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.spread import Spread

__all__ = ["enough_misranked", "independent_share", "interval_for", "share_range"]


def interval_for(
    entry: Metric, rows: AnyRows, value: float, spread: Spread, count: int, level: float,
    rng: np.random.Generator | None = None,
) -> Interval:  # fmt: skip
    """The interval of one measured metric; without ends when one cluster holds all the rows or clusters agree exactly."""
    if isinstance(rows, NumberRows):
        return number_range(entry.name, rows, value, spread, level)
    if isinstance(rows, ClassRows):
        return class_range(entry, rows, value, spread, count, level)
    if spread.n_clusters == 1:
        return Interval(None, None, level, "one_cluster", "none")
    if entry.name in CELL_METRICS:
        return cell_interval(entry.name, rows.table, value, spread, count, level, rng)
    if entry.name == "auc":
        return auc_range(rows, value, spread, count, level)
    if entry.name == "average_precision":
        return average_precision_range(rows, value, spread, count, level)
    if entry.name in LARGEST_LOSS:
        found = influence_of(entry.name, rows)
        assert found is not None
        if rng is not None and is_rare_outcome(rows):
            return rare_loss_range(entry.name, rows, level, rng)
        return mean_loss_range(entry, rows, found, spread, level)
    if spread.se == 0:
        return Interval(None, None, level, "nothing_varies", "none")
    return intervals.t_interval(value, spread, level, low=entry.low, high=entry.high)
