"""What a reader must know about the state of a run: that it was replaced or taken back, or that a newer one exists.

`changes` in the address names another run of the same plan; what changed between the two is then said below.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from evaluator.catalogue.pages import Page
from evaluator.catalogue.palette import Palette
from evaluator.report.changes import Change, changes_headline
from evaluator.report.evidence import Evidence
from evaluator.report.identity import state_words
from evaluator.report.standing import Standing
from evaluator.store import RunListing
from evaluator.wording.numbers import format_date
from pages.parts import html, reads, url_state
from pages.parts.cards import status_line
from pages.parts.roles import Reader

CHANGES = "changes"


def draw_run_states(page: Page, reader: Reader, evidence: Evidence, standing: Standing, palette: Palette) -> None:
    """The lines below the top line, and what changed when the address asks for it."""
    of_plan = reads.listing(reader.role, evidence.run.plan_id).runs
    replacing = next((run for run in of_plan if run.run_id == standing.replaced_by), None)
    newer = _newer(evidence, of_plan)
    if standing.state == "withdrawn":
        _draw_line("withdrawn", f"{state_words(standing)}. It stays readable as a record.", page, evidence, None)
    if standing.state == "superseded":
        _draw_superseded(page, evidence, standing, replacing)
    if newer is not None and newer.run_id != standing.replaced_by:
        name = "A newer draft" if newer.state == "draft" else "A newer run"
        said = f"{name} of {format_date(newer.started_at.date())} exists. You are reading the one you were sent."
        _draw_line("newer", said, page, evidence, newer)
    asked = st.query_params.get(CHANGES)
    other = next((run for run in (replacing, newer) if run is not None and run.run_id == asked), None)
    if other is not None:
        _draw_changes(page, reader, evidence, other, palette)


def _newer(evidence: Evidence, of_plan: Sequence[RunListing]) -> RunListing | None:
    """The newest later run of the same plan that was not taken back."""
    started = evidence.run.started_at
    return next((run for run in of_plan if run.started_at > started and run.state != "withdrawn"), None)


def _draw_superseded(page: Page, evidence: Evidence, standing: Standing, replacing: RunListing | None) -> None:
    day = f" on {format_date(standing.since.date())}" if standing.since else ""
    by = "a run that cannot be shown"
    if replacing:
        by = f"the run of {_moments(evidence.run.started_at, replacing.started_at)[1]}"
    _draw_line("superseded", f"Superseded{day} by {by}. It stays readable as a record.", page, evidence, replacing)


def _draw_line(key: str, said: str, page: Page, evidence: Evidence, other: RunListing | None) -> None:
    """One line, with the way to another run and to what changed between the two."""
    with st.container(key=f"notice-{key}", horizontal=True, gap="small"):
        st.text(said)
        if other is not None:
            both = {url_state.RUN: evidence.run.run_id, CHANGES: other.run_id}
            url_state.link_here("What changed", both, f"changes-{other.run_id}")
            url_state.link_here("Open it", {url_state.RUN: other.run_id}, f"open-{other.run_id}")


def _draw_changes(page: Page, reader: Reader, evidence: Evidence, other: RunListing, palette: Palette) -> None:
    changes = reads.changes(evidence.run.run_id, other.run_id, reader.fewer_than)
    then, now = _moments(evidence.run.started_at, other.started_at)
    title = html.element("h2", f"From the run of {then} to the run of {now}", class_="pl-changes-title")
    head = html.element("p", changes_headline(changes), class_="pl-row-answer")
    with st.container(key="changes", border=True):
        st.html(html.join([title, head, *(_change(change, palette) for change in changes)]))
        url_state.link_here("Close", {url_state.RUN: evidence.run.run_id}, "changes-close")


def _moments(then: datetime, now: datetime) -> tuple[str, str]:
    """Two days, with the time where they are one."""
    days = format_date(then.date()), format_date(now.date())
    return days if days[0] != days[1] else (f"{days[0]}, {then:%H:%M:%S}", f"{days[1]}, {now:%H:%M:%S} (UTC)")


def _change(change: Change, palette: Palette) -> html.Html:
    """One requirement that moved, or a line about everything."""
    said = html.element("p", " ".join(map(str, change.sentences)))
    if not change.criterion_id:
        return html.element("div", said, class_="pl-change")
    statuses = dict.fromkeys(status for status in (change.before, change.after) if status is not None)
    marks = [status_line(status, palette) for status in statuses]
    arrow = html.text(" → ") if len(marks) > 1 else html.text("")
    moved = html.element("p", html.join([marks[0], arrow, *marks[1:]]))
    numbers = html.join(
        html.element("p", " ".join(map(str, found)), class_="pl-how") for found in (change.then, change.now) if found
    )
    return html.element(
        "div", html.element("h3", change.about, class_="pl-card-title"), moved, said, numbers, class_="pl-change"
    )
