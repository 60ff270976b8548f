"""Counts of rows per cell of a decision table, and the spread of whatever is computed from them.

A metric of decisions depends on its rows through the four cells alone: every row of a cell has the same influence, the
derivative of the metric in the weight of that cell. Squares and cluster totals of influence follow from the table, so
that one look at the rows serves every such metric.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.statistics.spread import FloatArray, IntArray, Spread, cluster_factors

CodeArray = npt.NDArray[np.uint8]
CellMask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

MOST_EXACT = 2**53
"""Whole numbers up to this are exact as floats."""


@dataclass(frozen=True, eq=False)
class ClusterCells:
    """Rows and weights by cell and kind of cluster, shape (k, u).

    Small clusters of rows of equal weight are of few kinds; `times`, shape (u,), says how many are of each.
    """

    rows: FloatArray
    weight: FloatArray
    times: FloatArray

    @cached_property
    def sizes(self) -> FloatArray:
        """Rows of a cluster of each kind."""
        sizes: FloatArray = self.rows.sum(axis=0)
        return sizes

    @cached_property
    def n(self) -> int:
        """Clusters that occur."""
        return int(self.times[self.sizes > 0].sum())

    @property
    def squared_sizes(self) -> float:
        """Sum of the squared sizes of all clusters."""
        return float((self.times * self.sizes**2).sum())

    def totals(self, derivative: FloatArray) -> FloatArray:
        """Influence of a cluster of each kind."""
        return self._mixed(derivative, self.weight)

    def factors(self, influential: CellMask) -> tuple[FloatArray, float]:
        """What the squared influence of the clusters of each kind is multiplied by, and degrees of freedom.

        `influential` are the cells whose rows have any influence; metrics that share them share these factors.
        """
        key = influential.tobytes()
        if key not in self._factors:
            times = self.times * (self.sizes > 0)
            factors, df = cluster_factors(self._mixed(influential.astype(np.float64), self.rows), times)
            self._factors[key] = times * factors, df
        return self._factors[key]

    @cached_property
    def _factors(self) -> dict[bytes, tuple[FloatArray, float]]:
        return {}

    def _mixed(self, slopes: FloatArray, cells: FloatArray) -> FloatArray:
        found = np.zeros(self.times.size)
        # Cell by cell and not by BLAS, whose threads get in each other's way when several questions are asked at once.
        for slope, cell in zip(slopes, cells, strict=True):
            if slope != 0:
                found += slope * cell
        return found

    def merged(self, into: IntArray, k: int) -> ClusterCells:
        rows = _merged(self.rows, into, k)
        weight = rows if self.weight is self.rows else _merged(self.weight, into, k)
        return ClusterCells(rows, weight, self.times)

    def inside(self, cells: CellMask) -> ClusterCells | None:
        """Some cells alone; None when no two of their rows share a cluster."""
        rows = self.rows[cells]
        weight = rows if self.weight is self.rows else self.weight[cells]
        found = ClusterCells(rows, weight, self.times)
        return found if found.sizes.max(initial=0.0) > 1 else None


@dataclass(frozen=True, eq=False)
class CellTable:
    """Rows by cell, shape (k,).

    Attributes
    ----------
    rows : number of rows.
    weight, square : sum of weights and of squared weights; both equal `rows` without weights.
    clusters : None for rows of which no two share a cluster.
    """

    rows: FloatArray
    weight: FloatArray
    square: FloatArray
    weighted: bool
    clusters: ClusterCells | None = None

    @property
    def plain(self) -> bool:
        """Independent rows of equal weight."""
        return not self.weighted and self.clusters is None

    @cached_property
    def n(self) -> int:
        return int(self.rows.sum())

    @property
    def n_effective(self) -> float | None:
        """Kish's size under weights; None without."""
        return float(self.weight.sum() ** 2 / self.square.sum()) if self.weighted else None

    @cached_property
    def _parts(self) -> dict[bytes, CellTable]:
        return {}

    def inside(self, cells: CellMask) -> CellTable:
        """The rows in some cells alone, which become the cells; independent again when no two share a cluster."""
        key = cells.tobytes()
        if key not in self._parts:
            clusters = None if self.clusters is None else self.clusters.inside(cells)
            rows, weight, square = (part[cells] for part in (self.rows, self.weight, self.square))
            self._parts[key] = CellTable(rows, weight, square, self.weighted, clusters)
        return self._parts[key]

    def merged(self, into: IntArray, k: int) -> CellTable:
        """The table with cell `c` counted in cell `into[c]` of `k`."""
        clusters = None if self.clusters is None else self.clusters.merged(into, k)
        rows, weight, square = (_merged(part, into, k) for part in (self.rows, self.weight, self.square))
        return CellTable(rows, weight, square, self.weighted, clusters)

    def own_product(self, derivative: FloatArray) -> float:
        """Sum of the squared influence of clusters, or of rows where no two share one."""
        clusters = self.clusters
        if clusters is None:
            return float((derivative**2 * self.square).sum())
        return float((clusters.times * clusters.totals(derivative) ** 2).sum())

    def spread(self, derivative: FloatArray) -> Spread:
        """Standard error of an estimate from its derivative in each cell, as `spread_of` of the influence per row."""
        if self.n < 2:
            return Spread(math.nan, 1.0, None, 1.0)
        independent = float((derivative**2 * self.square).sum()) * self.n / (self.n - 1)
        clusters = self.clusters
        if clusters is None:
            return Spread(math.sqrt(independent), self.n - 1.0, None, 1.0)
        if clusters.n < 2:
            return Spread(math.nan, 1.0, clusters.n, 1.0)
        factors, df = clusters.factors(derivative != 0)
        variance = float((factors * clusters.totals(derivative) ** 2).sum())
        effect = variance / independent if independent > 0 else 1.0
        return Spread(math.sqrt(variance), df, clusters.n, effect)


def _merged(part: FloatArray, into: IntArray, k: int) -> FloatArray:
    found = np.zeros((k, *part.shape[1:]))
    for cell, target in enumerate(into):
        found[target] += part[cell]
    return found


def cell_table(
    code: CodeArray, k: int, *, weight: FloatArray | None = None, cluster: IntArray | None = None
) -> CellTable:
    """Count rows by their cell.

    Parameters
    ----------
    code : cell of each row, in [0, k).
    cluster : non-negative and dense code of the cluster of each row.
    """
    rows = np.bincount(code, minlength=k).astype(np.float64)
    sums, square = rows, rows
    if weight is not None:
        sums, square = (_sums(code, power, k) for power in (weight, weight * weight))
    sizes = np.zeros(0, dtype=np.int64) if cluster is None else np.bincount(cluster)
    if cluster is None or sizes.max(initial=0) <= 1:
        return CellTable(rows, sums, square, weight is not None)
    base = int(sizes.max()) + 1
    if weight is None and base**k <= MOST_EXACT:
        return CellTable(rows, sums, square, False, _kinds(code, k, cluster, base))
    return CellTable(rows, sums, square, weight is not None, _each(code, k, weight, cluster, sizes))


def counted_cells(inside: Sequence[CellMask], flags: Sequence[CellMask]) -> CellTable:
    """Count independent rows of equal weight by who they are and by every combination of flags.

    Rows are counted 64 at a time, from one bit each.

    Parameters
    ----------
    inside : rows of each kind, which do not overlap. `flags` : what is so or not of every row.

    Returns
    -------
    Cells by kind, then by the flags in order, the first of them counting most.
    """
    bits = [_packed(flag) for flag in flags]
    rows = np.array([count for kind in inside for count in _counts(_packed(kind), bits)], dtype=np.float64)
    return CellTable(rows, rows, rows, False)


def _packed(flag: CellMask) -> Words:
    """One bit per row, in whole words; bits beyond the last row are 0."""
    found = np.zeros(-(-flag.size // 64), dtype=np.uint64)
    found.view(np.uint8)[: -(-flag.size // 8)] = np.packbits(flag)
    return found


def _counts(inside: Words, flags: Sequence[Words]) -> list[int]:
    if not flags:
        return [int(np.bitwise_count(inside).sum(dtype=np.int64))]
    first, *others = flags
    return [*_counts(inside & ~first, others), *_counts(inside & first, others)]


def _kinds(code: CodeArray, k: int, cluster: IntArray, base: int) -> ClusterCells:
    """Clusters with the same rows per cell together: these counts are the digits of one number."""
    powers = base ** np.arange(k, dtype=np.int64)
    numbers, times = np.unique(np.bincount(cluster, powers.astype(np.float64)[code]), return_counts=True)
    digits = (numbers.astype(np.int64) // powers[:, None] % base).astype(np.float64)
    return ClusterCells(digits, digits, times.astype(np.float64))


def _each(code: CodeArray, k: int, weight: FloatArray | None, cluster: IntArray, sizes: IntArray) -> ClusterCells:
    """Every cluster that occurs by itself."""
    place = code * np.int64(sizes.size) + cluster
    occurs = sizes > 0
    rows = np.bincount(place, minlength=sizes.size * k).astype(np.float64).reshape(k, -1)[:, occurs]
    sums = rows if weight is None else _sums(place, weight, sizes.size * k).reshape(k, -1)[:, occurs]
    return ClusterCells(rows, sums, np.ones(rows.shape[1]))


def _sums(place: npt.NDArray[Any], values: FloatArray, size: int) -> FloatArray:
    return np.bincount(place, values, minlength=size).astype(np.float64)
