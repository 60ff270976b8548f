"""The stable order of rows by descending score, several times faster than a general stable sort."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.spread import FloatArray

IndexArray = npt.NDArray[np.intp]
KeyArray = npt.NDArray[np.uint64]

SMALL = 20_000
"""Fewer rows than this and a general stable sort is as fast."""
_SIGN = np.uint64(1 << 63)


class Ordered(NamedTuple):
    """Positions of the scores from the highest down, and the scores in that order, shape (n,) each."""

    order: IndexArray
    score: FloatArray


def descending(score: FloatArray) -> Ordered:
    """The scores from the highest down; equal ones keep the order in which they come.

    Parameters
    ----------
    score : no missing values, shape (n,).

    Notes
    -----
    The order of `argsort(-score, kind="stable")`. Whole numbers that hold the leading bits of the score and, below
    them, the position are all different, so that the fastest sort is stable too. Scores that differ in later bits alone
    are put right afterwards.
    """
    if score.size < SMALL:
        order = np.argsort(-score, kind="stable")
        return Ordered(order, score[order])
    key = _falling_keys(score)
    key -= key.min()
    place_bits = (score.size - 1).bit_length()
    lost = max(0, int(key.max()).bit_length() + place_bits - 64)
    key >>= np.uint64(lost)
    key <<= np.uint64(place_bits)
    key |= np.arange(score.size, dtype=np.uint64)
    key.sort()
    order = (key & np.uint64((1 << place_bits) - 1)).astype(np.intp)
    key >>= np.uint64(place_bits)
    ordered = score[order]
    if lost:
        _put_right(order, ordered, key)
    return Ordered(order, ordered)


def _falling_keys(score: FloatArray) -> KeyArray:
    """Whole numbers in the opposite order of the scores; both zeros are one."""
    bits = (score + 0.0).view(np.uint64)
    # The bits of positive floats rise with them and those of negative ones fall.
    return np.where(bits & _SIGN, bits, ~(bits | _SIGN))


def _put_right(order: IndexArray, ordered: FloatArray, key: KeyArray) -> None:
    """Sort again, in place, the rows whose keys are equal, where any of them are out of order."""
    if not (ordered[1:] > ordered[:-1]).any():
        return
    same = key[1:] == key[:-1]
    shared = np.zeros(order.size, dtype=bool)
    shared[1:] |= same
    shared[:-1] |= same
    place = np.flatnonzero(shared)
    again = np.argsort(-ordered[place], kind="stable")
    order[place], ordered[place] = order[place][again], ordered[place][again]
