"""The state of a job, and cancelling it. Whoever looks also ends work that is past its limit."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evaluator.catalogue.roles import Role
from evaluator.errors import JobError
from evaluator.jobs.endings import Ending, EndStatus, cancelled, lost, out_of_time, read_ending, write_ending
from evaluator.jobs.files import CANCELLED, JobId, job_folder, writing_errors
from evaluator.jobs.kinds import check_role
from evaluator.jobs.processes import end, is_running, read_process
from evaluator.jobs.progress import Step, read_progress
from evaluator.jobs.requests import Request, read_request

JobStatus = Literal["running"] | EndStatus
STARTING = 10.0
"""Seconds within which the process of a job must have been recorded."""
PATIENCE, PAUSE = 5.0, 0.01


@dataclass(frozen=True, slots=True)
class JobState:
    """What a page shows of a job; `result` is there when `status` is done, `message` and `hint` when it is not."""

    job_id: JobId
    kind: str
    payload: dict[str, Any]
    status: JobStatus
    progress: Step
    seconds: float
    result: dict[str, Any] | None
    message: str
    hint: str


def job_state(store: Path, job_id: str, *, role: Role) -> JobState:
    """How far a job is, or how it ended.

    Raises
    ------
    JobError : the role may not see it, or no such job is kept.
    """
    check_role(role)
    folder = job_folder(store, job_id)
    request = read_request(folder)
    if request is None:
        raise JobError("This work is not kept, or not any more.", "Start it again.")
    ending = settle(folder, request)
    until = time.time() if ending is None else ending.ended_at
    return JobState(
        job_id=JobId(job_id),
        kind=request.kind,
        payload=request.payload,
        status=ending.status if ending else "running",
        progress=read_progress(folder),
        seconds=max(0.0, until - request.started_at),
        result=ending.result if ending else None,
        message=ending.message if ending else "",
        hint=ending.hint if ending else "",
    )


def cancel_job(store: Path, job_id: str, *, role: Role) -> JobState:
    """End a job and wait until its process is gone; one that has ended stays as it ended."""
    state = job_state(store, job_id, role=role)
    if state.status != "running":
        return state
    folder = job_folder(store, job_id)
    process = read_process(folder)
    try:
        with writing_errors(store, "That this was cancelled could not be recorded"):
            (folder / CANCELLED).touch()
    finally:
        if process is not None:
            end(process)
    deadline = time.monotonic() + PATIENCE
    while process is not None and is_running(process) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return job_state(store, job_id, role=role)


def settle(folder: Path, request: Request) -> Ending | None:
    """How a job ended, or None while it goes on; work past its limit is ended, and the ending recorded."""
    found = read_ending(folder)
    if found is not None:
        return found
    process = read_process(folder)
    if process is not None and is_running(process):
        if not request.overdue:
            return None
        end(process)
    elif process is None and time.time() < request.started_at + min(STARTING, request.seconds):
        return None
    # It may have answered between the first look and its end.
    return read_ending(folder) or _record(folder, _unanswered(folder, request))


def _unanswered(folder: Path, request: Request) -> Ending:
    if (folder / CANCELLED).exists():
        return cancelled()
    return out_of_time(request.seconds) if request.overdue else lost()


def _record(folder: Path, ending: Ending) -> Ending:
    """Write the ending down; where nothing can be written, the next look finds the same."""
    with suppress(OSError):
        return write_ending(folder, ending)
    return ending
