"""Whether a data file is probably about several classes.

It is with a label and one score column for each of its values, or with a column of predictions in the label's values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from evaluator.plan.column_summary import ColumnSummary, could_be_score, name_rank
from evaluator.plan.levels import level_text

FEWEST, MOST = 3, 50
MOST_NUMBERS = 10
"""More different whole numbers than this are rather a quantity than classes, unless each has a score."""
LONGEST_PREFIX = 200
MANY = 5


class ClassGuess(NamedTuple):
    """The label, what its score columns start with, and the column with the predicted class, if there are any."""

    label: ColumnSummary
    prefix: str | None
    prediction: ColumnSummary | None


def guess_classes(
    columns: Sequence[ColumnSummary], label_names: Sequence[str], decision_names: Sequence[str]
) -> ClassGuess | None:
    """The label of several classes, with a score for each or predictions alone; None when no column is clearly one."""
    alone = _without_series(columns)
    return _scored(alone, columns, label_names, decision_names) or _given(alone, label_names, decision_names)


def _scored(
    alone: Sequence[ColumnSummary],
    columns: Sequence[ColumnSummary],
    label_names: Sequence[str],
    decision_names: Sequence[str],
) -> ClassGuess | None:
    """The label that has a score column for each of its values."""
    found = [(column, prefix) for column in alone if (prefix := _prefix(column, columns)) is not None]
    decisions = [column for column, _ in found if name_rank(column.name, decision_names) is not None]
    labels = [pair for pair in found if pair[0] not in decisions]
    named = [pair for pair in labels if name_rank(pair[0].name, label_names) is not None]
    if len(labels) != 1 and len(named) != 1:
        return None
    label, prefix = (named or labels)[0] if len(named) == 1 else labels[0]
    return ClassGuess(label, prefix, decisions[0] if len(decisions) == 1 else None)


def _given(
    alone: Sequence[ColumnSummary], label_names: Sequence[str], decision_names: Sequence[str]
) -> ClassGuess | None:
    """The label that shares values with the one column of predictions."""
    several = [column for column in alone if _is_several(column)]
    given = [column for column in several if name_rank(column.name, decision_names) is not None]
    if len(given) != 1:
        return None
    values = _values(given[0])
    labels = [column for column in several if column is not given[0] and len(values & _values(column)) > 1]
    named = [column for column in labels if name_rank(column.name, label_names) is not None]
    chosen = named if len(named) == 1 else labels
    return ClassGuess(chosen[0], None, given[0]) if len(chosen) == 1 else None


def _is_several(column: ColumnSummary) -> bool:
    """Whether the values of a column could be classes: few texts, or very few whole numbers."""
    if column.kind not in ("category", "number"):
        return False
    most = MOST if column.kind == "category" else MOST_NUMBERS
    return FEWEST <= column.distinct <= most and _are_classes(column)


def _are_classes(column: ColumnSummary) -> bool:
    """Whether all values are known and, of numbers, whole."""
    values = _values(column)
    return len(values) == column.distinct and not (column.kind == "number" and any("." in value for value in values))


def _values(column: ColumnSummary) -> set[str]:
    return {level_text(value) for value in column.levels}


def _without_series(columns: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """Columns that are not one of many of the same name and another number, such as pixels."""
    stems = [re.sub(r"\d+", "", column.name) for column in columns]
    often = Counter(stems)
    return [column for column, stem in zip(columns, stems, strict=True) if often[stem] < MANY]


def _prefix(column: ColumnSummary, columns: Sequence[ColumnSummary]) -> str | None:
    """The shortest text that, before each value of the column, gives the name of a score column.

    At best it begins no other; a few others may belong to classes without rows.
    """
    if column.kind not in ("category", "number") or not FEWEST <= column.distinct <= MOST or not _are_classes(column):
        return None
    values = _values(column)
    names = {other.name for other in columns if could_be_score(other)}
    fit = [start for start in _starts(values, names) if all(start + value in names for value in values)]
    more = {start: len(_after(start, names, fit) - values) for start in fit}
    close = [start for start in fit if FEWEST * more[start] <= len(values)]
    return min(close, key=lambda start: (more[start] > 0, len(start), start), default=None)


def _starts(values: set[str], names: set[str]) -> set[str]:
    some = max(values, key=lambda value: (len(value), value))
    found = {name.removesuffix(some) for name in names if name.endswith(some)}
    return {start for start in found if 0 < len(start) <= LONGEST_PREFIX}


def _after(start: str, names: set[str], fit: Sequence[str]) -> set[str]:
    """What follows the prefix in names that have no longer one."""
    longer = tuple(other for other in fit if other != start and other.startswith(start))
    return {
        name.removeprefix(start)
        for name in names
        if name.startswith(start) and not (longer and name.startswith(longer))
    }
