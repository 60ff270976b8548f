"""The columns of a data file in short, for guessing what each is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from evaluator.plan import ColumnSummary
from evaluator.plan.column_summary import ColumnKind
from evaluator.plan.schema import Scalar

_MOST_LEVELS = 50
_LOOKED_AT = 200
_EXAMPLES = 5
_DAY = r"\d{4}-\d{2}-\d{2}([T ].*)?"


def summarise(frame: pd.DataFrame) -> tuple[ColumnSummary, ...]:
    """One summary per column, in the order of the file."""
    return tuple(_summary(str(name), frame[name]) for name in frame.columns)


def _summary(name: str, series: pd.Series[Any]) -> ColumnSummary:
    values = series.dropna()
    if values.dtype == object:
        values = values.astype(str)
    distinct = int(values.nunique())
    kind = _kind(values, distinct)
    low, high = _range(values) if kind == "number" else (None, None)
    levels = _examples(values, _MOST_LEVELS) if distinct <= _MOST_LEVELS else ()
    return ColumnSummary(name, kind, distinct, _examples(values, _EXAMPLES), low, high, levels)


def _kind(values: pd.Series[Any], distinct: int) -> ColumnKind:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "boolean"
    if pd.api.types.is_numeric_dtype(values.dtype):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(values.dtype) or _looks_like_days(values):
        return "time"
    return "category" if distinct <= _MOST_LEVELS else "text"


def _looks_like_days(values: pd.Series[Any]) -> bool:
    first = values.head(_LOOKED_AT).astype(str)
    return len(first) > 0 and bool(first.str.fullmatch(_DAY).all())


def _range(values: pd.Series[Any]) -> tuple[float | None, float | None]:
    if not len(values):
        return None, None
    low, high = float(values.min()), float(values.max())
    return (low if math.isfinite(low) else None), (high if math.isfinite(high) else None)


def _examples(values: pd.Series[Any], most: int) -> tuple[Scalar, ...]:
    found: Sequence[Any] = sorted(values.drop_duplicates().head(most).tolist())
    return tuple(value.date() if isinstance(value, datetime) else value for value in found if _can_be_written(value))


def _can_be_written(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)
