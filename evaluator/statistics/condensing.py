"""Many log-odds condensed to few weighted points, so that a logistic regression on them costs next to nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.spread import FloatArray

CELLS_PER_UNIT = 64
FARTHEST = 28
"""Log-odds beyond this do not occur: probabilities are kept 1e-12 away from 0 and 1."""
N_CELLS = 2 * FARTHEST * CELLS_PER_UNIT
STEEPEST = 4.0
"""Beyond this slope the condensed points are not close enough."""
LEAST_VARIANCE = 1e-12
CellArray = npt.NDArray[np.int16]


class ValueAndError(NamedTuple):
    """An estimate and its standard error."""

    value: float
    se: float


class Condensed(NamedTuple):
    """Few weighted rows that stand for many."""

    label: BoolArray
    log_odds: FloatArray
    weight: FloatArray


def cells_of_log_odds(log_odds: FloatArray) -> tuple[CellArray, FloatArray]:
    """The cell of each row, in [0, N_CELLS), and its distance from the middle of the cell."""
    place = np.floor(log_odds * CELLS_PER_UNIT)
    offset: FloatArray = log_odds - (place + 0.5) / CELLS_PER_UNIT
    return (place + FARTHEST * CELLS_PER_UNIT).astype(np.int16), offset


class PowerSums:
    """Count and sums of the first three powers of the offsets, per cell, collected part by part.

    `sums`, shape (4, N_CELLS), is where they are collected.
    """

    def __init__(self, sums: FloatArray | None = None) -> None:
        self._sums = np.zeros((4, N_CELLS)) if sums is None else sums

    def add(self, cell: CellArray, offset: FloatArray) -> None:
        """Take in rows whose cells ascend or descend."""
        if cell.size == 0:
            return
        start = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
        square = offset * offset
        powers = (np.add.reduceat(power, start) for power in (offset, square, square * offset))
        for sums, part in zip(self._sums, (np.diff(start, append=cell.size), *powers), strict=True):
            sums[cell[start]] += part

    def points(self) -> tuple[FloatArray, FloatArray]:
        """Two weighted points per cell with the mean, variance and skewness of its rows.

        Sums of smooth functions over the points agree with those over the rows to about a ten-thousandth of the fourth
        power of the width of a cell, relative 1e-10.
        """
        used = np.flatnonzero(self._sums[0])
        count, *sums = self._sums[:, used]
        first, second, third = (part / count for part in sums)
        variance = second - first**2
        spread = np.sqrt(np.where(variance > LEAST_VARIANCE, variance, 0.0))
        cubed = third - 3 * first * second + 2 * first**3
        lean = np.divide(cubed, 2 * spread**3, out=np.zeros_like(cubed), where=spread > 0)
        root = np.sqrt(1 + lean**2)
        middle = (used + 0.5) / CELLS_PER_UNIT - FARTHEST + first
        places = np.concatenate((middle + spread * (lean + root), middle + spread * (lean - root)))
        share = (1 - lean / root) / 2
        return places, np.concatenate((count * share, count * (1 - share)))


def condensed(positives: PowerSums, negatives: PowerSums) -> Condensed:
    """Both classes together."""
    (first, first_weight), (second, second_weight) = positives.points(), negatives.points()
    label = np.repeat([True, False], [first.size, second.size])
    return Condensed(label, np.concatenate((first, second)), np.concatenate((first_weight, second_weight)))


Regression = Callable[[BoolArray, FloatArray, FloatArray], Influence | None]


def condensed_regression(rows: Condensed, regression: Regression) -> ValueAndError | None:
    """A coefficient on log-odds and its standard error, for the rows that the condensed ones stand for.

    `regression` is `calibration.slope_on_log_odds` or `calibration.shift_of_log_odds`; None where it finds nothing.
    """
    found = regression(rows.label, rows.log_odds, rows.weight)
    if found is None:
        return None
    n = float(rows.weight.sum())
    squares = np.divide(found.rows**2, rows.weight, out=np.zeros_like(rows.weight), where=rows.weight > 0)
    return ValueAndError(found.value, math.sqrt(float(squares.sum()) * n / (n - 1)))
