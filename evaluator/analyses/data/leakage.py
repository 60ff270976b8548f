"""Columns that tell the outcome almost by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.data.class_leakage import OneClass, best_told, best_told_by_level
from evaluator.analyses.data.examined import Examined, is_number, numbers, outcome_rows
from evaluator.analyses.data.quality_rows import counted
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval, Quality
from evaluator.subject.row_codes import MISSING, Codes
from evaluator.subject.subject import ColumnInfo

ALMOST_CERTAIN = 0.95
"""A column is named when it orders provably more than this share of pairs rightly."""
MOST_LEVELS = 50
ROWS_PER_LEVEL = 20

Floats = NDArray[np.float64]


class Telling(NamedTuple):
    """How well a column alone orders pairs; of several classes, the one it tells best from the rest, else None."""

    row: Quality
    position: int | None = None


class _Ordered(NamedTuple):
    """Rows of two outcomes ordered by a column, and the level at which that is said."""

    rows: BinaryRows
    level: float
    position: int | None = None


def telling_columns(examined: Examined) -> tuple[Telling, ...]:
    """How well each feature alone orders pairs of one positive and one negative case, in its better direction.

    For measured numbers, pairs of one case above and one below their middle value. For several classes, pairs of one
    case of a class and one of the rest, for the class that is told best; the range holds for all classes tried.

    Returns
    -------
    One row per feature with enough cases: `n` pairs, of which `share` are ordered rightly, ties as one half. Numbers
    are used as they are, few levels by their share of positive cases; of each, the fact that it is missing is tried too.
    """
    found = (_best(examined, column) for column in examined.features())
    return tuple(telling for telling in found if telling is not None)


def is_telling(row: Quality) -> bool:
    return row.low is not None and row.low > ALMOST_CERTAIN


def _best(examined: Examined, column: ColumnInfo) -> Telling | None:
    ordered = (one for one in _orders(examined, column) if one is not None)
    found = [telling for one in ordered if (telling := _measured(examined, column, one)) is not None]
    return max(found, key=lambda telling: telling.row.share, default=None)


def _orders(examined: Examined, column: ColumnInfo) -> Iterator[_Ordered | None]:
    """Ways to order the rows by one column."""
    series, codes = examined.series(column.name), examined.codes[column.name].evaluation
    missing = codes == MISSING
    if is_number(series):
        yield _by_number(examined, ~missing, _finite(series))
        if missing.any():
            yield _by_number(examined, np.ones(examined.n, dtype=bool), missing.astype(np.float64))
    elif len(np.unique(codes)) <= min(MOST_LEVELS, examined.n // ROWS_PER_LEVEL):
        yield _by_level(examined, codes)


def _by_number(examined: Examined, known: NDArray[np.bool_], score: Floats) -> _Ordered | None:
    if examined.subject.classes is not None:
        return _of_class(best_told(examined, known, score))
    return _Ordered(outcome_rows(examined.subject, score).take(known).with_weight(), examined.level)


def _by_level(examined: Examined, codes: Codes) -> _Ordered | None:
    if examined.subject.classes is not None:
        return _of_class(best_told_by_level(examined, codes))
    score = _share_of_positives(examined, codes)
    return _Ordered(outcome_rows(examined.subject, score).with_weight(), examined.level)


def _of_class(told: OneClass | None) -> _Ordered | None:
    return None if told is None else _Ordered(told.rows, told.level, told.position)


def _finite(series: pd.Series[Any]) -> Floats:
    return np.nan_to_num(numbers(series), nan=0.0)


def _share_of_positives(examined: Examined, codes: Codes) -> Floats:
    label = outcome_rows(examined.subject, np.zeros(examined.n)).label.astype(np.float64)
    shares = np.bincount(codes, weights=label) / np.maximum(np.bincount(codes), 1)
    return np.asarray(shares[codes], dtype=np.float64)


def _measured(examined: Examined, column: ColumnInfo, ordered: _Ordered) -> Telling | None:
    plan, rows = examined.plan, ordered.rows
    found = measure(
        "auc", rows, level=ordered.level, min_group=plan.data.min_group, seed=plan.settings.seed, unit=column.name
    )
    if found.value is None or found.interval is None or found.interval.low is None or found.interval.high is None:
        return None
    value, interval = _better(found.value, found.interval)
    pairs = rows.positives * rows.negatives
    words = _words(examined, column, ordered.position)
    row = counted("telling", column.name, round(value * pairs), pairs, examined.level, interval=interval, words=words)
    return Telling(row, ordered.position)


def _words(examined: Examined, column: ColumnInfo, position: int | None) -> str:
    classes = examined.subject.classes
    if classes is None or position is None:
        return column.words
    return f"{column.words}, {classes.labels[position]} against the rest"


def _better(value: float, interval: Interval) -> tuple[float, Interval]:
    """The same column read in its better direction."""
    if value >= 0.5 or interval.low is None or interval.high is None:
        return value, interval
    return 1 - value, Interval(1 - interval.high, 1 - interval.low, interval.level, interval.method, interval.coverage)
