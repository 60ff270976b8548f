"""Features as few classes each, missing values a class of their own, to tell which values occur together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.effects import is_quantity
from evaluator.statistics.spread import IntArray
from evaluator.subject.levels import canonical_codes
from evaluator.subject.subject import ColumnInfo


class Coarse(NamedTuple):
    """Class of every row, shape (n,), in [0, k)."""

    code: IntArray
    k: int


def coarse(series: pd.Series[float], column: ColumnInfo, most: int) -> Coarse:
    """At most `most` classes of known values: of about equal size, or the commonest levels and the rest; and one more
    for missing values."""
    known = _bins(series, most) if is_quantity(column) else _levels(series, most)
    return Coarse(np.where(known < 0, most, known).astype(np.int64), most + 1)


def together(first: Coarse, second: Coarse) -> IntArray:
    """Rows by the classes of both, shape (k of the first, k of the second)."""
    found: IntArray = np.bincount(first.code * second.k + second.code, minlength=first.k * second.k)
    return found.reshape(first.k, second.k)


def _bins(series: pd.Series[float], most: int) -> IntArray:
    x = series.to_numpy(dtype=np.float64, na_value=np.nan)
    known = x[np.isfinite(x)]
    if not known.size:
        return np.full(x.size, -1, dtype=np.int64)
    edges = np.unique(np.quantile(known, np.arange(1, most) / most, method="lower"))
    return np.where(np.isfinite(x), np.searchsorted(edges, x, side="left").clip(max=most - 1), -1).astype(np.int64)


def _levels(series: pd.Series[float], most: int) -> IntArray:
    coded = canonical_codes(series)
    count = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.levels))
    place = np.full(count.size + 1, most - 1, dtype=np.int64)
    kept = np.argsort(-count, kind="stable")[: most if count.size <= most else most - 1]
    place[kept] = np.arange(kept.size)
    place[-1] = -1
    found: IntArray = place[coded.codes]
    return found
