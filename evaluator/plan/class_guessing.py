"""Whether a data file is probably about several classes: a label, and one score column for each of its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from evaluator.plan.column_summary import ColumnSummary, could_be_score, name_rank
from evaluator.plan.levels import level_text

FEWEST, MOST = 3, 50
LONGEST_PREFIX = 200
MANY = 5


class ClassGuess(NamedTuple):
    """The label, what its score columns start with, and the column with the predicted class if there is one."""

    label: ColumnSummary
    prefix: str
    prediction: ColumnSummary | None


def guess_classes(
    columns: Sequence[ColumnSummary], label_names: Sequence[str], decision_names: Sequence[str]
) -> ClassGuess | None:
    """The label of several classes with a score column for each; None when no column is clearly one."""
    alone = _without_series(columns)
    found = [(column, prefix) for column in alone if (prefix := _prefix(column, columns)) is not None]
    decisions = [column for column, _ in found if name_rank(column.name, decision_names) is not None]
    labels = [pair for pair in found if pair[0] not in decisions]
    named = [pair for pair in labels if name_rank(pair[0].name, label_names) is not None]
    if len(labels) != 1 and len(named) != 1:
        return None
    label, prefix = (named or labels)[0] if len(named) == 1 else labels[0]
    return ClassGuess(label, prefix, decisions[0] if len(decisions) == 1 else None)


def _without_series(columns: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """Columns that are not one of many of the same name and another number, such as pixels."""
    stems = [re.sub(r"\d+", "", column.name) for column in columns]
    often = Counter(stems)
    return [column for column, stem in zip(columns, stems, strict=True) if often[stem] < MANY]


def _prefix(column: ColumnSummary, columns: Sequence[ColumnSummary]) -> str | None:
    """The shortest text that, before each value of the column, gives the name of a score column, and of no other."""
    if column.kind not in ("category", "number") or not FEWEST <= column.distinct <= MOST:
        return None
    values = {level_text(value) for value in column.levels}
    if len(values) != column.distinct or (column.kind == "number" and any("." in value for value in values)):
        return None
    names = {other.name for other in columns if could_be_score(other)}
    fit = [start for start in _starts(values, names) if all(start + value in names for value in values)]
    exact = [start for start in fit if _after(start, names, fit) == values]
    return min(exact, key=lambda start: (len(start), start), default=None)


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
