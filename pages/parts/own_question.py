"""A reader's own question for the meeting: kept in the run's ledger, listed beside those of others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.errors import StoreError
from evaluator.records import AskedQuestion
from evaluator.store import keep_question
from evaluator.wording import format_date, who
from pages.parts import html, reads
from pages.parts.roles import current_reader

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

LONGEST_TEXT, LONGEST_NAME, MOST_LISTED = 500, 80, 10


def draw_own_question(page: OpenPage, kept: Sequence[AskedQuestion]) -> None:
    """The questions kept so far, newest last, and a form for one more."""
    written = [row for row in kept if not row.link and not row.answer]
    if written:
        items = html.join(_item(row) for row in written[-MOST_LISTED:])
        note = html.element("p", "Kept for the meeting:", class_="pl-how")
        st.html(html.join([note, html.element("ul", items, class_="pl-comments")]))
    with st.expander("Add mine"):
        _draw_form(page)


def _item(row: AskedQuestion) -> html.Html:
    noted = f"{who(row.by, checked=row.checked)}, {format_date(row.at.date())}"
    by = html.element("span", noted, class_="pl-how")
    return html.element("li", html.element("span", row.text), html.element("br"), by)


def _draw_form(page: OpenPage) -> None:
    reader = page.reader
    with st.form("own-question", clear_on_submit=True, border=False):
        text = st.text_area("Question for the meeting", max_chars=LONGEST_TEXT, key="own-question-text")
        name = (
            reader.name
            if reader.checked
            else st.text_input("Your name", max_chars=LONGEST_NAME, key="own-question-name")
        )
        sent = st.form_submit_button("Keep for the meeting", key="own-question-keep")
    if not sent:
        return
    if problem := question_problem(text, name):
        st.warning(problem)
        return
    _keep(page, text, name)


def _keep(page: OpenPage, text: str, name: str) -> None:
    """Write the question, after asking again who is reading."""
    reader = current_reader()
    if reader is None or page.run_id is None:
        return
    by, now = reader.name if reader.checked else name.strip(), datetime.now(UTC)
    try:
        keep_question(reads.store(), page.run_id, text.strip(), by=by, at=now, checked=reader.checked)
    except StoreError as problem:
        st.warning(f"{problem.message} {problem.hint}".strip())
        return
    st.rerun()


def question_problem(text: str, name: str) -> str:
    """Why a question cannot be kept, with the next step; '' when it can."""
    if not text.strip():
        return "The question is empty: write it first."
    if not name.strip():
        return "Please add your name, so that others know whom to ask."
    if len(text) > LONGEST_TEXT or len(name) > LONGEST_NAME:
        return f"At most {LONGEST_TEXT} characters, and {LONGEST_NAME} for the name: please shorten it."
    if not name.strip().isprintable():
        return "The name holds characters that cannot be stored: please type it again."
    return ""
