"""Features that point to single cases and have a part in the score all the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.reliance.rows import TOO_FEW, Seen, about_feature, blank_row, seen_row
from evaluator.records import ExplanationCheck
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.subject import ColumnInfo

IDENTIFIER = "identifier"
ALMOST_ALL = 0.95
"""Share of cases with a value of their own from which a column points to single cases."""
FEWEST_ROWS = 50
TOO_EVEN = 0.001
"""A column of whole numbers is numbered through when so few repeats would be rarer than this in measured ones."""
MOST_BINS, ROWS_PER_BIN = 20, 50


def identifiers(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """The share of cases whose value no other case has, for each feature of text or whole numbers.

    Returns
    -------
    One row for each such feature. `proven`: the feature points to single cases.

    Notes
    -----
    Cases of one cluster may share their value. Text points to single cases from a share of `ALMOST_ALL` on. Whole
    numbers may be amounts, of which nearly all differ too; they are numbered through when they repeat far less often
    than independent draws from a locally even distribution would (`repeats_too_little`). Numbers with decimals are
    measured and never identify.
    """
    return tuple(
        _of_column(explained.asked, column, explained.asked.frame.iloc[:, place])
        for place, column in enumerate(explained.asked.columns)
        if _may_identify(column, explained.asked.frame.iloc[:, place])
    )


def _may_identify(column: ColumnInfo, series: pd.Series[Any]) -> bool:
    if column.type in ("text", "category"):
        return True
    return column.type == "number" and whole_numbers(series) is not None


def _of_column(asked: Asked, column: ColumnInfo, series: pd.Series[Any]) -> ExplanationCheck:
    known = np.flatnonzero(series.notna().to_numpy())
    if known.size < FEWEST_ROWS:
        return blank_row(asked, IDENTIFIER, "too_few", TOO_FEW, about_feature(column), n=int(known.size))
    number = column.type == "number"
    code = pd.factorize(series.iloc[known] if number else series.iloc[known].astype(str))[0].astype(np.int64)
    once = _once_per_cluster(code, None if asked.cluster is None else asked.cluster[known])
    alone = np.bincount(code[once])[code] == 1
    points = bool(alone.mean() >= ALMOST_ALL)
    if points and number:
        numbers = whole_numbers(series.iloc[known[once]])
        points = numbers is not None and repeats_too_little(numbers)
    seen = Seen(float(alone.mean()), None, None, int(known.size), "exact_count", points, None, "cases")
    return seen_row(asked, IDENTIFIER, seen, about_feature(column))


def _once_per_cluster(code: IntArray, cluster: IntArray | None) -> IntArray:
    """Places of rows that bring a value into their cluster for the first time."""
    if cluster is None:
        return np.arange(code.size)
    pairs = code * (int(cluster.max()) + 1) + cluster
    return np.sort(np.unique(pairs, return_index=True)[1]).astype(np.int64)


def whole_numbers(series: pd.Series[Any]) -> FloatArray | None:
    """The known values of a column of whole numbers, or None for any other."""
    if not pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
        return None
    values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    values = values[~np.isnan(values)]
    return values if values.size and np.isfinite(values).all() and (values == np.rint(values)).all() else None


def repeats_too_little(values: FloatArray) -> bool:
    """Whether whole numbers avoid each other as numbers that are given out do.

    Notes
    -----
    The values are cut into bins of equal size. Of n_b independent draws among r_b whole numbers at least
    n_b (n_b - 1) / 2 / r_b pairs are expected to be equal, the fewest when all are equally likely. The number of equal
    pairs is near Poisson; so few must be rarer than `TOO_EVEN`.
    """
    ordered = np.sort(values)
    parts = np.array_split(ordered, min(MOST_BINS, max(1, ordered.size // ROWS_PER_BIN)))
    expected = sum(part.size * (part.size - 1) / 2 / (part[-1] - part[0] + 1) for part in parts)
    times = np.unique(ordered, return_counts=True)[1]
    equal = float((times * (times - 1) / 2).sum())
    return bool(stats.poisson.cdf(equal, expected) < TOO_EVEN)
