"""Ask a plan's function for scores in a process of its own, which ends with the time limit."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import evaluator
from evaluator.errors import ModelError
from evaluator.subject.models.call_source import CallSource
from evaluator.subject.models.channel import Channel
from evaluator.subject.models.foreign import Raised

TIME_LIMIT = 300.0
"""Seconds one call may take."""
GRACE = 2.0
WORKER = "evaluator.subject.models.call_worker"
MEND = "Mend the function, try it on a few rows, and write the new hash of its source into the plan."


@dataclass(frozen=True, slots=True)
class _Running:
    """A process, the way to talk to it, and what ends it, also when it is forgotten."""

    process: subprocess.Popen[bytes]
    channel: Channel
    end: Callable[[], object]


class CallProcess:
    """The process of one function; started at the first call, and again after it had to be stopped."""

    def __init__(self, source: CallSource, time_limit: float = TIME_LIMIT) -> None:
        self._source, self.time_limit = source, time_limit
        self._running: _Running | None = None

    def ask(self, frame: pd.DataFrame) -> NDArray[Any]:
        """The function's answer for these rows, as an array not yet checked; ModelError when it gives none."""
        table = _as_parquet(frame)
        running = self._running or self.start()
        answer = self._exchange(running, {}, table, f"for {len(frame):,} rows")
        return np.asarray(np.load(io.BytesIO(answer), allow_pickle=False))

    def start(self) -> _Running:
        """Start the process and load the function in it."""
        source = self._source
        process, channel = _started(source.folder)
        self._running = running = _Running(process, channel, weakref.finalize(self, _end, process))
        header = {"module": source.module, "function": source.function, "path": str(source.path)}
        try:
            self._exchange(running, header | {"folder": str(source.folder)}, source.content, "to load")
        except ModelError:
            self.stop()
            raise
        return running

    def stop(self) -> None:
        """End the process and everything it started."""
        if self._running is not None:
            self._running.end()
        self._running = None

    def _exchange(self, running: _Running, header: dict[str, str], body: bytes, what: str) -> bytes:
        deadline = time.monotonic() + self.time_limit
        try:
            running.channel.send(header, body, deadline)
            said, answer = running.channel.receive(deadline)
        except TimeoutError:
            self.stop()
            raise self._too_slow(what) from None
        except EOFError:
            raise self._ended(running.process) from None
        if "kind" in said:
            raise ModelError(f"{self._source.call} raised {Raised(**said)}.", MEND)
        return answer

    def _too_slow(self, what: str) -> ModelError:
        return ModelError(
            f"{self._source.call} took longer than {self.time_limit:g} seconds {what} and was stopped.",
            "Make it faster, or take it out of the plan: the score column alone is enough to judge the model.",
        )

    def _ended(self, process: subprocess.Popen[bytes]) -> ModelError:
        # Its pipes close a moment before it is gone and its exit code is known.
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        self.stop()
        code = process.returncode
        how = f"was ended by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
        return ModelError(f"The process of {self._source.call} {how} before it answered.", MEND)


def _started(folder: Path) -> tuple[subprocess.Popen[bytes], Channel]:
    """A process in a session of its own, so that whatever it starts can be ended with it."""
    package = str(Path(evaluator.__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([package, known] if known else [package])}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd=folder, env=environment, start_new_session=True,
    )  # fmt: skip
    if process.stdin is None or process.stdout is None:
        raise ModelError("The model's process has no pipes.", "Try again.")
    return process, Channel(process.stdout.fileno(), process.stdin.fileno())


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _as_parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    try:
        frame.to_parquet(buffer, index=False)
    except (ValueError, TypeError) as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"The rows cannot be handed to the model's function: {text}."
        raise ModelError(message, "Give every column one type.") from error
    return buffer.getvalue()
