"""The frame of every page: what is being read stands at the top, where to go next at the foot."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from evaluator import __version__
from evaluator.catalogue.pages import READING_ORDER, Page, next_page
from evaluator.catalogue.statuses import RUN_STATES
from evaluator.records import LedgerEvent, RunState
from evaluator.report.evidence import Evidence
from evaluator.store import RunListing
from evaluator.wording.numbers import format_count, format_date
from pages.parts import html, url_state


def draw_top_line(evidence: Evidence, state: RunState, newer: RunListing | None) -> None:
    """Model, state, rows and dates; and a line when a newer run exists, which is never swapped in by itself."""
    run, words = evidence.run, evidence.words
    facts = [f"{format_count(run.n)} {words.cases}", *([run.period] if run.period else [])]
    line = html.join(
        [
            html.element("span", f"{evidence.plan.model.name} {run.version}", class_="pl-top-model"),
            html.element("span", RUN_STATES[state], class_=f"pl-top-state pl-state-{state}"),
            *(html.element("span", fact) for fact in facts),
            html.element("span", f"evaluated {format_date(run.started_at.date())}"),
        ]
    )
    st.html(html.element("div", line, class_="pl-top"))
    if newer is not None:
        _draw_newer(newer)


def _draw_newer(newer: RunListing) -> None:
    with st.container(key="newer", horizontal=True, gap="small"):
        st.text(f"A newer run of {format_date(newer.started_at.date())} exists. You are reading the one in your link.")
        st.page_link("app.py", label="Open the newer one", query_params={url_state.RUN: newer.run_id})


def draw_state_notice(events: Sequence[LedgerEvent]) -> None:
    """Why a run was withdrawn, or which run replaced it."""
    for event in events:
        if event.kind == "withdrawn":
            _draw_notice(f"Withdrawn on {format_date(event.at.date())}: {event.body.get('why', '')}", None)
        if event.kind == "superseded":
            _draw_notice("This run was superseded by a newer one.", str(event.body.get("by_run", "")))


def _draw_notice(said: str, run_id: str | None) -> None:
    with st.container(key=f"notice-{'run' if run_id else 'why'}", horizontal=True, gap="small"):
        st.text(said)
        if run_id:
            st.page_link("app.py", label="Open the newer one", query_params={url_state.RUN: run_id})


def draw_foot(page: Page, run_id: str | None) -> None:
    """One link onwards in reading order, and the mark that the page is complete."""
    with st.container(key=f"ready-{page.key}"):
        following = next_page(page.key)
        if following is not None and run_id is not None:
            place = f"{READING_ORDER.index(page.key) + 1} of {len(READING_ORDER)}"
            with st.container(key="foot", horizontal=True, gap="small"):
                st.page_link(following.script, label=f"Next: {following.label}", query_params={url_state.RUN: run_id})
                st.html(html.element("span", place, class_="pl-place"))
        st.html(html.element("p", f"Plumbline {__version__}", class_="pl-end"))
