"""The data page's content: what needs attention, every check with its outcome, and what is missing for whom."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analyses.data.words import LABELS
from evaluator.records import ALL, Finding, Quality
from evaluator.report.checks import Attention, attention, check_rows, worst_findings
from evaluator.report.evidence import Evidence
from evaluator.report.reasons import population_of
from evaluator.wording import (
    Figure,
    Quoted,
    Sentence,
    choose_scale,
    compose,
    format_count,
    format_level,
    format_people,
    format_range,
    format_share,
    join_words,
    plural,
)
from evaluator.wording.reading import count

ANALYSIS = "data"
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Text and rows for the data page and for documents; `missing_by` is keyed by column."""

    headline: Sentence
    attention: tuple[Attention, ...]
    checks: tuple[tuple[str, ...], ...]
    missing_columns: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    missing_by: dict[str, tuple[tuple[str, ...], ...]]
    nothing_missing: int


def data_quality_of(evidence: Evidence) -> DataQuality | None:
    """The content from the records of one run; None when the run holds no checks of the data."""
    findings = worst_findings(evidence.findings, ANALYSIS)
    if not findings:
        return None
    found = [row for row in findings if row.outcome == "found"]
    missing = [row for row in evidence.quality if row.check == "missing"]
    everywhere = [row for row in missing if row.population_id == ALL]
    return DataQuality(
        headline=_headline(findings, found),
        attention=attention(findings, LABELS),
        checks=check_rows(findings, LABELS),
        missing_columns=("Missing", "Of", f"Share ({format_level(evidence.plan.settings.level)} % range)"),
        missing=_missing_rows(evidence, everywhere),
        missing_by=_missing_by(evidence, missing),
        nothing_missing=sum(1 for row in everywhere if not _any(row)),
    )


def _headline(findings: list[Finding], found: list[Finding]) -> Sentence:
    untested = sum(1 for row in findings if row.outcome == "not_tested")
    ran = len(findings) - untested
    if not found:
        left = (", ", count(untested, "count", "finding"), " could not run") if untested else ()
        checks = plural(ran, " check found", " checks found")
        clear = " nothing about the data that needs attention"
        return compose(count(ran, "count", "finding"), checks, clear, left, ".")
    number = NUMBERS[len(found)] if len(found) < len(NUMBERS) else format_count(len(found))
    things = plural(len(found), " thing about the data needs", " things about the data need")
    which = Quoted(join_words([_label(row) for row in found]))
    return compose(Figure(number, len(found), "count", "finding"), things, " attention: ", which, ".")


def _label(row: Finding) -> str:
    return LABELS.get(row.code, row.code)


def _missing_rows(evidence: Evidence, everywhere: list[Quality]) -> tuple[tuple[str, ...], ...]:
    """Columns that miss anything, the most first."""
    rows = sorted((row for row in everywhere if _any(row)), key=lambda row: (-row.share, row.column))
    return tuple((_column(evidence, row), *_share(evidence, row)) for row in rows)


def _missing_by(evidence: Evidence, missing: list[Quality]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """For columns that miss anything, every group in its own order."""
    found: dict[str, list[Quality]] = {}
    for row in missing:
        if row.population_id != ALL:
            found.setdefault(row.column, []).append(row)
    return {
        column: tuple((population_of(evidence, row.population_id).words, *_share(evidence, row)) for row in rows)
        for column, rows in found.items()
    }


def column_words(evidence: Evidence, column: str) -> str:
    """What the plan calls a column."""
    part = evidence.plan.data.columns.get(column)
    return part.words if part is not None and part.words else column.replace("_", " ")


def _column(evidence: Evidence, row: Quality) -> str:
    return column_words(evidence, row.column)


def _any(row: Quality) -> bool:
    """Whether anything is missing; a number that may not be shown has lost its range and counts."""
    return row.count > 0 or row.low is None


def _share(evidence: Evidence, row: Quality) -> tuple[str, str, str]:
    """Count, number of cases and share with its range; what is about too few people is not shown."""
    n = format_people(row.n, evidence.fewer_than)
    if row.low is None or row.high is None:
        return (row.words, n, "")
    per = choose_scale([row.share, row.low, row.high])
    said = f"{format_share(row.share, per)} ({format_range(row.low, row.high, per)}) of {format_count(per)}"
    return (format_count(row.count), n, said)
