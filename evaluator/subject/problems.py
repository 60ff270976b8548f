"""Collect everything wrong with an input, then say it in one error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import EvaluatorError, InputError

MOST_EXAMPLES = 3
LONGEST_EXAMPLE = 60


class Problems:
    """Problems found so far, each with what to do about it."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, message: str, hint: str = "") -> None:
        if (message, hint) not in self._found:
            self._found.append((message, hint))

    def add_error(self, where: str, error: EvaluatorError) -> None:
        self.add(f"{where}: {error.message}", error.hint)

    def raise_any(self) -> None:
        """Raise one InputError that lists every problem, or return when there is none."""
        if not self._found:
            return
        if len(self._found) == 1:
            raise InputError(*self._found[0])
        lines = [f"- {message} {hint}".rstrip() for message, hint in self._found]
        raise InputError(
            "\n".join([f"{len(lines)} things are wrong with the data:", *lines]), "Mend all of them, then check again."
        )


def count_words(n: int, singular: str, plural: str = "") -> str:
    """A count with its noun: "1 row", "1,200 rows"."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def shown(value: Any) -> str:
    """A value as examples show it: quoted text, on one line and not too long."""
    if not isinstance(value, str):
        return str(value)
    text = value if len(value) <= LONGEST_EXAMPLE else value[: LONGEST_EXAMPLE - 1] + "…"
    return repr(text)


def listed(values: Sequence[Any], limit: int = MOST_EXAMPLES) -> str:
    """The first few values, and how many more there are."""
    more = f" and {len(values) - limit:,} more" if len(values) > limit else ""
    return ", ".join(shown(value) for value in values[:limit]) + more


def bad_rows(mask: NDArray[np.bool_], row_names: NDArray[np.object_], values: Any = None) -> str:
    """How many rows are wrong and the first three of them: "4 rows (row A1: 'x'; row A7: 'y'; ...)"."""
    positions = np.flatnonzero(mask)
    first = positions[:MOST_EXAMPLES]
    examples = [
        f"row {row_names[position]}" + ("" if values is None else f": {shown(values[position])}") for position in first
    ]
    more = "; ..." if len(positions) > len(first) else ""
    return f"{count_words(len(positions), 'row')} ({'; '.join(examples)}{more})"
