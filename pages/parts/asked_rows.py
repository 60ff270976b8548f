"""Rows kept for questions, for everyone who asks."""

from __future__ import annotations

import streamlit as st

from evaluator.recompute import KeptRows, LoadedRows, offered_chips


@st.cache_resource(show_spinner=False)
def kept_rows() -> KeptRows:
    """The rows of the runs asked about last."""
    return KeptRows()


@st.cache_resource(max_entries=16, show_spinner=False)
def offered(run_id: str, _rows: LoadedRows) -> dict[str, str]:
    """The chips to choose from in a run."""
    return offered_chips(_rows)
