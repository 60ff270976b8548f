"""What if: a question about any of the rows at the left, its answer at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from evaluator.catalogue.metrics import METRICS
from evaluator.errors import EvaluatorError
from evaluator.recompute import (
    Answer,
    Question,
    dots,
    format_cutoff,
    lead_metrics,
    metric_columns,
    metric_lines,
    metrics_of,
    rows_about,
)
from evaluator.report.csv_text import csv_text
from pages.parts import asking, chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title
from pages.parts.question_form import Asked, draw_form, write_question

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

ALL_SHOWN = "all"


def draw(page: OpenPage) -> None:
    """Draw the question and its answer, or why none can be asked and the planned groups instead."""
    rows = asking.rows_or_why_not(page)
    if rows is None:
        return
    asked, wrong = asking.asked_in_address(rows, page.run_id or "")
    with st.container(key="recompute", horizontal=True):
        with st.container(key="recompute-question"):
            draw_form(asked)
        with st.container(key="recompute-answer"):
            if wrong is not None:
                _draw_problem(wrong)
                return
            answered = _draw_answer(page, asked)
    _draw_all(page, answered)


def _draw_problem(problem: EvaluatorError) -> None:
    """What is wrong with the question of the link; there is no answer."""
    draw_title("This question cannot be asked.")
    draw_paragraphs([text for text in (problem.message, problem.hint) if text], "pl-lead")
    st.button("Ask anew", on_click=write_question, args=(Question(),), key="ask-after-problem")


def _draw_answer(page: OpenPage, asked: Asked) -> Answer:
    """The answer in words and as a picture."""
    rows = rows_about(asked.rows, asked.question)
    metric = url_state.chosen("metric", metrics_of(rows, headline_only=True), lead_metrics(rows)[0])
    wanted = None if _all_wanted() else tuple(dict.fromkeys((*lead_metrics(rows), metric)))
    questions = asking.count_question(page.run_id or "", asked.question)
    answered, spoken = asking.answered_and_said(page, asked, questions, wanted)
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
