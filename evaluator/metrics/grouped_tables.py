"""The decision tables of all groups in one pass over their rows, with the kinds of their clusters."""

from __future__ import annotations

import numpy as np

from evaluator.metrics.cell_table import CellTable, ClusterCells, CodeArray
from evaluator.statistics.grouped_order import Segments, segments_of
from evaluator.statistics.grouped_spread import Clustered
from evaluator.statistics.spread import FloatArray, IntArray

CELLS = 4
MOST_DIGITS = 2**62
"""Numbers up to this hold the counts of one cluster as digits."""


def group_tables(
    code: CodeArray, groups: Segments, weight: FloatArray | None, clustered: Clustered | None
) -> tuple[CellTable, ...]:
    """`cell_table.cell_table` of every group.

    Parameters
    ----------
    code : 2 * label + decision of each row, the rows coming group after group.
    """
    place = np.repeat(np.arange(groups.k) * CELLS, groups.sizes)
    place += code
    rows = _sums(place, None, groups.k)
    sums, square = rows, rows
    if weight is not None:
        sums, square = _sums(place, weight, groups.k), _sums(place, weight * weight, groups.k)
    clusters = _clusters(code, groups.k, weight, clustered)
    return tuple(
        CellTable(rows[group], sums[group], square[group], weight is not None, clusters[group])
        for group in range(groups.k)
    )


def cells_by_cluster(code: CodeArray, clustered: Clustered, weight: FloatArray | None = None) -> FloatArray:
    """Rows, or their weight, of every cell of the decision table in every cluster of every group, shape (c, 4)."""
    return _sums(clustered.cell * CELLS + code, weight, clustered.cells.length)


def _sums(place: IntArray, weight: FloatArray | None, k: int) -> FloatArray:
    return np.bincount(place, weight, minlength=CELLS * k).astype(np.float64).reshape(k, CELLS)


def _clusters(
    code: CodeArray, k: int, weight: FloatArray | None, clustered: Clustered | None
) -> list[ClusterCells | None]:
    if clustered is None or not clustered.is_any_shared:
        return [None] * k
    counts = cells_by_cluster(code, clustered)
    base = int(clustered.sizes.max()) + 1
    if weight is None and base**CELLS * k <= MOST_DIGITS:
        found = _kinds(counts, base, clustered)
    else:
        weights = counts if weight is None else cells_by_cluster(code, clustered, weight)
        found = [_each(counts[part], weights[part]) for part in map(clustered.cells.slice_of, range(k))]
    return [cells if shared else None for cells, shared in zip(found, clustered.is_shared, strict=True)]


def _kinds(counts: FloatArray, base: int, clustered: Clustered) -> list[ClusterCells]:
    """Clusters of a group with the same rows per cell together: group and counts are the digits of one number."""
    powers = base ** np.arange(CELLS + 1, dtype=np.int64)
    numbers, times = np.unique(counts.astype(np.int64) @ powers[:-1] + clustered.group * powers[-1], return_counts=True)
    group, counted = np.divmod(numbers, powers[-1])
    digits = (counted // powers[:-1, None] % base).astype(np.float64)
    kinds = segments_of(np.bincount(group, minlength=clustered.cells.k))
    return [
        ClusterCells(digits[:, part], digits[:, part], times[part].astype(np.float64))
        for part in map(kinds.slice_of, range(kinds.k))
    ]


def _each(rows: FloatArray, weight: FloatArray) -> ClusterCells:
    counted = np.ascontiguousarray(rows.T)
    return ClusterCells(counted, counted if weight is rows else np.ascontiguousarray(weight.T), np.ones(rows.shape[0]))
