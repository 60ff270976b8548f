"""What if the inputs were different: up to three changes, re-scored by the kept model away from this app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from evaluator.errors import EvaluatorError, InputError
from evaluator.recompute.changed.asked import payload_of
from evaluator.recompute.changed.change import CHANGE, MOST_CHANGES, Change, read_changes
from evaluator.recompute.changed.change_words import change_words
from evaluator.recompute.changed.draw import flips_by_group
from evaluator.recompute.changed.features import changeable, obstacle_of
from evaluator.recompute.changed.result import result_of
from evaluator.recompute.changed.table import COLUMNS, lines
from evaluator.recompute.changed.words import sentences
from evaluator.records import MODEL
from evaluator.report.csv_text import csv_text
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.job_view import NOT_YOURS, draw_job
from pages.parts.question_form import Asked
from pages.parts.recompute_parts.change_form import draw_form, say, write

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

ALL_SHOWN, BY = "changed-all", "changed-by"


def draw(page: OpenPage, asked: Asked) -> None:
    """Draw the changes of the address, a form for one more, and the answer of the model once it was asked."""
    with st.container(key="changed-inputs"):
        draw_heading("What if the inputs were different?")
        if not page.reader.role.starts_jobs:
            st.text(NOT_YOURS)
            return
        evidence = page.evidence
        obstacle = obstacle_of(evidence.plan, with_model=evidence.run.model_sha256 is not None)
        if obstacle is not None:
            _draw_obstacle(*obstacle)
            return
        read = {one.feature for one in evidence.importances if one.subject == MODEL}
        names = changeable(evidence.plan, asked.rows.columns, read)
        if not names:
            st.text("The model reads no input that can be changed here.")
            return
        _draw_question(page, asked, names)


def _draw_obstacle(why: str, line: str) -> None:
    """Why the model cannot be asked, and the line of the plan that would change it."""
    st.html(html.element("p", why, class_="pl-line"))
    if line:
        st.html(html.element("p", "Add to the plan: ", html.element("code", line), class_="pl-add"))


def _draw_question(page: OpenPage, asked: Asked, names: tuple[str, ...]) -> None:
    try:
        changes = read_changes(st.query_params.get(CHANGE, ""), asked.rows.columns)
    except InputError as problem:
        say(f"{problem.message} {problem.hint}")
        st.button("Remove the changes", on_click=write, args=((),), key="change-remove-all")
        return
    for place, change in enumerate(changes):
        others = (*changes[:place], *changes[place + 1 :])
        label = f"Remove: {html.literal(change_words(change, asked.rows.columns))}"
        st.button(label, key=f"change-remove-{place}", on_click=write, args=(others,), wrap=True)
    if len(changes) < MOST_CHANGES:
        draw_form(asked.rows, changes, [name for name in names if name not in {one.column for one in changes}])
    if changes:
        _draw_answer(page, asked, changes)


def _draw_answer(page: OpenPage, asked: Asked, changes: tuple[Change, ...]) -> None:
    """The work, and what came of it."""
    try:
        payload = payload_of(page.run_id or "", asked.question, changes)
        answer = draw_job("changed", "changed_inputs", payload, "Ask the model", page)
        if answer is not None:
            _draw_result(page, asked, changes, answer)
    except EvaluatorError as problem:
        say(f"{problem.message} {problem.hint}")


def _draw_result(page: OpenPage, asked: Asked, changes: tuple[Change, ...], answer: dict[str, Any]) -> None:
    result, fewer_than = result_of(answer), page.reader.fewer_than
    spoken = sentences(result, asked.rows, asked.question, changes, fewer_than=fewer_than)
    draw_paragraphs([spoken.lead], "pl-answer")
    draw_paragraphs([spoken.facts], "pl-how")
    draw_paragraphs(spoken.detail, "pl-line")
    attribute = _chosen_attribute(asked, list(spoken.groups))
    picture = flips_by_group(result, spoken.lead, attribute, fewer_than=fewer_than)
    if picture is not None:
        draw_paragraphs([picture.how_to_read], "pl-how")
        chart_view.draw_picture(picture, page.palette, "changed", wide=700, titled=False)
    draw_paragraphs([*spoken.groups.get(attribute, ()), *spoken.notes], "pl-line")
    if url_state.toggle("Show all numbers of the changes", ALL_SHOWN):
        table = lines(result, asked.rows, asked.question, fewer_than=fewer_than)
        chart_view.draw_table(COLUMNS, table)
        name = f"{page.run_id}-changed-inputs.csv"
        st.download_button("Download as CSV", csv_text(COLUMNS, table), name, "text/csv", key="changed-csv")


def _chosen_attribute(asked: Asked, attributes: list[str]) -> str:
    """The sensitive column whose groups are shown; '' without any."""
    if not attributes:
        return ""
    words = {name: asked.rows.columns[name].words.words for name in attributes}
    return url_state.select("Groups by", BY, attributes, default=attributes[0], shown=lambda name: words[name])
