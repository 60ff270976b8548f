"""Groups that share clusters: how their estimates go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray

FEW_SHARED = 30
"""With fewer clusters in common, a positive covariance is not relied on: it would narrow the range of a difference."""


class SharedClusters:
    """Which clusters the rows of each group belong to.

    Parameters
    ----------
    clusters : cluster of every row, one array per group; groups may differ in size.

    Notes
    -----
    A cell is a cluster as one group sees it. Only cells of the same cluster meet, so that a list of the pairs of cells
    that do serves every covariance.
    """

    def __init__(self, clusters: Sequence[IntArray]) -> None:
        self._n_groups = len(clusters)
        group = np.repeat(np.arange(self._n_groups), [part.size for part in clusters])
        every = np.concatenate(clusters) if clusters else np.zeros(0, dtype=np.int64)
        width = int(every.max()) + 1 if every.size else 1
        cells, self._cell_of_row = np.unique(group * width + every, return_inverse=True)
        self._cell_group, cluster = np.divmod(cells, width)
        self._first, self._second = meeting(cluster, self._n_groups)
        self._place = self._cell_group[self._first] * self._n_groups + self._cell_group[self._second]
        self.in_both: IntArray = self._products(np.ones(cells.size)).round().astype(np.int64)

    @property
    def any_shared(self) -> bool:
        """Whether any two groups have a cluster in common."""
        return bool((self.in_both.sum() - np.trace(self.in_both)) > 0)

    def covariance(self, influence: Sequence[FloatArray]) -> FloatArray:
        """Covariance between the estimates of every two groups, shape (k, k); linearised variances on the diagonal.

        Parameters
        ----------
        influence : each row's influence on the estimate of its own group, in the order of `clusters`.

        Notes
        -----
        Sum over clusters of the product of both groups' totals, times C/(C-1) for the clusters of each group.
        """
        totals = np.bincount(self._cell_of_row, weights=np.concatenate(influence), minlength=self._cell_group.size)
        product = self._products(totals.astype(np.float64))
        n_clusters = np.diag(self.in_both).astype(np.float64)
        factor = np.sqrt(n_clusters / np.maximum(1.0, n_clusters - 1))
        covariance: FloatArray = product * np.outer(factor, factor)
        return covariance

    def _products(self, values: FloatArray) -> FloatArray:
        """Sum over clusters of the product of both groups' values, shape (k, k)."""
        size = self._n_groups**2
        apart = np.bincount(self._place, weights=values[self._first] * values[self._second], minlength=size)
        own = np.bincount(self._cell_group, weights=values * values, minlength=self._n_groups)
        half = apart.astype(np.float64).reshape(self._n_groups, self._n_groups)
        return half + half.T + np.diag(own)


def meeting(cluster: IntArray, n_groups: int) -> tuple[IntArray, IntArray]:
    """Both places of every two entries that hold the same cluster; no cluster stands there more than `n_groups` times."""
    # Where the clusters of every group ascend, a stable sort has but to merge as many runs as there are groups.
    order = np.argsort(cluster, kind="stable")
    ordered = cluster[order]
    first, second = [order[:0]], [order[:0]]
    for apart in range(1, n_groups):
        same = np.flatnonzero(ordered[apart:] == ordered[:-apart])
        if same.size == 0:
            break
        first.append(order[same])
        second.append(order[same + apart])
    return np.concatenate(first), np.concatenate(second)


def correlation_to_use(covariance: FloatArray, se: FloatArray, in_both: IntArray) -> FloatArray:
    """Correlation between the estimates of every two groups, positive only where enough clusters are shared."""
    scale = np.outer(se, se)
    known = scale > 0
    correlation = np.where(known, covariance / np.where(known, scale, 1.0), 0.0).clip(-1.0, 1.0)
    used: FloatArray = np.where((correlation > 0) & (in_both < FEW_SHARED), 0.0, correlation)
    return used
