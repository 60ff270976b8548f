"""Presenting a run: one step to a screen, without menu, moved by keys that each have a button."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.palette import LIGHT
from evaluator.report.identity import state_words
from evaluator.report.meeting import Step
from evaluator.report.standing import standing_of
from evaluator.wording import format_date
from pages.parts import html, meeting_address, meeting_opening, reads
from pages.parts.meeting_step import draw_step

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

LONGEST_MEETING = 12 * 3_600
"""Seconds after which a start in the address is that of another meeting."""


def draw(page: OpenPage) -> None:
    """Draw the step that the address names, or what stands before the first one."""
    draw_look()
    assert page.run_id is not None
    steps = reads.steps(page.run_id, page.reader.fewer_than, page.events)
    number, began = meeting_address.step_number(len(steps)), _began()
    with st.container(key="meeting-stage"):
        _draw_state(page)
        if meeting_address.asking() and number:
            _draw_ask(page, steps[number - 1])
        elif number:
            _draw_step(page, steps[number - 1])
        else:
            meeting_opening.draw(page)
    _draw_foot(page, len(steps), number, began)


def draw_look() -> None:
    """The look of the projector: light whatever the theme, in the colours of the palette."""
    colours = {"paper": LIGHT.paper, "raised": LIGHT.raised, "ink": LIGHT.ink, "muted": LIGHT.muted,
               "line": LIGHT.line, "accent": LIGHT.accent, "accent-soft": LIGHT.accent_soft}  # fmt: skip
    named = " ".join(f"--pl-{name}: {colour};" for name, colour in colours.items())
    st.html(html.element("style", f":root {{ {named} }}"))
    st.html(meeting_opening.ASSETS / "meeting.css")


def _draw_state(page: OpenPage) -> None:
    """Loud when nothing may be decided on the run."""
    if page.state != "released":
        said = state_words(standing_of(page.events))
        said = said if "not for decision" in said else f"{said}. Not for decision."
        st.html(html.element("p", said, class_="pl-loud", role="status"))


def _draw_step(page: OpenPage, step: Step) -> None:
    draw_step(step)
    if step.key == "decide":
        from pages.parts.meeting_decide import draw_decide

        draw_decide(page)


def _draw_ask(page: OpenPage, step: Step) -> None:
    from pages.parts.meeting_ask import draw_ask

    st.html(html.element("p", f"A question, asked at: {step.label}", class_="pl-step-label"))
    draw_ask(page)


def _began() -> int:
    """When this meeting began: as the address says, unless that was another day, else when this visit did."""
    now, written = int(time.time()), meeting_address.since()
    if written is not None and 0 <= now - written < LONGEST_MEETING:
        return written
    return int(st.session_state.setdefault("meeting-began", now))


def _draw_foot(page: OpenPage, steps: int, number: int, began: int) -> None:
    with st.container(key="meeting-foot", horizontal=True, gap="small"):
        st.html(_identity(page, steps, number, began))
        _draw_keys(page, steps, number, began)


def _identity(page: OpenPage, steps: int, number: int, began: int) -> html.Html:
    """Which run this is, of when, which step, and how long the meeting has lasted."""
    evidence, place = page.evidence, f"step {number} of {steps}" if number else f"{steps} steps"
    day, digest = format_date(evidence.run.started_at.date()), evidence.file_sha256[:12]
    facts = [f"Run {evidence.run.run_id}", day, f"SHA-256 {digest}"]
    passed = max(int(time.time()) - began, 0)
    clock = html.element(
        "span",
        class_="pl-clock",
        role="img",
        aria_label="Minutes since the start",
        style=f"animation-delay: -{passed}s",
    )
    spans = [html.element("span", fact) for fact in facts]
    return html.element("div", *spans, html.element("strong", place), clock, class_="pl-meeting-facts")


def _draw_keys(page: OpenPage, steps: int, number: int, began: int) -> None:
    """Back, on, ask and out. Going on or back also leaves an open question."""
    run_id, ask = str(page.run_id), meeting_address.asking() and number > 0
    go, last = meeting_address.go_to, number == steps
    with st.container(key="meeting-keys", horizontal=True, gap="small"):
        st.button("Back", key="meeting-back", shortcut="PageUp", on_click=go, args=(run_id, number - 1, began), disabled=number <= 1)  # fmt: skip
        st.button("Next" if number else "Start", key="meeting-next", shortcut="PageDown", on_click=go, args=(run_id, number + 1, began), disabled=last, type="primary")  # fmt: skip
        st.button("Ask", key="meeting-ask-open", shortcut="F2", on_click=go, args=(run_id, max(number, 1), began), kwargs={"ask": True}, disabled=ask)  # fmt: skip
        if ask:
            st.button("Close", key="meeting-close", shortcut="Esc", on_click=go, args=(run_id, number, began))  # fmt: skip
        else:
            st.button("Leave", key="meeting-leave", shortcut="Esc", on_click=meeting_address.leave, args=(run_id,))
