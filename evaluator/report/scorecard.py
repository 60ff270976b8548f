"""What the scorecard lists: attributes, groups, and the table of all metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluator.catalogue.metrics import METRICS, Metric, metrics_for
from evaluator.records import ALL, MODEL, PREVIOUS, Estimate, Population
from evaluator.report.evidence import Evidence
from evaluator.wording import (
    choose_places,
    choose_scale,
    format_count,
    format_decimal,
    format_level,
    format_people,
    format_range,
    format_share,
)
from evaluator.wording.numbers import choose_unit_places

RANKING_CURVES: Mapping[str, str] = {
    "roc": "How many positives are found for how many false alarms.",
    "precision_recall": "How many of those predicted positive are right, the more positives are found.",
}
SEEN_BY_PREDICTED = "seen_by_predicted"
"""The curve that takes the place of calibration where numbers are predicted."""
RELIABILITY = "reliability"
"""The curve of promised against seen shares, with the band of a kept promise."""
_BETTER = {"higher": "higher", "lower": "lower", "target": "close to its ideal"}


def attributes_of(evidence: Evidence) -> dict[str, str]:
    """Attributes with groups or windows, each with its label, in the plan's order."""
    labels: dict[str, str] = {}
    for row in evidence.populations.values():
        if row.kind in ("group", "window") and row.attribute not in labels:
            words = evidence.plan.data.columns.get(row.attribute)
            named = words.words if words is not None and words.words else row.attribute
            labels[row.attribute] = "time" if row.kind == "window" else named
    return labels


def rows_by(evidence: Evidence, attribute: str, metric: str) -> list[tuple[Population, Estimate]]:
    """The groups or windows of one attribute in their own order, with one metric each."""
    rows = [
        (population, evidence.estimate(metric, MODEL, population.population_id))
        for population in evidence.populations.values()
        if population.attribute == attribute and population.kind in ("group", "window")
    ]
    rows.sort(key=lambda pair: pair[0].position)
    return [(population, row) for population, row in rows if row is not None]


def promise_curve(evidence: Evidence) -> str:
    """The curve that shows promised against seen: with the band of a kept promise, where the run has one."""
    if evidence.run.task == "regression":
        return SEEN_BY_PREDICTED
    return RELIABILITY if any(name == RELIABILITY for name, _, _ in evidence.curves) else "calibration"


def calibrated_populations(evidence: Evidence) -> dict[str, str]:
    """Populations with a calibration curve, everyone first."""
    name = promise_curve(evidence)
    known = {key[2] for key in evidence.curves if key[0] == name and key[1] == MODEL}
    if ALL not in known:
        return {}
    rest = {key: row.words for key, row in evidence.populations.items() if key in known and key != ALL}
    return {ALL: f"all {evidence.words.cases}", **rest}


def metric_columns(evidence: Evidence) -> tuple[str, ...]:
    """Headings of the table of all metrics."""
    level = format_level(evidence.plan.settings.level)
    return ("Number", f"Value ({level} % range)", "Earlier version", "Cases that count", "Better", "Method")


def metric_rows(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """All metrics overall, with the earlier version beside them."""
    return tuple(_metric_row(evidence, metric) for metric in metrics_for(evidence.run.task))


def _metric_row(evidence: Evidence, metric: Metric) -> tuple[str, ...]:
    row = evidence.estimate(metric.name)
    earlier = evidence.estimate(metric.name, PREVIOUS)
    count = (
        format_people(row.relevant_count, evidence.fewer_than)
        if row is not None and row.relevant_count is not None
        else ""
    )
    method = row.method.replace("_", " ") if row is not None and row.status == "ok" else ""
    return (metric.label, printed_estimate(row), printed_estimate(earlier), count, _BETTER[metric.direction], method)


def table_scale(rows: Iterable[Estimate]) -> int | None:
    """The scale on which all numbers of a table stand, so that a reader can hold one against another."""
    found = [choose_scale(_numbers(row)) for row in rows if row.value is not None]
    return max(found, default=None)


def printed_estimate(row: Estimate | None, scale: int | None = None) -> str:
    """A number with its range for a table, or why there is none; shares of `scale`, or of what suits them."""
    if row is None:
        return ""
    if row.value is None:
        return row.reason or "not tested"
    numbers = _numbers(row)
    if METRICS[row.metric].unit == "fraction":
        per = scale or choose_scale(numbers)
        ends = f" ({format_range(row.low, row.high, per)})" if row.low is not None and row.high is not None else ""
        return f"{format_share(row.value, per)}{ends} of {format_count(per)}"
    places = (choose_unit_places if METRICS[row.metric].unit == "label" else choose_places)(numbers)
    value, *ends_text = (format_decimal(number, places=places) for number in numbers)
    return f"{value} ({' to '.join(ends_text)})" if len(ends_text) == 2 else value


def _numbers(row: Estimate) -> list[float]:
    return [number for number in (row.value, row.low, row.high) if number is not None]
