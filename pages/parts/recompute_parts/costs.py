"""What the errors weigh: how many of one kind one of the other costs, and what follows at every cut-off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.recompute import (
    cost_lines,
    cost_sentences,
    costs_of,
    group_columns,
    group_lines,
    way_columns,
    way_lines,
)
from evaluator.recompute.cost_words import FALSE_NEGATIVE, FALSE_POSITIVE, error_words
from evaluator.recompute.prices import prices_of
from evaluator.wording import compose
from pages.parts import chart_view, html
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.question_form import write_question

if TYPE_CHECKING:
    from evaluator.recompute import Answer
    from pages.parts.question_form import Asked
    from pages.parts.shell import OpenPage

COST = "ask-cost"


def fits(asked: Asked) -> bool:
    """Whether the outcome has two kinds of error, and there is something that errs."""
    rows = asked.rows
    return rows.facts.task == "binary" and (rows.prediction is not None or rows.score is not None)


def tried(asked: Asked) -> bool:
    """Whether the address asks for a cost."""
    return asked.question.cost is not None


def draw_form(asked: Asked) -> None:
    """How many errors of one kind one error of the other weighs; the plan's number to begin with."""
    words, prices = asked.rows.facts.words, prices_of(asked.rows, asked.question)
    ratio = None if prices is None or prices.ratio is None else float(f"{prices.ratio:.6g}")
    st.session_state[COST] = ratio
    one, other = (
        compose(words.cases, " ", *error_words(words, kind)).text for kind in (FALSE_POSITIVE, FALSE_NEGATIVE)
    )
    st.number_input(
        html.literal(f"{one}: one weighs as much as so many of the others"), min_value=0.0, key=COST, step=1.0,
        format="%g", placeholder="how many", help=html.literal(f"The others: {other}."), on_change=_changed,
        args=(asked,),
    )  # fmt: skip


def _changed(asked: Asked) -> None:
    value = st.session_state[COST]
    write_question(replace(asked.question, cost=None if not value else float(f"{value:.6g}")))


def draw(page: OpenPage, asked: Asked, answered: Answer) -> None:
    """The costs in words, as a picture and as tables; nothing is recommended."""
    weighed = costs_of(answered)
    draw_heading("What the errors weigh")
    if weighed is None:
        draw_paragraphs(
            ["The plan does not say what errors cost. Say how many of one kind one of the other weighs."], "pl-line"
        )
        return
    fewer_than, words = page.reader.fewer_than, answered.rows.facts.words
    draw_paragraphs([str(one) for one in cost_sentences(weighed, words, fewer_than=fewer_than)], "pl-line")
    picture = cost_lines(weighed, words, answered.rows.facts.threshold, fewer_than=fewer_than)
    if picture is not None:
        draw_paragraphs([picture.how_to_read], "pl-how")
        chart_view.draw_picture(picture, page.palette, "costs", wide=640, titled=False)
    lines = way_lines(weighed, fewer_than=fewer_than)
    if lines:
        draw_paragraphs([f"Per 1,000 {words.cases}, with ranges:"], "pl-how")
        chart_view.draw_table(way_columns(), lines)
    groups = group_lines(weighed, fewer_than=fewer_than)
    if groups:
        draw_paragraphs([f"What errors weigh per 1,000 {words.cases} of each group:"], "pl-how")
        chart_view.draw_table(group_columns(weighed), groups)
