"""Kinds of work for tests, done in the child; and how to wait for what it does."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from evaluator.catalogue.roles import ROLES
from evaluator.errors import InputError
from evaluator.jobs import KINDS, Field, JobKind, JobState, job_state
from evaluator.jobs.files import job_folder, make_job_id, write_json
from evaluator.jobs.requests import Request
from evaluator.records import Progress

HERE = Path(__file__).parent
EVALUATOR = ROLES["evaluator"]
MIB = 1024 * 1024
LONGEST_WAIT = 30.0
Found = TypeVar("Found")


def echo(store: Path, payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Answer with what was asked."""
    progress("thinking", 1, 1)
    return {"note": payload["note"], "store": str(store)}


def allocate(_store: Path, payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Hold `mib` of memory that was written to, then wait to be ended."""
    held = bytearray(payload["mib"] * MIB)
    held[:: resource.getpagesize()] = b"x" * len(held[:: resource.getpagesize()])
    progress("holding", 1, 2)
    signal.pause()
    return {"held": len(held)}


def wait(_store: Path, _payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Wait to be ended."""
    progress("waiting", 1, 4)
    signal.pause()
    return {}


def wait_deaf(store: Path, payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Wait to be ended by somebody else: the alarm is not heard."""
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    return wait(store, payload, progress)


def count(_store: Path, _payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Report two phases that each begin at nothing."""
    for phase in ("first", "second"):
        for done in range(201):
            progress(f"{phase} {done // 20}", done, 200)
    return {}


def leave(_store: Path, _payload: Mapping[str, Any], _progress: Progress) -> dict[str, Any]:
    """Answer, and leave a process of one's own behind."""
    left = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    return {"left": left.pid}


def limits(_store: Path, _payload: Mapping[str, Any], _progress: Progress) -> dict[str, Any]:
    """The limits that this child is under."""
    return {
        "memory": resource.getrlimit(resource.RLIMIT_AS)[1],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "nice": os.nice(0),
        "leads": os.getsid(0) == os.getpid() == os.getpgid(0),
        "alarm": signal.getitimer(signal.ITIMER_REAL)[0],
        "loaded": sorted({"pandas", "duckdb", "sklearn", "streamlit"} & set(sys.modules)),
    }


def fail(_store: Path, payload: Mapping[str, Any], _progress: Progress) -> Any:
    """Fail in one of several ways."""
    how = payload["how"]
    if how == "sentence":
        raise InputError("Expected scores, found none.", "Add them.")
    if how == "not json":
        return {"value": object()}
    if how == "not a number":
        return {"value": float("nan")}
    if how == "long":
        return {"value": "x" * (3 * MIB)}
    if how == "exit":
        os._exit(3)
    if how == "memory":
        raise ValueError("could not") from MemoryError()
    raise ZeroDivisionError("by zero")


NOTE = {"note": Field(str, longest=40)}
SAMPLES = {
    kind.name: kind
    for kind in (
        JobKind("echo", "Thinking", NOTE, "job_samples:echo"),
        JobKind("allocate", "Holding", {"mib": Field(int)}, "job_samples:allocate"),
        JobKind("wait", "Waiting", NOTE, "job_samples:wait"),
        JobKind("wait_deaf", "Waiting", NOTE, "job_samples:wait_deaf"),
        JobKind("count", "Counting", {}, "job_samples:count"),
        JobKind("leave", "Leaving", {}, "job_samples:leave"),
        JobKind("limits", "Looking", {}, "job_samples:limits"),
        JobKind("fail", "Failing", {"how": Field(str)}, "job_samples:fail"),
        JobKind("share", "Sharing", {"share": Field(float), "on": Field(bool)}, "job_samples:echo"),
        JobKind("absent", "Missing", {}, "job_samples:nothing_of_that_name"),
    )
}


def add_samples(patch: pytest.MonkeyPatch) -> None:
    """Let the kinds above be asked for, here and in the child."""
    patch.setenv("PYTHONPATH", str(HERE))
    for name, kind in SAMPLES.items():
        patch.setitem(KINDS, name, kind)


def keep(store: Path, ended_at: float) -> str:
    """A job that ended some time ago."""
    job_id = make_job_id()
    folder = job_folder(store, job_id)
    folder.mkdir()
    write_json(folder / "request.json", Request("echo", {"note": ""}, 60.0, 500, ended_at - 1.0).as_json())
    write_json(folder / "error.json", {"status": "lost", "ended_at": ended_at})
    return job_id


def wait_until(look: Callable[[], Found | None]) -> Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not (found := look()):
        assert time.monotonic() < deadline, f"{look} found nothing in {LONGEST_WAIT} seconds"
        time.sleep(0.01)
    return found


def ended(store: Path, job_id: str) -> JobState:
    """The state of a job once it has ended."""

    def look() -> JobState | None:
        state = job_state(store, job_id, role=EVALUATOR)
        return state if state.status != "running" else None

    return wait_until(look)


def begun(store: Path, job_id: str) -> JobState:
    """The state of a job once its child is at work."""

    def look() -> JobState | None:
        state = job_state(store, job_id, role=EVALUATOR)
        assert state.status == "running", state
        return state if state.progress.total else None

    return wait_until(look)
