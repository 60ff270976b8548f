"""All rows of a subject by descending score, and the groups of a partition cut from them in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evaluator.metrics.cell_table import CellTable
from evaluator.metrics.grouped_tables import group_tables
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.calibration import log_odds
from evaluator.statistics.condensing import CellArray, cells_of_log_odds
from evaluator.statistics.grouped_calibration import BinErrors, GroupBins, bin_errors, group_bins
from evaluator.statistics.grouped_order import Segments, code_type, grouped
from evaluator.statistics.grouped_ranks import Areas, areas
from evaluator.statistics.grouped_regression import Start, common_start
from evaluator.statistics.grouped_spread import Clustered, clusters_of
from evaluator.statistics.ordering import IndexArray, descending
from evaluator.statistics.spread import FloatArray, IntArray

SAMPLE = 20_000
BLOCK = 131_072
"""Rows of independent groups that are looked at together; a group of more is looked at by itself."""


@dataclass(frozen=True, eq=False)
class SortedRows:
    """The rows that weigh anything, by descending score where there is one.

    Attributes
    ----------
    rows : in that order.
    order : where each of them stands among all rows.
    all_rows : every row, in the order of the evaluation file.
    """

    rows: BinaryRows
    order: IndexArray
    all_rows: BinaryRows

    @cached_property
    def by_cluster(self) -> IndexArray:
        """Places of the rows, cluster after cluster."""
        assert self.rows.cluster is not None
        return np.argsort(self.rows.cluster, kind="stable")

    @cached_property
    def log_odds(self) -> FloatArray:
        assert self.rows.score is not None
        return log_odds(self.rows.score)

    @cached_property
    def log_odds_cells(self) -> tuple[CellArray, FloatArray]:
        return cells_of_log_odds(self.log_odds)

    @cached_property
    def start(self) -> Start:
        """Where the calibration of a group is first looked for: at that of an even sample of all rows."""
        every = slice(None, None, 1 + self.rows.n // SAMPLE)
        return common_start(self.rows.label[every], self.log_odds[every])

    def cut(self, indexes: Sequence[npt.NDArray[np.intp] | None]) -> Groups:
        """The groups whose rows stand at `indexes` among all rows; no row is in two of them, None stands for all rows."""
        k = len(indexes)
        every = np.full(self.all_rows.n, k, dtype=code_type(k))
        for position, index in enumerate(indexes):
            every[slice(None) if index is None else index] = position
        code = every[self.order]
        place, segments = grouped(code, k)
        return Groups(self, code, place, segments)


def sorted_rows(rows: BinaryRows) -> SortedRows:
    """Sort once, for all partitions."""
    kept = np.arange(rows.n) if rows.weight is None or rows.weight.all() else np.flatnonzero(rows.weight > 0)
    order = kept if rows.score is None else kept[descending(rows.score[kept]).order]
    return SortedRows(rows.take(order), order, rows)


@dataclass(frozen=True, eq=False)
class Groups:
    """The rows of every group, one group after the other, by descending score inside a group.

    Attributes
    ----------
    code : group of each sorted row, the number of groups for a row of none; asked for where there are clusters alone.
    place : which sorted row stands at each place, shape (m,).
    segments : the places of every group.
    """

    sorted: SortedRows
    code: npt.NDArray[np.unsignedinteger]
    place: IndexArray
    segments: Segments

    @property
    def k(self) -> int:
        return self.segments.k

    @cached_property
    def rows(self) -> BinaryRows:
        """The rows of all groups."""
        return self.sorted.rows.take(self.place)

    @cached_property
    def log_odds(self) -> FloatArray:
        return self.sorted.log_odds[self.place]

    @cached_property
    def log_odds_cells(self) -> tuple[CellArray, FloatArray]:
        cells, offsets = self.sorted.log_odds_cells
        return cells[self.place], offsets[self.place]

    @cached_property
    def clustered(self) -> Clustered | None:
        """What clusters the rows of each group belong to; None without clusters."""
        cluster = self.rows.cluster
        if cluster is None:
            return None
        of_sorted = np.empty(self.code.size, dtype=np.int64)
        of_sorted[self.place] = np.arange(self.place.size)
        by_cluster, _ = grouped(self.code[self.sorted.by_cluster], self.k)
        return clusters_of(cluster, of_sorted[self.sorted.by_cluster[by_cluster]], self.segments)

    @cached_property
    def areas(self) -> Areas:
        """Areas under the ROC curve."""
        score = self.rows.score
        assert score is not None
        changes = np.ones(score.size, dtype=np.bool_)
        changes[1:] = score[1:] != score[:-1]
        return areas(self.rows.label, changes, self.rows.weight, self.segments)

    @cached_property
    def bins(self) -> GroupBins:
        """Bins of equal weight."""
        score = self.rows.score
        assert score is not None
        return group_bins(self.rows.label, score, self.rows.weight, self.segments, self.areas)

    @cached_property
    def bin_errors(self) -> BinErrors:
        return bin_errors(self.bins, self.clustered)

    @cached_property
    def positives(self) -> IntArray:
        """Positive rows of every group, shape (k,)."""
        if self.rows.decision is None:
            return self.segments.counts(self.rows.label)
        return np.array([table.rows[2:].sum() for table in self.tables], dtype=np.int64)

    @cached_property
    def tables(self) -> tuple[CellTable, ...]:
        """The decision table of every group; there must be decisions."""
        return group_tables(self.rows.cell_of_row, self.segments, self.rows.weight, self.clustered)

    @cached_property
    def parts(self) -> tuple[BinaryRows, ...]:
        """The rows of every group, which know what is known of them already."""
        return tuple(self._part(position) for position in range(self.k))

    def blocks(self) -> list[Groups]:
        """The same groups in as many parts as keep the rows of each near the processor; one part where clusters are shared.

        Many passes over a few megabytes take half the time that they take over many.
        """
        if self.sorted.rows.cluster is not None or self.place.size <= BLOCK:
            return [self]
        edges, bounds = [0], self.segments.bounds
        for position in range(1, self.k):
            if bounds[position + 1] - bounds[edges[-1]] > BLOCK:
                edges.append(position)
        return [self._only(first, after) for first, after in pairwise([*edges, self.k])]

    def _only(self, first: int, after: int) -> Groups:
        bounds = self.segments.bounds[first : after + 1]
        part = slice(int(bounds[0]), int(bounds[-1]))
        found = Groups(self.sorted, self.code, self.place[part], Segments(bounds - bounds[0]))
        known: dict[str, object] = {"rows": _slice(self.rows, part)}
        if self.rows.probability:
            known["log_odds_cells"] = tuple(column[part] for column in self.log_odds_cells)
        vars(found).update(known)
        return found

    def clusters_of(self, position: int) -> IntArray | None:
        """The cluster of each row of a group, in the numbers of all rows."""
        cluster = self.rows.cluster
        return None if cluster is None else cluster[self.segments.slice_of(position)]

    def as_filed(self, position: int) -> BinaryRows:
        """The rows of a group in the order of the evaluation file."""
        return self.sorted.all_rows.take(np.sort(self.sorted.order[self.place[self.segments.slice_of(position)]]))

    def _part(self, position: int) -> BinaryRows:
        part, rows, clustered = self.segments.slice_of(position), self.rows, self.clustered
        inside = None if clustered is None else clustered.cell[part] - clustered.cells.bounds[position]
        found = replace(_slice(rows, part), cluster=inside, by_score=rows.score is not None)
        known: dict[str, object] = {"positives": int(self.positives[position])}
        known["real_clusters"] = inside if clustered is not None and clustered.is_shared[position] else None
        if rows.decision is not None:
            known["table"] = self.tables[position]
        vars(found).update(known)
        return found


def _slice(rows: BinaryRows, part: slice) -> BinaryRows:
    """The rows of a stretch, which share the memory of all."""
    return BinaryRows(
        label=rows.label[part],
        decision=None if rows.decision is None else rows.decision[part],
        score=None if rows.score is None else rows.score[part],
        probability=rows.probability,
        weight=None if rows.weight is None else rows.weight[part],
        cluster=None if rows.cluster is None else rows.cluster[part],
    )
