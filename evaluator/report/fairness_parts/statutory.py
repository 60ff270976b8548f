"""The tables of Local Law 144 as content, and what few people keep out of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluator.charts import ChartTable
from evaluator.records import SelectionRatio, StatutoryTable
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.closing import HIDDEN, close_line
from evaluator.report.fairness_parts.four_fifths import close_row, samples, without_ratio
from evaluator.wording import Sentence, format_decimal, format_people
from evaluator.wording.selection import OUTCOME_WORDS
from evaluator.wording.statutory import (
    counted_heading,
    median_sentence,
    title_of,
    unknown_sentence,
    untested_sentence,
    warning_sentences,
)

RULE = "nyc_ll144"
UNKNOWN = "unknown"
LEFT_OUT = "left out"
PLACES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """One table of the rule with what stands under it, and the table beside it that is no part of the rule."""

    key: str
    title: str
    table: ChartTable | None
    sentences: tuple[Sentence, ...]
    beside: ChartTable | None


def statutory_of(evidence: Evidence) -> tuple[Shown, ...]:
    """The tables in the order of the rule; none where the plan asks for none."""
    return tuple(_shown(evidence, top) for top in tops_of(evidence))


def tops_of(evidence: Evidence) -> list[StatutoryTable]:
    """What stands over each table of the rule, as this reader may see it."""
    return [top for top in _kept(evidence)[1] if top.rule == RULE]


def rows_of(evidence: Evidence, table: str) -> list[SelectionRatio]:
    """The categories of one table in their order, as this reader may see them."""
    found = [row for row in _kept(evidence)[0] if (row.rule, row.table) == (RULE, table)]
    return sorted(found, key=lambda row: row.position)


def _kept(evidence: Evidence) -> Kept:
    """Withholding twice changes nothing; this way no caller can forget it."""
    rows, tables, few = evidence.selection_ratios, evidence.statutory_tables, evidence.fewer_than
    return (rows, tables) if few is None else withhold(rows, tables, few)


def _shown(evidence: Evidence, top: StatutoryTable) -> Shown:
    if top.status != "ok":
        return Shown(top.table, title_of(top.table), None, (untested_sentence(top),), None)
    rows, few = rows_of(evidence, top.table), evidence.fewer_than
    median = median_sentence(top, few)
    said = (unknown_sentence(top, evidence.words, few), *((median,) if median else ()), *warning_sentences(top))
    columns = ("Category", "Applicants", counted_heading(top), counted_rate(top), "Impact ratio", "Note")
    table = ChartTable(columns, tuple(_line(row, few) for row in rows))
    return Shown(top.table, title_of(top.table), table if rows else None, said, _beside(rows, few))


def counted_rate(top: StatutoryTable) -> str:
    """The name of the rate."""
    return "Selection rate" if top.measure == "selection" else "Scoring rate"


def _line(row: SelectionRatio, few: int | None) -> tuple[str, ...]:
    return (row.words, shown_people(row, few), shown_counted(row, few), shown_number(row, row.rate), shown_number(row, row.ratio), _note(row))  # fmt: skip


def shown_people(row: SelectionRatio, few: int | None) -> str:
    """How many people a category has, or the word for not saying."""
    return row.reason if row.n < 0 else format_people(row.n, few)


def shown_counted(row: SelectionRatio, few: int | None) -> str:
    """How many of them are counted, or the word for not saying."""
    return row.reason if row.counted is None else format_people(row.counted, few)


def shown_number(row: SelectionRatio, value: float | None) -> str:
    """A rate or ratio with three decimals; nothing where there is none, a word where it is kept from the reader."""
    if value is not None:
        return format_decimal(value, places=PLACES)
    return row.reason if row.n < 0 or row.reason == "not shown" else ""


def _note(row: SelectionRatio) -> str:
    if row.excluded:
        return f"{LEFT_OUT}: {row.justification}" if row.justification else LEFT_OUT
    return "highest rate" if row.outcome == "reference" else ""


BESIDE = (
    "Category", "Range of the ratio, all together", "Against four fifths", "Range of the ratio, by itself (Katz)",
    "Equal rates would look as far apart", "All pairs considered", "More to reach four fifths", "More to be equal",
)  # fmt: skip


def _beside(rows: Sequence[SelectionRatio], few: int | None) -> ChartTable | None:
    """Ranges, tests and shortfalls of the categories that are compared."""
    lines = [
        (
            row.words, _span(row.low, row.high), OUTCOME_WORDS[row.outcome], _span(row.alone_low, row.alone_high),
            samples(row.p_value), samples(row.p_adjusted),
            "" if row.shortfall is None else f"{row.shortfall:,}",
            "" if row.shortfall_equal is None else f"{row.shortfall_equal:,}",
        )
        for row in rows
        if row.ratio is not None
    ]  # fmt: skip
    return ChartTable(BESIDE, tuple(lines)) if lines else None


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"{format_decimal(low, places=PLACES)} to {format_decimal(high, places=PLACES)}"


Kept = tuple[tuple[SelectionRatio, ...], tuple[StatutoryTable, ...]]


def withhold(rows: Sequence[SelectionRatio], tables: Sequence[StatutoryTable], fewer_than: int) -> Kept:
    """Rows and tables for readers who may not see figures about fewer than `fewer_than` people; other rules' are kept.

    A category is withheld when its people, those counted or those not counted are so few. So that none of these follows
    by subtraction, the next smallest is withheld too wherever cells add up to a number that is known: the categories and
    the unknown of a table, and the intersections of each sex and of each race or ethnicity.
    """
    own = [row for row in rows if row.rule == RULE]
    closed = {(row.table, row.population_id) for row in own if _is_few(row.n, row.counted, fewer_than)}
    closed |= {
        (top.table, UNKNOWN) for top in tables if top.rule == RULE and _is_few(top.n_unknown, top.counted_unknown, fewer_than)
    }  # fmt: skip
    lines = _lines(own, [top for top in tables if top.rule == RULE])
    while more := _closed(lines, closed, fewer_than) - closed:
        closed |= more
        # The same people are unknown in several tables, so that one table would tell of another.
        if any(name == UNKNOWN for _, name in closed):
            closed |= {(top.table, UNKNOWN) for top in tables if top.rule == RULE}
    bare = {row.table for row in own if (row.table, row.reference) in closed}
    return (
        tuple(_row(row, closed, bare, fewer_than) if row.rule == RULE else row for row in rows),
        tuple(_top(top, closed, fewer_than) if top.rule == RULE else top for top in tables),
    )


def _is_few(n: int, counted: int | None, fewer_than: int) -> bool:
    parts = (n,) if counted is None else (n, counted, n - counted)
    return any(0 < part < fewer_than for part in parts)


Cell = tuple[str, str]
Line = list[tuple[Cell, tuple[int, int, int], bool]]
"""Cells with people, counted and not counted, and whether others are held against them."""


def _lines(rows: Sequence[SelectionRatio], tables: Sequence[StatutoryTable]) -> list[Line]:
    """Cells that add up to a number that is known."""
    lines: dict[Cell, Line] = {}
    held_against = {(row.table, row.reference) for row in rows}
    for row in rows:
        cell = (row.table, row.population_id)
        counted = row.counted or 0
        entry = (cell, (row.n, counted, row.n - counted), cell in held_against)
        lines.setdefault((row.table, ""), []).append(entry)
        if row.table == "intersection":
            for part in json.loads(row.parts):
                lines.setdefault((row.table, part), []).append(entry)
    for top in tables:
        sizes = (top.n_unknown, top.counted_unknown, top.n_unknown - top.counted_unknown)
        lines.setdefault((top.table, ""), []).append(((top.table, UNKNOWN), sizes, False))
    return list(lines.values())


def _closed(lines: Sequence[Line], closed: set[Cell], fewer_than: int) -> set[Cell]:
    found = set(closed)
    for line in lines:
        names = {"/".join(cell): cell for cell, _, _ in line}
        spare = {"/".join(cell) for cell, _, best in line if best}
        for kind in range(3):
            cells = [("/".join(cell), sizes[kind]) for cell, sizes, _ in line]
            few = {name for name, cell in names.items() if cell in found}
            found |= {names[name] for name in close_line(cells, few, fewer_than, spare=spare)}
    return found


def _row(row: SelectionRatio, closed: set[Cell], bare: set[str], fewer_than: int) -> SelectionRatio:
    if (row.table, row.population_id) in closed:
        return close_row(row, fewer_than)
    return without_ratio(row) if row.table in bare else row


def _top(top: StatutoryTable, closed: set[Cell], fewer_than: int) -> StatutoryTable:
    tied = HIDDEN if 0 < top.tied_at_median < fewer_than else top.tied_at_median
    if (top.table, UNKNOWN) not in closed:
        return replace(top, tied_at_median=tied)
    return replace(top, n_unknown=HIDDEN, counted_unknown=HIDDEN, tied_at_median=tied)
