"""Which rows are looked at, and how many of the population each stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.statistics.spread import FloatArray, IntArray

TENTHS = 10
FEWEST_OF_STRATUM = 2
"""A stratum needs two rows to show how much its rows differ."""
HALVINGS = 60

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Rows drawn from a population of strata.

    Attributes
    ----------
    index : positions of the rows in the population, shape (n,).
    own : weight of each row by itself (1 without weights), shape (n,).
    stratum : stratum of each row, numbered from 0, shape (n,).
    size : rows of the population in each stratum. `taken` : rows drawn from each.
    cluster : cluster of each row, or None for independent rows.
    """

    index: IntArray
    own: FloatArray
    stratum: IntArray
    size: IntArray
    taken: IntArray
    cluster: IntArray | None

    @property
    def n(self) -> int:
        return self.index.size

    @property
    def weight(self) -> FloatArray:
        """What each row stands for: its own weight over the chance that it was drawn (Horvitz-Thompson)."""
        weight: FloatArray = self.own * (self.size / self.taken)[self.stratum]
        return weight


def strata_of(score: FloatArray, wrong: BoolArray) -> IntArray:
    """Tenths of the score, each split by whether the model was wrong; numbered from 0 without gaps."""
    place = np.empty(score.size, dtype=np.int64)
    place[np.argsort(score, kind="stable")] = np.arange(score.size)
    tenth = place * TENTHS // max(score.size, 1)
    return np.unique(2 * tenth + wrong, return_inverse=True)[1].astype(np.int64)


def draw(
    n: int, rng: np.random.Generator, stratum: IntArray, *,
    weight: FloatArray | None = None, cluster: IntArray | None = None,
) -> Drawn:  # fmt: skip
    """About `n` rows, from each stratum in proportion to the root of its size; all rows when there are no more.

    Parameters
    ----------
    stratum : stratum of every row of the population, numbered from 0 without gaps.
    rng : decides the order in which rows would be taken, so that a smaller draw is part of a larger one.
    weight, cluster : of every row of the population.
    """
    size = np.bincount(stratum).astype(np.int64)
    taken = _allocation(n, size)
    order = np.lexsort((rng.random(stratum.size), stratum))
    first = np.cumsum(size) - size
    within = np.arange(stratum.size) - first[stratum[order]]
    index = np.sort(order[within < taken[stratum[order]]]).astype(np.int64)
    own = np.ones(index.size) if weight is None else weight[index]
    return Drawn(index, own, stratum[index], size, taken, None if cluster is None else cluster[index])


def draw_alike(
    n: int, rng: np.random.Generator, total: int, *, weight: FloatArray | None = None, cluster: IntArray | None = None
) -> Drawn:
    """`n` of `total` rows, each with the same chance."""
    return draw(n, rng, np.zeros(total, dtype=np.int64), weight=weight, cluster=cluster)


def background_of(
    n: int, rng: np.random.Generator, score: FloatArray, weight: FloatArray | None = None, *, own_places: bool = False
) -> IntArray:
    """Positions of `n` rows spread evenly over the ordered scores, by weight; every row when there are no more.

    The rows are at equal distances from a random start, or each at a random place of its own band with `own_places`.
    """
    order: IntArray = np.argsort(score, kind="stable").astype(np.int64)
    if weight is None and score.size <= n:
        return order
    reached = np.cumsum(np.ones(score.size) if weight is None else weight[order])
    marks = (np.arange(n) + rng.random(n if own_places else 1)) / n * reached[-1]
    chosen: IntArray = order[np.searchsorted(reached, marks, side="right").clip(max=score.size - 1)]
    return chosen


def _allocation(n: int, size: IntArray) -> IntArray:
    """Rows to draw from each stratum, `n` in all: in proportion to the root of its size, and never more than it has."""
    if n >= size.sum():
        return size
    least = np.minimum(FEWEST_OF_STRATUM, size)
    room, root = size - least, np.sqrt(size)
    # The wanted total grows with the scale; halving the interval finds the scale that gives it.
    low, high = 0.0, float(size.max())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(middle * root, room).sum() < n - least.sum() else (low, middle)
    taken = least + np.floor(np.minimum(low * root, room)).astype(np.int64)
    missing = max(n - int(taken.sum()), 0)
    taken[np.argsort(taken - size, kind="stable")[:missing]] += 1
    return taken
