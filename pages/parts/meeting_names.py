"""Who writes down what a meeting does: the name of the sign-in, else the one typed once per visit."""

from __future__ import annotations

import streamlit as st

from pages.parts.roles import Reader

RECORDER, BOX = "meeting-recorder", "meeting-recorder-box"
NOBODY = "presenter"
LONGEST_NAME = 80


def name_of(reader: Reader) -> str:
    """The name of the sign-in, else the one typed in this visit, '' for none."""
    return reader.name if reader.checked else str(st.session_state.get(RECORDER, "")).strip()


def writer(reader: Reader) -> str:
    """Under whose name something is kept that needs no name."""
    name = name_of(reader)
    return name if name and name.isprintable() else NOBODY


def draw_name(reader: Reader, label: str) -> None:
    """A box for the name, where no sign-in gives one; it is asked for once."""
    if reader.checked:
        return
    if BOX not in st.session_state:
        st.session_state[BOX] = st.session_state.get(RECORDER, "")
    st.text_input(
        f"{label} (it will be marked “name not checked”)", key=BOX, max_chars=LONGEST_NAME, on_change=_remember
    )


def _remember() -> None:
    st.session_state[RECORDER] = st.session_state[BOX]
