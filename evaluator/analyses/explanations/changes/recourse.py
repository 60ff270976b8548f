"""For how many of the cases with the unfavourable decision a way out was found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.changes.allowed import immutable_features
from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.changes.options import cheapest_by_changes, confirmed
from evaluator.analyses.explanations.changes.ranges import Ranged, share_of, together
from evaluator.analyses.explanations.changes.refining import refined
from evaluator.analyses.explanations.changes.searching import MOST_CHANGES, Asker, Effort, Search
from evaluator.analyses.explanations.drawing import Drawn, draw_alike
from evaluator.analyses.explanations.explained import Explained
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import ALL, MODEL, EstimateStatus, RecourseRate
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.order_statistics import in_order, quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

QUICK = Effort(singles=40, pool=14, beam=4)
FEW = "fewer than {least} such cases were looked at"


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """Cases with the unfavourable decision that a way out was looked for.

    Attributes
    ----------
    position : their positions among the asked rows, shape (n,).
    cost : of the cheapest way out with at most 1, 2 and 3 changes, infinite where none was found; shape (n, 3).
    """

    position: IntArray
    cost: FloatArray


def drawn_unfavourable(explained: Explained, turn: Turn, size: int) -> Drawn:
    """`size` of the cases with the unfavourable decision, each with the same chance; all when there are no more."""
    asked = explained.asked
    rows = np.flatnonzero(turn.unfavourable)
    weight = None if asked.weight is None else asked.weight[rows]
    cluster = None if asked.cluster is None else asked.cluster[rows]
    rng = stream(asked.seed, "explanations/recourse")
    drawn = draw_alike(size, rng, rows.size, weight=weight, cluster=cluster)
    return Drawn(rows[drawn.index], drawn.own, drawn.stratum, drawn.size, drawn.taken, drawn.cluster)


def looked_for(asker: Asker, turn: Turn, effort: Effort = QUICK) -> Looked:
    """The cheapest ways out of many cases, each asked about again; cases that the model itself decides in favour of
    are left out."""
    own = asker.unchanged()
    search = Search(asker, turn, own, effort, cheapest_only=True)
    best = cheapest_by_changes(search.run())
    found, _ = confirmed(asker, turn, refined(asker, turn, best, search.gain_per_cost()))
    cost = np.full((own.size, MOST_CHANGES), np.inf)
    np.minimum.at(cost, (found.case, found.changes - 1), found.cost)
    kept = ~turn.reached(own)
    return Looked(asker.position[kept], np.minimum.accumulate(cost, axis=1)[kept])


def recourse_rows(explained: Explained, turn: Turn, looked: Looked) -> list[RecourseRate]:
    """Rates for everyone, each range by itself, and for sensitive groups, whose ranges hold together."""
    everyone = _Group(ALL, np.ones(looked.position.size, dtype=bool), int(turn.unfavourable.sum()))
    groups = list(_groups(explained, turn, looked))
    enough = [group for group in groups if _enough(explained, group)]
    joint = 1 - (1 - explained.asked.level) / max(1, len(enough) * MOST_CHANGES)
    rows = _Rows(explained, looked)
    return [
        *rows.of(everyone, None),
        *(row for group in groups for row in rows.of(group, joint)),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """A population, which of the looked-at cases are of it, and how many of all unfavourable ones."""

    population_id: str
    inside: BoolArray
    total: int

    @property
    def n(self) -> int:
        return int(self.inside.sum())


def _groups(explained: Explained, turn: Turn, looked: Looked) -> Iterator[_Group]:
    """The groups of every sensitive column with any unfavourable decision."""
    subject = explained.subject
    for partition in subject.partitions:
        if len(partition.columns) != 1 or partition.within != ALL:
            continue
        for name in partition.groups:
            rows = subject.find_rows(name)
            if rows is None or rows.index is None:
                continue
            member = np.zeros(subject.n, dtype=bool)
            member[rows.index] = True
            member = member[explained.positions]
            if total := int((member & turn.unfavourable).sum()):
                yield _Group(name, member[looked.position], total)


def _enough(explained: Explained, group: _Group) -> bool:
    return group.n >= max(explained.plan.data.min_group, MIN_RELEVANT)


class _Rows:
    def __init__(self, explained: Explained, looked: Looked) -> None:
        self._explained, self._looked = explained, looked
        self._immutable = json.dumps(list(immutable_features(explained.asked)), ensure_ascii=False)

    def of(self, group: _Group, joint: float | None) -> list[RecourseRate]:
        """One row for each number of changes; `joint` is the level at which each range is taken, None for the plan's."""
        return [self._row(group, changes, joint) for changes in range(1, MOST_CHANGES + 1)]

    def _row(self, group: _Group, changes: int, joint: float | None) -> RecourseRate:
        asked = self._explained.asked
        rows = self._looked.position[group.inside]
        cost = self._looked.cost[group.inside, changes - 1]
        found = np.isfinite(cost)
        weight = None if asked.weight is None else asked.weight[rows]
        value = low = high = usual = None
        status: EstimateStatus = "too_few"
        reason, method = FEW.format(least=max(self._explained.plan.data.min_group, MIN_RELEVANT)), "none"
        if _enough(self._explained, group):
            cluster = None if asked.cluster is None else asked.cluster[rows]
            ranged = _at_level(found, weight, cluster, asked.level, joint)
            value, low, high = ranged.value, ranged.interval.low, ranged.interval.high
            status, reason, method = "ok", "", ranged.interval.method
            if found.any():
                usual = quantile(in_order(cost[found], None if weight is None else weight[found]), 0.5)
        return RecourseRate(
            MODEL, asked.class_, group.population_id, changes, rows.size, group.total, int(found.sum()), value, low,
            high, usual, self._immutable, asked.level, method, status, reason,
        )  # fmt: skip


def _at_level(
    found: BoolArray, weight: FloatArray | None, cluster: IntArray | None, level: float, joint: float | None
) -> Ranged:
    if joint is None:
        return share_of(found, weight, cluster, level)
    return together(share_of(found, weight, cluster, joint), level)
