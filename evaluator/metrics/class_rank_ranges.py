"""The intervals of ranking metrics of all classes together.

Averages over classes and over pairs of row and class vary less than the ranking of one class does, so that their
log-odds are close to normal even near 1, as long as several rows' worth of evidence is ranked wrongly.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.metrics.class_ranking import bias_of, parts_of
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.shared_ranges import independent_share
from evaluator.records import Interval
from evaluator.statistics import intervals, proportions
from evaluator.statistics.precision_range import average_precision_interval
from evaluator.statistics.spread import Spread

FEW_MISRANKED = 3.0
"""With fewer rows' worth of wrong ranking a standard error says little, and a wider range is taken."""


def class_auc_range(metric: str, rows: ClassRows, value: float, spread: Spread, count: int, level: float) -> Interval:
    """The interval of an area under the ROC curve of all classes together; `count` are the rows of the rarest class."""
    part = independent_share(rows, spread)
    size = max(1.0, ranking_size(metric, rows) * part)
    enough = spread.se > 0 and min(value, 1 - value) * size >= FEW_MISRANKED
    found = None
    if spread.se > 0 and 0 < value < 1:
        found = intervals.logit_interval(value, spread, level, method="logit_influence")
    if found is None or not enough:
        others = max(rows.n * part - size, float((parts_of(metric, rows) * (rows.n - rows.rows_of_class)).sum()) * part)
        score = intervals.newcombe_auc(value, size, max(1.0, others), level)
        found = score if found is None else intervals.farther_ends(score, found, method=score.method)
    return _as_tested(found, rows, size)


def class_precision_range(
    metric: str, rows: ClassRows, value: float, spread: Spread, count: int, level: float
) -> Interval:
    """The interval of an average precision of all classes together; `count` are the rows of the rarest class."""
    size = max(1.0, ranking_size(metric, rows) * independent_share(rows, spread))
    enough = spread.se > 0 and (1 - value) * size >= FEW_MISRANKED
    found = None
    if spread.se > 0 and 0 < value < 1:
        found = average_precision_interval(value, bias_of(metric, rows), spread, size, level)
    if found is None or not enough:
        exact = replace(
            proportions.clopper_pearson(value * size, size, level), method="exact_at_size", coverage="nominal"
        )
        found = exact if found is None else intervals.farther_ends(exact, found, method=exact.method)
    return _as_tested(found, rows, float(count))


def ranking_size(metric: str, rows: ClassRows) -> float:
    """Rows of one class that would tell an area as precisely as all classes do together; all rows over all pairs.

    Notes
    -----
    The mean of k areas with parts p_c, each limited by the m_c rows on its smaller side, varies as sum p_c^2 / m_c. Each
    row is ranked k times, for k - 1 comparisons of its own class with another.
    """
    if metric.endswith("_micro"):
        return float(rows.n)
    part = parts_of(metric, rows)
    counts = part > 0
    smaller = np.minimum(rows.rows_of_class, rows.n - rows.rows_of_class)[counts]
    k = int(np.count_nonzero(counts))
    return float((k - 1) / k / (part[counts] ** 2 / smaller).sum())


def _as_tested(interval: Interval, rows: ClassRows, size: float) -> Interval:
    """As promised for independent rows of equal weight and enough of them, approximate for others."""
    plain = rows.weight is None and rows.real_clusters is None
    return replace(interval, coverage="nominal" if plain and size >= EXACT_BELOW else "approximate")
