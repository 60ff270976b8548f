"""What can be done with an answer: send it, keep it for the meeting, save it with a note, download its numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from evaluator.errors import EvaluatorError, StoreError
from evaluator.recompute import Answer, Question, answer, link_of, metric_columns, metric_lines
from evaluator.recompute.saved import saved_question
from evaluator.report.csv_text import csv_text
from evaluator.store import save_question, saved_questions_of
from evaluator.store.saved import LONGEST_NOTE
from pages.parts import html, meeting_minutes, reads
from pages.parts.meeting_names import draw_name, name_of
from pages.parts.recompute_parts import requirement
from pages.parts.recompute_parts.narrow import EDIT
from pages.parts.roles import current_reader

if TYPE_CHECKING:
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

NOTE, PROBLEM, SAVED = "save-note", "save-problem", "save-done"


def draw(page: OpenPage, asked: Asked, answered: Answer, metric: str) -> None:
    """A row of buttons; what keeps a question stands there once one is asked."""
    with st.container(key="keeping", horizontal=True, gap="small"):
        _draw_link()
        if asked.question != Question():
            _draw_keep(page, asked, answered)
            with st.popover("Save with a note"):
                _draw_save(page, asked, answered)
            with st.popover("Write as a requirement for the next plan"):
                requirement.draw(page, asked, metric)
        st.download_button(
            "Download numbers", _numbers(page, asked), f"{page.run_id}-question.csv", "text/csv", on_click="ignore",
            key="take-numbers",
        )  # fmt: skip
    if problem := st.session_state.pop(meeting_minutes.PROBLEM, None):
        st.html(html.element("p", problem, class_="pl-problem", role="alert"))


def _draw_link() -> None:
    """The whole address, with the sign that copies it."""
    here = str(st.context.url or "").partition("?")[0]
    parts = {name: text for name, text in st.query_params.to_dict().items() if name != EDIT}
    with st.popover("Copy link"):
        st.text("Whoever opens this address sees the same question.")
        st.code(f"{here}?{urlencode(parts)}", language=None, wrap_lines=True)


def _numbers(page: OpenPage, asked: Asked) -> Callable[[], str]:
    """Every metric of the question as a table; computed when the button is pressed, asking nothing of Streamlit."""
    fewer_than = page.reader.fewer_than

    def text() -> str:
        answered = answer(asked.rows, asked.question)
        return csv_text(metric_columns(answered), metric_lines(answered, fewer_than=fewer_than))

    return text


def _draw_keep(page: OpenPage, asked: Asked, answered: Answer) -> None:
    kept = meeting_minutes.is_kept(page, link_of(asked.question))
    st.button(
        "Kept for the meeting" if kept else "Keep for the meeting", disabled=kept, key="keep-for-meeting",
        on_click=meeting_minutes.keep_now, args=(page, asked, answered),
    )  # fmt: skip


def _draw_save(page: OpenPage, asked: Asked, answered: Answer) -> None:
    draw_name(page.reader, "Your name")
    with st.form("save-question", clear_on_submit=True, border=False):
        st.text_area("Note", key=NOTE, max_chars=LONGEST_NOTE, height=120, placeholder="What should others know?")
        st.form_submit_button("Save", on_click=_save, args=(page, asked, answered), key="save-now")
    if problem := st.session_state.pop(PROBLEM, None):
        st.html(html.element("p", problem, class_="pl-problem", role="alert"))
    if st.session_state.pop(SAVED, None):
        st.text("Saved; it stands under “Saved questions” on this page.")


def _save(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """Write the question with its note, after asking again who is reading; what prevents it is said in the form."""
    reader = current_reader()
    if reader is None or not reader.role.explores or page.run_id is None:
        return
    by = name_of(reader)
    if not by:
        st.session_state[PROBLEM] = "Please add your name, so that others know whom to ask."
        return
    try:
        saved = saved_question(
            answered, link_of(asked.question), str(st.session_state.get(NOTE, "")), by=by, at=datetime.now(UTC),
            checked=reader.checked,
        )  # fmt: skip
        if not _is_last(page, saved.question, saved.note, by):
            save_question(reads.store(), page.run_id, saved)
    except EvaluatorError as problem:
        st.session_state[PROBLEM] = f"Not saved. {problem.message} {problem.hint}".strip()
        return
    st.session_state[SAVED] = True


def _is_last(page: OpenPage, question: str, note: str, by: str) -> bool:
    """Whether the same was saved a moment ago: two clicks on a slow machine are one wish."""
    try:
        last = saved_questions_of(reads.events(page.run_id or ""))[-1:]
    except StoreError:
        return False
    return any((one.question, one.note, one.by) == (question, note, by) for one in last)
