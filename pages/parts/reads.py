"""Cached reads. A run never changes, so what is read of it is kept by run id; the listing is read anew each time."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from evaluator.records import LedgerEvent
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.store import StoreListing, list_runs, open_run, read_events, store_folder


def store() -> Path:
    """The store that this app serves."""
    return store_folder(None)


def listing() -> StoreListing:
    """The runs of the store and the files that cannot be read."""
    return list_runs(store())


def evidence(run_id: str) -> Evidence:
    """Everything of one run."""
    return _evidence(str(store()), run_id)


def events(run_id: str) -> tuple[LedgerEvent, ...]:
    """What people did with a run so far."""
    return read_events(store(), run_id)


@st.cache_resource(max_entries=32, show_spinner=False)
def _evidence(store_path: str, run_id: str) -> Evidence:
    return read_evidence(open_run(Path(store_path), run_id))
