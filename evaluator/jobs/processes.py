"""The process of a job: starting it in a group of its own, knowing it again, watching it and ending it.

A process is known by its number and the moment it started, so that a number which the system gave to somebody else
later is never signalled.
"""

from __future__ import annotations

import math
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import evaluator
from evaluator.errors import JobError
from evaluator.jobs.files import LOG, PROCESS, read_json, write_json

ROOT = Path(evaluator.__file__).resolve().parents[1]
# One thread for linear algebra and few memory arenas: each would take address space from the limit.
SPARING = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class ProcessId(NamedTuple):
    """`start` is in clock ticks since the machine started (field 22 of /proc/<pid>/stat)."""

    pid: int
    start: int


class _Seen(NamedTuple):
    state: str
    start: int


def check_system() -> None:
    """Raise JobError where processes cannot be told apart and watched."""
    hint = "Run the app on Linux with /proc mounted, and where a sandbox allows pidfd_open."
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError) as error:
        raise JobError("This system cannot watch over separate work: it has no pidfd_open.", hint) from error
    if _seen(os.getpid()) is None:
        raise JobError("This system cannot watch over separate work: it has no /proc.", hint)


def spawn(folder: Path, function: str, deadline: float, when_ended: Callable[[], None]) -> None:
    """Start the child of a job; a thread ends it at `deadline` at the latest, reaps it and calls `when_ended`."""
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "evaluator.jobs.worker", str(folder.absolute()), function],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(), start_new_session=True,
        )  # fmt: skip
    try:
        # Not reaped before the watcher runs, so it is always there to be seen.
        seen = _seen(process.pid)
        assert seen is not None
        write_json(folder / PROCESS, ProcessId(process.pid, seen.start)._asdict())
    except OSError:
        _kill_group(process.pid)
        process.wait()
        raise
    threading.Thread(target=_watch, args=(process, deadline, when_ended), daemon=True).start()


def read_process(folder: Path) -> ProcessId | None:
    """Which process does a job, or None when that is not recorded."""
    found = read_json(folder / PROCESS) or {}
    pid, start = found.get("pid"), found.get("start")
    return ProcessId(pid, start) if type(pid) is int and type(start) is int and pid > 1 else None


def is_running(process: ProcessId) -> bool:
    seen = _seen(process.pid)
    return seen is not None and seen.start == process.start and seen.state not in ("Z", "X")


def end(process: ProcessId) -> None:
    """Kill a process and the group it leads, if it is still the same one."""
    if is_running(process):
        _kill_group(process.pid)


def _environment() -> dict[str, str]:
    """This process's own, with the package importable from wherever the child stands."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | SPARING | {"PYTHONPATH": os.pathsep.join(paths)}


def _watch(process: subprocess.Popen[bytes], deadline: float, when_ended: Callable[[], None]) -> None:
    _wait(process.pid, deadline)
    # Not reaped yet, so the number is still taken: what the child left in its group goes with it.
    _kill_group(process.pid)
    process.wait()
    when_ended()


def _wait(pid: int, deadline: float) -> None:
    """Wait until a child has ended, without reaping it, or until the time is over."""
    descriptor = os.pidfd_open(pid)
    try:
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        while (left := deadline - time.time()) > 0 and not ended.poll(math.ceil(left * 1000)):
            pass
    finally:
        os.close(descriptor)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _seen(pid: int) -> _Seen | None:
    """State and start of a process; the name before them may hold anything, brackets and spaces included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return _Seen(fields[0].decode("ascii"), int(fields[19]))
    except (OSError, ValueError, IndexError):
        return None
