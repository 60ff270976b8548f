"""The area under the ROC curve of every group at once, with what its standard error needs."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.grouped_order import Segments
from evaluator.statistics.grouped_ranks_part import area_part
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.ordering import IndexArray
from evaluator.statistics.resampling.compiled import Kernel, compiled_function
from evaluator.statistics.spread import FloatArray, IntArray


class Areas(NamedTuple):
    """Areas of k groups whose rows form t tie groups.

    Attributes
    ----------
    value : area of every group, shape (k,); NaN without both classes.
    starts : first row of every tie group, shape (t,).
    ties : the tie groups of every group.
    positive, negative : influence per weight of a positive and of a negative row of each tie group, shape (t,).
    won, lost : weight of positive and of negative rows of each tie group, shape (t,).
    variance : of every area, for independent rows of equal weight, shape (k,): DeLong, DeLong and Clarke-Pearson 1988.
    """

    value: FloatArray
    starts: IndexArray
    ties: Segments
    positive: FloatArray
    negative: FloatArray
    won: FloatArray
    lost: FloatArray
    variance: FloatArray

    def rows(self, label: BoolArray, weight: FloatArray | None) -> FloatArray:
        """Each row's influence on the area of its group, shape (n,)."""
        sizes = np.diff(self.starts, append=label.size)
        found: FloatArray = np.where(label, np.repeat(self.positive, sizes), np.repeat(self.negative, sizes))
        return found if weight is None else found * weight


def areas(label: BoolArray, changes: npt.NDArray[np.bool_], weight: FloatArray | None, groups: Segments) -> Areas:
    """Areas of every group, from rows that come group after group by descending score.

    Parameters
    ----------
    changes : whether a row's score differs from that of the row before it, shape (n,).
    weight : above 0, or None for equal weights.

    Notes
    -----
    `ranking.auc` for all groups in one pass: (nb/N - A)/P for positive rows, (pa/P - A)/N for negative ones, nb the
    negatives below plus half the tied, pa the positives above plus half the tied.
    """
    starts = np.flatnonzero(groups.starts_of(changes))
    ties = groups.at(starts)
    if weight is None:
        sizes = np.diff(starts, append=label.size).astype(np.float64)
        won = label.astype(np.float64) if starts.size == label.size else _sums(label.astype(np.float64), starts)
        lost = sizes - won
    else:
        won, lost = (_sums(np.where(side, weight, 0.0), starts) for side in (label, ~label))
    value, variance = np.full(groups.k, np.nan), np.full(groups.k, np.nan)
    below, above = np.empty(won.size), np.empty(won.size)
    (area_kernel() or _area_arrays)(won, lost, ties.bounds, value, variance, below, above)
    return Areas(value, starts, ties, below, above, won, lost, variance)


@cache
def area_kernel() -> Kernel | None:
    """`grouped_ranks_part.area_part` as machine code, or None where numba is not installed."""
    try:
        import numba
    except ImportError:
        return None
    return compiled_function(numba, area_part)


def _area_arrays(
    won: FloatArray, lost: FloatArray, bounds: IntArray, value: FloatArray, variance: FloatArray, below: FloatArray,
    above: FloatArray,
) -> None:  # fmt: skip
    """The same with NumPy, group by group, whose numbers then stay near the processor."""
    for position, (start, stop) in enumerate(pairwise(bounds.tolist())):
        part = slice(start, stop)
        if start < stop:
            value[position] = _area(won[part], lost[part], below[part], above[part])
            variance[position] = sum(
                float((count * rows * rows).sum()) * count.sum() / max(1.0, count.sum() - 1)
                for rows, count in ((below[part], won[part]), (above[part], lost[part]))
            )


def _area(won: FloatArray, lost: FloatArray, below: FloatArray, above: FloatArray) -> float:
    """The area of one group; `below` and `above` are filled with its influence per weight."""
    np.cumsum(won, out=above)
    np.cumsum(lost, out=below)
    positives, negatives = float(above[-1]), float(below[-1])
    if positives <= 0 or negatives <= 0:
        above[:] = below[:] = np.nan
        return math.nan
    half = won / 2
    above -= half
    np.divide(lost, 2, out=half)
    below -= half
    np.subtract(negatives, below, out=below)
    np.multiply(won, below, out=half)
    value = float(half.sum()) / (positives * negatives)
    for part, own, other in ((below, negatives, positives), (above, positives, negatives)):
        part /= own
        part -= value
        part /= other
    return value


def _sums(values: FloatArray, starts: IndexArray) -> FloatArray:
    return np.add.reduceat(values, starts) if starts.size else np.zeros(0)
