"""One writer of a folder at a time, across processes and threads."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluator.errors import StoreError

PATIENCE = 10.0
"""Seconds to wait for another writer."""
PAUSE = 0.01


@contextmanager
def locked(path: Path, patience: float = PATIENCE, *, what: str = "The ledger") -> Iterator[None]:
    """Hold the lock on `path`; it ends with the block or with the process, whichever comes first.

    `what` begins the sentence that says it is busy.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _wait_for(descriptor, f"{what} {path.parent}", time.monotonic() + patience)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, what: str, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise StoreError(f"{what} is busy.", "Try again in a moment.") from error
        time.sleep(PAUSE)
