"""Columns that tell the outcome almost by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.data.codes import MISSING, Codes
from evaluator.analyses.data.examined import Examined, is_number, numbers, outcome_rows
from evaluator.analyses.data.quality_rows import counted
from evaluator.metrics.measure import measure
from evaluator.records import Interval, Quality
from evaluator.subject.subject import ColumnInfo

ALMOST_CERTAIN = 0.95
"""A column is named when it orders provably more than this share of pairs rightly."""
MOST_LEVELS = 50
ROWS_PER_LEVEL = 20

Floats = NDArray[np.float64]


def telling_columns(examined: Examined) -> tuple[Quality, ...]:
    """How well each feature alone orders pairs of one positive and one negative case, in its better direction.

    For measured numbers, pairs of one case above and one below their middle value.

    Returns
    -------
    One row per feature with enough cases: `n` pairs, of which `share` are ordered rightly, ties as one half. Numbers
    are used as they are, few levels by their share of positive cases; of each, the fact that it is missing is tried too.
    """
    rows = (_best(examined, column) for column in examined.features())
    return tuple(row for row in rows if row is not None)


def is_telling(row: Quality) -> bool:
    return row.low is not None and row.low > ALMOST_CERTAIN


def _best(examined: Examined, column: ColumnInfo) -> Quality | None:
    codes = examined.codes[column.name].evaluation
    orders = list(_orders(examined, column, codes))
    rows = [row for known, score in orders if (row := _ordered(examined, column, known, score)) is not None]
    return max(rows, key=lambda row: row.share, default=None)


def _orders(examined: Examined, column: ColumnInfo, codes: Codes) -> Iterator[tuple[NDArray[np.bool_], Floats]]:
    """Ways to order the rows by one column: which rows, and by what."""
    series, everyone = examined.series(column.name), np.ones(examined.n, dtype=bool)
    missing = codes == MISSING
    if is_number(series):
        yield ~missing, _finite(series)
        if missing.any():
            yield everyone, missing.astype(np.float64)
    elif len(np.unique(codes)) <= min(MOST_LEVELS, examined.n // ROWS_PER_LEVEL):
        yield everyone, _share_of_positives(examined, codes)


def _finite(series: pd.Series[Any]) -> Floats:
    return np.nan_to_num(numbers(series), nan=0.0)


def _share_of_positives(examined: Examined, codes: Codes) -> Floats:
    label = outcome_rows(examined.subject, np.zeros(examined.n)).label.astype(np.float64)
    shares = np.bincount(codes, weights=label) / np.maximum(np.bincount(codes), 1)
    return np.asarray(shares[codes], dtype=np.float64)


def _ordered(examined: Examined, column: ColumnInfo, known: NDArray[np.bool_], score: Floats) -> Quality | None:
    plan = examined.plan
    rows = outcome_rows(examined.subject, score).take(known).with_weight()
    found = measure(
        "auc", rows, level=examined.level, min_group=plan.data.min_group, seed=plan.settings.seed, unit=column.name
    )
    if found.value is None or found.interval is None or found.interval.low is None or found.interval.high is None:
        return None
    value, interval = _better(found.value, found.interval)
    pairs = rows.positives * rows.negatives
    return counted(
        "telling", column.name, round(value * pairs), pairs, examined.level, interval=interval, words=column.words
    )


def _better(value: float, interval: Interval) -> tuple[float, Interval]:
    """The same column read in its better direction."""
    if value >= 0.5 or interval.low is None or interval.high is None:
        return value, interval
    return 1 - value, Interval(1 - interval.high, 1 - interval.low, interval.level, interval.method, interval.coverage)
