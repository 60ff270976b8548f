"""Asking a question of a run's rows: whether this reader may, the rows, the question of the address, and its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.errors import InputError, StoreError
from evaluator.recompute import (
    LINK_KEYS,
    Answer,
    LoadedRows,
    Question,
    Spoken,
    adjusted,
    answer,
    askable,
    link_of,
    question_from_link,
    sentences,
)
from pages.parts import asked_rows, reads
from pages.parts.cards import draw_paragraphs, draw_title
from pages.parts.groups import draw_planned_groups
from pages.parts.question_form import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.parts.shell import OpenPage

MOST_COUNTED = 1_000


def rows_or_why_not(page: OpenPage) -> LoadedRows | None:
    """The rows of the page's run; None after saying why no question can be asked, with the planned groups instead."""
    assert page.run_id is not None
    if not page.reader.role.explores:
        _draw_instead(page, "Your role reads what was evaluated.", "An evaluator can ask for you.")
        return None
    try:
        return _rows(page.run_id)
    except StoreError as problem:
        _draw_instead(page, problem.message, problem.hint)
        return None


def _rows(run_id: str) -> LoadedRows:
    """The rows of a run; whoever asks first sees how far the reading is."""
    place = st.empty()

    def show(_what: str, done: int, total: int) -> None:
        place.progress(done / max(1, total), text="Reading the rows of this run")

    rows = asked_rows.kept_rows().rows(reads.store(), run_id, show)
    place.empty()
    return rows


def _draw_instead(page: OpenPage, why: str, hint: str) -> None:
    draw_title("No new question can be asked of this run.")
    draw_paragraphs([text for text in (why, hint) if text], "pl-lead")
    draw_planned_groups(page, "The planned groups instead")


def asked_in_address(rows: LoadedRows, run_id: str) -> tuple[Asked, InputError | None]:
    """The question of the address; the empty one, and what is wrong, when it cannot be asked."""
    offered = asked_rows.offered(run_id, rows)
    try:
        params = {key: st.query_params[key] for key in LINK_KEYS if key in st.query_params}
        question = askable(rows, question_from_link(params, rows.columns))
    except InputError as problem:
        return Asked(Question(), rows, offered), problem
    return Asked(question, rows, offered), None


def count_question(run_id: str, question: Question) -> int:
    """How many different questions about this run the visit has asked, this one included; 0 before the first."""
    asked: list[str] = st.session_state.setdefault(f"asked-{run_id}", [])
    if question == Question():
        return 0
    written = repr(sorted(link_of(question).items()))
    if written not in asked and len(asked) < MOST_COUNTED:
        asked.append(written)
    return len(asked)


def answered_and_said(
    page: OpenPage, asked: Asked, questions: int, metrics: Sequence[str] | None
) -> tuple[Answer, Spoken]:
    """The answer with its words, the ranges wider for the number of questions beside the plain ones."""
    answered = answer(asked.rows, asked.question, metrics=metrics)
    wider = adjusted(answered, questions) if questions > 1 else None
    spoken = sentences(
        answered, answered.rows.facts.words, questions_asked=max(1, questions), adjusted=wider,
        fewer_than=page.reader.fewer_than,
    )  # fmt: skip
    return answered, spoken
