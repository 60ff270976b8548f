"""Two fields for a range of one column: numbers from and to under, or dates. They do what a picture's brush does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.errors import EvaluatorError
from evaluator.recompute import AskedColumn, range_chip
from pages.parts import html

if TYPE_CHECKING:
    from pages.parts.question_form import Asked

Taken = Callable[["Asked", str], None]


def draw_range_fields(asked: Asked, column: AskedColumn, key: str, button: str, taken: Taken) -> None:
    """Both ends, either of which may stay open; `taken` gets the chip of the range when the button is pressed.

    `key` begins the keys of the fields: `<key>-from`, `<key>-under`, with `-date` for dates, and `<key>-add`.
    """
    left, right = st.columns(2)
    keys = tuple(_key(key, end, column) for end in ("from", "under"))
    for side, label, field in ((left, "From", keys[0]), (right, "To under", keys[1])):
        if column.kind == "time":
            side.text_input(label, key=field, placeholder="2026-01-31", max_chars=10)
        else:
            side.number_input(label, value=None, key=field, format="%g", step=1.0)
    st.button(button, on_click=_pressed, args=(asked, column.name, keys, key, taken), key=f"{key}-add")
    if problem := st.session_state.pop(f"{key}-range-problem", None):
        st.html(html.element("p", problem, class_="pl-problem", role="alert"))


def _key(key: str, end: str, column: AskedColumn) -> str:
    return f"{key}-{end}-date" if column.kind == "time" else f"{key}-{end}"


def _pressed(asked: Asked, column: str, keys: tuple[str, str], key: str, taken: Taken) -> None:
    low, high = ("" if st.session_state.get(field) is None else str(st.session_state[field]) for field in keys)
    try:
        taken(asked, range_chip(column, low, high, asked.rows))
    except EvaluatorError as problem:
        st.session_state[f"{key}-range-problem"] = f"{problem.message} {problem.hint}"
        return
    for field in keys:
        st.session_state.pop(field, None)
