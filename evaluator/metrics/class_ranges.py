"""Which interval a metric of all classes together takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.catalogue.metrics import Metric
from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.metrics.class_metrics import CLASS_CELL_METRICS, CLASS_SHARES, class_influence, counted_rows
from evaluator.metrics.class_rank_ranges import class_auc_range, class_precision_range
from evaluator.metrics.class_ranking import AUCS, PRECISIONS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.shared_ranges import LARGEST_LOSS, independent_share, mean_loss_range, share_range
from evaluator.records import Interval
from evaluator.statistics import intervals, proportions
from evaluator.statistics.class_cells import with_imagined_errors
from evaluator.statistics.spread import Spread

FEW_ERRORS = 10.0
"""With fewer cases' worth of error, a standard error says little."""


def class_range(entry: Metric, rows: ClassRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    """The interval of one measured metric; without ends when one cluster holds all the rows."""
    if spread.n_clusters == 1:
        return Interval(None, None, level, "one_cluster", "none")
    if entry.name in CLASS_SHARES:
        return share_range(counted_rows(entry.name, rows), np.ones(rows.n, dtype=bool), rows, level)
    if entry.name in CLASS_CELL_METRICS:
        return _cell_range(entry, rows, value, spread, count, level)
    if entry.name in AUCS:
        return class_auc_range(entry.name, rows, value, spread, count, level)
    if entry.name in PRECISIONS:
        return class_precision_range(entry.name, rows, value, spread, count, level)
    if entry.name in LARGEST_LOSS:
        found = class_influence(entry.name, rows)
        assert found is not None
        return mean_loss_range(entry, rows, found, spread, level)
    return Interval(None, None, level, "nothing_varies", "none")


def _cell_range(entry: Metric, rows: ClassRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    """On the log-odds scale of where the value lies between its ends; with few errors, exact at the size it is worth.

    For a metric in -1 to 1 that scale is Fisher's z.
    """
    low, width = _scale(entry)
    place = min(1.0, max(0.0, (value - low) / width))
    scaled = spread._replace(se=spread.se / width)
    if _errors_seen(place, scaled) >= FEW_ERRORS:
        method = "logit_influence" if low == 0 else "fisher_z"
        found = intervals.logit_interval(place, scaled, level, method=method)
    else:
        size = size_in_cells(entry, rows, spread)
        exact = proportions.clopper_pearson(place * size, size, level)
        found = replace(exact, method="exact_at_size", coverage="nominal")
    found = proportions.map_interval(found, lambda share: low + width * share, found.method)
    plain = rows.weight is None and rows.real_clusters is None
    return found if plain and count >= EXACT_BELOW else replace(found, coverage="approximate")


def _scale(entry: Metric) -> tuple[float, float]:
    assert entry.low is not None
    assert entry.high is not None
    return entry.low, entry.high - entry.low


def _errors_seen(place: float, spread: Spread) -> float:
    """Errors (or right cases, if they are fewer) of equal size that would leave this much spread; 0 without spread.

    Notes
    -----
    A sum of errors of size w varies as the sum of w^2, so that (sum w)^2 / sum w^2 is their number if all are alike.
    """
    return min(place, 1 - place) * place * (1 - place) / spread.se**2 if spread.se > 0 else 0.0


def size_in_cells(entry: Metric, rows: ClassRows, spread: Spread) -> float:
    """Independent cases of equal weight that would tell a plain share as precisely as these rows tell the metric.

    Imagined errors keep the answer finite where few or no errors were seen.
    """
    low, width = _scale(entry)
    cells = rows.cells * (rows.n * independent_share(rows, spread) / float(rows.cells.sum()))
    smoothed = with_imagined_errors(cells)
    found = CLASS_CELL_METRICS[entry.name](smoothed)
    assert found is not None
    place = (found.value - low) / width
    variance = float((smoothed * found.rows**2).sum()) / width**2
    return max(1.0, place * (1 - place) / variance)
