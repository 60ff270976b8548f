"""Why this person: one case of the run by its role, the parts of its score, cases like it, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import Case
from evaluator.report.evidence import Evidence
from evaluator.report.explanations_parts.one_case import CasePage, case_page, cases_of, role_sentence
from evaluator.report.explanations_parts.what_changes import Changes, Recourse, changes_of, recourse_of
from evaluator.wording.cases import ROLES
from pages.parts import chart_view, html
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

CASE = "case"
NOT_KEPT = "This run holds no single cases."


def draw(page: OpenPage, evidence: Evidence) -> None:
    """Draw the case of the address, or the first; a number that the run does not hold is dropped."""
    cases = cases_of(evidence)
    if not cases:
        draw_paragraphs([NOT_KEPT], "pl-line")
        return
    number = _chosen(cases)
    shown = case_page(evidence, number)
    if shown is None:
        return
    draw_paragraphs([" ".join(map(str, shown.told))], "pl-lead")
    if shown.row_id and page.reader.role.sees_people:
        st.html(html.element("p", "Row ", html.element("code", shown.row_id), class_="pl-how"))
    _draw_parts(page, shown)
    _draw_list("Cases like it", shown.similar)
    _draw_changes(page, changes_of(evidence, shown.case))
    _draw_recourse(recourse_of(evidence, shown.case.class_))


def _chosen(cases: Mapping[str, Case]) -> str:
    """The case of the address, with buttons for the roles and for the cases of its role."""
    asked = st.query_params.get(CASE)
    number = asked if asked is not None and asked in cases else next(iter(cases))
    roles = list(dict.fromkeys(case.role for case in cases.values()))
    own = cases[number].role
    first = {role: next(key for key, case in cases.items() if case.role == role) for role in roles}
    alike = [key for key, case in cases.items() if case.role == own]
    _buttons("Which case?", "case-role", {first[role]: ROLES[role] for role in roles}, first[own])
    if len(alike) > 1:
        _buttons("Its number", "case-number", {key: f"Case {key}" for key in alike}, number)
    draw_paragraphs([str(role_sentence(own, classes=bool(cases[number].class_)))], "pl-how")
    return number


def _buttons(label: str, key: str, shown: Mapping[str, str], pressed: str) -> None:
    """A row of buttons that stand for cases; pressing one writes its case to the address."""
    st.session_state[key] = pressed
    st.segmented_control(
        label, list(shown), key=key, format_func=lambda value: html.literal(shown[value]), required=True,
        on_change=_write, args=(key,),
    )  # fmt: skip


def _write(key: str) -> None:
    st.query_params[CASE] = str(st.session_state[key])


def _draw_parts(page: OpenPage, shown: CasePage) -> None:
    """The waterfall, the same in words, and how far it depends on who it is compared with."""
    if shown.picture is None:
        draw_paragraphs([f"There is no picture of its parts: {shown.no_picture}."], "pl-line")
    else:
        chart_view.draw_picture(shown.picture, page.palette, "waterfall")
    draw_paragraphs(shown.parts, "pl-line")
    notes = [str(sentence) for sentence in (shown.usual, shown.stability) if sentence is not None]
    draw_paragraphs([" ".join(notes)] if notes else [], "pl-how")


def _draw_list(title: str, sentences: Sequence[object]) -> None:
    if sentences:
        st.html(html.element("h3", title, class_="pl-chart-title"))
        draw_paragraphs([" ".join(map(str, sentences))], "pl-line")


def _draw_changes(page: OpenPage, changes: Changes | None) -> None:
    if changes is None:
        return
    if changes.options or changes.none is not None:
        st.html(html.element("h3", "What would change it?", class_="pl-chart-title"))
        _draw_options(page, changes)
    if changes.reasons:
        st.html(html.element("h3", "Main reasons, the weightiest first", class_="pl-chart-title"))
        draw_paragraphs(changes.reasons[:1], "pl-how")
        items = [html.element("li", str(reason)) for reason in changes.reasons[1:]]
        st.html(html.element("ol", html.join(items), class_="pl-unknown"))
        if changes.reason_checks:
            with st.expander("How far such lists hold"):
                chart_view.draw_table(
                    ("Test", "What was seen"), tuple((about, str(said)) for about, said in changes.reason_checks)
                )


def _draw_options(page: OpenPage, changes: Changes) -> None:
    for option in changes.options:
        rest = html.element("p", " ".join(map(str, option.checked)), class_="pl-why")
        nearest = None
        if option.row_id and page.reader.role.sees_people:
            nearest = html.element("p", "Nearest real row ", html.element("code", option.row_id), class_="pl-why")
        st.html(html.element("div", html.element("p", str(option.sentence)), rest, nearest, class_="pl-reason"))
    told = [str(sentence) for sentence in (changes.none, changes.immutable) if sentence is not None]
    draw_paragraphs(told, "pl-line")


def _draw_recourse(recourse: Recourse | None) -> None:
    if recourse is None:
        return
    draw_heading("For how many could a decision be changed?")
    draw_paragraphs([" ".join(map(str, recourse.sentences))], "pl-line")
    with st.expander("By group and number of changes"):
        chart_view.draw_table(recourse.table.columns, recourse.table.rows)
