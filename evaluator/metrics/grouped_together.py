"""Groups that share clusters: how their estimates go together, for every metric from one look at the clusters."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from evaluator.metrics.cells import CELL_METRICS, value_in_cells
from evaluator.metrics.grouped_measure import GroupMeasures
from evaluator.metrics.grouped_tables import CELLS, MOST_DIGITS, cells_by_cluster
from evaluator.statistics.grouped_spread import Clustered
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.shared_clusters import meeting
from evaluator.statistics.spread import FloatArray, IntArray


class GroupsTogether:
    """The clusters that the groups of a partition have in common, as `shared_clusters.SharedClusters` sees them.

    Parameters
    ----------
    measures : of all groups, whose rows have clusters.
    """

    def __init__(self, measures: GroupMeasures, clustered: Clustered) -> None:
        self._measures, self._clustered = measures, clustered
        self._k = clustered.cells.k
        self._first, self._second = meeting(clustered.cluster, self._k)
        group = clustered.group
        self._place = group[self._first] * self._k + group[self._second]
        apart = self._both(np.ones(self._first.size))
        self.in_both: IntArray = (apart + np.diag(clustered.cells.sizes)).round().astype(np.int64)

    @property
    def any_shared(self) -> bool:
        """Whether any two groups have a cluster in common."""
        return self._first.size > 0

    def products(self, metric: str, usable: BoolArray) -> FloatArray | None:
        """Sum over clusters of the product of both groups' influence, shape (k, k): covariances up to a factor per group.

        `usable` are the groups whose estimates are compared. None for a metric whose influence was not found for all
        groups at once.
        """
        if metric in CELL_METRICS:
            return self._of_cells(metric, usable)
        if metric not in self._measures.found_together:
            return None
        judged = self._measures.judged(metric)
        if judged.influence is None or not np.isfinite(judged.value[usable]).all():
            return None
        totals = np.where(usable[self._clustered.group], self._clustered.totals(judged.influence), 0.0)
        apart = self._both(totals[self._first] * totals[self._second])
        return apart + np.diag(np.bincount(self._clustered.group, totals * totals, minlength=self._k))

    def _both(self, values: FloatArray) -> FloatArray:
        half = np.bincount(self._place, values, minlength=self._k**2).astype(np.float64).reshape(self._k, self._k)
        return half + half.T

    def _of_cells(self, metric: str, usable: BoolArray) -> FloatArray:
        tables = self._measures.groups.tables
        slopes, own = np.zeros((self._k, CELLS)), np.zeros(self._k)
        for position in np.flatnonzero(usable).tolist():
            found = value_in_cells(metric, tables[position])
            if found is not None:
                slopes[position], own[position] = found.rows, tables[position].own_product(found.rows)
        place, first, second, times = self._kinds
        one, other = place // self._k, place % self._k
        product = times * (slopes[one] * first).sum(axis=1) * (slopes[other] * second).sum(axis=1)
        half = np.bincount(place, product, minlength=self._k**2).astype(np.float64).reshape(self._k, self._k)
        return half + half.T + np.diag(own)

    @cached_property
    def _kinds(self) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
        """Pairs of groups that meet in a cluster: both groups, weight by cell on either side, and how many are alike."""
        rows = self._measures.groups.rows
        weights = cells_by_cluster(rows.cell_of_row, self._clustered, rows.weight)
        first, second = weights[self._first], weights[self._second]
        base = int(self._clustered.sizes.max(initial=0)) + 1
        if rows.weight is not None or base ** (2 * CELLS) * self._k**2 > MOST_DIGITS:
            return self._place, first, second, np.ones(self._place.size)
        powers = base ** np.arange(2 * CELLS + 1, dtype=np.int64)
        digits = np.concatenate((first, second), axis=1).astype(np.int64)
        numbers, times = np.unique(digits @ powers[:-1] + self._place * powers[-1], return_counts=True)
        place, counted = np.divmod(numbers, powers[-1])
        found = (counted[:, None] // powers[:-1] % base).astype(np.float64)
        return place, found[:, :CELLS], found[:, CELLS:], times.astype(np.float64)


def groups_together(measures: GroupMeasures) -> GroupsTogether | None:
    """How the groups go together, or None where no two have a cluster in common."""
    clustered = measures.groups.clustered
    if clustered is None:
        return None
    together = GroupsTogether(measures, clustered)
    return together if together.any_shared else None
