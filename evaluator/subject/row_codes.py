"""Columns and rows as whole numbers: equal numbers for equal values, in one table or in two.

Values are equal when their one spelling is: text in NFC, -0.0 is 0.0, missing is missing, 1 and "1" and 1.0 are alike.
Rows are numbered column by column, so that equal keys mean equal rows: nothing is hashed and nothing collides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.subject.levels import canonical_level

Codes = NDArray[np.int64]
LARGEST_EXACT = 2**53
MISSING = 0
"""The code of a missing value; others are positive."""


def column_codes(parts: Sequence[pd.Series[Any]]) -> list[Codes]:
    """The values of one column in several tables, numbered alike: 0 is missing, others count from 1.

    Parameters
    ----------
    parts : the column in each table; they may be of different types.

    Returns
    -------
    One array of codes per part.
    """
    values = _numbers(parts)
    if values is None:
        values = np.concatenate([_spelled(part) for part in parts])
    codes = np.asarray(pd.factorize(values)[0], dtype=np.int64) + 1
    return np.split(codes, np.cumsum([len(part) for part in parts])[:-1])


def row_keys(columns: Sequence[Codes], n: int) -> Codes:
    """One number per row, the same for rows that are equal in every column; `n` rows, zero columns are all alike."""
    keys = np.zeros(n, dtype=np.int64)
    for codes in columns:
        pairs = keys * (int(codes.max(initial=0)) + 1) + codes
        keys = np.asarray(pd.factorize(pairs)[0], dtype=np.int64)
    return keys


def chance_alike(columns: Sequence[tuple[Codes, Codes]]) -> float:
    """Chance that one row of the first table equals one of the second, were the columns independent of each other."""
    chance = 1.0
    for first, second in columns:
        size = int(max(first.max(initial=0), second.max(initial=0))) + 1
        shares = [np.bincount(codes, minlength=size) / max(codes.size, 1) for codes in (first, second)]
        chance *= float(np.dot(*shares))
    return chance


def _numbers(parts: Sequence[pd.Series[Any]]) -> NDArray[Any] | None:
    """All values as one array of numbers where that keeps every value as it is."""
    dtypes = [part.dtype for part in parts]
    if not all(isinstance(dtype, np.dtype) and dtype.kind in "iuf" for dtype in dtypes):
        return None
    if len(set(dtypes)) > 1 and not all(_fits_float(part) for part in parts):
        return None
    values = np.concatenate([np.asarray(part) for part in parts])
    return values + 0.0 if values.dtype.kind == "f" else values


def _fits_float(part: pd.Series[Any]) -> bool:
    """Whether a double holds every value as the reader sees it; a float32 0.1 would show its rounding."""
    if part.dtype.kind == "f":
        return bool(part.dtype == np.float64)
    return part.empty or (abs(int(part.min())) <= LARGEST_EXACT and abs(int(part.max())) <= LARGEST_EXACT)


def _spelled(part: pd.Series[Any]) -> NDArray[np.object_]:
    """Every value in its one spelling, None where missing."""
    if isinstance(part.dtype, pd.StringDtype) and part.str.isascii().all():
        return np.asarray(part.astype(object).where(part.notna(), None), dtype=object)
    if part.dtype == object:
        return np.array([_spelling(value) for value in part] + [None], dtype=object)[:-1]
    # Iterating an index of float32 would give doubles that spell out the rounding.
    codes, uniques = pd.factorize(np.asarray(part) if isinstance(part.dtype, np.dtype) else part)
    texts = np.array([_spelling(value) for value in uniques] + [None], dtype=object)
    return texts[codes]


def _spelling(value: Any) -> str | None:
    """The one spelling of a value; lists and other containers, which no column should hold, as they print."""
    if isinstance(value, float | np.floating) and value == 0:
        return "0"
    if pd.api.types.is_scalar(value):
        return canonical_level(value)
    return repr(value)
