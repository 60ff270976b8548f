"""Work that calls the model: a button to start it, how far it is, a way to cancel it, and how it ended.

The id of the work is kept for the visit and in the address, so that a reload shows the same work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from evaluator.errors import JobError
from evaluator.jobs import KINDS, JobState, cancel_job, job_state, start_job
from evaluator.wording import format_count
from pages.parts import reads
from pages.parts.roles import Reader, current_reader

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

JOB = "job"
LOOK_EVERY = 1.0
"""Seconds between two looks at work that goes on."""
NOT_YOURS = "Your role reads what was evaluated. An evaluator can start this."


def draw_job(key: str, kind: str, payload: Mapping[str, object], label: str, page: OpenPage) -> dict[str, Any] | None:
    """Draw the button, the progress or the outcome of one piece of work.

    Parameters
    ----------
    key : tells apart the work that a page offers.
    label : of the button that starts it.

    Returns
    -------
    The answer once the work is done, else None; a page draws it below.
    """
    if not page.reader.role.starts_jobs:
        st.text(NOT_YOURS)
        return None
    with st.container(key=f"job-{key}"):
        state = _known(key, kind, payload, page.reader)
        if state is not None and state.status == "running":
            st.fragment(_draw_running, run_every=LOOK_EVERY)(key, state.job_id)
            return None
        if state is not None:
            _draw_ending(state)
        if st.button(label if state is None else f"{label} again", key=f"job-start-{key}"):
            _start(key, kind, payload)
    return None if state is None else state.result


def _known(key: str, kind: str, payload: Mapping[str, object], reader: Reader) -> JobState | None:
    """The state of this very work, when it was started in this visit or the address names it."""
    for job_id in (st.session_state.get(_kept(key)), st.query_params.get(JOB)):
        if job_id is None:
            continue
        try:
            state = job_state(reads.store(), job_id, role=reader.role)
        except JobError:
            continue
        if (state.kind, state.payload) == (kind, dict(payload)):
            return state
    return None


def _start(key: str, kind: str, payload: Mapping[str, object]) -> None:
    """Start the work, after asking again who is reading; what prevents it is said in its place."""
    reader = current_reader()
    if reader is None:
        return
    try:
        job_id = start_job(reads.store(), kind, payload, role=reader.role)
    except JobError as problem:
        _say(problem.message, problem.hint)
        return
    st.session_state[_kept(key)] = job_id
    st.query_params[JOB] = job_id
    st.rerun()


def _draw_running(key: str, job_id: str) -> None:
    """One look at work that goes on; the whole page is drawn anew once it has ended."""
    reader = current_reader()
    if reader is None or not reader.role.starts_jobs:
        st.rerun()
    try:
        state = job_state(reads.store(), job_id, role=reader.role)
        if state.status != "running":
            st.rerun()
        _draw_progress(state)
        if st.button("Cancel", key=f"job-cancel-{key}"):
            cancel_job(reads.store(), job_id, role=reader.role)
            st.rerun()
    except JobError as problem:
        _say(problem.message, problem.hint)


def _draw_progress(state: JobState) -> None:
    what, done, total = state.progress
    kind = KINDS.get(state.kind)
    st.text(f"{what or (kind.doing if kind else 'Working')}, {format_count(state.seconds)} s so far")
    st.progress(done / total if total else 0.0)


def _draw_ending(state: JobState) -> None:
    """Why there is no answer; an answer speaks for itself."""
    if state.status != "done":
        _say(state.message, state.hint)


def _say(message: str, hint: str) -> None:
    st.text(message)
    if hint:
        st.text(hint)


def _kept(key: str) -> str:
    return f"job-of-{key}"
