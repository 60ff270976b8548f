"""What if: a question about any of the rows at the left, its answer at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from evaluator.catalogue.metrics import METRICS
from evaluator.errors import EvaluatorError, InputError, StoreError
from evaluator.recompute import (
    LINK_KEYS,
    Answer,
    LoadedRows,
    Question,
    adjusted,
    answer,
    askable,
    dots,
    format_cutoff,
    lead_metrics,
    link_of,
    metric_columns,
    metric_lines,
    metrics_of,
    question_from_link,
    rows_about,
    sentences,
)
from evaluator.report.csv_text import csv_text
from pages.parts import asked_rows, chart_view, reads, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title
from pages.parts.groups import draw_planned_groups
from pages.parts.question_form import Asked, draw_form, write_question

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

MOST_COUNTED = 1_000
ALL_SHOWN = "all"


def draw(page: OpenPage) -> None:
    """Draw the question and its answer, or why none can be asked and the planned groups instead."""
    assert page.run_id is not None
    if not page.reader.role.explores:
        _draw_instead(page, "Your role reads what was evaluated.", "An evaluator can ask for you.")
        return
    try:
        rows = _rows(page.run_id)
    except StoreError as problem:
        _draw_instead(page, problem.message, problem.hint)
        return
    asked, wrong = _asked(rows, page.run_id)
    with st.container(key="recompute", horizontal=True):
        with st.container(key="recompute-question"):
            draw_form(asked)
        with st.container(key="recompute-answer"):
            if wrong is not None:
                _draw_problem(wrong)
                return
            answered = _draw_answer(page, asked)
    _draw_all(page, answered)


def _rows(run_id: str) -> LoadedRows:
    """The rows of a run; whoever asks first sees how far the reading is."""
    place = st.empty()

    def show(_what: str, done: int, total: int) -> None:
        place.progress(done / max(1, total), text="Reading the rows of this run")

    rows = asked_rows.kept_rows().rows(reads.store(), run_id, show)
    place.empty()
    return rows


def _asked(rows: LoadedRows, run_id: str) -> tuple[Asked, InputError | None]:
    """The question of the address; the empty one, and what is wrong, when it cannot be asked."""
    offered = asked_rows.offered(run_id, rows)
    try:
        params = {key: st.query_params[key] for key in LINK_KEYS if key in st.query_params}
        question = askable(rows, question_from_link(params, rows.columns))
    except InputError as problem:
        return Asked(Question(), rows, offered), problem
    return Asked(question, rows, offered), None


def _draw_problem(problem: EvaluatorError) -> None:
    """What is wrong with the question of the link; there is no answer."""
    draw_title("This question cannot be asked.")
    draw_paragraphs([text for text in (problem.message, problem.hint) if text], "pl-lead")
    st.button("Ask anew", on_click=write_question, args=(Question(),), key="ask-after-problem")


def _draw_instead(page: OpenPage, why: str, hint: str) -> None:
    draw_title("No new question can be asked of this run.")
    draw_paragraphs([text for text in (why, hint) if text], "pl-lead")
    draw_planned_groups(page, "The planned groups instead")


def _draw_answer(page: OpenPage, asked: Asked) -> Answer:
    """The answer in words and as a picture."""
    rows, fewer_than = rows_about(asked.rows, asked.question), page.reader.fewer_than
    metric = url_state.chosen("metric", metrics_of(rows, headline_only=True), lead_metrics(rows)[0])
    wanted = None if _all_wanted() else tuple(dict.fromkeys((*lead_metrics(rows), metric)))
    answered = answer(asked.rows, asked.question, metrics=wanted)
    questions = _count(page.run_id or "", asked.question)
    wider = adjusted(answered, questions) if questions > 1 else None
    spoken = sentences(
        answered, rows.facts.words, questions_asked=max(1, questions), adjusted=wider, fewer_than=fewer_than
    )
    draw_title(str(spoken.lead[0]))
    draw_paragraphs([str(sentence) for sentence in spoken.lead[1:]], "pl-answer")
    invitation = "Choose some of them, or try another cut-off." if asked.rows.has_cutoff else "Choose some of them."
    facts = str(spoken.facts) if questions else invitation
    draw_paragraphs([facts, *([str(spoken.adjusted)] if spoken.adjusted else [])], "pl-how")
    notes = spoken.notes if questions else ()
    draw_paragraphs([str(sentence) for sentence in notes], "pl-line")
    if spoken.moved and asked.question.threshold is not None:
        draw_heading(f"With the cut-off at {format_cutoff(asked.question.threshold)}")
        draw_paragraphs([str(sentence) for sentence in spoken.moved], "pl-line")
    _draw_picture(page, answered, metric)
    _draw_link()
    return answered


def _all_wanted() -> bool:
    return st.query_params.get(ALL_SHOWN) == "1"


def _count(run_id: str, question: Question) -> int:
    """How many different questions about this run the visit has asked, this one included; 0 before the first."""
    asked: list[str] = st.session_state.setdefault(f"asked-{run_id}", [])
    if question == Question():
        return 0
    written = repr(sorted(link_of(question).items()))
    if written not in asked and len(asked) < MOST_COUNTED:
        asked.append(written)
    return len(asked)


def _draw_picture(page: OpenPage, answered: Answer, metric: str) -> None:
    lead = lead_metrics(answered.rows)[0]
    url_state.select(
        "Number", "metric", metrics_of(answered.rows, headline_only=True), default=lead, shown=lambda name: METRICS[name].label
    )  # fmt: skip
    picture = dots(answered, metric, fewer_than=page.reader.fewer_than)
    if picture is None:
        st.text("Too few cases to show this number for anyone.")
        return
    draw_paragraphs([picture.how_to_read], "pl-how")
    chart_view.draw_picture(picture, page.palette, "answer", wide=700, titled=False)


def _draw_all(page: OpenPage, answered: Answer) -> None:
    if not url_state.toggle("Show all metrics", ALL_SHOWN):
        return
    columns, lines = metric_columns(answered), metric_lines(answered, fewer_than=page.reader.fewer_than)
    chart_view.draw_table(columns, lines)
    name = f"{page.run_id}-question.csv"
    st.download_button("Download numbers", csv_text(columns, lines), name, "text/csv")


def _draw_link() -> None:
    """The whole address, with the sign that copies it."""
    here = str(st.context.url or "").partition("?")[0]
    with st.expander("Link to this question"):
        st.code(f"{here}?{urlencode(st.query_params.to_dict())}", language=None, wrap_lines=True)
