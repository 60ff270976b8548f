"""What if: a question about any of the rows at the left, its answer at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.metrics import METRICS
from evaluator.errors import EvaluatorError
from evaluator.recompute import (
    LINK_KEYS,
    Answer,
    Question,
    dots,
    lead_metrics,
    metric_columns,
    metric_lines,
    metrics_of,
    question_sentence,
    rows_about,
)
from evaluator.recompute.group_cutoffs import tried_name
from evaluator.recompute.mending import nearest_question
from pages.parts import asking, chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title
from pages.parts.question_form import Asked, draw_anew, draw_form, write_question
from pages.parts.recompute_parts import charts, keeping, more, narrow, saved_list

if TYPE_CHECKING:
    from evaluator.recompute import LoadedRows
    from pages.parts.shell import OpenPage

ALL_SHOWN = "all"
WIDE = 640


def draw(page: OpenPage) -> None:
    """Draw the question and its answer, or why none can be asked and the planned groups instead."""
    rows = asking.rows_or_why_not(page)
    if rows is None:
        saved_list.draw(page, may_open=False)
        return
    asked, wrong = asking.asked_in_address(rows, page.run_id or "")
    with st.container(key="recompute", horizontal=True):
        with st.container(key="recompute-question"):
            if narrow.is_editing():
                narrow.draw_close()
            draw_form(asked)
            more.draw_form(asked)
            draw_anew(asked)
        with st.container(key="recompute-answer"):
            if wrong is not None:
                _draw_problem(wrong, rows)
            else:
                _draw_answered(page, asked)
    saved_list.draw(page, may_open=True)


def _draw_problem(problem: EvaluatorError, rows: LoadedRows) -> None:
    """What is wrong with the question of the link, and the nearest one that can be asked."""
    draw_title("This question cannot be asked.")
    draw_paragraphs([text for text in (problem.message, problem.hint) if text], "pl-lead")
    params = {key: st.query_params[key] for key in LINK_KEYS if key in st.query_params}
    nearest = nearest_question(params, rows)
    if nearest != Question():
        said = question_sentence(rows_about(rows, nearest), nearest)
        draw_paragraphs(["What can be asked of it:"], "pl-how")
        st.button(html.literal(said), on_click=write_question, args=(nearest,), key="ask-nearest-question", wrap=True)
    st.button("Ask anew", on_click=write_question, args=(Question(),), key="ask-after-problem")


def _draw_answered(page: OpenPage, asked: Asked) -> None:
    """The answer in words and as a picture, and what can be done with it."""
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
    narrow.draw_chips(asked)
    notes = spoken.notes if questions else ()
    draw_paragraphs([str(sentence) for sentence in notes], "pl-line")
    _draw_picture(page, answered, metric)
    if spoken.moved:
        draw_heading(f"With {tried_name(asked.question)}")
        draw_paragraphs([str(sentence) for sentence in spoken.moved], "pl-line")
    keeping.draw(page, asked, answered, metric)
    more.draw_answer(page, asked, answered)
    charts.draw(page, asked)
    _draw_all(page, answered)


def _all_wanted() -> bool:
    return st.query_params.get(ALL_SHOWN) == "1"


def _draw_picture(page: OpenPage, answered: Answer, metric: str) -> None:
    picture = dots(answered, metric, fewer_than=page.reader.fewer_than)
    if picture is None:
        st.text("Too few cases to show this number for anyone.")
    else:
        draw_paragraphs([picture.how_to_read], "pl-how")
        chart_view.draw_picture(picture, page.palette, "answer", wide=WIDE, titled=False)
    lead = lead_metrics(answered.rows)[0]
    url_state.select(
        "Number", "metric", metrics_of(answered.rows, headline_only=True), default=lead, shown=lambda name: METRICS[name].label
    )  # fmt: skip


def _draw_all(page: OpenPage, answered: Answer) -> None:
    if url_state.toggle("Show all metrics", ALL_SHOWN):
        chart_view.draw_table(metric_columns(answered), metric_lines(answered, fewer_than=page.reader.fewer_than))
