"""Rows by group and by cluster within it, to be summed for any number of shares."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import sparse

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray


class GroupedRows:
    """Rows that weigh anything, by group and cluster; a cell is a cluster as one group sees it.

    Parameters
    ----------
    group : code of each row in [0, k), or -1 for rows of no group, which count among nobody, shape (n,).
    weight : positive, or None for equal weights.
    cluster : non-negative integer per row, or None for independent rows.
    """

    def __init__(
        self, group: IntArray, k: int, *, weight: FloatArray | None = None, cluster: IntArray | None = None
    ) -> None:
        inside = None if bool((group >= 0).all()) else np.flatnonzero(group >= 0)
        self._inside = inside
        self.k = k
        self.group = group if inside is None else group[inside]
        self.weight = weight if weight is None or inside is None else weight[inside]
        own = cluster if cluster is None or inside is None else cluster[inside]
        if own is not None and own.size and int(np.bincount(own).max()) <= 1:
            own = None
        self.rows = np.bincount(self.group, minlength=k).astype(np.float64)
        if own is None:
            self._cell_of_row = None
            return
        cells, self._cell_of_row = np.unique(own * np.int64(k) + self.group, return_inverse=True)
        cluster_of_cell, self.cell_group = np.divmod(cells, k)
        self.cell_cluster = np.cumsum(np.diff(cluster_of_cell, prepend=-1) > 0) - 1
        self.n_clusters = int(self.cell_cluster[-1]) + 1 if cells.size else 0

    def kept(self, mask: BoolArray) -> BoolArray:
        """A mask of all rows, shape (n,), of those in a group."""
        return mask if self._inside is None else mask[self._inside]

    @property
    def clustered(self) -> bool:
        return self._cell_of_row is not None

    def by_cell(self, values: FloatArray | BoolArray) -> FloatArray:
        """Sums per cluster and group, shape (cells,)."""
        assert self._cell_of_row is not None
        return _summed(self._cell_of_row, values, self.cell_group.size)

    def by_group(self, values: FloatArray | BoolArray) -> FloatArray:
        """Sums of rows per group, shape (k,)."""
        return _summed(self.group, values, self.k)

    def of_cells(self, values: FloatArray) -> FloatArray:
        """Sums of cells per group, shape (k,)."""
        return _summed(self.cell_group, values, self.k)

    def of_clusters(self, values: FloatArray) -> FloatArray:
        """Sums of cells per cluster, for every cell its own cluster's sum, shape (cells,)."""
        sums: FloatArray = _summed(self.cell_cluster, values, self.n_clusters)
        found: FloatArray = sums[self.cell_cluster]
        return found

    @cached_property
    def together(self) -> IntArray:
        """Clusters that every two groups have in common, shape (k, k)."""
        ones = self.crossed(np.ones(self.cell_group.size))
        return np.asarray((ones.T @ ones).toarray(), dtype=np.float64).round().astype(np.int64)

    @cached_property
    def with_others(self) -> IntArray:
        """Clusters of every group that hold rows of other groups too, shape (k,)."""
        return self.of_cells((self.cells_here > 1).astype(np.float64)).round().astype(np.int64)

    def crossed(self, values: FloatArray) -> sparse.csr_array:
        """Values of cells as a matrix of clusters and groups; cells come in the order of both."""
        return sparse.csr_array((values, self.cell_group, self._starts), shape=(self.n_clusters, self.k))

    @cached_property
    def _starts(self) -> IntArray:
        return np.concatenate([[0], np.cumsum(np.bincount(self.cell_cluster, minlength=self.n_clusters))]).astype(
            np.int64
        )

    @cached_property
    def cells_here(self) -> FloatArray:
        """Groups with a row in the cluster of every cell, shape (cells,)."""
        return self.of_clusters(np.ones(self.cell_group.size))


def _summed(place: IntArray, values: FloatArray | BoolArray, size: int) -> FloatArray:
    sums: FloatArray = np.bincount(place, weights=values, minlength=size).astype(np.float64)
    return sums
