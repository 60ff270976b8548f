"""Cached reads. A run never changes, so what is read of it is kept by run id; the listing is read anew each time."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from evaluator.catalogue.roles import Role
from evaluator.records import LedgerEvent
from evaluator.report.brief import Brief, brief_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.suppression import suppress
from evaluator.store import StoreListing, list_runs, open_run, read_events, store_folder


def store() -> Path:
    """The store that this app serves."""
    return store_folder(None)


def listing(role: Role, plan_id: str | None = None) -> StoreListing:
    """The runs that a role may see (of one plan, when given), and for those who see drafts the unreadable files."""
    found = list_runs(store(), plan_id)
    if role.sees_drafts:
        return found
    return StoreListing(tuple(run for run in found.runs if run.state != "draft"), ())


def evidence(run_id: str, fewer_than: int | None) -> Evidence:
    """Everything of one run, without figures about fewer than `fewer_than` people when that is given."""
    return _evidence(str(store()), run_id, fewer_than)


def brief(run_id: str, fewer_than: int | None) -> Brief:
    """The brief of one run, from the same records as `evidence`."""
    return _brief(str(store()), run_id, fewer_than)


def events(run_id: str) -> tuple[LedgerEvent, ...]:
    """What people did with a run so far."""
    return read_events(store(), run_id)


@st.cache_resource(max_entries=32, show_spinner=False)
def _evidence(store_path: str, run_id: str, fewer_than: int | None) -> Evidence:
    whole = read_evidence(open_run(Path(store_path), run_id))
    return whole if fewer_than is None else suppress(whole, fewer_than)


@st.cache_resource(max_entries=32, show_spinner=False)
def _brief(store_path: str, run_id: str, fewer_than: int | None) -> Brief:
    return brief_of(_evidence(store_path, run_id, fewer_than))
