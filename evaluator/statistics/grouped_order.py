"""Rows put group after group by a stable counting sort, and sums over every group at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluator.statistics.ordering import IndexArray
from evaluator.statistics.spread import FloatArray, IntArray

Codes = npt.NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Segments:
    """Neighbouring stretches of an array: entry i of stretch j lies in [bounds[j], bounds[j + 1]).

    Attributes
    ----------
    bounds : ascending from 0, shape (k + 1,); a stretch may be empty.
    """

    bounds: IntArray

    @property
    def k(self) -> int:
        return self.bounds.size - 1

    @property
    def length(self) -> int:
        """Entries of all stretches."""
        return int(self.bounds[-1])

    @cached_property
    def sizes(self) -> IntArray:
        """Entries of every stretch, shape (k,)."""
        return np.diff(self.bounds)

    @cached_property
    def _filled(self) -> npt.NDArray[np.bool_]:
        return self.sizes > 0

    @cached_property
    def _starts(self) -> IntArray:
        return self.bounds[:-1][self._filled]

    def slice_of(self, position: int) -> slice:
        return slice(int(self.bounds[position]), int(self.bounds[position + 1]))

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum over every stretch, shape (k,); 0 where it is empty."""
        found = np.zeros(self.k)
        if self._starts.size:
            found[self._filled] = np.add.reduceat(values, self._starts)
        return found

    def counts(self, values: npt.NDArray[np.bool_]) -> IntArray:
        """How many entries of every stretch are true, shape (k,)."""
        places = np.flatnonzero(values)
        return np.diff(np.searchsorted(places, self.bounds))

    def spread_out(self, values: FloatArray) -> FloatArray:
        """The value of its stretch for every entry, shape (length,)."""
        return np.repeat(values, self.sizes)

    def less_over(self, values: FloatArray, less: FloatArray, over: FloatArray) -> None:
        """Take from every entry the `less` of its stretch and divide by its `over`, in place, shape (k,) each."""
        for position, (one, other) in enumerate(zip(less.tolist(), over.tolist(), strict=True)):
            part = values[self.slice_of(position)]
            part -= one
            part /= other

    def running(self, values: FloatArray) -> FloatArray:
        """Sums from the start of its own stretch up to every entry, shape (length,).

        Stretch by stretch, because a sum through all of them would carry the rounding of the large ones into the small.
        """
        found = np.empty(values.size)
        for start, end in zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True):
            if end > start:
                np.cumsum(values[start:end], out=found[start:end])
        return found

    def starts_of(self, changes: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """`changes`, and true at the first entry of every stretch as well."""
        found = changes.copy()
        found[self._starts] = True
        return found

    def at(self, starts: IndexArray) -> Segments:
        """The same stretches counted in parts that begin at `starts`; no part reaches over a bound."""
        return Segments(np.searchsorted(starts, self.bounds).astype(np.int64))


def segments_of(sizes: IntArray) -> Segments:
    """Stretches of the given sizes, shape (k,)."""
    return Segments(np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))))


def grouped(code: Codes, k: int) -> tuple[IndexArray, Segments]:
    """Positions of the rows of every group, one group after the other; inside a group they keep their order.

    Parameters
    ----------
    code : group of each row in [0, k), or `k` for a row of no group, shape (n,).

    Notes
    -----
    NumPy sorts whole numbers of up to 16 bits by counting, which takes a few nanoseconds a row.
    """
    small = code.astype(code_type(k), copy=False)
    sizes = np.bincount(small, minlength=k + 1)[:k].astype(np.int64)
    order = np.argsort(small, kind="stable")
    segments = segments_of(sizes)
    return order[: segments.length], segments


def code_type(k: int) -> type[np.unsignedinteger]:
    """The smallest type that holds the codes of `k` groups and of no group."""
    return np.uint8 if k < 2**8 else np.uint16 if k < 2**16 else np.uint32
