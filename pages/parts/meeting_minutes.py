"""What a meeting asked, kept for its minutes: questions with their answers, and questions that stay open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.settings import FEWER_THAN
from evaluator.errors import EvaluatorError
from evaluator.recompute import link_of, question_sentence, sentences
from evaluator.records import AskedQuestion
from evaluator.store import keep_question, questions_of
from evaluator.store.meeting import MOST_QUESTIONS
from pages.parts import html, reads
from pages.parts.meeting_names import draw_name, writer
from pages.parts.roles import current_reader

if TYPE_CHECKING:
    from evaluator.recompute import Answer
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

LONGEST = 500
PROBLEM, PARKED = "minutes-problem", "minutes-parked"


def keep_answer(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """Keep the question and its answer, once for each question.

    A question that came with the link was asked before, by whoever sent it: opening a link writes nothing. The answer
    is kept as everyone may read it, with no figure about few people.
    """
    link = link_of(asked.question)
    if link != st.session_state.setdefault(f"minutes-opened-{page.run_id}", link):
        keep_now(page, asked, answered)


def keep_now(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """Keep the question and its answer as everyone may read it, unless it is kept already."""
    link = link_of(asked.question)
    if is_kept(page, link):
        return
    everybodys = sentences(answered, answered.rows.facts.words, fewer_than=FEWER_THAN)
    said = " ".join(str(sentence) for sentence in everybodys.lead)
    _keep(page, question_sentence(answered.rows, asked.question), said, link)


def remember_opened(page: OpenPage) -> None:
    """The visit began without a question: whatever is asked from now on is asked here."""
    st.session_state.setdefault(f"minutes-opened-{page.run_id}", {})


def is_kept(page: OpenPage, link: Mapping[str, str]) -> bool:
    """Whether this question stands in the minutes."""
    return any(dict(one.link) == link for one in kept(page))


def kept(page: OpenPage) -> tuple[AskedQuestion, ...]:
    """The questions of the run so far, oldest first, this visit's last one included."""
    new: Sequence[AskedQuestion] = st.session_state.get(_new_key(page), ())
    recorded = questions_of(page.events)
    known = {(one.at, one.text) for one in recorded}
    return (*recorded, *(one for one in new if (one.at, one.text) not in known))


def _new_key(page: OpenPage) -> str:
    return f"minutes-new-{page.run_id}"


def _keep(page: OpenPage, text: str, answer: str, link: Mapping[str, str]) -> bool:
    """Write one question, after asking again who is reading; what prevents it is said where the questions are listed."""
    reader = current_reader()
    if reader is None or not reader.role.explores or page.run_id is None:
        return False
    if len(kept(page)) >= MOST_QUESTIONS:
        st.session_state[PROBLEM] = (
            f"This run holds {MOST_QUESTIONS} questions, the most it can; this one was not kept."
        )
        return False
    try:
        one = keep_question(
            reads.store(), page.run_id, text, answer=answer, link=link, by=writer(reader), at=datetime.now(UTC),
            checked=reader.checked,
        )  # fmt: skip
    except EvaluatorError as problem:
        st.session_state[PROBLEM] = f"Not kept for the minutes. {problem.message} {problem.hint}".strip()
        return False
    st.session_state[_new_key(page)] = (*st.session_state.get(_new_key(page), ())[-1:], one)
    return True


def draw_kept(page: OpenPage) -> None:
    """The questions kept so far, and a box for one that nobody can answer now."""
    if problem := st.session_state.pop(PROBLEM, None):
        st.html(html.element("p", problem, class_="pl-problem", role="alert"))
    questions = kept(page)
    title = f"For the minutes: {len(questions)} so far" if questions else "For the minutes"
    with st.expander(title, key="minutes"):
        if questions:
            st.html(html.element("ol", html.join(_item(one) for one in questions), class_="pl-comments"))
        _draw_park(page)


def _item(one: AskedQuestion) -> html.Html:
    open_ = html.element("span", "open", class_="pl-how")
    said = html.element("span", one.answer, class_="pl-how") if one.answer else open_
    return html.element("li", html.element("span", one.text), html.element("br"), said)


def _draw_park(page: OpenPage) -> None:
    draw_name(page.reader, "Your name, for the minutes")
    with st.form("park", clear_on_submit=True, border=False):
        st.text_area("Park a question that nobody can answer now", key=PARKED, max_chars=LONGEST, height=68)
        st.form_submit_button("Park it", on_click=_park, args=(page,))


def _park(page: OpenPage) -> None:
    text = str(st.session_state.get(PARKED, "")).strip()
    if not text:
        st.session_state[PROBLEM] = "The question is empty: write it down first."
    elif "\x00" in text:
        st.session_state[PROBLEM] = "The question holds characters that cannot be stored: please type it again."
    else:
        _keep(page, text, "", {})
