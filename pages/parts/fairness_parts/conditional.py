"""Groups among people who are alike: sentences, the picture of the levels, and all comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import conditional as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage, evidence: Evidence) -> None:
    """Draw this part; nothing for a run without such comparisons."""
    part = content.alike_of(evidence)
    if part is None:
        return
    draw_heading(part.heading)
    for told in part.told:
        draw_paragraphs([" ".join(str(sentence) for sentence in told.sentences)], "pl-lead")
    if part.choices:
        _draw_picture(page, evidence, part)
    draw_paragraphs(list(part.method), "pl-line")
    with st.expander("All comparisons among those who are alike"):
        lines = content.comparison_lines(evidence)
        chart_view.draw_table(content.COLUMNS, lines)
        name = f"{evidence.run.run_id}-alike.csv"
        st.download_button("Download as CSV", csv_text(content.COLUMNS, lines), name, "text/csv", key="csv-alike")


def _draw_picture(page: OpenPage, evidence: Evidence, part: content.Alike) -> None:
    key = url_state.select(
        "Which comparison?", "alike", list(part.choices), default=part.lead, shown=lambda name: part.choices[name]
    )
    picture = content.levels_picture(evidence, key)
    if picture is not None:
        chart_view.draw_picture(picture, page.palette, "alike")
