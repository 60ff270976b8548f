"""What people whose group is not known could do to the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import unknowns as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

PEOPLE_HEADING = "What of people whose group is not known?"
CASES_HEADING = "What of cases whose group is not known?"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The section about the number that the page shows; nothing where every group is known."""
    shown = content.unknowns_of(evidence, st.query_params.get("metric", ""))
    if shown is None:
        return
    draw_heading(PEOPLE_HEADING if evidence.words.people else CASES_HEADING)
    draw_paragraphs([" ".join(str(sentence) for sentence in told) for told in shown.told], "pl-line")
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "unknowns")
    draw_paragraphs(shown.notes, "pl-line")
    if url_state.toggle("Show these bounds in numbers", "unknown-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        text = csv_text(shown.table.columns, shown.table.rows)
        name = f"{evidence.run.run_id}-unknown-groups.csv"
        st.download_button("Download these bounds as CSV", text, name, "text/csv", key="take-unknowns")
