"""What commands print: text to read, tables, JSON, errors. Text from data cannot steer the terminal."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from evaluator.errors import EvaluatorError

_NARROWEST = 40
_DIRECTION_MARKS = frozenset(map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def clean(text: str) -> str:
    """`text` without control characters and marks that reverse the reading direction; newlines and tabs stay."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or not (unicodedata.category(character) == "Cc" or character in _DIRECTION_MARKS)
    )


def say(text: str = "", *, indent: int = 0, file: TextIO | None = None) -> None:
    """Print text, broken between words when a terminal shows it."""
    stream = file or sys.stdout
    for line in clean(text).split("\n"):
        print(_fitted(line, indent, stream), file=stream)


def warn(text: str) -> None:
    """Print to the error stream, so that it never mixes with results."""
    say(text, file=sys.stderr)


def say_error(error: EvaluatorError) -> None:
    """Message and next step."""
    warn(f"Error: {error.message}")
    if error.hint:
        warn(f"Hint: {error.hint}")


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side, each as wide as its longest cell; lines are never cut."""
    cells = [[" ".join(clean(cell).split()) for cell in row] for row in (headings, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def say_json(value: object) -> None:
    """Print records, texts and numbers as JSON in plain ASCII."""
    print(json.dumps(plain(value), indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """Records, times and paths as what JSON knows; numbers it does not know (infinite) become null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def _fitted(line: str, indent: int, stream: TextIO) -> str:
    space = " " * indent
    if not stream.isatty():
        return space + line if line else ""
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    return textwrap.fill(
        line, width, initial_indent=space, subsequent_indent=space, break_long_words=False, break_on_hyphens=False
    )
