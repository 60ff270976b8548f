"""The interval of average precision: its small-sample bias, and a range around the value less that bias."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evaluator.records import Interval
from evaluator.statistics.intervals import logit_interval
from evaluator.statistics.ranking import Ranking
from evaluator.statistics.spread import FloatArray, IntArray, Spread

MOST_BIAS = 0.5
"""The bias is taken to be at most this part of the way to the end of the scale that it points to."""


class Own(NamedTuple):
    """Weight at or above each row, in the order of the ranking, of its own cluster's positive rows, and of all its rows."""

    positive: FloatArray
    all: FloatArray


def precision_bias(ranking: Ranking, cluster: IntArray | None = None) -> float:
    """By how much average precision is too high because every positive row counts towards its own precision.

    Parameters
    ----------
    cluster : non-negative integer per row in the order of the rows; the rows of one count towards each other.

    Returns
    -------
    Negative where more of the rows that share a cluster with a positive one are negative ones above it.

    Notes
    -----
    Given M other rows at or above a positive one, each is positive with the true precision p there, so that the
    expected precision with the row itself is p + (1 - p) / (M + 1), and without it p. A row that stands alone at the
    top has no other rows and no bias.
    """
    weight = ranking.positive + ranking.negative
    own = Own(weight, weight) if cluster is None else _own(ranking, cluster[ranking.order])
    found = ranking.true_positives + ranking.false_positives
    others = found - own.all
    used = (ranking.positive > 0) & (others > 1e-12 * found)
    precision = ranking.true_positives[used] / found[used]
    without = (ranking.true_positives - own.positive)[used] / others[used]
    return float((ranking.positive[used] * (precision - without)).sum() / ranking.positive.sum())


def _own(ranking: Ranking, cluster: IntArray) -> Own:
    group = ranking.group_start
    order = np.lexsort((group, cluster))
    last = np.flatnonzero(np.diff(cluster[order], append=-1) | np.diff(group[order], append=-1))
    ends = np.repeat(last, np.diff(last, prepend=-1))
    first = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    starts = np.repeat(first, np.diff(first, append=order.size))
    found = []
    for weight in (ranking.positive, ranking.positive + ranking.negative):
        sums = np.concatenate(([0.0], np.cumsum(weight[order])))
        by_row = np.empty_like(weight)
        by_row[order] = sums[ends + 1] - sums[starts]
        found.append(by_row)
    return Own(*found)


def average_precision_interval(value: float, bias: float, spread: Spread, units: float, level: float) -> Interval:
    """Interval on the log-odds scale around the value less its bias, which always holds the value.

    Parameters
    ----------
    value : in (0, 1). `bias` : `precision_bias`.
    units : independent positive rows, or clusters with positive rows, that the data are worth.
    """
    # The rows of other clusters alone may be ranked without a mistake, and 1 has no log-odds.
    centre = value - max(-MOST_BIAS * (1 - value), min(MOST_BIAS * value, bias))
    found = logit_interval(centre, limited_by(spread, units), level, method="logit_less_bias")
    assert found.low is not None
    assert found.high is not None
    return replace(found, low=min(found.low, value), high=max(found.high, value))


def limited_by(spread: Spread, units: float) -> Spread:
    """The spread when nearly all of the variance comes from few independent units.

    Its factor n/(n-1) and the degrees of freedom of Student's t are then those of the units.
    """
    fewest = max(2.0, units)
    return spread._replace(se=spread.se * (fewest / (fewest - 1)) ** 0.5, df=min(spread.df, fewest - 1))
