"""Odds ratios level by level of a factor: their common value, and whether it is 1 and the same in every level.

Side 0 is a group, side 1 everyone else, as in `evaluator.statistics.stratified`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.side_clusters import grown, part_of_cell, spread_of_sides
from evaluator.statistics.spread import FloatArray, Spread, spread_of
from evaluator.statistics.stratified import Levels, influence_in_cells, levels_of_counts

MOST_LOG = 50.0
"""A range of the logarithm this wide says nothing."""


MANY = 5
"""Fewest cases that every cell of a level must expect for the level to tell whether odds ratios are alike."""


class Ratio(NamedTuple):
    """A common odds ratio with its range."""

    value: float
    low: float
    high: float


def common_odds_ratio(levels: Levels, level: float) -> Ratio | None:
    """The odds of the group over those of everyone else, common to all levels; None where it is 0, endless or unknown.

    Notes
    -----
    Mantel and Haenszel 1959, sum(a d / n) / sum(b c / n); logarithmic range with the variance of Robins, Breslow and
    Greenland 1986, or with that of the summed influence of cases that weigh differently or share clusters.
    """
    a, b, c, d, total = _cells(levels)
    over, under = a * d / total, b * c / total
    r, s = float(over.sum()), float(under.sum())
    if r <= 0 or s <= 0:
        return None
    if levels.each is None:
        p, q = (a + d) / total, (b + c) / total
        parts = (p * over).sum() / (2 * r * r), (p * under + q * over).sum() / (2 * r * s)
        reach = normal_quantile(level) * math.sqrt(float(sum(parts) + (q * under).sum() / (2 * s * s)))
    else:
        spread = _log_spread(levels, r, s)
        reach = t_quantile(level, spread.df) * spread.se
    if not math.isfinite(reach) or reach > MOST_LOG:
        return None
    log = math.log(r / s)
    return Ratio(r / s, math.exp(log - reach), math.exp(log + reach))


def _log_spread(levels: Levels, r: float, s: float) -> Spread:
    """Standard error of the logarithm of the common odds ratio from the influence of every case."""
    each = levels.each
    assert each is not None
    a, b, c, d, n = _cells(levels)
    over, under = a * d / n**2 / r, b * c / n**2 / s
    # Derivatives in the weight of the cells (group counted, group not, others counted, others not).
    slope = np.zeros((levels.used.size, 2, 2))
    slope[levels.used] = np.stack([d / n / r, -c / n / s, -b / n / s, a / n / r], axis=1).reshape(-1, 2, 2)
    slope[levels.used] += (under - over)[:, None, None]
    influence = each.weight * slope.ravel()[2 * each.cell + ~each.counted]
    if each.cluster is None:
        return spread_of(influence)
    part = part_of_cell(each.cell, each.cluster)
    if (part[influence != 0] >= 1).any():
        # One cluster is a whole side of a level: what it has in common cannot be told from the odds of that side.
        return Spread(math.nan, 1.0, None, 1.0)
    return spread_of_sides(influence * grown(part), each.cell % 2 == 0, each.cluster)


def no_association(levels: Levels) -> float | None:
    """The p-value of the odds ratio being 1 in every level; None where no level could show anything else.

    Notes
    -----
    Cochran 1954, Mantel and Haenszel 1959, without correction for continuity. With weights or clusters, the same sum over
    its standard error from the cases' influence under that hypothesis, on Student's t.
    """
    a, b, c, d, n = _cells(levels)
    expected = (a + b) * (a + c) / n
    if levels.each is None:
        variance = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * np.maximum(1.0, n - 1))
        total = float(variance.sum())
        return float(special.chdtrc(1, float((a - expected).sum()) ** 2 / total)) if total > 0 else None
    spread = _null_spread(levels)
    if math.isnan(spread.se) or spread.se <= 1e-12 * max(1.0, float(n.sum())):
        return None
    return float(2 * special.stdtr(spread.df, -abs(float((a - expected).sum())) / spread.se))


def _null_spread(levels: Levels) -> Spread:
    each = levels.each
    assert each is not None
    total = levels.weight.sum(axis=1, keepdims=True)
    slope = np.divide(levels.weight[:, ::-1], total, out=np.zeros_like(levels.weight), where=levels.used[:, None])
    slope[:, 1] *= -1
    # As the variance given the margins, n - 1 in place of n.
    rows = levels.rows.sum(axis=1, keepdims=True)
    slope *= np.sqrt(rows / np.maximum(1.0, rows - 1))
    centre = levels.hits.sum(axis=1, keepdims=True) / np.maximum(total, 1e-300)
    return spread_of(influence_in_cells(each, slope, centre), each.cluster)


def same_odds(levels: Levels) -> float | None:
    """The p-value of the odds ratio being the same in every level; None with weights, clusters or too few levels.

    Levels take part when every cell expects at least MANY cases where both sides are alike, which depends on their margins
    alone: with 25 levels of 6 and 9 cases the test would see a difference in 7 instead of 5 of 100 samples without one.

    Notes
    -----
    Breslow and Day 1980 with Tarone's correction (1985): squared distances between the counts and those expected under the
    common odds ratio of these levels over their variances, chi-squared with one degree of freedom fewer than levels.
    """
    if levels.each is not None:
        return None
    sides = np.stack([levels.hits, levels.rows - levels.hits])
    margins = sides.sum(axis=2, keepdims=True) * levels.rows / np.maximum(1.0, levels.rows.sum(axis=1, keepdims=True))
    many = margins.min(axis=(0, 2)) >= MANY
    if np.count_nonzero(many) < 2:
        return None
    informative = levels_of_counts(levels.hits[many], levels.rows[many])
    ratio = common_odds_ratio(informative, 0.95)
    return None if ratio is None else _breslow_day(informative, ratio.value)


def _breslow_day(levels: Levels, ratio: float) -> float:
    a, b, c, d, _ = _cells(levels)
    group, counted, rest = a + b, a + c, c + d
    expected = _expected(group, rest, counted, ratio)
    variance = 1 / (1 / expected + 1 / (group - expected) + 1 / (counted - expected) + 1 / (rest - counted + expected))
    apart = a - expected
    statistic = float((apart**2 / variance).sum() - apart.sum() ** 2 / variance.sum())
    return float(special.chdtrc(a.size - 1, max(0.0, statistic)))


def _expected(group: FloatArray, rest: FloatArray, counted: FloatArray, ratio: float) -> FloatArray:
    """Counted cases of the group under an odds ratio, given all margins: the root that leaves no cell below 0."""
    low, high = np.maximum(0.0, counted - rest), np.minimum(group, counted)

    def root(i: int) -> float:
        def excess(x: float) -> float:
            return float(x * (rest[i] - counted[i] + x) - ratio * (group[i] - x) * (counted[i] - x))

        return float(optimize.brentq(excess, low[i], high[i], xtol=1e-12, rtol=1e-14))

    return np.array([root(i) for i in range(group.size)])


def _cells(levels: Levels) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weight of group counted, group not, others counted, others not, and of all, in the levels used."""
    used = levels.used
    (a, c), (n1, n0) = levels.hits[used].T, levels.weight[used].T
    return a, n1 - a, c, n0 - c, n1 + n0
