"""Can we trust the data, and what was tested, not tested, failed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import MODEL, Provenance
from evaluator.report.checks import CHECK_COLUMNS
from evaluator.report.coverage import Coverage, coverage_of
from evaluator.report.data_quality import DataQuality, column_words, data_quality_of
from evaluator.report.evidence import Evidence
from evaluator.report.lock_words import ENTRY_COLUMNS
from evaluator.wording import format_count, plural
from pages.parts import url_state
from pages.parts.cards import draw_attention, draw_heading, draw_paragraphs, draw_title, fact_list
from pages.parts.chart_view import draw_table

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


LOCK_SHOWS = (
    "A lock shows that limits were fixed not later than a time. It does not show that they are the right limits."
)


def draw(page: OpenPage) -> None:
    """Draw what needs attention, every check, what is missing, coverage and provenance."""
    evidence = page.evidence
    coverage, quality = coverage_of(evidence), data_quality_of(evidence)
    draw_title(str(quality.headline if quality else coverage.headline))
    draw_paragraphs(coverage.lead, "pl-lead")
    if quality is not None:
        draw_attention(quality.attention)
        _draw_missing(evidence, quality)
        draw_heading("Every check of the data")
        draw_table(CHECK_COLUMNS, quality.checks)
    _draw_not_tested(coverage)
    draw_heading("What was tested")
    draw_table(("Question", "Numbers", "Groups and windows", "Seconds"), coverage.tested)
    draw_heading("Where the data come from")
    _draw_files(evidence)
    _draw_lock(coverage)
    draw_heading("How to repeat it")
    st.html(fact_list(coverage.identity))


def _draw_missing(evidence: Evidence, quality: DataQuality) -> None:
    """Which columns miss values, and one of them by group."""
    draw_heading("What is missing")
    full = quality.nothing_missing
    st.text(f"{format_count(full)} {plural(full, 'column misses', 'columns miss')} nothing.")
    if quality.missing:
        draw_table(("Column", *quality.missing_columns), quality.missing)
    if quality.missing_by:
        names = list(quality.missing_by)
        column = url_state.select(
            "By group, for the column", "missing", names, default=names[0],
            shown=lambda name: column_words(evidence, name),
        )  # fmt: skip
        draw_table(("Whom", *quality.missing_columns), quality.missing_by[column])


def _draw_not_tested(coverage: Coverage) -> None:
    draw_heading("What was not tested, and the plan line that would add it")
    st.text(coverage.headline)
    if not coverage.not_tested:
        st.text("Nothing that the plan asked for was left out.")
        return
    draw_table(("What", "Why", "Add to the plan"), coverage.not_tested)


def _draw_lock(coverage: Coverage) -> None:
    """When the limits were fixed, and every change of them with its reason."""
    draw_heading("When the limits were fixed")
    draw_paragraphs((coverage.lock, LOCK_SHOWS), "pl-line")
    st.html(fact_list(coverage.lock_facts))
    if coverage.lock_entries:
        draw_table(ENTRY_COLUMNS, coverage.lock_entries)


def _size(row: Provenance) -> str:
    """What a file holds; a model has no rows, and does not always say its columns."""
    if row.role != MODEL:
        return f"{format_count(row.rows)} rows, {format_count(row.columns)} columns"
    return f"a model of {format_count(row.columns)} columns" if row.columns else "a model"


def _draw_files(evidence: Evidence) -> None:
    for row in evidence.provenance:
        facts = (
            ("File", row.path),
            ("Rows and columns", _size(row)),
            ("Source", row.source or "not declared"),
            ("Licence", row.licence or "not declared"),
            ("Collected", row.collected or "not declared"),
            ("Fingerprint", f"SHA-256 {row.sha256}"),
            ("Declared", "matched the plan" if row.declared_sha256 else "no fingerprint in the plan"),
        )
        with st.container(key=f"file-{row.role}-{row.sha256[:8]}"):
            draw_paragraphs([row.role.capitalize()], "pl-about")
            st.html(fact_list(facts))
