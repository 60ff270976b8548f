"""On a narrow screen: the chips under the answer, and the question on the whole screen when it is to be changed.

The style sheet shows these parts on narrow screens alone; wide ones have question and answer side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.recompute import chips_of
from pages.parts import html
from pages.parts.question_form import said_chip, write_chips

if TYPE_CHECKING:
    from pages.parts.question_form import Asked

EDIT = "edit"


def is_editing() -> bool:
    """Whether the address asks for the question on the whole of a narrow screen."""
    return st.query_params.get(EDIT) == "1"


def draw_chips(asked: Asked) -> None:
    """One button per chip, which takes it away, and the way to everything else of the question."""
    chips = chips_of(asked.question.filters)
    with st.container(key="narrow-chips", horizontal=True, gap="small"):
        for place, chip in enumerate(chips):
            st.button(
                f"{html.literal(said_chip(chip, asked))} ×", key=f"narrow-drop-{place}", wrap=True,
                on_click=_drop, args=(chip, asked),
            )  # fmt: skip
        st.button("Change question", key="narrow-change", on_click=_edit, args=(True,))


def draw_close() -> None:
    """Back to the answer; the back button of the browser does the same."""
    with st.container(key="narrow-close"):
        st.button("Show the answer", key="narrow-answer", on_click=_edit, args=(False,))


def _drop(chip: str, asked: Asked) -> None:
    write_chips([one for one in chips_of(asked.question.filters) if one != chip], asked)


def _edit(wanted: bool) -> None:
    if wanted:
        st.query_params[EDIT] = "1"
    else:
        st.query_params.pop(EDIT, None)
