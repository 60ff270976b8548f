"""The joined table as terms see it: which rows fit a term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.subject.levels import Coded, canonical_codes
from evaluator.subject.terms import Band, Level, Part, Term, Window

MOST_LEVELS = 50
"""Most levels a column may have to be cut into groups."""
Mask = NDArray[np.bool_]
Times = NDArray[np.datetime64[Any]]


def is_number(series: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype)


class Cells:
    """A table with the times of its time column in UTC; codes of columns are made once."""

    def __init__(self, frame: pd.DataFrame, time_column: str | None = None, times: Times | None = None) -> None:
        self.frame = frame
        self.time_column = time_column
        self.times = times
        self._coded: dict[str, Coded] = {}

    def coded(self, column: str) -> Coded:
        if column not in self._coded:
            self._coded[column] = canonical_codes(self.frame[column])
        return self._coded[column]

    def is_number(self, column: str) -> bool:
        return is_number(self.frame[column])

    def missing(self, column: str) -> Mask:
        return np.asarray(self.frame[column].isna(), dtype=bool)

    def mask(self, terms: Iterable[Term]) -> Mask:
        """The rows that fit every term."""
        found = np.ones(len(self.frame), dtype=bool)
        for term in terms:
            found &= self._term_mask(term)
        return found

    def _term_mask(self, term: Term) -> Mask:
        found = np.zeros(len(self.frame), dtype=bool)
        levels = {part.value for part in term.parts if isinstance(part, Level) and part.value is not None}
        if levels:
            coded = self.coded(term.column)
            found |= np.isin(coded.codes, [code for code, level in enumerate(coded.levels) if level in levels])
        for part in term.parts:
            if not isinstance(part, Level) or part.value is None:
                found |= self._part_mask(term.column, part)
        return found

    def _part_mask(self, column: str, part: Part) -> Mask:
        if isinstance(part, Level):
            return self.missing(column)
        if isinstance(part, Band):
            return _between(np.asarray(self.frame[column], dtype=np.float64), part.low, part.high)
        return _between(self._window_times(column), *_moments(part))

    def _window_times(self, column: str) -> Times:
        if self.times is None or column != self.time_column:
            raise ValueError(f"'{column}' is not the time column")
        return self.times


def _moments(window: Window) -> tuple[Any, Any]:
    start, end = (None if day is None else np.datetime64(day, "ns") for day in (window.start, window.end))
    return start, end


def _between(values: NDArray[Any], low: Any, high: Any) -> Mask:
    """Half-open: from low to under high; missing values are never inside."""
    inside = ~np.isnan(values) if values.dtype.kind == "f" else ~np.isnat(values)
    if low is not None:
        inside &= values >= low
    if high is not None:
        inside &= values < high
    return np.asarray(inside, dtype=bool)
