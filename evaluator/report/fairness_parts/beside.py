"""Each group beside the best one and beside everyone else, as a table: differences and ratios with their ranges."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.catalogue.metrics import METRICS
from evaluator.charts import ChartTable
from evaluator.records import MODEL, GroupGap
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import population_of
from evaluator.wording import format_decimal, format_people
from evaluator.wording.differences import choose_ruler

PER = 1_000
COLUMNS = ("Group", "Beside", "More", "Range of that", "Ratio", "Range of that ratio", "Cases", "Range holds for")


def beside_of(evidence: Evidence, attribute: str, metric: str, class_: str = "") -> ChartTable | None:
    """The groups of one attribute by one number; None where the run does not hold them against each other."""
    key = (metric, class_, MODEL, attribute)
    rows = [
        row for row in evidence.group_gaps if (row.metric, row.class_, row.subject, row.attribute) == key
    ]  # fmt: skip
    if metric not in METRICS or not rows:
        return None
    rows.sort(key=lambda row: (row.against, population_of(evidence, row.population_id).position))
    return ChartTable(COLUMNS, tuple(_line(evidence, row, rows) for row in rows))


def _line(evidence: Evidence, row: GroupGap, rows: Sequence[GroupGap]) -> tuple[str, ...]:
    group = population_of(evidence, row.population_id).label
    best = population_of(evidence, row.against_id).label if row.against_id else "none"
    beside = "everyone else" if row.against == "rest" else f"the best: {best}"
    cases = format_people(row.n, evidence.fewer_than)
    if row.difference is None:
        return (group, beside, row.reason, "", "", "", cases, "")
    numbers = [abs(end) for one in rows for end in (one.difference, one.low, one.high) if end is not None]
    per = PER if METRICS[row.metric].unit == "fraction" else None
    ruler = choose_ruler(row.metric, numbers, (), per, unit=evidence.words.unit)
    ends = "" if row.low is None or row.high is None else f"{ruler.text(row.low)} to {ruler.text(row.high)}"
    ratio = "" if row.ratio is None else format_decimal(row.ratio, places=2)
    span = ""
    if row.ratio_low is not None and row.ratio_high is not None:
        span = f"{format_decimal(row.ratio_low, places=2)} to {format_decimal(row.ratio_high, places=2)}"
    return (group, beside, ruler.text(row.difference), ends, ratio, span, cases, row.family)
