"""The groups of a partition as arrays: what is measured on each, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.seen import TaskRows
from evaluator.statistics.shared_clusters import SharedClusters
from evaluator.statistics.spread import IntArray
from evaluator.subject.subject import Partition, Subject


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """One group as one subject sees it.

    `rows` has clusters numbered from 0 inside the group; `cluster` numbers them over all rows, so that groups can be
    seen to share them.
    """

    population_id: str
    rows: TaskRows
    cluster: IntArray | None


def arms_of(partition: Partition, subject: Subject, rows: TaskRows) -> tuple[Arm, ...]:
    """Every group of a partition; rows of weight zero are no evidence and are left out."""
    indexes = [_index(subject, group) for group in partition.groups]
    return tuple(_arm(group, rows, index) for group, index in zip(partition.groups, indexes, strict=True))


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
