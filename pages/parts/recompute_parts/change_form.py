"""The form that adds one change of an input to the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from evaluator.errors import InputError
from evaluator.recompute import AskedColumn, LoadedRows
from evaluator.recompute.changed.change import (
    CHANGE,
    KINDS,
    Change,
    ChangeKind,
    checked_changes,
    kinds_for,
    write_changes,
)
from pages.parts import html

COLUMN, KIND, NUMBER, FIRST, SECOND, ADD = (
    f"change-{name}" for name in ("column", "kind", "number", "first", "second", "add")
)
PROBLEM = "change-problem"
MOST_LISTED = 200
_NUMBER_LABELS = {"shift": "Number to add", "scale": "Times (0.9 is 10% lower)", "set": "New value"}


def draw_form(rows: LoadedRows, changes: tuple[Change, ...], names: Sequence[str]) -> None:
    """Which input, what is done to it, and with what; a button adds it to the others."""
    if not names:
        return
    with st.expander("Change an input" if not changes else "Change another input", expanded=not changes):
        words = {name: rows.columns[name].words.words for name in names}
        chosen = st.selectbox("Input", list(names), key=COLUMN, format_func=lambda name: words.get(name, name))
        column = rows.columns[chosen if chosen in words else names[0]]
        known = kinds_for(column)
        if st.session_state.get(KIND) not in known:
            st.session_state.pop(KIND, None)
        kind = st.selectbox("What is done to it", known, key=KIND, format_func=lambda name: KINDS[name])
        _draw_values(column, kind)
        st.button("Add this change", key=ADD, on_click=_added, args=(rows, changes, column, kind))
        if problem := st.session_state.pop(PROBLEM, None):
            say(problem)


def _draw_values(column: AskedColumn, kind: ChangeKind) -> None:
    if kind == "missing":
        return
    if not column.coded:
        unit = f" ({column.words.unit})" if column.words.unit and kind != "scale" else ""
        st.number_input(html.literal(_NUMBER_LABELS[kind] + unit), value=None, key=NUMBER, format="%g", step=1.0)
        return
    labels = column.labels
    for key, label in ((FIRST, "Value"), (SECOND, "Exchanged with"))[: 2 if kind == "swap" else 1]:
        st.selectbox(
            label, column.levels[:MOST_LISTED], index=None, key=_key(key, column), accept_new_options=True,
            format_func=lambda level: labels.get(level, level), placeholder="Choose or type a value",
        )  # fmt: skip


def _key(key: str, column: AskedColumn) -> str:
    """A box of its own for every column: a value chosen for one is no value of another."""
    return f"{key}-{column.name}"


def _added(rows: LoadedRows, changes: tuple[Change, ...], column: AskedColumn, kind: ChangeKind) -> None:
    number = st.session_state.get(NUMBER) if kind != "missing" and not column.coded else None
    boxes = (FIRST, SECOND)[: {"set": 1, "swap": 2}.get(kind, 0)] if column.coded else ()
    levels = tuple(str(level) for key in boxes if (level := st.session_state.get(_key(key, column))) is not None)
    change = Change(column.name, kind, None if number is None else float(number), levels)
    try:
        checked = checked_changes((*changes, change), rows.columns)
        write_changes(checked)
    except InputError as problem:
        st.session_state[PROBLEM] = f"{problem.message} {problem.hint}"
        return
    write(checked)


def write(changes: tuple[Change, ...]) -> None:
    """Put changes into the address; the form begins anew."""
    if changes:
        st.query_params[CHANGE] = write_changes(changes)
    else:
        st.query_params.pop(CHANGE, None)
    for key in [str(key) for key in st.session_state if str(key).startswith((NUMBER, FIRST, SECOND))]:
        st.session_state.pop(key, None)


def say(problem: str) -> None:
    """A problem the reader can mend."""
    st.html(html.element("p", problem, class_="pl-problem", role="alert"))
