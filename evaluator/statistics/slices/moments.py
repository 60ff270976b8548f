"""What is known of a slice without its rows: how many, what they weigh, and the first two moments of their loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.slices.cube import Condition, Cube, sums_of_rows
from evaluator.statistics.spread import FloatArray, IntArray

EVERY = slice(None)


class Moments(NamedTuple):
    """Sums over the rows of one or more slices, any shape; l is the loss of a row, 0 or 1 for an error.

    Sums of everyone less those of a slice are those of everyone else.
    """

    n: FloatArray
    w: FloatArray
    w2: FloatArray
    wl: FloatArray
    w2l: FloatArray
    w2l2: FloatArray

    def at(self, places: IntArray) -> Moments:
        """Those of some of the slices."""
        return Moments(*(part[places] for part in self))

    def minus(self, other: Moments) -> Moments:
        """What is left without the rows of `other`."""
        return Moments(*(own - less for own, less in zip(self, other, strict=True)))

    @property
    def mean(self) -> FloatArray:
        """Weighted mean loss; 0 where there is no weight at all, which no tested slice has."""
        return self.wl / np.where(self.w > 0, self.w, 1.0)

    @property
    def n_effective(self) -> FloatArray:
        """Kish's effective sample size."""
        return self.w**2 / np.where(self.w2 > 0, self.w2, 1.0)

    def variance_about(self, centre: FloatArray) -> FloatArray:
        """Linearised variance of the mean about a centre: sum of w^2 (l - centre)^2 over (sum of w)^2."""
        squares = self.w2l2 - 2 * centre * self.w2l + centre**2 * self.w2
        found: FloatArray = np.maximum(0.0, squares) / np.where(self.w > 0, self.w, 1.0) ** 2
        return found

    @property
    def variance(self) -> FloatArray:
        """Variance of the mean, with the small-sample factor of the effective number."""
        n = np.maximum(self.n_effective, 1 + 1e-9)
        found: FloatArray = self.variance_about(self.mean) * n / (n - 1)
        return found


class Asked(NamedTuple):
    """Which loss is looked at: outcomes that count as error, none for the cube's loss, and those that count at all."""

    events: tuple[int, ...]
    among: tuple[int, ...]

    @property
    def binary(self) -> bool:
        return bool(self.events)


def asked_of(cube: Cube, events: Sequence[int], among: Sequence[int] | None) -> Asked:
    """The question about a cube, checked."""
    counted = tuple(range(cube.k)) if among is None else tuple(sorted(set(among)))
    wrong = tuple(sorted(set(events)))
    if not set(wrong) <= set(counted) or not set(counted) <= set(range(cube.k)):
        raise ValueError(f"Expected errors {wrong} among outcomes {counted} below {cube.k}.")
    if not wrong and cube.row_loss is None:
        raise ValueError("Expected outcomes that count as errors, or a cube with a loss.")
    return Asked(wrong, counted)


def moments_of(cube: Cube, asked: Asked, places: slice = EVERY) -> Moments:
    """Moments of the slices of a cube, all of them or those of some places, shape (slices,) each."""
    n = _over(cube.cells[places], asked.among)
    if asked.binary and cube.row_weight is None:
        x = _over(cube.cells[places], asked.events)
        return Moments(n, n, n, x, x, x)
    assert cube.sums is not None
    sums = cube.sums[places]
    if not asked.binary:
        w, w2, wl, w2l, w2l2 = (_over(sums[..., place], asked.among) for place in range(5))
        return Moments(n, w, w2, wl, w2l, w2l2)
    w, w2 = (_over(sums[..., place], asked.among) for place in range(2))
    wl, w2l = (_over(sums[..., place], asked.events) for place in range(2))
    return Moments(n, w, w2, wl, w2l, w2l)


def _over(cells: FloatArray | IntArray, outcomes: Sequence[int]) -> FloatArray:
    found: FloatArray = np.zeros(len(cells))
    for outcome in outcomes:
        found += cells[:, outcome]
    return found


def moments_of_everyone(cube: Cube, asked: Asked) -> Moments:
    """Moments of all rows, shape () each: the sum over the levels of one feature, so that slices add up exactly."""
    if not cube.sets:
        return Moments(*rows_of(cube, asked).moments.sum(axis=1))
    return Moments(*(part.sum() for part in moments_of(cube, asked, cube.part(cube.sets[0]))))


def mean_of_slice(cube: Cube, asked: Asked, conditions: Sequence[Condition]) -> float:
    """Mean loss of the slice that fits all conditions, of everyone without any; NaN where no case counts."""
    if not conditions:
        found = moments_of_everyone(cube, asked)
        return float(found.mean) if found.w > 0 else math.nan
    number = cube.number(conditions)
    one = moments_of(cube, asked, slice(number, number + 1))
    return float(one.mean[0]) if one.w[0] > 0 else math.nan


class AskedRows(NamedTuple):
    """The rows that count, for what the cube cannot say.

    `places` are their numbers among all rows, `moments` what each adds to its slice, shape (6, rows).
    """

    places: IntArray
    moments: FloatArray

    def only(self, chosen: BoolArray) -> AskedRows:
        """Those chosen from all rows of the cube."""
        inside = chosen[self.places]
        return AskedRows(self.places[inside], self.moments[:, inside])


def rows_of(cube: Cube, asked: Asked) -> AskedRows:
    """The rows that count, with what each adds."""
    places = np.flatnonzero(np.isin(cube.outcome, asked.among))
    loss = cube.row_loss
    if asked.binary:
        loss = np.isin(cube.outcome, asked.events).astype(np.float64)
    weight = None if cube.row_weight is None else cube.row_weight[places]
    sums = sums_of_rows(places.size, weight, None if loss is None else loss[places])
    return AskedRows(places, np.concatenate((np.ones((1, places.size)), sums)))
