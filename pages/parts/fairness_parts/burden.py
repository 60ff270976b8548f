"""Who bears the errors: of all cases of each group, how many were decided wrongly in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import attributes_of
from evaluator.report.fairness_parts import burden as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.fairness_parts.chosen import chosen_attribute

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

HEADING = "Who bears the errors?"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The section by the attribute that the page shows; nothing where the run compares no errors."""
    shown = content.burden_of(evidence, chosen_attribute(evidence, list(attributes_of(evidence))))
    if shown is None:
        return
    draw_heading(HEADING)
    for one in shown.errors:
        draw_paragraphs([" ".join(str(sentence) for sentence in one.told)], "pl-line")
        if one.picture is not None:
            chart_view.draw_picture(one.picture, page.palette, f"burden-{one.error.replace('_', '-')}")
    draw_paragraphs(shown.notes, "pl-line")
    if url_state.toggle("Show these errors in numbers", "burden-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        text = csv_text(shown.table.columns, shown.table.rows)
        name = f"{evidence.run.run_id}-errors-by-group.csv"
        st.download_button("Download these errors as CSV", text, name, "text/csv", key="take-burden")
