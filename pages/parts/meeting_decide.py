"""Recording what a committee decided: a form whose every field keeps what was typed, read back before it is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.errors import EvaluatorError
from evaluator.report.decision_form import TypedDecision, decision_of, problems_of
from evaluator.report.standing import standing_of
from evaluator.store import decisions_of, record_decision
from evaluator.wording import decision_words, read_back
from pages.parts import decision_fields, html, reads, url_state
from pages.parts.cards import draw_paragraphs
from pages.parts.decision_typed import Form
from pages.parts.decision_view import draw_decision
from pages.parts.meeting_names import name_of
from pages.parts.minutes_download import draw_downloads
from pages.parts.roles import current_reader

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

STATES = {
    "draft": ("This run is a draft, so nothing can be decided on it.", "Release it first: python -m evaluator release"),
    "superseded": ("A newer run replaced this one, so nothing more is decided on it.", ""),
    "withdrawn": ("This run was withdrawn, so nothing more is decided on it.", "Evaluate the plan again."),
}
OVERTAKEN = (
    "Not recorded yet: another decision was recorded while you wrote, and it stands above. "
    "Press Record again to record yours as a further decision; it is the one that will count."
)


def draw_decide(page: OpenPage) -> None:
    """What was decided, and for those who may record it the form."""
    with st.container(key="decide"):
        form, decided = Form(str(page.run_id)), decisions_of(page.events)
        if decided:
            draw_decision(page, heading="", opening=not page.presenting)
            draw_downloads(page)
        if page.state != "released":
            _draw_closed(page, decided=bool(decided))
        elif not page.reader.role.decides:
            _say_undecided(page, decided=bool(decided))
            draw_paragraphs(["Recording a decision takes the role of a decider."], "pl-how")
        elif decided and not form.is_open:
            st.button("Record a further decision", key="decide-again", on_click=form.open, args=(len(decided),))
        else:
            _draw_form(page, form)


def _draw_closed(page: OpenPage, *, decided: bool) -> None:
    why, step = STATES[page.state or "draft"]
    if page.state == "draft":
        step = f"{step} {page.run_id}"
    _say_undecided(page, decided=decided)
    draw_paragraphs([text for text in (why, step) if text], "pl-lead")
    newer = standing_of(page.events).replaced_by
    if page.state == "superseded" and newer:
        url_state.link_here("Open the newer one", {url_state.RUN: newer}, "decide-newer")


def _say_undecided(page: OpenPage, *, decided: bool) -> None:
    """The step of a meeting says it above."""
    if not decided and not page.presenting:
        draw_paragraphs([str(decision_words(None))], "pl-answer")


def _draw_form(page: OpenPage, form: Form) -> None:
    evidence = page.evidence
    recommendation = evidence.recommendation.recommendation
    form.begin(evidence)
    problems = problems_of(form.typed(recommendation, name_of(page.reader)), _today()) if form.was_tried else {}
    decision_fields.draw_fields(page.reader, form, recommendation, problems)
    typed = form.typed(recommendation, name_of(page.reader))
    _draw_read_back(typed)
    st.button("Record", key="decide-record", type="primary", on_click=_record, args=(page, form))
    if refusal := form.refusal():
        _say(refusal)
    elif problems:
        _say("Not recorded yet: what is missing is said beside its field. Nothing you wrote is lost.")


def _draw_read_back(typed: TypedDecision) -> None:
    """The sentence to read out; before anything is chosen, what the form waits for."""
    if not typed.decision:
        draw_paragraphs(["Choose what was decided; the sentence to read out then stands here."], "pl-how")
        return
    parts = (
        html.element("span", "To be read out:", class_="pl-how"),
        html.element("p", str(read_back(decision_of(typed))), class_="pl-answer"),
    )
    st.html(html.element("div", *parts, role="status", class_="pl-read-back"))


def _record(page: OpenPage, form: Form) -> None:
    """Write the decision, after asking again who is reading; a second press of the button finds nothing to write."""
    reader, evidence = current_reader(), page.evidence
    if reader is None or not reader.role.decides or page.run_id is None:
        form.refuse("Your role may not record decisions, so nothing was recorded. What you wrote is still here.")
        return
    typed = form.typed(evidence.recommendation.recommendation, name_of(reader))
    if form.is_empty or form.note_problems(problems_of(typed, _today())):
        return
    at = datetime.now(UTC)
    try:
        if form.is_overtaken(len(decisions_of(reads.events(page.run_id)))):
            form.refuse(OVERTAKEN)
            return
        record_decision(
            reads.store(), page.run_id, decision_of(typed), by=typed.by.strip(), at=at, checked=reader.checked
        )
    except EvaluatorError as problem:
        form.refuse(f"{problem.message} {problem.hint}".strip())
        return
    form.close()


def _say(problem: str) -> None:
    st.html(html.element("p", problem, class_="pl-problem", role="alert"))


def _today() -> date:
    return datetime.now(UTC).date()
