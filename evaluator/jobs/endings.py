"""How a job ended, in plain words: its answer, or why there is none and what to do."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from evaluator.errors import EvaluatorError
from evaluator.jobs.files import ERROR, LARGEST_FILE, RESULT, read_json, write_json
from evaluator.wording import format_count, format_exact, plural

EndStatus = Literal["done", "failed", "cancelled", "out_of_time", "out_of_memory", "lost"]
LONGEST_REASON = 500
ASK = "Start it again; if that does not help, tell whoever runs this app."


@dataclass(frozen=True, slots=True)
class Ending:
    """`ended_at` is in seconds since 1970; `result` is the answer when `status` is done."""

    status: EndStatus
    message: str = ""
    hint: str = ""
    result: dict[str, Any] | None = None
    ended_at: float = 0.0


def done(result: Mapping[str, object]) -> Ending:
    """The work has its answer; one that is not plain JSON of a reasonable size is a failure."""
    try:
        size = len(json.dumps(result, allow_nan=False).encode())
    except (TypeError, ValueError, RecursionError) as problem:
        return failed(f"The answer cannot be written as JSON: {problem}.", ASK)
    if size > LARGEST_FILE // 2:
        return failed(f"The answer is too long: {format_count(size)} bytes.", "Ask about less at once.")
    return Ending("done", result=dict(result))


def failed(message: str, hint: str) -> Ending:
    return Ending("failed", message, hint)


def stopped_by(problem: Exception, mib: int) -> Ending:
    """What the work raised, as an ending."""
    if ran_out_of_memory(problem):
        return out_of_memory(mib)
    if isinstance(problem, EvaluatorError):
        return failed(problem.message, problem.hint)
    return failed(f"The work stopped with {type(problem).__name__}: {problem}"[:LONGEST_REASON], ASK)


def cancelled() -> Ending:
    return Ending("cancelled", "This was cancelled.")


def out_of_time(seconds: float) -> Ending:
    return Ending(
        "out_of_time", f"This took longer than {_duration(seconds)} and was stopped.",
        "Ask about less at once, or start it again when the machine is less busy.",
    )  # fmt: skip


def out_of_memory(mib: int) -> Ending:
    return Ending(
        "out_of_memory", f"This needed more than {format_count(mib)} MiB of memory and was stopped.",
        "Ask about less at once.",
    )  # fmt: skip


def lost() -> Ending:
    return Ending(
        "lost", "The work ended without an answer: something stopped its process, or it crashed.",
        "Start it again; if that does not help, the machine may have too little memory.",
    )  # fmt: skip


def _duration(seconds: float) -> str:
    """A time limit in words; whole minutes from two on."""
    if seconds >= 120 and seconds % 60 == 0:
        return f"{format_count(seconds / 60)} minutes"
    return f"{format_exact(seconds)} {plural(seconds, 'second', 'seconds')}"


def ran_out_of_memory(problem: BaseException | None) -> bool:
    """Whether an error, or one it came from, says that no more memory was to be had."""
    while problem is not None:
        # A library that cannot be loaded into what is left says so as an ImportError, DuckDB with its own class.
        told = f"{type(problem).__name__} {problem}".lower()
        words = ("outofmemory", "cannot allocate memory", "failed to map segment", "can't start new thread")
        if isinstance(problem, MemoryError) or any(word in told for word in words):
            return True
        if isinstance(problem, OSError) and problem.errno == errno.ENOMEM:
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def write_ending(folder: Path, ending: Ending) -> Ending:
    """Record how a job ended, with the time; an answer outweighs whatever else is recorded."""
    ended = Ending(ending.status, ending.message, ending.hint, ending.result, time.time())
    write_json(folder / (RESULT if ending.status == "done" else ERROR), asdict(ended))
    return ended


def read_ending(folder: Path) -> Ending | None:
    """How a job ended, or None while nothing is recorded."""
    for name in (RESULT, ERROR):
        if (folder / name).exists():
            return _ending_of(folder / name)
    return None


def _ending_of(path: Path) -> Ending:
    try:
        ending = Ending(**(read_json(path) or {}))
    except TypeError:
        ending = Ending("failed")
    answered = ending.status != "done" or isinstance(ending.result, dict)
    if ending.status in get_args(EndStatus) and answered and isinstance(ending.ended_at, float) and ending.ended_at:
        return ending
    modified = path.stat().st_mtime
    return Ending("failed", f"What the work recorded in {path.name} cannot be read.", ASK, None, modified)
