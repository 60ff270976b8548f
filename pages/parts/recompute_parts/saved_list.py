"""The saved questions of a run, newest first, for readers of every role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import SavedQuestion
from evaluator.store import saved_questions_of
from evaluator.wording import format_date, who
from pages.parts import html, url_state
from pages.parts.cards import draw_heading
from pages.parts.question_form import forget_typed, write_link

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

MOST_SHOWN, ALL_SAVED = 5, "saved"


def draw(page: OpenPage, *, may_open: bool) -> None:
    """Each with what was answered then, its note, and a way to open it again; nothing when none was saved."""
    saved = saved_questions_of(page.events)
    if not saved:
        return
    draw_heading("Saved questions")
    everything = len(saved) <= MOST_SHOWN or url_state.toggle(f"Show all {len(saved)}", ALL_SAVED)
    shown = list(enumerate(saved))[::-1]
    for place, one in shown if everything else shown[:MOST_SHOWN]:
        with st.container(key=f"saved-{place}"):
            st.html(_item(one))
            if may_open and one.link:
                st.button(
                    "Open this question", key=f"open-saved-{place}", type="tertiary", on_click=_open, args=(one.link,)
                )


def _item(one: SavedQuestion) -> html.Html:
    noted = (
        f"Saved by {who(one.by, checked=one.checked)}, {format_date(one.at.date())}. The answer is the one of that day."
    )
    parts = [
        html.element("p", one.question, class_="pl-about"),
        html.element("p", one.answer, class_="pl-line"),
        html.element("p", one.note, class_="pl-line pl-note") if one.note else None,
        html.element("p", noted, class_="pl-how"),
    ]
    return html.element("div", *parts, class_="pl-saved")


def _open(link: Mapping[str, str]) -> None:
    forget_typed()
    write_link(link)
