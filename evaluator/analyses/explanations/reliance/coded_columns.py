"""Features cut at numbers that read well, for a small tree in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.readable_edges import readable_edges
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes
from evaluator.subject.subject import ColumnInfo
from evaluator.subject.words import number_words, visible

BINS = 20
MOST_LEVELS = 12
UNKNOWN = "not known"
OTHERS = "any other"


@dataclass(frozen=True, slots=True, eq=False)
class CodedColumn:
    """One feature as codes, 0 where missing, shape (n,).

    Attributes
    ----------
    cuts : of numbers, code c has values from cuts[c - 2] to under cuts[c - 1]; None for levels.
    labels : of levels, that of code c is labels[c - 1]; the last stands for all rarer ones where there are any.
    """

    column: ColumnInfo
    codes: IntArray
    cuts: FloatArray | None
    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many codes there can be."""
        return (len(self.labels) if self.cuts is None else self.cuts.size + 1) + 1

    def words(self, allowed: BoolArray) -> str:
        """Which values the allowed codes are, shape (size,): "income under 2,000 EUR", "home: rented"."""
        unknown = bool(allowed[0]) and bool((self.codes == 0).any())
        name, places = self.column.words, np.flatnonzero(allowed[1:])
        if not places.size:
            return f"{name} {UNKNOWN}"
        if self.cuts is None:
            return f"{name}: {self._named(places, unknown)}"
        low = None if places[0] == 0 else float(self.cuts[places[0] - 1])
        high = None if places[-1] == self.cuts.size else float(self.cuts[places[-1]])
        span = span_words(low, high, self.column.unit)
        return f"{name} {span}" + (f" or {UNKNOWN}" if unknown and span != "known" else "")

    def _named(self, places: IntArray, unknown: bool) -> str:
        named = [self.labels[place] for place in places] + ([UNKNOWN] if unknown else [])
        others = [label for place, label in enumerate(self.labels) if place not in places]
        if len(others) == 1 and len(named) > 2:
            return f"all but “{others[0]}”"
        return " or ".join(named)


def span_words(low: float | None, high: float | None, unit: str) -> str:
    """A range of numbers: "under 2,000 EUR", "at least 40%", "10 to under 20"."""
    if low is None and high is None:
        return "known"
    if low is None or high is None:
        edge = high if low is None else low
        assert edge is not None
        return f"{'under' if low is None else 'at least'} {_with_unit(edge, unit)}"
    return f"{number_words(low, unit)} to under {_with_unit(high, unit)}"


def _with_unit(value: float, unit: str) -> str:
    text = number_words(value, unit)
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}".rstrip()


def coded_column(column: ColumnInfo, series: pd.Series[Any]) -> CodedColumn | None:
    """A feature as codes; None for text and for what holds no value."""
    if column.type == "number":
        return _number(column, series.to_numpy(dtype=np.float64, na_value=np.nan))
    if column.type not in ("category", "boolean"):
        return None
    return _levels(column, series)


def _number(column: ColumnInfo, values: FloatArray) -> CodedColumn | None:
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    cuts = np.asarray(readable_edges(known, BINS), dtype=np.float64)
    codes = np.where(np.isnan(values), 0, np.searchsorted(cuts, np.nan_to_num(values), side="right") + 1)
    return CodedColumn(column, codes.astype(np.int64), cuts, ())


def _levels(column: ColumnInfo, series: pd.Series[Any]) -> CodedColumn | None:
    coded = canonical_codes(series)
    if not coded.levels:
        return None
    labels = dict(column.levels)
    counts = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.levels))
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_LEVELS])
    number = np.full(len(coded.levels) + 1, kept.size + 1, dtype=np.int64)
    number[kept], number[-1] = np.arange(kept.size) + 1, 0
    named = tuple(visible(labels.get(coded.levels[place], coded.levels[place])) for place in kept)
    rest = (OTHERS,) if kept.size < len(coded.levels) else ()
    return CodedColumn(column, number[coded.codes], None, (*named, *rest))
