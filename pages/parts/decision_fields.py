"""The fields of the decision form, each with what is missing beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from evaluator.catalogue.statuses import DECISIONS, RECOMMENDATIONS
from evaluator.records import RecommendationCode
from evaluator.report.decision_form import WITH_CONDITIONS
from evaluator.store.meeting_checks import LONGEST_LINE, LONGEST_NAME, LONGEST_TEXT
from pages.parts import html
from pages.parts.cards import draw_paragraphs
from pages.parts.decision_typed import MOST_ROWS, Form, row_fields
from pages.parts.meeting_names import draw_name
from pages.parts.roles import Reader

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


def draw_fields(
    reader: Reader, form: Form, recommendation: RecommendationCode, problems: Mapping[str, str]
) -> None:  # fmt: skip
    """Every field, with what is missing beside it."""
    _draw_verdict(form, recommendation, problems)
    if form.values.get("decision") == WITH_CONDITIONS:
        _draw_conditions(form, problems)
    with st.container(key="decide-when", horizontal=True):
        _number(form, "votes_for", "Votes for")
        _number(form, "votes_against", "Against")
        _number(form, "abstained", "Abstained")
        _day(form, "valid_until", "Valid until")
    _missing(problems, "votes")
    _missing(problems, "valid_until")
    _text(form, "dissent", "Dissent, in full")
    with st.container(key="decide-who", horizontal=True):
        _text(form, "present", "Who is present, one name per line")
        _text(form, "conflicts", "Conflicts of interest that were declared")
    draw_name(reader, "Your name, as who records this")
    _missing(problems, "by")


def _draw_verdict(form: Form, recommendation: RecommendationCode, problems: Mapping[str, str]) -> None:
    st.radio(
        "What did the committee decide?", list(DECISIONS), index=None, key=form.key_of("decision"), horizontal=True,
        format_func=lambda code: DECISIONS[code].word, on_change=form.keep, args=("decision",),
    )  # fmt: skip
    draw_paragraphs([f"The evaluator recommends: {RECOMMENDATIONS[recommendation].verb}."], "pl-how")
    _missing(problems, "decision")
    if form.values.get("decision") not in (None, recommendation):
        _text(form, "departure", "Why the committee departs from the recommendation")
        _missing(problems, "departure")


def _draw_conditions(form: Form, problems: Mapping[str, str]) -> None:
    """One row per condition; rows can be added and removed."""
    for place, number in enumerate(form.values["rows"]):
        text, owner, due = row_fields(number)
        with st.container(key=f"decide-row-{number}", horizontal=True, vertical_alignment="bottom"):
            _text(form, text, f"Condition {place + 1}", longest=LONGEST_LINE)
            _line(form, owner, "Who sees to it")
            _day(form, due, "Until")
            st.button(
                "Remove", key=f"decide-remove-{number}", on_click=form.remove_row, args=(number,),
                help=f"Remove condition {place + 1}", type="tertiary",
            )  # fmt: skip
        for part in ("text", "owner", "due"):
            _missing(problems, f"condition-{place}-{part}")
    _missing(problems, "conditions")
    if len(form.values["rows"]) < MOST_ROWS:
        st.button("Add a condition", key="decide-add", on_click=form.add_row)


def _missing(problems: Mapping[str, str], field: str) -> None:
    if field in problems:
        st.html(html.element("p", problems[field], class_="pl-problem"))


def _text(form: Form, field: str, label: str, *, longest: int = LONGEST_TEXT) -> None:
    _draw(st.text_area, form, field, label, "", max_chars=longest, height=92)


def _line(form: Form, field: str, label: str) -> None:
    _draw(st.text_input, form, field, label, "", max_chars=LONGEST_NAME)


def _number(form: Form, field: str, label: str) -> None:
    # Without bounds: a box keeps a number beyond its bounds on the screen and tells nobody, as if none were given.
    _draw(st.number_input, form, field, label, None, step=1)


def _day(form: Form, field: str, label: str) -> None:
    _draw(st.date_input, form, field, label, None, min_value=EARLIEST, max_value=LATEST)


def _draw(widget: Callable[..., Any], form: Form, field: str, label: str, empty: object, **options: Any) -> None:
    widget(label, key=form.key_of(field, empty), on_change=form.keep, args=(field,), **options)
