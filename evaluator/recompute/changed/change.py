"""A change of one feature: what it is, whether it can be asked, and how an address spells it.

`change` holds up to three, joined by ";", each `column:kind:value,value` with names and values percent-encoded like the
filters of `where`: `income:scale:0.9;employment:set:self-employed;sex:swap:F,M;age:shift:2;region:missing:`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluator.errors import InputError, did_you_mean
from evaluator.recompute.checking import Columns, checked_filter, find_column
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.link import read_end, read_filter, write_filter
from evaluator.recompute.question import Filter
from evaluator.subject.levels import nfc, number_text
from evaluator.subject.words import visible

ChangeKind = Literal["shift", "scale", "set", "missing", "swap"]
KINDS: dict[ChangeKind, str] = {
    "shift": "add a number",
    "scale": "multiply by a number",
    "set": "set to",
    "missing": "leave it missing",
    "swap": "exchange two values",
}
"""Every kind of change, and what a reader chooses it by."""
OF_NUMBERS: tuple[ChangeKind, ...] = ("scale", "shift", "set", "missing")
OF_LEVELS: tuple[ChangeKind, ...] = ("set", "swap", "missing")
_HOW_MANY: Mapping[ChangeKind, int] = {"shift": 1, "scale": 1, "set": 1, "missing": 0, "swap": 2}
CHANGE = "change"
MOST_CHANGES = 3
LONGEST = 1_200
_HINT = "Ask anew; the link may have been cut off."


@dataclass(frozen=True, slots=True)
class Change:
    """What is put in place of a feature, for everyone asked about.

    Attributes
    ----------
    kind : "shift" adds `number`, "scale" multiplies by it; "set" puts `number`, or the one of `levels`, in place of
        every value; "missing" takes every value away; "swap" exchanges the two `levels`. A missing value stays missing
        unless it is set.
    """

    column: str
    kind: ChangeKind
    number: float | None = None
    levels: tuple[str, ...] = ()


def kinds_for(column: AskedColumn) -> tuple[ChangeKind, ...]:
    """The changes that a column can take; none for dates."""
    if column.kind == "time":
        return ()
    return OF_LEVELS if column.coded else OF_NUMBERS


def checked_changes(changes: Sequence[Change], columns: Columns) -> tuple[Change, ...]:
    """The changes in the spelling of the rows; InputError for what cannot be asked.

    A level that no row has is allowed: what the model says of one is a question worth asking.
    """
    if len(changes) > MOST_CHANGES:
        raise InputError(
            f"The question changes {len(changes)} inputs; at most {MOST_CHANGES} are changed at once.", "Remove some."
        )
    checked = tuple(_checked(one, columns) for one in changes)
    names = [one.column for one in checked]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"'{visible(twice)}' is changed more than once.", "Give every input one change.")
    return checked


def _checked(change: Change, columns: Columns) -> Change:
    column = find_column(change.column, columns)
    known = kinds_for(column)
    if not known:
        raise InputError(f"'{visible(column.name)}' holds dates, which cannot be changed.", "Change another input.")
    if change.kind not in known:
        holds = "groups" if column.coded else "numbers"
        raise InputError(
            f"'{visible(column.name)}' holds {holds}: “{KINDS[change.kind]}” does not fit.",
            f"Choose one of these: {', '.join(KINDS[kind] for kind in known)}.",
        )
    if change.kind == "missing":
        return Change(column.name, "missing")
    if not column.coded:
        return Change(column.name, change.kind, _checked_number(change, column))
    levels = tuple(_checked_level(level, column) for level in change.levels)
    if len(levels) != _HOW_MANY[change.kind] or len(set(levels)) < len(levels):
        wanted = "two different values" if change.kind == "swap" else "one value"
        raise InputError(f"The change of '{visible(column.name)}' needs {wanted}.", "Choose them anew.")
    return Change(column.name, change.kind, None, levels)


def _checked_number(change: Change, column: AskedColumn) -> float:
    number = change.number
    if number is None or not math.isfinite(number):
        raise InputError(f"The change of '{visible(column.name)}' needs a number.", "Write it with a point, like 0.9.")
    if (change.kind, number) in (("shift", 0.0), ("scale", 1.0)):
        raise InputError(f"This leaves '{visible(column.name)}' as it is.", "Choose another number.")
    return number


def _checked_level(level: str, column: AskedColumn) -> str:
    """A level as the data spell it; one that they do not hold as it was written."""
    found = known_level(level, column)
    if found is None and column.kind == "boolean":
        raise InputError(f"'{visible(column.name)}' is yes or no, found '{visible(level)}'.", "Choose yes or no.")
    return nfc(level) if found is None else found


def known_level(level: str, column: AskedColumn) -> str | None:
    """The level of a column that is meant, by its spelling or in words; None when no row has it."""
    try:
        return checked_filter(Filter(column.name, "in", (level,)), {column.name: column}).values[0]
    except InputError:
        return None


def write_changes(changes: Sequence[Change]) -> str:
    """The changes as an address spells them; InputError when they are too long for one."""
    text = ";".join(_written(one) for one in changes)
    _check_length(text)
    return text


def _written(change: Change) -> str:
    values = change.levels if change.number is None else (number_text(float(change.number)),)
    name, _, rest = write_filter(Filter(change.column, "in", values)).split(":")
    return f"{name}:{change.kind}:{rest}"


def read_changes(text: str, columns: Columns) -> tuple[Change, ...]:
    """The changes that an address stands for, checked; InputError names what cannot be asked."""
    _check_length(text)
    return checked_changes([_read(part, columns) for part in text.split(";") if part], columns)


def _read(text: str, columns: Columns) -> Change:
    parts = text.split(":")
    if len(parts) != 3:
        raise InputError(f"The link holds '{visible(text)}', which is no change.", _HINT)
    name, written, rest = parts
    kind = next((known for known in KINDS if known == written), None)
    if kind is None:
        raise InputError(f"The link changes by '{visible(written)}'.", did_you_mean(written, KINDS))
    asked = read_filter(f"{name}:{'in' if _HOW_MANY[kind] else 'missing'}:{rest}", columns)
    column = find_column(asked.column, columns)
    if column.coded or kind == "missing":
        return Change(column.name, kind, None, asked.values)
    number = read_end(asked.values[0], column) if column.kind == "number" and len(asked.values) == 1 else None
    return Change(column.name, kind, number if isinstance(number, float) else None)


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise InputError(
            f"The changes take {len(text):,} characters in a link; at most {LONGEST:,} are answered.",
            "Change fewer inputs, or choose shorter values.",
        )
