"""What people whose group is not known could do to a gap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from evaluator.analyses.fairness.arms import Arm, arms_of
from evaluator.analyses.fairness.findings_unknowns import unknown_finding
from evaluator.analyses.fairness.judged import OTHER_SIDE, fair_metrics
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.seen import TaskRows
from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.catalogue.settings import FOUR_FIFTHS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.influences import rate_parts
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, AnalysisTables, UnknownBound
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.unknown_bounds import GapKind, KnownGroups, Unknown, gap_bounds, known_gap, pair_bounds
from evaluator.statistics.unknown_tips import Limit, changes_side, tip
from evaluator.subject.subject import Partition, Subject
from evaluator.subject.terms import Level, Term, population_id

METHOD = "all_divisions"
KINDS: tuple[GapKind, ...] = ("difference", "ratio")


class SetLimit(NamedTuple):
    """A limit on a gap, and the criterion that sets it ('' for four fifths)."""

    value: float
    criterion_id: str


@dataclass(frozen=True, eq=False)
class Weighed:
    """The rows of one group that a share counts: weights of those with the event, and of those without."""

    population_id: str
    event: FloatArray
    rest: FloatArray

    @property
    def n(self) -> int:
        return self.event.size + self.rest.size


def unknowns(measured: Measured) -> AnalysisTables:
    """The bounds of every share and attribute of which some people are not known, and one judgement about them."""
    rows = measured.model.rows
    if isinstance(rows, NumberRows):
        return AnalysisTables(findings=(unknown_finding((), measured, shares=False),))
    found: list[UnknownBound] = []
    for partition in measured.attributes:
        unknown_id = unknown_of(partition)
        if unknown_id in partition.groups:
            found += _bounds_by(partition, unknown_id, rows, measured)
    return AnalysisTables(unknown_bounds=tuple(found), findings=(unknown_finding(found, measured),))


def unknown_of(partition: Partition) -> str:
    """The id of the people of whom the attribute is not known."""
    return population_id([Term(column, (Level(None),)) for column in partition.columns])


def limits_of(plan: Plan, subject: Subject) -> dict[tuple[str, str, str], SetLimit]:
    """Limits on gaps between all groups of everyone, by metric, attribute and kind.

    A limit on a difference of one rate is one on that of the rate which completes it.
    """
    found: dict[tuple[str, str, str], SetLimit] = {}
    for criterion in plan.criteria:
        question = subject.gap_questions.get(criterion.id)
        if criterion.gap is None or question is None or criterion.class_ is not None:
            continue
        kind = criterion.gap.kind
        limit = criterion.at_most if kind == "difference" else criterion.at_least
        if limit is None or question.within != ALL or question.against != "extremes":
            continue
        metrics = [criterion.metric]
        if kind == "difference" and criterion.metric in OTHER_SIDE:
            metrics.append(OTHER_SIDE[criterion.metric])
        for metric in metrics:
            found.setdefault((metric, question.attribute, kind), SetLimit(float(limit), criterion.id))
    return found


def _bounds_by(
    partition: Partition, unknown_id: str, rows: BinaryRows | ClassRows, measured: Measured
) -> list[UnknownBound]:
    limits = limits_of(measured.plan, measured.subject)
    arms = arms_of(partition, measured.subject, rows)
    found: list[UnknownBound] = []
    for metric in fair_metrics(measured.subject.task):
        if metric not in PROPORTIONS or _not_tested(metric, partition, measured):
            continue
        known = [weighed(metric, arm) for arm in arms if _has_enough(metric, arm, unknown_id, measured)]
        beside = next((weighed(metric, arm) for arm in arms if arm.population_id == unknown_id), None)
        for kind in KINDS:
            limit = limits.get((metric, partition.attribute, kind))
            if limit is None and (metric, kind) == ("selection_rate", "ratio"):
                limit = SetLimit(FOUR_FIFTHS, "")
            blank = _blank(metric, kind, partition, unknown_id, rows, limit)
            found.append(_bound(blank, known, beside, limit))
    return found


def _not_tested(metric: str, partition: Partition, measured: Measured) -> bool:
    rows = [measured.estimates.get((metric, "", MODEL, name)) for name in partition.groups]
    return all(row is None or row.status == "not_tested" for row in rows)


def _has_enough(metric: str, arm: Arm, unknown_id: str, measured: Measured) -> bool:
    row = measured.estimates.get((metric, "", MODEL, arm.population_id))
    return arm.population_id != unknown_id and row is not None and row.status == "ok"


def weighed(metric: str, arm: Arm) -> Weighed:
    """What a share counts in one group."""
    assert not isinstance(arm.rows, NumberRows)
    counted, among = rate_parts(metric, arm.rows)
    weight = np.ones(arm.rows.n) if arm.rows.weight is None else arm.rows.weight
    return Weighed(arm.population_id, weight[among & counted], weight[among & ~counted])


def _blank(
    metric: str, kind: GapKind, partition: Partition, unknown_id: str, rows: TaskRows, limit: SetLimit | None
) -> UnknownBound:
    return UnknownBound(
        metric=metric, subject=MODEL, attribute=partition.attribute, kind=kind, value=None, low=None, high=None,
        group_low="", group_high="", pair_low=None, pair_high=None, unknown_id=unknown_id, n_known=0, n_unknown=0,
        n_unknown_event=0, weighted=rows.weight is not None, limit=limit.value if limit else None,
        criterion_id=limit.criterion_id if limit else "", could_change=False, tips=None, tips_of=None, tips_to="", tips_event=None,
        method=METHOD, status="too_few", reason="",
    )  # fmt: skip


def _bound(blank: UnknownBound, groups: list[Weighed], beside: Weighed | None, limit: SetLimit | None) -> UnknownBound:
    """One row: bounds over all divisions, exact for the weights of the rows at hand; chance is another matter."""
    if len(groups) < 2:
        return replace(blank, reason="Fewer than two known groups have enough cases.")
    beside = beside or Weighed(blank.unknown_id, np.zeros(0), np.zeros(0))
    event, rest = (np.array([float(part.sum()) for part in side]) for side in _sides(groups))
    known, unknown = KnownGroups(event, rest), Unknown(beside.event, beside.rest)
    counted = replace(
        blank, n_known=sum(group.n for group in groups), n_unknown=beside.n, n_unknown_event=beside.event.size
    )
    if blank.kind == "ratio" and float(event.max()) == 0:
        return replace(counted, status="undefined", reason="The share is 0 in every known group, so there is no ratio.")
    low, high = int(np.argmin(known.share)), int(np.argmax(known.share))
    if low == high:
        low, high = 0, 1
    bounds, pair = gap_bounds(known, unknown, blank.kind), pair_bounds(known, unknown, low, high, blank.kind)
    told = replace(
        counted, value=known_gap(known, blank.kind), low=bounds.low, high=bounds.high,
        group_low=groups[low].population_id, group_high=groups[high].population_id, pair_low=pair.low,
        pair_high=pair.high, status="ok",
    )  # fmt: skip
    if limit is None or not changes_side(known, unknown, Limit(limit.value, blank.kind)):
        return told
    told = replace(told, could_change=True)
    found = tip(known, unknown, Limit(limit.value, blank.kind))
    if found is None:
        return told
    of = beside.event.size if found.event else beside.rest.size
    return replace(
        told, tips=found.cases, tips_of=of, tips_to=groups[found.group].population_id, tips_event=found.event
    )


def _sides(groups: list[Weighed]) -> tuple[list[FloatArray], list[FloatArray]]:
    return [group.event for group in groups], [group.rest for group in groups]
