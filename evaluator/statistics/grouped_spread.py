"""Standard errors of every group at once: independent rows, and rows that share clusters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.grouped_order import Segments
from evaluator.statistics.ordering import IndexArray
from evaluator.statistics.spread import FEW_CLUSTERS, MOST_LEVERAGE, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Clustered:
    """Clusters as the groups see them: one cell per cluster and group that have rows in common.

    Attributes
    ----------
    cell : cell of each row, shape (n,), the cells of one group after those of another.
    cells : the cells of every group.
    cluster : cluster of each cell, ascending inside a group, shape (c,).
    by_cluster : places of the rows cell after cell, shape (n,).
    """

    cell: IntArray
    cells: Segments
    cluster: IntArray
    by_cluster: IndexArray

    @cached_property
    def group(self) -> IntArray:
        """Group of every cell, shape (c,)."""
        return np.repeat(np.arange(self.cells.k), self.cells.sizes)

    @cached_property
    def sizes(self) -> IntArray:
        """Rows of every cell, shape (c,)."""
        return np.bincount(self.cell, minlength=self.cells.length)

    @cached_property
    def is_shared(self) -> npt.NDArray[np.bool_]:
        """Whether any two rows of the group share a cluster, shape (k,)."""
        return self.cells.counts(self.sizes > 1) > 0

    @cached_property
    def is_any_shared(self) -> bool:
        return bool(self.is_shared.any())

    def totals(self, influence: FloatArray) -> FloatArray:
        """Sum of each row's influence over every cell, shape (c,)."""
        return np.bincount(self.cell, influence, minlength=self.cells.length).astype(np.float64)

    def influential(self, influence: FloatArray) -> FloatArray:
        """Rows of every cell that have any influence, shape (c,)."""
        some = influence != 0
        if some.all():
            return self.sizes.astype(np.float64)
        return np.bincount(self.cell, some, minlength=self.cells.length).astype(np.float64)


class Spreads(NamedTuple):
    """What `spread.Spread` says, for k groups, shape (k,) each; `clusters` is 0 for groups without shared clusters."""

    se: FloatArray
    df: FloatArray
    clusters: IntArray
    design_effect: FloatArray


def clusters_of(cluster: IntArray, by_cluster: IndexArray, groups: Segments) -> Clustered:
    """The cells of rows that come group after group.

    Parameters
    ----------
    cluster : of each row, shape (n,).
    by_cluster : places of the rows, group after group and inside a group cluster after cluster, shape (n,).
    """
    ordered = cluster[by_cluster]
    changes = np.ones(ordered.size, dtype=np.bool_)
    changes[1:] = ordered[1:] != ordered[:-1]
    changes = groups.starts_of(changes)
    cell = np.empty(ordered.size, dtype=np.int64)
    cell[by_cluster] = np.cumsum(changes) - 1
    starts = np.flatnonzero(changes)
    return Clustered(cell, groups.at(starts), ordered[starts], by_cluster)


def grouped_spreads(influence: FloatArray, groups: Segments, clustered: Clustered | None) -> Spreads:
    """`spread.spread_of` for every group at once.

    Parameters
    ----------
    influence : of each row on the estimate of its own group, shape (n,).
    clustered : None for independent rows; groups in which no two rows share a cluster are independent too.
    """
    n = groups.sizes
    with np.errstate(divide="ignore", invalid="ignore"):
        independent = groups.sums(influence * influence) * n / (n - 1)
        if clustered is None or not clustered.is_any_shared:
            return independent_spreads(np.sqrt(independent), n)
        totals, rows = clustered.totals(influence), clustered.influential(influence)
        variance, df = grouped_cluster_variance(totals, rows, clustered.group, groups.k)
        together = clustered.is_shared
        clusters = np.where(together, clustered.cells.sizes, 0)
        variance[clusters == 1] = np.nan
        effect = np.where(independent > 0, variance / independent, 1.0)
        return Spreads(
            np.sqrt(np.where(together, variance, independent)), np.where(together, df, n - 1.0), clusters,
            np.where(together & (clusters != 1), effect, 1.0),
        )  # fmt: skip


def independent_spreads(se: FloatArray, n: IntArray) -> Spreads:
    """Of estimates from `n` independent rows each, shape (k,)."""
    return Spreads(se, np.maximum(1.0, n - 1.0).astype(np.float64), np.zeros(n.size, dtype=np.int64), np.ones(n.size))


def grouped_cluster_variance(
    totals: FloatArray, rows: FloatArray, of: IntArray, k: int
) -> tuple[FloatArray, FloatArray]:
    """`spread.cluster_variance` of many estimates at once, with the degrees of freedom, shape (k,) each.

    Parameters
    ----------
    totals, rows : influence of each cluster, and how many of its rows have any, shape (c,).
    of : which estimate each cluster counts for, in [0, k), shape (c,).
    """

    def sums(values: FloatArray) -> FloatArray:
        return np.bincount(of, values, minlength=k).astype(np.float64)

    groups = np.bincount(of, minlength=k).astype(np.float64)
    share = np.minimum(rows / np.maximum(1.0, sums(rows))[of], MOST_LEVERAGE)
    alike = sums(share**2)
    many = alike * FEW_CLUSTERS <= 1
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = groups / (groups - 1)
        if many.all():
            return usual * sums(totals**2), groups - 1
        odd = share**2 / (1 - share)
        crossed = sums(odd * (sums(odd)[of] - odd))
        few_df = np.minimum(groups - 1, np.maximum(1.0, 1 / (alike + crossed)))
        factor = np.where(many[of], usual[of], 1 / (1 - share))
        return sums(factor * totals**2), np.where(many, groups - 1, few_df)


def grouped_skewness(influence: FloatArray, groups: Segments, clustered: Clustered | None) -> FloatArray:
    """`spread.skewness_of` for every group at once, shape (k,)."""
    if clustered is None or not clustered.is_any_shared:
        totals, parts = influence, groups
    else:
        totals, parts = clustered.totals(influence), clustered.cells
    square = totals * totals
    squares, cubes = parts.sums(square), parts.sums(square * totals)
    found: FloatArray = np.divide(cubes, squares**1.5, out=np.zeros(parts.k), where=squares > 0)
    return found
