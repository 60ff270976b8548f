"""How often each group is selected beside the group selected most, against four fifths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import four_fifths as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

HEADING = "Is any group selected less than four fifths as often?"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The section; nothing where the run has no record of it."""
    first = content.four_fifths_of(evidence)
    if first is None:
        return
    draw_heading(HEADING)
    attributes = first.attributes
    chosen = url_state.select(
        "Four fifths by", "fifths", list(attributes), default=first.attribute, shown=lambda key: attributes[key]
    )
    shown = content.four_fifths_of(evidence, chosen) or first
    draw_paragraphs([shown.headline], "pl-lead")
    draw_paragraphs([" ".join(str(sentence) for sentence in told) for told in shown.told], "pl-line")
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "fifths", titled=False)
    draw_paragraphs(shown.notes, "pl-line")
    if url_state.toggle("Show four fifths in numbers", "fifths-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        name = f"{evidence.run.run_id}-four-fifths.csv"
        text = csv_text(shown.table.columns, shown.table.rows)
        st.download_button("Download four fifths as CSV", text, name, "text/csv", key="take-fifths")
