"""Cached reads. A run never changes, so what is read of it is kept by run id; the listing is read anew each time."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from evaluator.catalogue.roles import Role
from evaluator.records import LedgerEvent
from evaluator.report.brief import Brief, brief_of
from evaluator.report.changes import Change, changes_between
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.meeting import Step, steps_of
from evaluator.report.standing import Standing, standing_of
from evaluator.report.suppression import suppress
from evaluator.store import RunListing, StoreListing, check_unchanged, list_runs, open_run, read_events, store_folder


def store() -> Path:
    """The store that this app serves."""
    return store_folder(None)


def listing(role: Role, plan_id: str | None = None) -> StoreListing:
    """The runs that a role may see (of one plan, when given), and for those who see drafts the unreadable files."""
    found = list_runs(store(), plan_id)
    if role.sees_drafts:
        return found
    return StoreListing(tuple(run for run in found.runs if _was_released(run)), ())


def _was_released(run: RunListing) -> bool:
    """Whether a run ever left its draft; one that was withdrawn before stays with those who see drafts."""
    return any(event.kind == "released" for event in run.events)


def evidence(run_id: str, fewer_than: int | None) -> Evidence:
    """Everything of one run, without figures about fewer than `fewer_than` people when that is given."""
    return _evidence(str(store()), run_id, fewer_than)


def brief(run_id: str, fewer_than: int | None) -> Brief:
    """The brief of one run, from the same records as `evidence`."""
    return _brief(str(store()), run_id, fewer_than)


def steps(run_id: str, fewer_than: int | None, events: tuple[LedgerEvent, ...]) -> tuple[Step, ...]:
    """The steps of a meeting about one run, kept until another event is added to its ledger."""
    return _steps(str(store()), run_id, fewer_than, events[-1].sha256 if events else "", standing_of(events))


def changes(old_id: str, new_id: str, fewer_than: int | None) -> tuple[Change, ...]:
    """What changed from one run to another, as a reader may see it."""
    check_unchanged(store(), new_id, events(new_id))
    return _changes(str(store()), old_id, new_id, fewer_than)


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


@st.cache_resource(max_entries=32, show_spinner=False)
def _steps(
    store_path: str, run_id: str, fewer_than: int | None, last_event: str, _standing: Standing
) -> tuple[Step, ...]:
    return steps_of(_evidence(store_path, run_id, fewer_than), _standing)


@st.cache_resource(max_entries=32, show_spinner=False)
def _changes(store_path: str, old_id: str, new_id: str, fewer_than: int | None) -> tuple[Change, ...]:
    return changes_between(_evidence(store_path, old_id, fewer_than), _evidence(store_path, new_id, fewer_than))
