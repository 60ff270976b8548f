"""Code that is not ours: whatever it raises becomes a value that can be said."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Raised:
    """What a model's code raised, and where in its own file ('' when unknown)."""

    kind: str
    message: str
    where: str = ""

    def __str__(self) -> str:
        said = f"{self.kind}: {self.message}" if self.message else self.kind
        return f"{said} ({self.where})" if self.where else said


def attempt(work: Callable[[], Any], file: Path | None = None) -> Any:
    """What `work` returns, or `Raised`; `file` is the source whose line is named."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  a model may raise anything, and all of it is said
        return raised(error, file)


def raised(error: BaseException, file: Path | None = None) -> Raised:
    """An exception as its type, its first line, and the innermost line of `file` it passed through."""
    text = str(error).strip().splitlines()
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if file and frame.filename == str(file)
    ]
    where = f"line {lines[-1]} of {file.name}" if file and lines else ""
    return Raised(type(error).__name__, text[0][:LONGEST_MESSAGE] if text else "", where)
