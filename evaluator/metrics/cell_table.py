"""Counts of rows per cell of a decision table, and the spread of whatever is computed from them.

A metric of decisions depends on its rows through the four cells alone: every row of a cell has the same influence, the
derivative of the metric in the weight of that cell. Squares and cluster totals of influence follow from the table, so
that one look at the rows serves every such metric.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.statistics.spread import FloatArray, IntArray, Spread

CodeArray = npt.NDArray[np.uint8]
CellMask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CellTable:
    """Rows by cell, shape (k,), and by cell and cluster, shape (k, G).

    Attributes
    ----------
    rows : number of rows.
    weight, square : sum of weights and of squared weights; both equal `rows` without weights.
    cluster_rows, cluster_weight : the same per cluster, or None for rows of which no two share a cluster.
    """

    rows: FloatArray
    weight: FloatArray
    square: FloatArray
    weighted: bool
    cluster_rows: FloatArray | None = None
    cluster_weight: FloatArray | None = None

    @property
    def plain(self) -> bool:
        """Independent rows of equal weight."""
        return not self.weighted and self.cluster_rows is None

    @cached_property
    def n(self) -> int:
        return int(self.rows.sum())

    @cached_property
    def cluster_sizes(self) -> FloatArray | None:
        """Rows of every cluster that occurs."""
        if self.cluster_rows is None:
            return None
        sizes: FloatArray = self.cluster_rows.sum(axis=0)
        return sizes[sizes > 0]

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
            self._parts[key] = self._inside(cells)
        return self._parts[key]

    def _inside(self, cells: CellMask) -> CellTable:
        counts = None if self.cluster_rows is None else self.cluster_rows[cells]
        shared = counts is not None and counts.sum(axis=0).max(initial=0.0) > 1
        weights = None if self.cluster_weight is None else self.cluster_weight[cells]
        return replace(
            self, rows=self.rows[cells], weight=self.weight[cells], square=self.square[cells],
            cluster_rows=counts if shared else None, cluster_weight=weights if shared else None,
        )  # fmt: skip

    def merged(self, into: IntArray, k: int) -> CellTable:
        """The table with cell `c` counted in cell `into[c]` of `k`."""
        moving = np.zeros((k, into.size))
        moving[into, np.arange(into.size)] = 1.0
        rows, weight, square = (moving @ part for part in (self.rows, self.weight, self.square))
        clusters = None if self.cluster_rows is None else moving @ self.cluster_rows
        weights = None if self.cluster_weight is None else moving @ self.cluster_weight
        return CellTable(rows, weight, square, self.weighted, clusters, weights)

    def totals(self, derivative: FloatArray) -> FloatArray | None:
        """Influence of every cluster; None for independent rows."""
        return None if self.cluster_weight is None else derivative @ self.cluster_weight

    def spread(self, derivative: FloatArray) -> Spread:
        """Standard error of an estimate from its derivative in each cell, as `spread_of` of the influence per row."""
        if self.n < 2:
            return Spread(math.nan, 1.0, None, 1.0)
        independent = float(np.dot(derivative**2, self.square)) * self.n / (self.n - 1)
        totals, sizes = self.totals(derivative), self.cluster_sizes
        if totals is None or sizes is None:
            return Spread(math.sqrt(independent), self.n - 1.0, None, 1.0)
        if sizes.size < 2:
            return Spread(math.nan, 1.0, sizes.size, 1.0)
        variance = float(np.dot(totals, totals)) * sizes.size / (sizes.size - 1)
        effect = variance / independent if independent > 0 else 1.0
        return Spread(math.sqrt(variance), sizes.size - 1.0, sizes.size, effect)


def cell_table(
    code: CodeArray, k: int, *, weight: FloatArray | None = None, cluster: IntArray | None = None, n_clusters: int = 0
) -> CellTable:
    """Count rows by their cell.

    Parameters
    ----------
    code : cell of each row, in [0, k).
    cluster : cluster of each row, in [0, n_clusters).
    """
    rows = np.bincount(code, minlength=k).astype(np.float64)
    sums, square = rows, rows
    if weight is not None:
        sums, square = (_sums(code, power, k) for power in (weight, weight * weight))
    alone = CellTable(rows, sums, square, weight is not None)
    if cluster is None:
        return alone
    place = code * np.int64(n_clusters) + cluster
    counts = np.bincount(place, minlength=n_clusters * k).astype(np.float64).reshape(k, -1)
    if counts.sum(axis=0).max(initial=0.0) <= 1:
        return alone
    weights = counts if weight is None else _sums(place, weight, n_clusters * k).reshape(k, -1)
    return replace(alone, cluster_rows=counts, cluster_weight=weights)


def _sums(place: npt.NDArray[Any], values: FloatArray, size: int) -> FloatArray:
    return np.bincount(place, values, minlength=size).astype(np.float64)
