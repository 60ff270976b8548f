"""The same pass in NumPy: the same hash, the same sums in the same order, hence the same bits; many times slower."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.statistics.resampling.hashing import Bits, Weights
from evaluator.statistics.resampling.lanes import LANES, LAST, POSITIVE, SELECTED, UNTIED
from evaluator.statistics.resampling.rows import Prepared
from evaluator.statistics.spread import FloatArray

PART = 1024
"""Rows looked at together, so that their 64 weights each stay in the processor's cache."""

Numbers = npt.NDArray[Any]
Drawn = Callable[[Bits], Weights]
"""How often units are drawn in each of 64 replicates, shape (units, 64)."""


def fill(rows: Prepared, drawn: Drawn, counts: Numbers, sums: FloatArray) -> None:
    """Fill 64 replicates, `counts` (groups, 5, 64) and `sums` (groups, 1 + losses, 64), as `lanes` describes them."""
    for group in range(rows.groups):
        sum_up = _Group(counts[group], sums[group])
        for start in range(rows.edges[group], rows.edges[group + 1], PART):
            sum_up.add(rows, slice(start, min(start + PART, int(rows.edges[group + 1]))), drawn)


class _Group:
    """Running totals of one group."""

    def __init__(self, counts: Numbers, sums: FloatArray) -> None:
        self._counts, self._sums = counts, sums
        counts[:], sums[:] = 0, 0
        self._before = np.zeros((2, LANES), dtype=counts.dtype)
        """Negatives and positives down to the end of the last complete group of ties."""

    def add(self, rows: Prepared, part: slice, drawn: Drawn) -> None:
        times: Numbers = drawn(rows.unit[part])
        if rows.weight is not None:
            times = times * rows.weight[part, np.newaxis]
        for total, loss in zip(self._sums[1:], rows.loss, strict=True):
            total[:] = _running(total, times * loss[part, np.newaxis])[-1]
        code = rows.code[part]
        positive, selected = code & POSITIVE > 0, code & SELECTED > 0
        down = [_running(self._counts[side], times * (positive == side)[:, np.newaxis]) for side in (0, 1)]
        for side in (0, 1):
            chosen = selected & (positive == side)
            self._counts[2 + side] = _running(self._counts[2 + side], times * chosen[:, np.newaxis])[-1]
        self._rank(code, down[0], down[1])
        self._counts[0], self._counts[1] = down[0][-1], down[1][-1]

    def _rank(self, code: npt.NDArray[np.uint8], negatives: Numbers, positives: Numbers) -> None:
        """Pairs and precision at the end of each group of ties; the totals have one row more than `code`."""
        ends = np.flatnonzero(code & LAST) + 1
        if ends.size == 0:
            return
        bottom = [
            np.concatenate((self._before[[side]], down[ends])) for side, down in enumerate((negatives, positives))
        ]
        self._before = np.stack((bottom[0][-1], bottom[1][-1]))
        asked = (code[ends - 1] & UNTIED == 0) | (code[ends - 1] & POSITIVE > 0)
        n0, n1, start0, start1 = (
            bottom[0][1:][asked],
            bottom[1][1:][asked],
            bottom[0][:-1][asked],
            bottom[1][:-1][asked],
        )
        gained = n1 - start1
        self._counts[4] = _running(self._counts[4], gained * (start0 + n0))[-1]
        depth = n0 + n1
        precision = gained.astype(np.float64) * n1 / np.where(depth > 0, depth, 1)
        self._sums[0] = _running(self._sums[0], precision)[-1]


def _running(start: Numbers, terms: Numbers) -> Numbers:
    """`start`, and what it becomes term by term: a sum strictly in the order of the rows."""
    total: Numbers = np.cumsum(np.concatenate((start[np.newaxis], terms)), axis=0)
    return total
