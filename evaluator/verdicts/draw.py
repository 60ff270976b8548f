"""The picture of the requirements: criteria to chart descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import ChartTable, IntervalBar, RequirementRow, Requirements
from evaluator.charts.requirements import Direction
from evaluator.records import CriterionResult
from evaluator.wording.numbers import choose_places, choose_scale, format_count
from evaluator.wording.printed import printed_limit, printed_value
from evaluator.wording.reading import is_in_unit, is_share
from evaluator.wording.statuses import status_counts_sentence

HOW_TO_READ = (
    "Each bar is the range that fits the data, the dot the value found. Right of the line is within the limit."
)


def worst_first(criteria: Sequence[CriterionResult]) -> list[CriterionResult]:
    """By status, then blocking ones, then the plan's order."""
    return sorted(criteria, key=lambda row: (-STATUSES[row.status].severity, not row.blocking, row.position))


def requirements_chart(criteria: Sequence[CriterionResult], *, unit: str = "") -> Requirements | None:
    """All criteria, worst first, with the `unit` of the label; None for a plan without any."""
    if not criteria:
        return None
    rows = tuple(requirement_row(row, unit=unit) for row in worst_first(criteria))
    title = requirements_title(criteria)
    table = ChartTable(
        ("Requirement", "Found", "Limit", "Status", "Blocking"),
        tuple(
            (
                row.label,
                row.estimate() or "none",
                row.limit_text(),
                STATUSES[row.status].word,
                "yes" if c.blocking else "no",
            )
            for row, c in zip(rows, worst_first(criteria), strict=True)
        ),
    )
    return Requirements(title=title, how_to_read=HOW_TO_READ, alt=title, table=table, rows=rows)


def requirements_title(criteria: Sequence[CriterionResult]) -> str:
    """The finding of the picture: the counts per status."""
    counts: dict[str, int] = {}
    for row in criteria:
        counts[row.status] = counts.get(row.status, 0) + 1
    return str(status_counts_sentence(counts))


def requirement_bar(row: CriterionResult, *, unit: str = "") -> IntervalBar:
    """One criterion as an inline bar."""
    shown = requirement_row(row, label="", unit=unit)
    alt = f"{row.question} {STATUSES[row.status].word}. {shown.estimate()}; limit {shown.limit_text()}."
    table = ChartTable(("Found", "Limit"), ((shown.estimate(), shown.limit_text()),))
    return IntervalBar(title=row.question, how_to_read=HOW_TO_READ, alt=alt, table=table, row=shown)


def requirement_row(row: CriterionResult, *, label: str | None = None, unit: str = "") -> RequirementRow:
    """One criterion as a row on its own scale."""
    per, decimals, counted = _scale(row)
    printed, limit = _in_unit(row, unit)
    return RequirementRow(
        label=row.question if label is None else label, value=row.value, low=row.low, high=row.high,
        limit_low=row.limit_low, limit_high=row.limit_high, status=row.status, note=_note(row), better=_better(row),
        per=per, decimals=decimals, unit=counted, printed=printed, limit_words=limit,
    )  # fmt: skip


def _better(row: CriterionResult) -> Direction:
    if row.limit_low is not None and row.limit_high is not None:
        return "target"
    return "higher" if row.limit_low is not None else "lower"


def _scale(row: CriterionResult) -> tuple[int, int | None, str]:
    """Printed per how many, with how many decimals, and the unit in words."""
    limits = [limit for limit in (row.limit_low, row.limit_high) if limit is not None]
    shown = [number for number in (row.value, row.low, row.high) if number is not None]
    if is_share(row.metric) or row.gap_kind == "ratio":
        per = choose_scale(shown, exact=limits)
        return per, 0, f"per {format_count(per)}"
    return 1, choose_places([*shown, *limits]), ""


def _in_unit(row: CriterionResult, unit: str) -> tuple[str, str]:
    """The estimate and the limit in the unit of the label; empty for what is printed otherwise."""
    if not is_in_unit(row.metric) or row.gap_kind == "ratio":
        return "", ""
    return printed_value(row, unit), printed_limit(row, unit)


def _note(row: CriterionResult) -> str:
    return "blocking" if row.blocking else ""
