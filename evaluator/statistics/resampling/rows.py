"""Rows as the resampling passes read them: by group and descending score, one byte of facts per row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.resampling.hashing import LARGEST
from evaluator.statistics.resampling.lanes import LAST, POSITIVE, SELECTED, UNTIED
from evaluator.statistics.spread import FloatArray, IntArray

MOST_ROWS = 2**31 // LARGEST - 1
"""More rows could overflow the 32-bit totals of a replicate."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Rows by group and descending score; made by `prepare`.

    Attributes
    ----------
    unit : number of the row, or of its cluster, that decides how often it is drawn, shape (n,).
    code : bits of facts, shape (n,).
    loss : one row per loss, shape (losses, n).
    weight : weight of each row, shape (n,), or None for equal weights.
    edges : first row of each group, and the number of rows, shape (groups + 1,).
    units : number of rows or clusters that are drawn.
    ranked, decided : whether there are scores, and decisions.
    """

    unit: npt.NDArray[np.uint32]
    code: npt.NDArray[np.uint8]
    loss: FloatArray
    weight: FloatArray | None
    edges: IntArray
    units: int
    ranked: bool
    decided: bool

    @property
    def groups(self) -> int:
        return self.edges.size - 1


def prepare(
    label: BoolArray,
    score: FloatArray | None = None,
    decision: BoolArray | None = None,
    *,
    losses: tuple[FloatArray, ...] = (),
    weight: FloatArray | None = None,
    cluster: IntArray | None = None,
    group: IntArray | None = None,
    groups: int = 1,
    by_score: bool = False,
) -> Prepared:
    """Sort rows once for any number of replicates.

    Parameters
    ----------
    label : the outcome is the positive one, shape (n,); so are all other arrays.
    score : higher is more positive; finite. Without it ranking metrics cannot be asked for.
    decision : predicted positive.
    losses : numbers whose mean is wanted, such as squared differences.
    weight : non-negative weight of each row.
    cluster : rows that share a number are drawn together; by default each row is drawn on its own.
    group : position of each row's group, in [0, groups), or negative for rows of no group.
    by_score : the rows come by descending score already.

    Notes
    -----
    A row keeps its number, or its cluster's, through the sort: replicate b of two models on the same rows draws the
    same rows, so differences between models and between groups are differences of replicates.
    """
    if label.size > MOST_ROWS:
        raise ValueError(f"{label.size:,} rows; resampling counts at most {MOST_ROWS:,}.")
    order = _order(label.size, None if by_score else score, group)
    codes = None if group is None else group[order]
    if codes is not None:
        order, codes = order[codes >= 0], codes[codes >= 0]
    edges = np.array([0, order.size]) if codes is None else np.searchsorted(codes, np.arange(groups + 1))
    edges = edges.astype(np.int64)
    code = _tie_bits(order, score, edges)
    code |= label[order].view(np.uint8) * np.uint8(POSITIVE)
    if decision is not None:
        code |= decision[order].view(np.uint8) * np.uint8(SELECTED)
    unit, units = _units(label.size, cluster)
    loss = np.empty((len(losses), order.size))
    for place, values in zip(loss, losses, strict=True):
        np.take(values, order, out=place)
    return Prepared(
        order.astype(np.uint32) if unit is None else unit[order], code, loss, None if weight is None else weight[order],
        edges, units, score is not None, decision is not None,
    )  # fmt: skip


def _order(n: int, score: FloatArray | None, group: IntArray | None) -> npt.NDArray[np.intp]:
    """Rows by group, then by descending score, then as they came."""
    order = np.arange(n) if score is None else np.argsort(-score, kind="stable")
    return order if group is None else order[np.argsort(group[order], kind="stable")]


def _tie_bits(order: npt.NDArray[np.intp], score: FloatArray | None, edges: IntArray) -> npt.NDArray[np.uint8]:
    """UNTIED and LAST of each row; without scores all rows of a group are tied."""
    n = order.size
    last = np.zeros(n, dtype=np.bool_)
    if score is not None:
        ordered = score[order]
        last[:-1] = ordered[1:] != ordered[:-1]
    last[edges[1:][edges[1:] > 0] - 1] = True
    untied = last.copy()
    untied[1:] &= last[:-1]
    return last.view(np.uint8) * np.uint8(LAST) | untied.view(np.uint8) * np.uint8(UNTIED)


def _units(n: int, cluster: IntArray | None) -> tuple[npt.NDArray[np.uint32] | None, int]:
    """Clusters numbered without gaps: hashes of 32 bits would let distant numbers collide."""
    if cluster is None:
        return None, n
    seen, number = np.unique(cluster, return_inverse=True)
    return number.astype(np.uint32), seen.size
