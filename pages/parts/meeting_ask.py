"""A question in the middle of a meeting: the likeliest ones as buttons, any other typed, the answer over the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.pages import PAGES
from evaluator.errors import EvaluatorError
from evaluator.recompute import Question, chips_of, dots, lead_metrics, link_of, rows_about
from evaluator.report.likely_questions import likely_questions, refining_questions
from pages.parts import asking, chart_view, html, meeting_minutes, meeting_step, url_state
from pages.parts.cards import draw_paragraphs, draw_title, paragraphs
from pages.parts.question_form import Asked, draw_class, draw_people, forget_typed, write_chips, write_link

if TYPE_CHECKING:
    from evaluator.recompute import Answer, LoadedRows, Spoken
    from pages.parts.shell import OpenPage


def draw_ask(page: OpenPage) -> None:
    """Draw the questions and the answer to the one in the address, or why none can be asked."""
    with st.container(key="ask"):
        rows = asking.rows_or_why_not(page)
        if rows is None:
            return
        asked, wrong = asking.asked_in_address(rows, page.run_id or "")
        if wrong is None and asked.question != Question():
            _draw_answered(page, asked)
            return
        meeting_minutes.remember_opened(page)
        draw_title(_invitation(rows))
        if wrong is not None:
            said = " ".join(text for text in (wrong.message, wrong.hint) if text)
            st.html(html.element("p", f"The question in the link cannot be asked. {said}", class_="pl-problem"))
        _draw_box(asked)
        _draw_likely(page, numbered=True)
        meeting_minutes.draw_kept(page)


def _invitation(rows: LoadedRows) -> str:
    words = rows.facts.words
    return "Whom do you want to ask about?" if words.people else f"Which {words.cases} do you want to ask about?"


def _draw_box(asked: Asked) -> None:
    with st.container(key="ask-box"):
        draw_class(asked)
        draw_people(asked, anew=True)


def _draw_likely(page: OpenPage, *, numbered: bool) -> None:
    """The likeliest questions; with `numbered` each can be asked by its number on the keyboard."""
    likely = likely_questions(page.evidence)
    if not likely:
        return
    draw_paragraphs(["Often asked of a result like this:"], "pl-how")
    with st.container(key="ask-likely", horizontal=True):
        for number, one in enumerate(likely, start=1):
            st.button(
                html.literal(one.words), key=f"ask-likely-{number}", shortcut=str(number) if numbered else None,
                on_click=_ask, args=(one.link,), wrap=True,
            )  # fmt: skip


def _ask(link: Mapping[str, str]) -> None:
    forget_typed()
    write_link(link)


def _draw_answered(page: OpenPage, asked: Asked) -> None:
    """The answer, what could be asked next, and the note of it for the minutes, written once it can be read."""
    _draw_box(asked)
    _draw_refining(page, asked)
    lead = lead_metrics(rows_about(asked.rows, asked.question))
    questions = asking.count_question(page.run_id or "", asked.question)
    try:
        answered, spoken = asking.answered_and_said(page, asked, questions, lead)
    except EvaluatorError as problem:
        draw_title("This question cannot be asked.")
        draw_paragraphs([text for text in (problem.message, problem.hint) if text], "pl-lead")
        return
    with st.container(key="ask-answer"):
        _draw_answer(page, answered, spoken)
    meeting_minutes.keep_answer(page, asked, answered)
    with st.expander("Ask something else"):
        _draw_likely(page, numbered=False)
        link = {url_state.RUN: page.run_id or "", **link_of(asked.question)}
        st.page_link(
            PAGES["recompute"].script, label="Another cut-off or comparison: open Recompute", query_params=link
        )
    meeting_minutes.draw_kept(page)


def _draw_answer(page: OpenPage, answered: Answer, spoken: Spoken) -> None:
    first, *others = (str(sentence) for sentence in spoken.lead)
    facts = [str(spoken.facts), *([str(spoken.adjusted)] if spoken.adjusted else [])]
    noted = [str(sentence) for sentence in (*spoken.moved, *spoken.notes)]
    said = (
        html.element("h1", first, class_="pl-h1"), paragraphs(others, "pl-answer"), paragraphs(facts, "pl-lead"),
        paragraphs(noted, "pl-line"),
    )  # fmt: skip
    st.html(html.join(said))
    picture = dots(answered, fewer_than=page.reader.fewer_than)
    if picture is not None:
        st.html(meeting_step.picture(picture))
        with st.expander("The numbers behind this picture"):
            chart_view.draw_table(picture.table.columns, picture.table.rows)


def _draw_refining(page: OpenPage, asked: Asked) -> None:
    """Groups of other columns, each to be added to the people asked about."""
    if asked.question.combine != "all":
        return
    further = refining_questions(page.evidence, [one.column for one in asked.question.filters])
    if not further:
        return
    with st.container(key="ask-further", horizontal=True):
        for place, one in enumerate(further):
            st.button(
                html.literal(f"And {one.people}?"), key=f"ask-further-{place}", on_click=write_chips, wrap=True,
                args=([*chips_of(asked.question.filters), one.link["where"]], asked),
            )  # fmt: skip
