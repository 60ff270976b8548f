"""What the first part of the analysis hands to the others, without the others."""

from __future__ import annotations

from evaluator.analyses.fairness.compute import Seen, asked_gaps, compare_groups, each_class, wanted_of
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.three_way import planned_partitions
from evaluator.analyses.seen import rows_as_seen
from evaluator.plan.schema import Plan
from evaluator.records import Estimate, Gap
from evaluator.subject.subject import Subject


def measured_of(plan: Plan, subject: Subject) -> Measured:
    """Every group of one and two attributes, for the model and the earlier one."""
    whole = [Seen(scores.subject, rows_as_seen(subject, scores), subject, plan) for scores in subject.scores]
    views = [view for seen in whole for view in (seen, *each_class(seen))]
    planned = planned_partitions(plan, subject)
    estimates: dict[tuple[str, str, str, str], Estimate] = {}
    gaps: list[Gap] = []
    asked = asked_gaps(plan, subject)
    for seen in views:
        for partition in subject.partitions:
            usual = partition in planned and len(partition.columns) < 3
            found, apart = compare_groups(partition, wanted_of(partition, asked, seen, planned=usual), seen)
            for row in found:
                estimates.setdefault((row.metric, row.class_, row.subject, row.population_id), row)
            gaps += apart
    return Measured(plan, subject, tuple(views), planned, estimates, tuple(gaps))
