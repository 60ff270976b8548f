"""The address bar is the only store of a selection.

A widget is set from the address on every run and writes back to it when a reader changes it, so that a reload, the back
button and a mailed link all show the same thing. A value that is not on offer is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.parts import html

RUN = "run"


def run_in_link() -> str | None:
    """The run that the address names, or None."""
    return st.query_params.get(RUN)


def chosen(name: str, options: Sequence[str], default: str) -> str:
    """The value of `name` in the address when it is one of `options`, else `default`."""
    value = st.query_params.get(name)
    return value if value is not None and value in options else default


def select(label: str, name: str, options: Sequence[str], *, default: str, shown: Callable[[str], str] = str) -> str:
    """A select box kept in the address under `name`."""
    key = _prepare(name, options, default)
    st.selectbox(label, options, key=key, format_func=shown, on_change=_write, args=(name, key, default))
    return str(st.session_state[key])


def segments(label: str, name: str, options: Sequence[str], *, default: str, shown: Callable[[str], str] = str) -> str:
    """A row of buttons, one of them pressed, kept in the address under `name`; `shown` may be text from the data."""
    key = _prepare(name, options, default)
    st.segmented_control(
        label,
        options,
        key=key,
        format_func=lambda value: html.literal(shown(value)),
        required=True,
        on_change=_write,
        args=(name, key, default),
    )
    return str(st.session_state[key])


def toggle(label: str, name: str) -> bool:
    """An on/off switch kept in the address."""
    key = f"url-{name}"
    st.session_state[key] = st.query_params.get(name) == "1"
    st.toggle(label, key=key, on_change=_write_flag, args=(name, key))
    return bool(st.session_state[key])


def link_here(label: str, query: Mapping[str, str], key: str) -> None:
    """A way to another view of this very page.

    A page link to the page one is on shows the view without writing it to the address, so that a reload loses it.
    """
    st.button(label, key=key, type="tertiary", on_click=st.query_params.from_dict, args=(dict(query),))


def _prepare(name: str, options: Sequence[str], default: str) -> str:
    key = f"url-{name}"
    st.session_state[key] = chosen(name, options, default)
    return key


def _write(name: str, key: str, default: str) -> None:
    value = st.session_state[key]
    if value in (None, default):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def _write_flag(name: str, key: str) -> None:
    if st.session_state[key]:
        st.query_params[name] = "1"
    else:
        st.query_params.pop(name, None)
