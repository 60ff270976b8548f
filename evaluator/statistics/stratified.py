"""Two sides compared level by level of a factor: the difference of shares, averaged over the levels.

Side 0 is a group, side 1 everyone else. Levels keep the sizes that they have in the data: a range is about the share of
cases in each, not about which levels other data would hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.pairs import quantiles, wilson_ends
from evaluator.statistics.side_clusters import grown, part_of_cell, spread_of_sides
from evaluator.statistics.spread import FloatArray, IntArray, Spread, spread_of, without_gaps

SPARSE = 10
"""With fewer cases on a side of any level, standard errors that hold for many small levels are looked at too."""
FEW_SHARED = 30
"""With fewer clusters, a difference is never held to be more certain than that of as many independent rows."""


class Averaged(NamedTuple):
    """An average over levels with its range; no ends where nothing shows how far chance reaches."""

    value: float
    low: float | None
    high: float | None
    method: str


@dataclass(frozen=True, eq=False)
class Levels:
    """Cases by level and side; arrays have shape (k, 2) for k levels.

    Attributes
    ----------
    rows : number of cases.
    weight, square : sum of weights and of squared weights; both are `rows` without weights.
    hits : weight of the cases that are counted.
    each : every case by itself, where cases weigh differently or share clusters; None for plain counts.
    """

    rows: FloatArray
    weight: FloatArray
    square: FloatArray
    hits: FloatArray
    each: Cases | None = None

    @cached_property
    def used(self) -> BoolArray:
        """Levels with cases on both sides, shape (k,)."""
        return np.asarray((self.rows > 0).all(axis=1), dtype=np.bool_)

    @cached_property
    def share(self) -> FloatArray:
        """Share of counted cases; 0 where there are no cases."""
        found: FloatArray = np.divide(self.hits, self.weight, out=np.zeros_like(self.hits), where=self.weight > 0)
        return found

    @cached_property
    def difference(self) -> FloatArray:
        """The share of the group minus that of everyone else, shape (k,); 0 in levels that are not used."""
        apart: FloatArray = np.where(self.used, self.share[:, 0] - self.share[:, 1], 0.0)
        return apart


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Cases one by one, shape (n,): cell (twice the level plus the side), whether counted, weight and cluster."""

    cell: IntArray
    counted: BoolArray
    weight: FloatArray
    cluster: IntArray | None


def levels_of_counts(hits: FloatArray, rows: FloatArray) -> Levels:
    """Independent cases of equal weight: counted cases and all cases, shape (k, 2) each."""
    return Levels(rows, rows, rows, hits)


def levels_of_cases(
    level: IntArray, in_group: BoolArray, counted: BoolArray, k: int, *,
    weight: FloatArray | None = None, cluster: IntArray | None = None,
) -> Levels:  # fmt: skip
    """Count cases by level and side.

    Parameters
    ----------
    level : level of each case, in [0, k).
    weight : above 0, or None for equal weights.
    cluster : non-negative integer per case; cases that share one are not independent.
    """
    place = 2 * level + ~in_group
    ones = np.ones(level.size) if weight is None else weight

    def sums(values: FloatArray) -> FloatArray:
        return np.bincount(place, values, minlength=2 * k).astype(np.float64).reshape(k, 2)

    rows, hits = sums(np.ones(level.size)), sums(ones * counted)
    shared = without_gaps(cluster)
    if weight is None and shared is None:
        return levels_of_counts(hits, rows)
    return Levels(rows, sums(ones), sums(ones * ones), hits, Cases(place, counted, ones, shared))


def mantel_haenszel_parts(levels: Levels) -> FloatArray:
    """What part each level has in the average, shape (k,): n1 n0 / (n1 + n0), so that precise levels count most."""
    total = levels.weight.sum(axis=1)
    product = levels.weight.prod(axis=1)
    return _normed(np.divide(product, total, out=np.zeros_like(product), where=levels.used))


def case_parts(levels: Levels) -> FloatArray:
    """What part each level has in the average, shape (k,): its cases, among levels with cases on both sides."""
    return _normed(np.where(levels.used, levels.weight.sum(axis=1), 0.0))


def averaged_difference(levels: Levels, parts: FloatArray, level: float) -> Averaged:
    """The difference of shares between both sides, averaged over the levels.

    Parameters
    ----------
    parts : part of each level in the average, adding up to 1, shape (k,); 0 for levels that are not used.
    level : two-sided confidence level.

    Notes
    -----
    Value: sum of parts times differences (Mantel and Haenszel 1959 with `mantel_haenszel_parts`). Range: Wilson intervals
    of both shares of every level, joined by MOVER (Zou and Donner 2008; one level gives Newcombe's method 10), which asks
    for no equal difference in all levels. With fewer than SPARSE cases on a side of a level, no narrower than the value
    +- z times the standard error from unbiased variances, p(1-p)/(n-1), which holds for many small levels (with p(1-p)/n it
    is that of Greenland and Robins 1985). Weights and clusters: the sizes behind the Wilson intervals are those at which
    the range has the standard error of the summed influence of rows (or clusters), and the quantile is Student's t.
    Level .95 covers .94 to .96 of 60 cases a side and more, .98 of levels of one and two cases (conservative).
    """
    value = float((parts * levels.difference).sum())
    plain = levels.each is None
    spread = Spread(math.sqrt(_variance(levels, parts)), math.inf, None, 1.0) if plain else _spread(levels, parts)
    if math.isnan(spread.se):
        return Averaged(value, None, None, "one_cluster")
    quantile = float(quantiles(level, np.array([spread.df]))[0])
    size = levels.rows if plain else _worth(levels, parts, spread)
    below, above = _mover(levels, parts, size, quantile)
    if levels.rows[parts > 0].min(initial=math.inf) < SPARSE:
        below, above = max(below, quantile * spread.se), max(above, quantile * spread.se)
    method = "mover_wilson" if plain else "mover_wilson_effective"
    return Averaged(value, max(-1.0, value - below), min(1.0, value + above), method)


def _mover(levels: Levels, parts: FloatArray, size: FloatArray, quantile: float) -> tuple[float, float]:
    """How far the range reaches below and above the value."""
    used = parts > 0
    share, squares = levels.share[used], parts[used] ** 2
    ends = [wilson_ends(share[:, i], size[used, i], np.full(squares.size, quantile)) for i in (0, 1)]
    down, up = (np.stack(sides) for sides in zip(*((share[:, i] - ends[i].low, ends[i].high - share[:, i]) for i in (0, 1)), strict=True))  # fmt: skip
    below = math.sqrt(float((squares * (down[0] ** 2 + up[1] ** 2)).sum()))
    above = math.sqrt(float((squares * (up[0] ** 2 + down[1] ** 2)).sum()))
    return below, above


def _variance(levels: Levels, parts: FloatArray) -> float:
    """Sum of unbiased variances; the only case of a side is held against the other side, which errs upwards."""
    used = parts > 0
    return float((parts[used] ** 2 * _residual_squares(levels)[used].sum(axis=1)).sum())


def _residual_squares(levels: Levels) -> FloatArray:
    """Estimated variance of the share of every side of independent cases, shape (k, 2)."""
    share, size = levels.share, levels.rows
    seen = share * (1 - share) / np.maximum(1.0, size - 1)
    alone: FloatArray = (share - _opposite(levels)) ** 2
    return np.where(size > 1, seen, alone)


def _opposite(levels: Levels) -> FloatArray:
    """The share on the other side with half a case added to each kind, shape (k, 2)."""
    smoothed = (levels.share * levels.rows + 0.5) / (levels.rows + 1)
    return smoothed[:, ::-1]


def _spread(levels: Levels, parts: FloatArray) -> Spread:
    """Standard error from the influence of every case, through its clusters where it has some; NaN where all cases of a
    side are of one cluster."""
    each, rows = levels.each, levels.rows
    assert each is not None
    part = 1 / rows.ravel()[each.cell] if each.cluster is None else part_of_cell(each.cell, each.cluster)
    # Of a single case, or cluster, nothing is left when its own share is taken from it: it is held against the other side.
    alone = np.bincount(each.cell, part >= 1, minlength=rows.size).reshape(rows.shape) > 0
    centre = np.where(alone, _opposite(levels), levels.share)
    slope = np.divide(parts[:, None], levels.weight, out=np.zeros_like(levels.weight), where=levels.weight > 0)
    slope[:, 1] *= -1
    influence = influence_in_cells(each, slope, centre) * grown(part)
    if each.cluster is None:
        return spread_of(influence)
    return spread_of_sides(influence, each.cell % 2 == 0, each.cluster)


def influence_in_cells(each: Cases, slope: FloatArray, centre: FloatArray) -> FloatArray:
    """Influence of every case: its weight times the slope of its cell, times how far it lies from the cell's centre.

    Parameters
    ----------
    slope, centre : by level and side, shape (k, 2).
    """
    slopes = np.stack([-slope * centre, slope * (1 - centre)], axis=2).ravel()
    influence: FloatArray = each.weight * slopes[2 * each.cell + each.counted]
    return influence


def _worth(levels: Levels, parts: FloatArray, spread: Spread) -> FloatArray:
    """Independent cases that every side of every level is worth, shape (k, 2)."""
    kish = np.divide(levels.weight**2, levels.square, out=np.ones_like(levels.weight), where=levels.square > 0)
    expected = float((parts**2 * (levels.share * (1 - levels.share) / kish).sum(axis=1)).sum())
    factor = spread.se**2 / expected if expected > 0 and spread.se > 0 else _largest_effect(levels)
    if spread.n_clusters is None or spread.n_clusters < FEW_SHARED:
        factor = max(1.0, factor)
    return np.maximum(kish / factor, 1e-3)


def _largest_effect(levels: Levels) -> float:
    """Where nothing varies, the data cannot show how alike the rows of a cluster are: then they count as one."""
    each = levels.each
    if each is None or each.cluster is None:
        return 1.0
    sizes = np.bincount(each.cluster).astype(np.float64)
    return float((sizes**2).sum() / sizes.sum())


def _normed(parts: FloatArray) -> FloatArray:
    total = float(parts.sum())
    return parts / total if total > 0 else parts
