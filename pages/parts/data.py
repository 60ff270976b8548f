"""Can we trust the data, and what was tested, not tested, failed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.coverage import Coverage, coverage_of
from evaluator.report.evidence import Evidence
from evaluator.wording import format_count
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title, fact_list
from pages.parts.chart_view import draw_table

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw coverage and provenance."""
    evidence = page.evidence
    coverage = coverage_of(evidence)
    draw_title(coverage.headline)
    draw_paragraphs(coverage.lead, "pl-lead")
    _draw_not_tested(coverage)
    draw_heading("What was tested")
    draw_table(("Question", "Numbers", "Groups and windows", "Seconds"), coverage.tested)
    draw_heading("Where the data come from")
    _draw_files(evidence)
    draw_heading("How to repeat it")
    st.html(fact_list(coverage.identity))


def _draw_not_tested(coverage: Coverage) -> None:
    draw_heading("What was not tested, and the plan line that would add it")
    if not coverage.not_tested:
        st.text("Nothing that the plan asked for was left out.")
        return
    draw_table(("What", "Why", "Add to the plan"), coverage.not_tested)


def _draw_files(evidence: Evidence) -> None:
    for row in evidence.provenance:
        facts = (
            ("File", row.path),
            ("Rows and columns", f"{format_count(row.rows)} rows, {format_count(row.columns)} columns"),
            ("Source", row.source or "not declared"),
            ("Licence", row.licence or "not declared"),
            ("Collected", row.collected or "not declared"),
            ("Fingerprint", f"SHA-256 {row.sha256}"),
            ("Declared", "matched the plan" if row.declared_sha256 else "no fingerprint in the plan"),
        )
        with st.container(key=f"file-{row.role}-{row.sha256[:8]}"):
            draw_paragraphs([row.role.capitalize()], "pl-about")
            st.html(fact_list(facts))
