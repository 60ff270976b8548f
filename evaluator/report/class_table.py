"""The table of every number of every class."""

from __future__ import annotations

from evaluator.catalogue.metrics import MULTICLASS, Metric, class_metrics_for
from evaluator.records import ALL, MODEL, PREVIOUS
from evaluator.report.classes import labels_of
from evaluator.report.evidence import Evidence
from evaluator.report.scorecard import metric_columns, printed_estimate
from evaluator.wording import format_people


def class_columns(evidence: Evidence) -> tuple[str, ...]:
    """Headings of the table: those of all metrics, led by the class."""
    number, value, earlier, count, _, method = metric_columns(evidence)
    return ("Class", number, value, earlier, count, method)


def class_metric_rows(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """One row for each class and number; none for other tasks."""
    return tuple(
        _row(evidence, value, label, metric)
        for value, label in labels_of(evidence).items()
        for metric in class_metrics_for(MULTICLASS)
    )


def _row(evidence: Evidence, value: str, label: str, metric: Metric) -> tuple[str, ...]:
    row = evidence.estimate(metric.name, MODEL, ALL, value)
    earlier = evidence.estimate(metric.name, PREVIOUS, ALL, value)
    known = row is not None and row.relevant_count is not None
    count = format_people(row.relevant_count or 0, evidence.fewer_than) if known and row is not None else ""
    method = row.method.replace("_", " ") if row is not None and row.status == "ok" else ""
    return (label, metric.label, printed_estimate(row), printed_estimate(earlier), count, method)
