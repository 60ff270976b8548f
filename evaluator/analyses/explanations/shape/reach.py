"""Which points of a curve most cases would have to be moved a long way to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn, draw_alike
from evaluator.analyses.explanations.effects import Curve, is_quantity
from evaluator.analyses.explanations.together import associations
from evaluator.statistics.distances import quantiles_of
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.levels import canonical_codes

POOL = 2_000
"""Rows among which the nearest is looked for."""
LEAST_TIE = 0.1
"""Features less associated than this say nothing about each other."""
MOST_TIES = 10
"""Other features, the most associated ones, that near and far are measured by."""
FEWEST = 10
USUAL = 0.95
"""Share of the cases whose nearest row with a value like their own is as near as usual."""
MOST = 0.5


class _Scaled(NamedTuple):
    """A feature of the cases and of the pool: ranks in [0, 1] or codes of levels; NaN without a value."""

    cases: FloatArray
    pool: FloatArray
    ordered: bool


class Reach:
    """Where the drawn cases stand among the rows, by all features.

    Notes
    -----
    A point of a curve is far when, for more than half of the cases, the nearest real row with about that value is farther
    away than the nearest row with a value like the case's own is for all but 5 % of them. Near and far are measured by
    the other features, the ten that move with the one that is set most closely, each counted by how closely that is
    (`associations`): distance of ranks, or 1 between different levels. A feature that goes with no other can be
    set to any value. About that value: in a bin of the curve beside the point, or of the same level; as many rows of each
    bin or level as of the one with the fewest, but 10 at least, so that rare values are not far for being rare.
    """

    def __init__(self, asked: Asked, drawn: Drawn) -> None:
        self._asked, self._drawn = asked, drawn
        rng = stream(asked.seed, "explanations/shape/pool")
        pool = draw_alike(POOL, rng, asked.n)
        self._pool = rng.permutation(pool.index)
        self._itself = drawn.index[:, None] == self._pool[None, :]
        self._scaled: dict[int, _Scaled] = {}
        ties = associations(asked, pool)
        np.fill_diagonal(ties, 0.0)
        self._ties = _strongest(np.where(ties >= LEAST_TIE, ties, 0.0))

    def far(self, curve: Curve, place: int) -> BoolArray:
        """For every point of the curve of the feature at `place`."""
        ties = self._ties[place]
        points = curve.y.size
        if not ties.any():
            return np.zeros(points, dtype=np.bool_)
        classes, own, k = self._classes(curve, place)
        nearest = self._nearest(self._distance(ties), classes, k)
        usual = nearest[np.arange(own.size), own]
        known = np.isfinite(usual) & (own < k)
        if not known.any():
            return np.ones(points, dtype=np.bool_)
        weight = self._drawn.weight
        limit = quantiles_of(usual[known], weight[known], [USUAL])[0]
        beyond = weight @ (self._at_points(nearest, curve) > limit) / weight.sum()
        found: BoolArray = beyond > MOST
        return found

    def _scale(self, place: int) -> _Scaled:
        if place not in self._scaled:
            self._scaled[place] = self._read(place)
        return self._scaled[place]

    def _read(self, place: int) -> _Scaled:
        series = self._asked.frame.iloc[:, place]
        if not is_quantity(self._asked.columns[place]):
            codes = canonical_codes(series).codes.astype(np.float64)
            codes[codes < 0] = np.nan
            return _Scaled(codes[self._drawn.index], codes[self._pool], False)
        x = series.to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.sort(x[self._pool][~np.isnan(x[self._pool])])
        sides = [np.searchsorted(known, x, side="left"), np.searchsorted(known, x, side="right")]
        rank = np.where(np.isnan(x), np.nan, (sides[0] + sides[1]) / (2 * max(known.size, 1)))
        return _Scaled(rank[self._drawn.index], rank[self._pool], True)

    def _distance(self, ties: FloatArray) -> FloatArray:
        """From every case to every row of the pool, infinite to itself, shape (cases, pool)."""
        total = np.zeros(self._itself.shape)
        for place in np.flatnonzero(ties):
            total += ties[place] * _apart(self._scale(int(place)))
        total[self._itself] = np.inf
        return total

    def _classes(self, curve: Curve, place: int) -> tuple[IntArray, IntArray, int]:
        """Class of every row of the pool and of every case, in [0, k), or k without a value."""
        series = self._asked.frame.iloc[:, place]
        if curve.at is not None:
            x = series.to_numpy(dtype=np.float64, na_value=np.nan)
            k = curve.at.size - 1
            code = np.where(np.isnan(x), k, np.searchsorted(curve.at, x, side="left").clip(1, k) - 1)
        else:
            coded = canonical_codes(series)
            shown = {level: position for position, level in enumerate(curve.levels)}
            # Levels that are not shown are alike in that, and no point of the curve.
            k = len(shown) + 1
            places = [shown.get(level, len(shown)) for level in coded.levels]
            code = np.array([*places, k], dtype=np.int64)[coded.codes]
        return code[self._pool].astype(np.int64), code[self._drawn.index].astype(np.int64), k

    def _nearest(self, distance: FloatArray, classes: IntArray, k: int) -> FloatArray:
        """Distance of every case to the nearest row of each class, infinite where it has none, shape (cases, k + 1)."""
        order = _some_of_each(classes, k)
        there, start = np.unique(classes[order], return_index=True)
        nearest = np.full((distance.shape[0], k + 1), np.inf)
        nearest[:, there] = np.minimum.reduceat(distance[:, order], start, axis=1)
        return nearest

    def _at_points(self, nearest: FloatArray, curve: Curve) -> FloatArray:
        """The same for every point; an edge has a bin on each side."""
        if curve.at is None:
            return nearest[:, : curve.y.size]
        bins = nearest[:, : curve.y.size - 1]
        outer = np.full((bins.shape[0], 1), np.inf)
        either: FloatArray = np.minimum(np.hstack([outer, bins]), np.hstack([bins, outer]))
        return either


def _strongest(ties: FloatArray) -> FloatArray:
    """By row, the largest entries and 0 for the others."""
    order = np.argsort(-ties, axis=1, kind="stable")[:, :MOST_TIES]
    kept = np.zeros_like(ties)
    np.put_along_axis(kept, order, np.take_along_axis(ties, order, axis=1), axis=1)
    return kept


def _some_of_each(classes: IntArray, k: int) -> IntArray:
    """Places of the same number of rows of each class, class by class; of a class with too few, all of them.

    Rows without a value, class `k`, do not decide how many these are.
    """
    order = np.argsort(classes, kind="stable")
    there, start, count = np.unique(classes[order], return_index=True, return_counts=True)
    most = max(int(count[there < k].min(initial=order.size)), FEWEST)
    found: IntArray = order[np.arange(order.size) - np.repeat(start, count) < most]
    return found


def _apart(part: _Scaled) -> FloatArray:
    """Distance of a feature, at most 1, which is also that of a missing value to any other."""
    if part.ordered:
        apart = np.abs(part.cases[:, None] - part.pool[None, :])
    else:
        apart = (part.cases[:, None] != part.pool[None, :]).astype(np.float64)
    missing = np.isnan(part.cases)[:, None], np.isnan(part.pool)[None, :]
    if not missing[0].any() and not missing[1].any():
        return apart
    found: FloatArray = np.where(missing[0] & missing[1], 0.0, np.where(missing[0] | missing[1], 1.0, apart))
    return found
