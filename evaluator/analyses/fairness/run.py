"""The analysis from plan and subject to tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evaluator.analyses.fairness.compute import Seen, asked_gaps, compare_groups, each_class, estimate_row, wanted_of
from evaluator.analyses.fairness.findings import findings
from evaluator.analyses.fairness.judged import fair_metrics
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.parts import PARTS
from evaluator.analyses.fairness.three_way import planned_partitions
from evaluator.analyses.fairness.untested import what_was_not_tested
from evaluator.analyses.seen import rows_as_seen
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, AnalysisTables, Estimate, Gap, Progress, merged
from evaluator.subject.subject import Partition, Subject


def run(plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """Measure the groups, hold them against each other, then look closer at the model's (`parts`)."""
    asked = asked_gaps(plan, subject)
    estimates: dict[tuple[str, str, str, str], Estimate] = {}
    gaps: list[Gap] = []
    views, planned = _views(plan, subject), planned_partitions(plan, subject)
    measuring = len(views) * len(subject.partitions)
    total = measuring + len(PARTS)
    for place, seen in enumerate(views):
        if subject.partitions:
            _keep(estimates, _overall(seen))
        for position, partition in enumerate(subject.partitions):
            progress(partition.attribute, place * len(subject.partitions) + position, total)
            wanted = wanted_of(partition, asked, seen, planned=_is_looked_at(partition, planned, seen))
            found, apart = compare_groups(partition, wanted, seen)
            _keep(estimates, found)
            gaps += apart
    measured = Measured(plan, subject, tuple(views), planned, estimates, tuple(gaps))
    tables = AnalysisTables(estimates=tuple(estimates.values()), gaps=tuple(gaps))
    tables = replace(tables, findings=findings(tables, plan, subject), not_tested=what_was_not_tested(plan, subject))
    for position, (what, part) in enumerate(PARTS if subject.partitions else ()):
        progress(what, measuring + position, total)
        tables = merged((tables, part(measured)))
    progress("", total, total)
    return tables


def _views(plan: Plan, subject: Subject) -> list[Seen]:
    """The model and the earlier one; of several classes, each of them all together and then class by class."""
    whole = [Seen(scores.subject, rows_as_seen(subject, scores), subject, plan) for scores in subject.scores]
    return [view for seen in whole for view in (seen, *each_class(seen))]


def _is_looked_at(partition: Partition, planned: Sequence[Partition], seen: Seen) -> bool:
    """Planned groups of one attribute, for the model also of two.

    The others are there for a criterion, and those of three attributes for `group_values`.
    """
    return partition in planned and len(partition.columns) <= (2 if seen.name == MODEL else 1)


def _overall(seen: Seen) -> list[Estimate]:
    rows = seen.rows.with_weight()
    return [
        estimate_row(metric, seen.measure(metric, rows, ALL), rows, seen, ALL)
        for metric in fair_metrics(seen.subject.task, seen.class_)
    ]


def _keep(estimates: dict[tuple[str, str, str, str], Estimate], found: list[Estimate]) -> None:
    """A group that stands in several partitions is kept once."""
    for row in found:
        estimates.setdefault((row.metric, row.class_, row.subject, row.population_id), row)
