"""Which error matters most: the reader picks it, and sees the goal that follows, what it rules out and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import tradeoffs as content
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

HARM = "harm"
KEY = "url-harm"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """Draw the section for the attribute and the harm in the address; nothing where the run has no record of it."""
    attributes = content.attributes_of(evidence)
    if not attributes:
        return
    attribute = url_state.chosen("by", attributes, attributes[0])
    harms = content.harms_of(evidence)
    harm = url_state.chosen(HARM, list(harms), next(iter(harms)))
    shown = content.tradeoffs_of(evidence, attribute, harm)
    if shown is None:
        return
    with st.container(key="tradeoffs"):
        draw_heading(content.HEADING)
        draw_paragraphs([_together(shown.lead)], "pl-lead")
        _draw_buttons(shown)
        draw_paragraphs([str(shown.goal)], "pl-lead")
        draw_paragraphs([_together(part) for part in (shown.price, shown.groups, shown.gaps) if part], "pl-line")
        if shown.picture is not None:
            chart_view.draw_picture(shown.picture, page.palette, "tradeoffs")
        draw_paragraphs([_together(shown.cautions)] if shown.cautions else [], "pl-line")
        _draw_details(evidence, shown)


def _together(sentences: tuple[object, ...]) -> str:
    return " ".join(str(sentence) for sentence in sentences)


def _draw_buttons(shown: content.Tradeoffs) -> None:
    st.session_state[KEY] = shown.harm
    st.segmented_control(
        "Which of these is worst?",
        list(shown.harms),
        key=KEY,
        format_func=lambda harm: html.literal(shown.harms.get(harm, harm)),
        on_change=_write,
        args=(next(iter(shown.harms)),),
        required=True,
    )


def _write(default: str) -> None:
    """Keep the chosen harm in the address."""
    value = st.session_state[KEY]
    if value in (None, default):
        st.query_params.pop(HARM, None)
    else:
        st.query_params[HARM] = value


def _draw_details(evidence: Evidence, shown: content.Tradeoffs) -> None:
    """The arithmetic behind what cannot hold together, and every number of the price."""
    if shown.arithmetic:
        with st.expander("Why these goals exclude each other"):
            draw_paragraphs([str(sentence) for sentence in shown.arithmetic], "pl-line")
    with st.expander(html.literal(f"All numbers of this goal, by {shown.by}")):
        chart_view.draw_table(content.COLUMNS, shown.lines)
        name = f"{evidence.run.run_id}-goal-{shown.harm}.csv"
        st.download_button("Download as CSV", csv_text(content.COLUMNS, shown.lines), name, "text/csv", key="goal-csv")
