"""The one door to every page: configuration, run, frame, and the only place where readers' errors are caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st

from evaluator.catalogue.pages import PAGES, Page
from evaluator.catalogue.palette import DARK, LIGHT, Palette
from evaluator.errors import EvaluatorError, StoreError
from evaluator.records import LedgerEvent, RunState
from evaluator.report.brief import Brief
from evaluator.report.evidence import Evidence
from evaluator.report.standing import standing_of
from evaluator.store import RunListing, check_unchanged, run_state
from pages.parts import meeting_address, menu, reads, url_state
from pages.parts.frame import draw_end, draw_foot, draw_top_line
from pages.parts.roles import Reader, current_reader
from pages.parts.run_states import draw_run_states

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that may be shown: what it is, to whom, for which run, in which theme."""

    page: Page
    reader: Reader
    palette: Palette
    run_id: str | None
    state: RunState | None
    events: tuple[LedgerEvent, ...] = ()
    presenting: bool = False
    """Whether the run is shown step by step in a meeting, without menu and top line."""

    @property
    def evidence(self) -> Evidence:
        """The run's records as this reader may see them; pages that need no run never ask."""
        assert self.run_id is not None
        return reads.evidence(self.run_id, self.reader.fewer_than)

    @property
    def brief(self) -> Brief:
        """The brief of the run, as this reader may see it."""
        assert self.run_id is not None
        return reads.brief(self.run_id, self.reader.fewer_than)

    def show(self, draw: Callable[[OpenPage], None]) -> None:
        """Draw the page; what a reader can mend is said with its next step, and the foot always stands."""
        try:
            draw(self)
        except EvaluatorError as problem:
            say(problem, self.page)
        if self.presenting:
            draw_end("meeting")
        else:
            draw_foot(self.page, self.run_id)


def open_page(key: str) -> OpenPage:
    """Configure the page, check the role, find the run and draw the frame. Every page script calls this first.

    `key` "app" is the brief of the run in the link, or the portfolio without one.
    """
    run_id = url_state.run_in_link()
    page = PAGES[("brief" if run_id else "portfolio") if key == "app" else key]
    st.set_page_config(page_title=f"{page.label} · Plumbline", page_icon=str(ASSETS / "icon.png"), layout="wide")
    st.html(ASSETS / "style.css")
    reader = current_reader()
    if reader is None:
        _refuse()
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    try:
        return _open(page, reader, run_id, palette)
    except EvaluatorError as problem:
        menu.draw_menu(page, None, palette)
        say(problem, page)
        draw_foot(page, None)
        st.stop()


def _refuse() -> NoReturn:
    """The whole page for somebody without a role."""
    st.title("No access")
    with st.container(key="ready-refused"):
        st.text("Your name is not on the list of people who may read here. Ask whoever runs this app.")
    st.stop()


def _open(page: Page, reader: Reader, run_id: str | None, palette: Palette) -> OpenPage:
    if run_id is None and page.needs_run:
        run_id = _default_run(reads.listing(reader.role).runs)
        if run_id is None:
            menu.draw_menu(page, None, palette)
            _say_empty(page)
            draw_foot(page, None)
            st.stop()
        st.query_params[url_state.RUN] = run_id
    if run_id is None:
        menu.draw_menu(page, None, palette)
        return OpenPage(page, reader, palette, None, None)
    _check_may_read(reader, run_id)
    events = reads.events(run_id)
    check_unchanged(reads.store(), run_id, events)
    evidence = reads.evidence(run_id, reader.fewer_than)
    state = run_state(events)
    if page.key == "brief" and meeting_address.presenting():
        return OpenPage(page, reader.before_others(), LIGHT, run_id, state, events, presenting=True)
    menu.draw_menu(page, evidence, palette)
    standing = standing_of(events)
    draw_top_line(evidence, standing)
    draw_run_states(page, reader, evidence, standing, palette)
    return OpenPage(page, reader, palette, run_id, state, events)


def _check_may_read(reader: Reader, run_id: str) -> None:
    """A viewer's link must name a run that was released; whether a draft exists is not said."""
    if reader.role.sees_drafts:
        return
    if run_id not in {run.run_id for run in reads.listing(reader.role).runs}:
        raise StoreError("This link names no run that was released.", "Ask whoever sent it for the released one.")


def _default_run(runs: tuple[RunListing, ...]) -> str | None:
    """The newest run that is not withdrawn; a released one before a draft."""
    usable = [run for run in runs if run.state != "withdrawn"]
    released = [run for run in usable if run.state == "released"]
    return next((run.run_id for run in [*released, *usable]), None)


def _say_empty(page: Page) -> None:
    st.title(page.question)
    st.write("There is no run in the store yet, so there is nothing to show.")
    st.write("Evaluate a plan with `python -m evaluator run PLAN`, or build the demo portfolio with `make demo`.")


def say(problem: EvaluatorError, page: Page) -> None:
    """A problem the reader can mend, with the next step."""
    st.title("This cannot be shown")
    with st.container(key="problem"):
        st.text(problem.message)
        if problem.hint:
            st.text(problem.hint)
    if page.script == PAGES["portfolio"].script:
        url_state.link_here("Go to the portfolio", {}, "to-the-portfolio")
    else:
        st.page_link(PAGES["portfolio"].script, label="Go to the portfolio", query_params={})
