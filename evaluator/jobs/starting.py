"""Starting work: who may, how much at once, and what is kept of earlier work."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from evaluator.catalogue.roles import Role
from evaluator.errors import JobError
from evaluator.jobs.endings import Ending
from evaluator.jobs.files import (
    REQUEST,
    JobId,
    job_folder,
    job_folders,
    jobs_folder,
    make_job_id,
    write_json,
    writing_errors,
)
from evaluator.jobs.kinds import check_role, kind_of
from evaluator.jobs.processes import check_system, spawn
from evaluator.jobs.requests import Request, make_request, read_request
from evaluator.jobs.states import settle
from evaluator.store.file_lock import locked

MOST_AT_ONCE = 2
MOST_KEPT = 50
LONGEST_KEPT = 7 * 24 * 3600.0


def start_job(
    store: Path,
    kind: str,
    payload: Mapping[str, object],
    *,
    role: Role,
    seconds: float | None = None,
    mib: int | None = None,
) -> JobId:
    """Start work in a process of its own, or join the same work if it is running already.

    Parameters
    ----------
    kind : one of KINDS.
    payload : the values that the kind asks for, by name.
    role : of whoever asks; checked here and again at every look.
    seconds, mib : limits on wall-clock time and address space; None takes the kind's own.

    Raises
    ------
    JobError : the role, the request, the number of jobs at once, or a disk that cannot be written to.
    """
    check_role(role)
    entry = kind_of(kind)
    request = make_request(entry, payload, seconds=seconds, mib=mib)
    check_system()
    with writing_errors(store, "The work could not be started"):
        jobs_folder(store).mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(jobs_folder(store) / ".lock", what="The folder of jobs"):
            running = _running(store)
            for job_id, other in running.items():
                if request.asks_the_same(other):
                    return job_id
            _check_room(len(running))
            return _begin(store, request, entry.function)


def _running(store: Path) -> dict[JobId, Request]:
    """The jobs that go on; of the others, those too old or too many are removed."""
    running: dict[JobId, Request] = {}
    ended: list[tuple[float, Path]] = []
    for folder in job_folders(store):
        request = read_request(folder)
        ending = settle(folder, request) if request else Ending("lost", ended_at=folder.stat().st_mtime)
        if request is not None and ending is None:
            running[JobId(folder.name)] = request
        elif ending is not None:
            ended.append((ending.ended_at, folder))
    _remove_old(ended)
    return running


def _remove_old(ended: list[tuple[float, Path]]) -> None:
    oldest = time.time() - LONGEST_KEPT
    for position, (at, folder) in enumerate(sorted(ended, reverse=True)):
        if position >= MOST_KEPT or at < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _check_room(running: int) -> None:
    if running >= MOST_AT_ONCE:
        raise JobError(
            f"{running} pieces of work are running already, and there is room for {MOST_AT_ONCE}.",
            "Wait until one has ended, or cancel one.",
        )


def _begin(store: Path, request: Request, function: str) -> JobId:
    job_id = make_job_id()
    folder = job_folder(store, job_id)
    folder.mkdir(mode=0o700)

    def when_ended() -> None:
        # The folder may be gone with its store by now; a reader then finds no job at all.
        with suppress(OSError):
            settle(folder, request)

    try:
        write_json(folder / REQUEST, request.as_json())
        spawn(folder, function, request.deadline, when_ended)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return job_id
