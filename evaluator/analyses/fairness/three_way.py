"""Groups of three attributes together: which there are, and what is measured on them."""

from __future__ import annotations

from evaluator.analyses.fairness.judged import DISTANCES, fair_metrics
from evaluator.plan.schema import Plan
from evaluator.records import ALL
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.subject import Partition, Subject

MOST_COLUMNS = 3
OF_THREE = ("accuracy", "selection_rate", "false_negative_rate", "false_positive_rate")


def metrics_for(partition: Partition, task: str, class_: str = "") -> tuple[str, ...]:
    """What is compared between the groups of a planned partition, in the order of the catalogue.

    Groups of three attributes have few cases each, so that errors, decisions and what is right are measured alone, or
    the means of errors where a number is predicted.
    """
    metrics = fair_metrics(task, class_)
    if len(partition.columns) < MOST_COLUMNS:
        return metrics
    return tuple(name for name in metrics if name in OF_THREE or name in DISTANCES)


def planned_partitions(plan: Plan, subject: Subject) -> tuple[Partition, ...]:
    """The groups of every sensitive column, and of every two and three of them, over all rows."""
    sensitive = {name for name, _ in sensitive_columns(plan)}
    return tuple(
        made
        for made in subject.partitions
        if made.within == ALL and len(made.columns) <= MOST_COLUMNS and set(made.columns) <= sensitive
    )
