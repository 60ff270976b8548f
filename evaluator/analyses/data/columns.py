"""Columns that say nothing or too much, values that cannot be, and levels that the model never saw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.data.examined import FREE_ROLES, Examined, is_number, numbers
from evaluator.analyses.data.quality_rows import counted
from evaluator.records import Quality
from evaluator.subject.row_codes import MISSING
from evaluator.subject.subject import ColumnInfo

ALMOST_ALL = 0.95
"""Share of different values from which a column of text tells nearly every row apart."""
FEWEST_ROWS = 50
FEW_LEVELS = 50


class Limits(NamedTuple):
    """Values outside what the plan declares possible; `declared` says that it declares limits at all."""

    rows: tuple[Quality, ...]
    declared: bool


def constant_columns(examined: Examined) -> tuple[Quality, ...]:
    """Columns that hold one value in every row, or none at all."""
    found = [
        (column, examined.codes[column.name])
        for column in examined.with_role(*FREE_ROLES, "score", "prediction")
        if examined.n > 1 and np.ptp(examined.codes[column.name].evaluation) == 0
    ]
    return tuple(
        counted("constant", column.name, examined.n, examined.n, examined.level,
                words="holds one value" if codes.n_known else "is empty")
        for column, codes in found
    )  # fmt: skip


def almost_ids(examined: Examined) -> tuple[Quality, ...]:
    """Columns of text in which nearly every row has a value of its own."""
    joined = {file.on for file in examined.plan.data.join}
    texts = [
        column
        for column in examined.with_role(*FREE_ROLES)
        if column.type in ("text", "category") and column.name not in joined
    ]
    rows = (_almost_id(examined, column) for column in texts)
    return tuple(row for row in rows if row.n >= FEWEST_ROWS and row.share >= ALMOST_ALL)


def _almost_id(examined: Examined, column: ColumnInfo) -> Quality:
    codes = examined.codes[column.name]
    return counted("almost_id", column.name, codes.n_levels, codes.n_known, examined.level, words=column.words)


def outside_limits(examined: Examined) -> Limits:
    """Values below `min`, above `max`, or infinite, for every column of numbers."""
    rows, declared = [], False
    for column in examined.columns.values():
        series, part = examined.series(column.name), examined.declared(column.name)
        limited = part.min is not None or part.max is not None
        if not is_number(series):
            continue
        values = numbers(series)
        low, high = (-np.inf if part.min is None else part.min), (np.inf if part.max is None else part.max)
        count = int(np.count_nonzero((values < low) | (values > high) | np.isinf(values)))
        declared |= limited
        if limited or count:
            known = int(np.count_nonzero(~np.isnan(values)))
            rows.append(
                counted("limits", column.name, count, known, examined.level, words=_limit_words(part.min, part.max))
            )
    return Limits(tuple(rows), declared)


def _limit_words(low: float | None, high: float | None) -> str:
    ends = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
    return " and ".join(end for end in ends if end) or "finite"


def new_levels(examined: Examined) -> tuple[Quality, ...]:
    """Rows with a level that the training data do not hold, for every column of few levels that both tables have.

    Of several classes the label is one of them: a class that no training row has cannot have been learned.
    """
    rows = []
    for column in examined.with_role("feature", "sensitive", *(("label",) if examined.subject.classes else ())):
        evaluation, training = examined.codes[column.name]
        if training is None or column.type not in ("category", "boolean"):
            continue
        if examined.codes[column.name].n_levels > FEW_LEVELS:
            continue
        new = (evaluation != MISSING) & ~np.isin(evaluation, training)
        known = examined.codes[column.name].n_known
        rows.append(counted("new_levels", column.name, int(new.sum()), known, examined.level, words=column.words))
    return tuple(rows)
