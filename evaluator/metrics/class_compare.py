"""The difference of one metric of all classes together between two subjects on the same rows."""

from __future__ import annotations

import math
from dataclasses import replace

from evaluator.catalogue.metrics import Metric
from evaluator.metrics.class_metrics import CLASS_CELL_METRICS, CLASS_SHARES, counted_rows
from evaluator.metrics.class_ranges import size_in_cells
from evaluator.metrics.class_rank_ranges import FEW_MISRANKED, ranking_size
from evaluator.metrics.class_ranking import AUCS, PRECISIONS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.shared_ranges import FEW_DISAGREEMENTS, independent_share, same_answers_range
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.comparison import disagreements, mcnemar_mid_p, paired_proportions
from evaluator.statistics.influence import Influence
from evaluator.statistics.spread import Spread, spread_of, without_rounding


def class_difference(
    entry: Metric, a: ClassRows, b: ClassRows, first: Influence, second: Influence, level: float
) -> tuple[Interval, float, float | None]:
    """Interval of the first minus the second, that difference, and its standard error."""
    value = first.value - second.value
    spread = without_rounding(spread_of(first.rows - second.rows, a.real_clusters), value)
    if spread.n_clusters == 1:
        return Interval(None, None, level, "one_cluster", "none"), value, None
    return (
        _counted(entry, a, b, spread, level) or _by_influence(entry, a, b, (first, second), spread, level),
        value,
        spread.se,
    )


def _counted(entry: Metric, a: ClassRows, b: ClassRows, spread: Spread, level: float) -> Interval | None:
    """The interval of a share from counted disagreements, and of any mean that is the same row by row.

    With clusters or weights, counts are those of as many independent rows as the data are worth.
    """
    size = a.n * independent_share(a, spread)
    if entry.name not in CLASS_SHARES:
        others = entry.name in CLASS_CELL_METRICS or entry.name in AUCS or entry.name in PRECISIONS
        return same_answers_range(entry, size, level) if spread.se == 0 and not others else None
    a_only, b_only = disagreements(counted_rows(entry.name, a), counted_rows(entry.name, b))
    if a_only + b_only >= FEW_DISAGREEMENTS or (a.weight is not None and spread.se > 0):
        return None
    return paired_proportions(a_only * size / a.n, b_only * size / a.n, size, level)


def class_p_value(metric: str, a: ClassRows, b: ClassRows) -> float | None:
    """McNemar's mid-p of a share of independent rows of equal weight; None for anything else."""
    if metric not in CLASS_SHARES or a.weight is not None or a.real_clusters is not None:
        return None
    return mcnemar_mid_p(*disagreements(counted_rows(metric, a), counted_rows(metric, b)))


def _by_influence(
    entry: Metric, a: ClassRows, b: ClassRows, found: tuple[Influence, Influence], spread: Spread, level: float
) -> Interval:
    """From row-by-row differences, with one imagined error more on either side where few errors tell them apart."""
    width = math.inf if entry.high is None or entry.low is None else entry.high - entry.low
    step = _imagined(entry, a, b, found, spread)
    wider = spread._replace(se=math.hypot(spread.se, math.sqrt(2) * step))
    interval = intervals.t_interval(
        found[0].value - found[1].value, wider, level, low=-width, high=width, method="paired_influence"
    )
    return replace(interval, coverage="approximate") if spread.se == 0 else interval


def _imagined(entry: Metric, a: ClassRows, b: ClassRows, found: tuple[Influence, Influence], spread: Spread) -> float:
    """How far one error more moves the metric; 0 where the rows show enough errors."""
    if entry.name in CLASS_CELL_METRICS:
        assert entry.low is not None
        assert entry.high is not None
        return (entry.high - entry.low) / (2 + min(size_in_cells(entry, rows, spread) for rows in (a, b)))
    if entry.name not in AUCS and entry.name not in PRECISIONS:
        return 0.0
    size = ranking_size(entry.name, a) * independent_share(a, spread)
    misranked = max(min(one.value, 1 - one.value) for one in found) * size
    return 0.0 if misranked >= FEW_MISRANKED and spread.se > 0 else 1 / (2 + size)
