"""How far a job is: written by the child, read by whoever looks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from evaluator.jobs.files import PROGRESS, read_json, write_json

PAUSE = 0.2
"""Seconds between two writings of the same step."""
LONGEST_STEP = 200


class Step(NamedTuple):
    """`done` of `total`, and what is being done; a `total` of 0 says that nothing is known yet."""

    what: str
    done: int
    total: int


class ProgressFile:
    """Takes progress(what, done, total) over the whole work; what is written never goes back."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PROGRESS
        self._step = Step("", 0, 0)
        self._written = -PAUSE

    def __call__(self, what: str, done: int, total: int) -> None:
        before = self._step
        self._step = _further(before, Step(what[:LONGEST_STEP], done, total))
        last = self._step.done == self._step.total
        if last or self._step.what != before.what or time.monotonic() - self._written >= PAUSE:
            write_json(self._path, {**self._step._asdict(), "updated": time.time()})
            self._written = time.monotonic()


def _further(before: Step, now: Step) -> Step:
    """`now`, with the share that was done before when that was larger."""
    total = max(0, now.total)
    done = min(max(0, now.done), total)
    if total == 0 or done * before.total < before.done * total:
        return Step(now.what, before.done, before.total)
    return Step(now.what, done, total)


def read_progress(folder: Path) -> Step:
    """How far a job is; an empty step when nothing, or nothing readable, was written."""
    found = read_json(folder / PROGRESS) or {}
    what, done, total = found.get("what"), found.get("done"), found.get("total")
    if not isinstance(what, str) or type(done) is not int or type(total) is not int or not 0 <= done <= total:
        return Step("", 0, 0)
    return Step(what[:LONGEST_STEP], done, total)
