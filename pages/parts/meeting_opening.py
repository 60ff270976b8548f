"""Before the first step: who is present, what they declare, and a deck in case the network fails."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.standing import Standing, standing_of
from pages.parts import html
from pages.parts.brief_files import FILES, document_file, file_name
from pages.parts.run_states import draw_run_states

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

ASSETS = Path(__file__).parent / "assets"
PRESENT, CONFLICTS = "meeting-present", "meeting-conflicts"
"""Where the decision form finds what was declared, for as long as the visit lasts."""
LONGEST = 2_000


def draw(page: OpenPage) -> None:
    """Names and conflicts are kept for the decision form; nothing is stored before a decision is recorded."""
    evidence = page.evidence
    parts = [
        html.element("p", "Before we start", class_="pl-step-label"),
        html.element("h1", evidence.run.question, class_="pl-h1"),
    ]
    st.html(html.join(parts))
    if page.reader.role.decides and page.state == "released":
        _draw_declared()
    standing = standing_of(page.events)
    _draw_fallback(page, standing)
    draw_run_states(page.page, page.reader, evidence, standing, page.palette)


def _draw_declared() -> None:
    """For those who record the decision: what they write here is theirs alone until they do."""
    said = "What is written here goes into the minutes once a decision is recorded."
    st.html(html.element("p", said, class_="pl-step-said"))
    left, right = st.columns(2, gap="large")
    with left:
        _ask("Who is present, one name per line", PRESENT)
    with right:
        _ask("Conflicts of interest that were declared", CONFLICTS)


def _draw_fallback(page: OpenPage, standing: Standing) -> None:
    """The committee pack, made when somebody takes it; without the package for PDF, as one file for any browser."""
    kind = "pdf" if find_spec("typst") is not None else "html"
    file = next(one for one in FILES if one.kind == "pack" and one.ending == kind)
    evidence, name = page.evidence, file_name(page.run_id or "", standing.state, file)
    label = f"Download fallback deck ({kind.upper()})"
    st.download_button(
        label, lambda: document_file(file, evidence, standing), name, file.mime, key="meeting-fallback", on_click="ignore"
    )  # fmt: skip


def _ask(label: str, name: str) -> None:
    """A text that outlives its widget: Streamlit forgets a widget that is not drawn."""
    key = f"{name}-typed"
    st.session_state[key] = st.session_state.get(name, "")
    st.text_area(label, key=key, max_chars=LONGEST, height=160, on_change=_keep, args=(name, key))


def _keep(name: str, key: str) -> None:
    st.session_state[name] = st.session_state[key]
