"""Which error matters most: the reader picks it, and sees the goal that follows, what it rules out and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import tradeoffs as content
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.fairness_parts.chosen import chosen_attribute

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

HARM = "harm"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """Draw the section for the attribute and the harm in the address; nothing where the run has no record of it."""
    attributes = content.attributes_of(evidence)
    if not attributes:
        return
    attribute = chosen_attribute(evidence, attributes)
    harms = content.harms_of(evidence)
    shown = content.tradeoffs_of(evidence, attribute, url_state.chosen(HARM, list(harms), next(iter(harms))))
    if shown is None:
        return
    with st.container(key="tradeoffs"):
        draw_heading(content.HEADING)
        draw_paragraphs([_together(shown.lead)], "pl-lead")
        url_state.segments(
            "Which of these is worst?", HARM, list(harms), default=next(iter(harms)), shown=lambda key: harms[key]
        )
        draw_paragraphs([str(shown.goal)], "pl-lead")
        draw_paragraphs([_together(part) for part in (shown.price, shown.groups, shown.gaps) if part], "pl-line")
        if shown.picture is not None:
            chart_view.draw_picture(shown.picture, page.palette, "tradeoffs")
        draw_paragraphs([_together(shown.cautions)] if shown.cautions else [], "pl-line")
        _draw_details(evidence, shown)


def _together(sentences: tuple[object, ...]) -> str:
    return " ".join(str(sentence) for sentence in sentences)


def _draw_details(evidence: Evidence, shown: content.Tradeoffs) -> None:
    """The arithmetic behind what cannot hold together, and every number of the price."""
    if shown.arithmetic:
        with st.expander("Why these goals exclude each other"):
            draw_paragraphs([str(sentence) for sentence in shown.arithmetic], "pl-line")
    with st.expander(html.literal(f"All numbers of this goal, by {shown.by}")):
        chart_view.draw_table(content.COLUMNS, shown.lines)
        draw_paragraphs([_together(shown.notes)] if shown.notes else [], "pl-line")
        name = f"{evidence.run.run_id}-goal-{shown.harm}.csv"
        st.download_button("Download as CSV", csv_text(content.COLUMNS, shown.lines), name, "text/csv", key="goal-csv")
