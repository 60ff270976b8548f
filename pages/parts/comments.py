"""Comments on a run or a requirement: append-only, in the run's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import LedgerEvent
from evaluator.report.evidence import Evidence
from evaluator.store import append_event
from evaluator.wording import format_date, who
from pages.parts import html, reads
from pages.parts.cards import draw_heading
from pages.parts.roles import current_reader

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

LONGEST_TEXT, LONGEST_NAME, MOST = 2_000, 80, 500
WHOLE_RUN = ""


def draw_comments(page: OpenPage) -> None:
    """The comments so far, and a form for one more."""
    draw_heading("Comments")
    comments = [event for event in page.events if event.kind == "comment"]
    _draw_list(comments, page.evidence)
    with st.expander("Leave a comment"):
        _draw_form(page, len(comments))


def _draw_list(comments: Sequence[LedgerEvent], evidence: Evidence) -> None:
    if not comments:
        st.text("No comments yet.")
        return
    st.html(html.element("ul", html.join(_item(event, evidence) for event in comments), class_="pl-comments"))


def _item(event: LedgerEvent, evidence: Evidence) -> html.Html:
    criterion = evidence.criterion(str(event.body.get("about", "")))
    about = f" on “{criterion.question}”" if criterion else ""
    noted = f"{who(event.by, checked=event.checked)}, {format_date(event.at.date())}{about}"
    by = html.element("span", noted, class_="pl-how")
    return html.element("li", html.element("span", str(event.body.get("text", ""))), html.element("br"), by)


def _draw_form(page: OpenPage, so_far: int) -> None:
    evidence, reader = page.evidence, page.reader
    questions = {WHOLE_RUN: "The whole run"} | {row.criterion_id: row.question for row in evidence.criteria}
    with st.form("comment", clear_on_submit=True, border=False):
        about = st.selectbox("About", list(questions), format_func=lambda key: questions[key])
        name = reader.name if reader.checked else st.text_input("Your name", max_chars=LONGEST_NAME)
        text = st.text_area("Comment", max_chars=LONGEST_TEXT)
        sent = st.form_submit_button("Leave comment")
    if not sent:
        return
    if problem := comment_problem(text, name, so_far):
        st.warning(problem)
        return
    _record(page, str(about), text, name)
    st.rerun()


def _record(page: OpenPage, about: str, text: str, name: str) -> None:
    """Write the comment, after asking again who is reading."""
    reader = current_reader()
    if reader is None or page.run_id is None:
        return
    body = {"about": about, "text": text.strip()}
    append_event(
        reads.store(), page.run_id, "comment", body, by=name.strip(), checked=reader.checked, at=datetime.now(UTC)
    )


def comment_problem(text: str, name: str, so_far: int) -> str:
    """Why a comment cannot be recorded, with the next step; '' when it can."""
    if not text.strip():
        return "The comment is empty: write a sentence first."
    if not name.strip():
        return "Please add your name, so that others know whom to ask."
    if len(text) > LONGEST_TEXT or len(name) > LONGEST_NAME:
        return f"At most {LONGEST_TEXT} characters, and {LONGEST_NAME} for the name: please shorten it."
    if "\x00" in text or not name.strip().isprintable():
        return "The text holds characters that cannot be stored: please type it again."
    if so_far >= MOST:
        return f"This run has {MOST} comments, which is the most it can hold: please talk to its evaluator."
    return ""
