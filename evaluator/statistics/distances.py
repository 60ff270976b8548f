"""How far the values of some rows lie from those of the others: the largest and the mean distance of two distributions.

Both compare cumulative shares F (inside) and G (everyone else): Kolmogorov and Smirnov's distance is the largest
abs(F - G), Wasserstein's the area between them, in the unit of the values. Rows may have weights and clusters, which
either side may share; then distributions are as uncertain as those of fewer, independent rows: `effective_sizes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.shared_clusters import FEW_SHARED
from evaluator.statistics.spread import FloatArray, IntArray, cluster_factors, effective_n

GRID = 16
"""Places where the uncertainty of cumulative shares is looked at."""


class Largest(NamedTuple):
    """The largest distance, and the value where it lies."""

    value: float
    at: float


class Sizes(NamedTuple):
    """How many independent rows each side is worth, and both together: 1 / `both` is the variance of a difference of
    cumulative shares beside what one row has."""

    inside: float
    rest: float
    both: float


@dataclass(frozen=True, eq=False)
class Pooled:
    """Values of all rows, finite, shape (n,); weights above zero; clusters are any non-negative integers."""

    value: FloatArray
    weight: FloatArray | None = None
    cluster: IntArray | None = None

    @cached_property
    def order(self) -> IntArray:
        """Rows from the lowest value to the highest."""
        return np.argsort(self.value, kind="stable").astype(np.int64)

    @cached_property
    def last(self) -> IntArray:
        """Places in that order where a value occurs last."""
        ordered = self.value[self.order]
        return np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)).astype(np.int64)

    @cached_property
    def places(self) -> FloatArray:
        """The different values, ascending."""
        places: FloatArray = self.value[self.order][self.last]
        return places

    @cached_property
    def grid(self) -> IntArray:
        """Positions among `places` where uncertainty is looked at, at about equal shares of rows; the last is left out."""
        wanted = self.value.size * np.arange(1, GRID) / GRID
        found = np.unique(np.searchsorted(self.last + 1, wanted))
        return found[found < self.last.size - 1].astype(np.int64)

    @cached_property
    def cell(self) -> IntArray:
        """For every row, the first place of the grid that its value does not exceed; one more beyond the last of them."""
        return np.searchsorted(self.places[self.grid], self.value).astype(np.int64)

    def weights(self) -> FloatArray:
        """Weights, 1 without any."""
        return np.ones(self.value.size) if self.weight is None else self.weight

    def apart(self, inside: BoolArray) -> Apart:
        """Some rows against the others; neither side is empty."""
        weight = self.weights()[self.order]
        own = np.where(inside[self.order], weight, 0.0)
        first, second = np.cumsum(own)[self.last], np.cumsum(weight - own)[self.last]
        return Apart(self, inside, first / first[-1], second / second[-1])


@dataclass(frozen=True, eq=False)
class Apart:
    """Cumulative shares of both sides at every place, shape (m,)."""

    pooled: Pooled
    inside: BoolArray
    first: FloatArray
    second: FloatArray

    @cached_property
    def largest(self) -> Largest:
        """Kolmogorov and Smirnov's distance, and the first place where it is reached."""
        distance = np.abs(self.first - self.second)
        place = int(np.argmax(distance))
        return Largest(float(distance[place]), float(self.pooled.places[place]))

    @cached_property
    def mean(self) -> float:
        """Wasserstein's distance of the first kind, in the unit of the values."""
        return float((np.abs(self.first - self.second)[:-1] * np.diff(self.pooled.places)).sum())

    @property
    def plain(self) -> bool:
        """Whether rows are independent and weigh the same, so that counts are counts."""
        return self.pooled.weight is None and self.pooled.cluster is None

    @cached_property
    def counts(self) -> tuple[int, int]:
        """Rows of both sides."""
        n = int(np.count_nonzero(self.inside))
        return n, self.inside.size - n

    @cached_property
    def errors(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Variance at every place of the grid: of both cumulative shares, and of their difference."""
        grid = self.pooled.grid
        first, second = self.first[grid], self.second[grid]
        if self.plain:
            n, m = self.counts
            own, other = first * (1 - first) / max(1, n - 1), second * (1 - second) / max(1, m - 1)
            return own, other, own + other
        one, two = (_totals(self.pooled, side, share) for side, share in ((self.inside, first), (~self.inside, second)))
        return _variances(one), _variances(two), _difference(one, two)

    @cached_property
    def df(self) -> float:
        """Degrees of freedom behind the variances."""
        if self.plain:
            return min(self.counts) - 1.0
        return max(1.0, min(_degrees(self.pooled, side) for side in (self.inside, ~self.inside)))

    @cached_property
    def sizes(self) -> Sizes:
        """How many independent rows of equal weight would be as uncertain, where that is worst; never more than there are."""
        n, m = (float(count) for count in self.counts)
        if self.plain:
            return Sizes(n, m, n * m / (n + m))
        weight = self.pooled.weights()
        n, m = (min(count, effective_n(weight[side])) for count, side in ((n, self.inside), (m, ~self.inside)))
        grid = self.pooled.grid
        first, second = self.first[grid], self.second[grid]
        own, other, apart = self.errors
        one, two = _worth(first, own, n), _worth(second, other, m)
        share = (first * one + second * two) / (one + two)
        # Sides that share clusters may vary against each other; that they vary alike is not relied on.
        both = min(one * two / (one + two), _worth(share, apart, n * m / (n + m)))
        return Sizes(one, two, both)


def _worth(share: FloatArray, variance: FloatArray, most: float) -> float:
    """Independent rows whose largest variance is that of the cumulative shares."""
    largest = float(variance.max(initial=0.0))
    return max(1.0, min(most, float((share * (1 - share)).max()) / largest)) if largest > 0 else most


@dataclass(frozen=True, eq=False)
class _Totals:
    """Influence of every cluster on the cumulative shares of one side, shape (clusters, grid); `cluster` names them."""

    influence: FloatArray
    cluster: IntArray


def _totals(pooled: Pooled, side: BoolArray, share: FloatArray) -> _Totals:
    """Sum over the rows of a cluster of weight * ([value <= place] - share) / all weight, scaled so that squares add up
    to a variance (`spread.cluster_factors`)."""
    rows = np.flatnonzero(side)
    weight, cell = pooled.weights()[rows], pooled.cell[rows]
    name = rows if pooled.cluster is None else pooled.cluster[rows]
    names, number = np.unique(name, return_inverse=True)
    width = share.size + 1
    table = np.bincount(number * width + cell, weights=weight, minlength=names.size * width).reshape(-1, width)
    below, whole = np.cumsum(table, axis=1)[:, :-1], table.sum(axis=1)
    count = np.bincount(number).astype(np.float64)
    factors, _ = cluster_factors(count, np.ones(names.size)) if names.size > 1 else (np.ones(1), 1.0)
    influence = (below - whole[:, None] * share) / weight.sum() * np.sqrt(factors)[:, None]
    return _Totals(influence, names.astype(np.int64))


def _variances(totals: _Totals) -> FloatArray:
    variance: FloatArray = np.square(totals.influence).sum(axis=0)
    return variance


def _difference(one: _Totals, two: _Totals) -> FloatArray:
    _, mine, theirs = np.intersect1d(one.cluster, two.cluster, assume_unique=True, return_indices=True)
    together = (one.influence[mine] * two.influence[theirs]).sum(axis=0)
    if mine.size < FEW_SHARED:
        # That the sides vary alike is not relied on where few clusters say so.
        together = np.minimum(together, 0.0)
    variance: FloatArray = np.maximum(0.0, _variances(one) + _variances(two) - 2 * together)
    return variance


def _degrees(pooled: Pooled, side: BoolArray) -> float:
    if pooled.cluster is None:
        return effective_n(pooled.weights()[side]) - 1
    count = np.bincount(np.unique(pooled.cluster[side], return_inverse=True)[1]).astype(np.float64)
    return cluster_factors(count, np.ones(count.size))[1] if count.size > 1 else 1.0


def quantiles_of(value: FloatArray, weight: FloatArray | None, shares: npt.ArrayLike) -> FloatArray:
    """The smallest values that at least so large shares of the weight do not exceed."""
    order = np.argsort(value, kind="stable")
    below = np.cumsum(np.ones(value.size) if weight is None else weight[order])
    wanted = np.asarray(shares, dtype=np.float64) * below[-1]
    # A share that is met but for rounding is met.
    place = np.searchsorted(below, wanted - 1e-9 * below[-1])
    found: FloatArray = value[order][np.minimum(place, value.size - 1)]
    return found
