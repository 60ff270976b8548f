"""The frame of every page: what is being read stands at the top, where to go next at the foot."""

from __future__ import annotations

import streamlit as st

from evaluator import __version__
from evaluator.catalogue.pages import READING_ORDER, Page, next_page
from evaluator.report.evidence import Evidence
from evaluator.report.identity import state_label
from evaluator.report.standing import Standing
from evaluator.wording.numbers import format_count, format_date
from pages.parts import html, url_state


def draw_top_line(evidence: Evidence, standing: Standing) -> None:
    """Model, state with its day, rows and dates."""
    run, words = evidence.run, evidence.words
    facts = [f"{format_count(run.n)} {words.cases}", *([run.period] if run.period else [])]
    line = html.join(
        [
            html.element("span", f"{evidence.plan.model.name} {run.version}", class_="pl-top-model"),
            html.element("span", state_label(standing), class_=f"pl-top-state pl-state-{standing.state}"),
            *(html.element("span", fact) for fact in facts),
            html.element("span", f"evaluated {format_date(run.started_at.date())}"),
        ]
    )
    st.html(html.element("div", line, class_="pl-top"))


def draw_foot(page: Page, run_id: str | None) -> None:
    """One link onwards in reading order, and the mark that the page is complete."""
    with st.container(key=f"ready-{page.key}"):
        following = next_page(page.key)
        if following is not None and run_id is not None:
            place = f"{READING_ORDER.index(page.key) + 1} of {len(READING_ORDER)}"
            with st.container(key="foot", horizontal=True, gap="small"):
                st.page_link(following.script, label=f"Next: {following.label}", query_params={url_state.RUN: run_id})
                st.html(html.element("span", place, class_="pl-place"))
        _draw_version()


def draw_end(key: str) -> None:
    """The mark that a page without links onwards is complete."""
    with st.container(key=f"ready-{key}"):
        _draw_version()


def _draw_version() -> None:
    st.html(html.element("p", f"Plumbline {__version__}", class_="pl-end"))
