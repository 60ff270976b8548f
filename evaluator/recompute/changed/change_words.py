"""Changes in words: noun phrases that can follow "with"."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.recompute.changed.change import Change
from evaluator.recompute.checking import Columns
from evaluator.recompute.columns import AskedColumn
from evaluator.subject.words import level_label, number_words, visible
from evaluator.wording import format_exact, join_words
from evaluator.wording.numbers import MINUS

_LARGEST_WRITTEN_OUT = 1e15


def changes_words(changes: Sequence[Change], columns: Columns) -> str:
    """ "income 10% lower and employment set to that of self-employed applicants"."""
    return join_words([change_words(one, columns) for one in changes])


def change_words(change: Change, columns: Columns) -> str:
    """ "income 10% lower", "age 2 years higher", "region missing", "sex exchanged between women and men"."""
    column = columns[change.column]
    name = visible(column.words.words)
    if change.kind == "missing":
        return f"{name} missing"
    if change.kind == "swap":
        return f"{name} exchanged between {join_words([_level_words(level, column) for level in change.levels])}"
    if change.number is None:
        (level,) = change.levels
        of = "that of " if level in column.words.nouns else ""
        return f"{name} set to {of}{_level_words(level, column)}"
    return f"{name} {_number_words(change.kind, change.number, column)}"


def _level_words(level: str, column: AskedColumn) -> str:
    """The plan's noun phrase, yes or no, or the value itself in quotes."""
    label = level_label(level, column.words)
    return label if level in column.words.nouns or column.words.boolean else f"“{label}”"


def _number_words(kind: str, number: float, column: AskedColumn) -> str:
    if kind == "set":
        return f"set to {_amount(number, column)}"
    if kind == "shift":
        return f"{_amount(abs(number), column)} {'higher' if number > 0 else 'lower'}"
    # Ten per cent less of a negative number is more of it.
    if column.span[0] >= 0 and 0 < number < 2:
        return f"{format_exact(round(abs(number - 1) * 100, 6))}% {'higher' if number > 1 else 'lower'}"
    return f"times {_plain(number)}"


def _amount(number: float, column: AskedColumn) -> str:
    unit = visible(column.words.unit) if column.words.unit else ""
    return f"{_plain(number)}{unit}" if unit == "%" else f"{_plain(number)} {unit}".rstrip()


def _plain(number: float) -> str:
    text = number_words(abs(number)) if abs(number) < _LARGEST_WRITTEN_OUT else f"{abs(number):g}"
    return f"{MINUS if number < 0 else ''}{text}"
