"""What the plan did not let this analysis test, and the line that would change it."""

from __future__ import annotations

from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.subject.cells import MOST_LEVELS
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.subject import Subject


def what_was_not_tested(plan: Plan, subject: Subject) -> tuple[NotTested, ...]:
    """One row for each thing that is missing; without any sensitive column the analysis of performance says so."""
    some = bool(plan.data.sensitive)
    rows: list[tuple[bool, str, str, str]] = [
        (
            some and len(plan.data.sensitive) == 1, "Groups of two attributes together",
            "the plan names one sensitive column", "data: {sensitive: [sex, {column: age, bands: [18, 40, 65]}]}",
        ),
        (
            some and not any(criterion.gap for criterion in plan.criteria), "Limits on gaps between groups",
            "no criterion limits a gap, so no gap has a status",
            "criteria: [{id: equal-chances, metric: true_positive_rate, gap: {by: COLUMN}, at_most: 0.05}]",
        ),
    ]  # fmt: skip
    rows += [_uncut(name, subject) for name in _not_cut(plan, subject)]
    return tuple(NotTested("fairness", what, reason, line) for missing, what, reason, line in rows if missing)


def _not_cut(plan: Plan, subject: Subject) -> list[str]:
    """Sensitive columns with so many levels that no groups were made of them."""
    cut = {partition.attribute for partition in subject.partitions}
    return [name for name, _ in sensitive_columns(plan) if name not in cut]


def _uncut(name: str, subject: Subject) -> tuple[bool, str, str, str]:
    words = next((column.words for column in subject.columns if column.name == name), name)
    return (
        True, f"Groups by {words}", f"it has more levels than the {MOST_LEVELS} that can be compared",
        "data: {sensitive: [{column: COLUMN, bands: [18, 40, 65]}]}",
    )  # fmt: skip
