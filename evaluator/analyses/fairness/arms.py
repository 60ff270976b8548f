"""The groups of a partition as arrays: what is measured on each, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.seen import TaskRows
from evaluator.metrics.grouped_measure import GroupMeasures
from evaluator.metrics.grouped_rows import SortedRows
from evaluator.metrics.grouped_together import GroupsTogether, groups_together
from evaluator.metrics.measurement import Measurement
from evaluator.statistics.shared_clusters import SharedClusters
from evaluator.statistics.spread import IntArray
from evaluator.subject.subject import Partition, Subject


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """One group as one subject sees it.

    `rows` has clusters numbered from 0 inside the group; `cluster` numbers them over all rows, so that groups can be
    seen to share them. `measures` has what was found for all groups at once, where they were looked at together, and
    `position` says which of them this one is.
    """

    population_id: str
    rows: TaskRows
    cluster: IntArray | None
    measures: GroupMeasures | None = None
    position: int = 0


def arms_of(partition: Partition, subject: Subject, rows: TaskRows) -> tuple[Arm, ...]:
    """Every group of a partition; rows of weight zero are no evidence and are left out."""
    indexes = [_index(subject, group) for group in partition.groups]
    return tuple(_arm(group, rows, index) for group, index in zip(partition.groups, indexes, strict=True))


def arms_together(
    partition: Partition, subject: Subject, rows: SortedRows, *, level: float, min_group: int, seed: int, name: str
) -> tuple[Arm, ...]:
    """Every group of a partition, all cut from the sorted rows in one pass; `name` stands before their random streams."""
    cut = rows.cut([_rows_at(subject, group) for group in partition.groups])
    arms: list[Arm] = []
    for block in cut.blocks():
        ids = partition.groups[len(arms) : len(arms) + block.k]
        measures = GroupMeasures(block, level, min_group, seed, [f"{name}/{group}" for group in ids])
        arms += [
            Arm(group, block.parts[position], block.clusters_of(position), measures, position)
            for position, group in enumerate(ids)
        ]
    return tuple(arms)


def measured_together(metric: str, arms: Sequence[Arm]) -> list[Measurement]:
    """One metric on every group of `arms_together`."""
    found: list[Measurement] = []
    for measures in dict.fromkeys(arm.measures for arm in arms if arm.measures is not None):
        found += measures.measure(metric)
    return found


def rests_of(partition: Partition, subject: Subject, rows: TaskRows) -> tuple[Arm, ...]:
    """For every group of a partition, everyone else in it: samples that do not overlap with the group."""
    inside = _index(subject, partition.within)
    return tuple(
        _arm(partition.within, rows, np.setdiff1d(inside, _index(subject, group), assume_unique=True))
        for group in partition.groups
    )


def shared_clusters(arms: Sequence[Arm]) -> SharedClusters | None:
    """What clusters the groups have in common, or None when there are none."""
    known = [arm.cluster for arm in arms if arm.cluster is not None]
    if len(known) < len(arms) or not known:
        return None
    shared = SharedClusters(known)
    return shared if shared.any_shared else None


def clusters_together(arms: Sequence[Arm]) -> SharedClusters | GroupsTogether | None:
    """The same for the arms of one partition, from what was found for all of them at once where it was."""
    measures = arms[0].measures if arms else None
    if measures is None:
        return shared_clusters(arms)
    return groups_together(measures)


def _rows_at(subject: Subject, population_id: str) -> np.ndarray[tuple[int], np.dtype[np.intp]] | None:
    found = subject.find_rows(population_id)
    return None if found is None else found.index


def _index(subject: Subject, population_id: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    found = subject.find_rows(population_id)
    if found is None or found.index is None:
        return np.arange(subject.n, dtype=np.intp)
    return np.asarray(found.index, dtype=np.intp)


def _arm(population_id: str, rows: TaskRows, index: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Arm:
    part = rows.take(index).with_weight()
    if part.cluster is None:
        return Arm(population_id, part, None)
    number = np.cumsum(np.bincount(part.cluster) > 0) - 1
    return Arm(population_id, replace(part, cluster=number[part.cluster]), part.cluster)
