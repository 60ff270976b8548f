"""The rows of one view by group: shares of every group of a partition, and whether there are enough cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.judged import OTHER_SIDE
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.influences import rate_parts
from evaluator.metrics.measure import what_is_missing
from evaluator.metrics.measurement import few_reason
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.group_shares import GroupShares, Shares
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.rows_by_group import GroupedRows
from evaluator.statistics.spread import IntArray
from evaluator.subject.subject import Partition, Subject

ONE_CLUSTER = "All its cases are of one cluster, so that nothing shows how far chance reaches."


@dataclass(frozen=True, eq=False)
class Grouped:
    """The groups of one partition as one view sees them.

    `levels` has the level of every column for every group, shape (columns, k).
    """

    seen: Seen
    partition: Partition
    levels: IntArray
    rows: GroupedRows
    shares: dict[str, GroupShares | None] = field(default_factory=dict)
    """Those asked for so far, by metric."""

    def few(self, metric: str, shares: Shares) -> tuple[str, ...]:
        """Why there are too few cases in each set of rows; '' where there are enough."""
        fewest = self.seen.plan.data.min_group
        return tuple(
            _why_few(metric, int(rows), int(cases), int(clusters), fewest)
            for rows, cases, clusters in zip(shares.rows, shares.cases, shares.clusters, strict=True)
        )


def _why_few(metric: str, rows: int, cases: int, clusters: int, fewest: int) -> str:
    if rows < fewest or cases < MIN_RELEVANT:
        return few_reason(METRICS[metric], rows, cases, fewest)
    return "" if clusters > 1 else ONE_CLUSTER


@dataclass(frozen=True, eq=False)
class View:
    """One view with what its partitions share: each row's group by column, and which rows each share counts."""

    seen: Seen
    _codes: dict[str, IntArray] = field(default_factory=dict)
    _parts: dict[str, tuple[BoolArray, BoolArray]] = field(default_factory=dict)

    def grouped(self, partition: Partition) -> Grouped | None:
        """The groups of a partition; None where the groups of one of its columns were not made."""
        subject = self.seen.subject
        columns = [subject.find_partition(column) for column in partition.columns]
        sizes = [len(column.groups) for column in columns if column is not None]
        if len(sizes) < len(columns) or int(np.prod(sizes)) != len(partition.groups):
            return None
        code = np.zeros(subject.n, dtype=np.int64)
        for column, size in zip(columns, sizes, strict=True):
            assert column is not None
            code = code * size + self._code(column)
        levels = np.array(np.unravel_index(np.arange(len(partition.groups)), sizes), dtype=np.int64)
        weight = subject.weight
        if weight is not None:
            # A row of weight zero is no evidence and must not count as one.
            code = np.where(weight > 0, code, -1)
        rows = GroupedRows(code, len(partition.groups), weight=weight, cluster=subject.cluster)
        return Grouped(self.seen, partition, levels, rows)

    def share(self, metric: str, grouped: Grouped) -> GroupShares | None:
        """One share of every group; None where the view does not say what it needs."""
        if metric not in grouped.shares:
            other = grouped.shares.get(OTHER_SIDE.get(metric, ""))
            grouped.shares[metric] = self._counted(metric, grouped) if other is None else other.complement()
        return grouped.shares[metric]

    def _counted(self, metric: str, grouped: Grouped) -> GroupShares | None:
        rows = self.seen.rows
        if not isinstance(rows, BinaryRows | ClassRows) or what_is_missing(METRICS[metric], rows):
            return None
        if metric not in self._parts:
            self._parts[metric] = rate_parts(metric, rows)
        return GroupShares(grouped.rows, *self._parts[metric])

    def _code(self, partition: Partition) -> IntArray:
        if partition.attribute not in self._codes:
            self._codes[partition.attribute] = group_codes(partition, self.seen.subject)
        return self._codes[partition.attribute]


def group_codes(partition: Partition, subject: Subject) -> IntArray:
    """Which group of a partition each row is in, -1 for none, shape (n,)."""
    rows_of: Mapping[str, IntArray | None] = {
        rows.population.population_id: None if rows.index is None else rows.index.astype(np.int64)
        for rows in subject.populations
    }
    code = np.full(subject.n, -1, dtype=np.int64)
    for position, name in enumerate(partition.groups):
        index = rows_of[name]
        code[slice(None) if index is None else index] = position
    return code
