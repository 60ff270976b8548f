"""Cached reads. A run never changes, so what is read of it is kept by run id; the listing is read anew each time."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from evaluator.catalogue.roles import Role
from evaluator.records import LedgerEvent
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.suppression import suppress
from evaluator.store import StoreListing, list_runs, open_run, read_events, store_folder


def store() -> Path:
    """The store that this app serves."""
    return store_folder(None)


def listing(role: Role) -> StoreListing:
    """The runs that a role may see, and for those who see drafts the files that cannot be read."""
    found = list_runs(store())
    if role.sees_drafts:
        return found
    return StoreListing(tuple(run for run in found.runs if run.state != "draft"), ())


def evidence(run_id: str, fewer_than: int | None) -> Evidence:
    """Everything of one run, without figures about fewer than `fewer_than` people when that is given."""
    return _evidence(str(store()), run_id, fewer_than)


def events(run_id: str) -> tuple[LedgerEvent, ...]:
    """What people did with a run so far."""
    return read_events(store(), run_id)


@st.cache_resource(max_entries=32, show_spinner=False)
def _evidence(store_path: str, run_id: str, fewer_than: int | None) -> Evidence:
    whole = read_evidence(open_run(Path(store_path), run_id))
    return whole if fewer_than is None else suppress(whole, fewer_than)
