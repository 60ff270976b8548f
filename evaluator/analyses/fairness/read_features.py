"""The columns that a model may read, as numbers or levels, and as bins for a sum over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evaluator.plan.schema import Plan
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes
from evaluator.subject.models.features import feature_names
from evaluator.subject.subject import ColumnInfo, Subject

MOST_FEATURES = 100
"""Features looked at, in the order of the model or the table."""
MOST_LEVELS = 200
"""A column with more levels is text, and says nothing that other cases could confirm."""
BINS = 10
MARKED_LEVELS = 30
"""Levels with a mark of their own in a sum over features; the rarer ones share one."""
FEW_FEATURES, FEWER_BINS = 40, 4
"""With more features than this, numbers enter a sum by quarters and not by tenths."""


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One column. Numbers have `values`, NaN where missing; others `codes`, 0 where missing; neither for text."""

    name: str
    words: str
    values: FloatArray | None = None
    codes: IntArray | None = None

    @property
    def missing(self) -> BoolArray:
        """Which rows lack a value; none for text, which is not read."""
        if self.values is not None:
            return np.asarray(np.isnan(self.values))
        assert self.codes is not None
        return np.asarray(self.codes == 0)

    @property
    def is_text(self) -> bool:
        return self.values is None and self.codes is None

    def take(self, index: IntArray) -> Feature:
        """The column for some rows."""
        return Feature(
            self.name,
            self.words,
            None if self.values is None else self.values[index],
            None if self.codes is None else self.codes[index],
        )


def read_features(plan: Plan, subject: Subject) -> tuple[Feature, ...]:
    """What the model reads, as far as it says so; else the features of the plan; else every column without a role."""
    known = {column.name: column for column in subject.columns}
    names = [name for name in feature_names(plan, subject.columns, subject.model) if name in known][:MOST_FEATURES]
    return tuple(feature_of(known[name], subject.frame[name]) for name in names)


def feature_of(column: ColumnInfo, series: pd.Series[Any]) -> Feature:
    """A column as numbers or levels."""
    if column.type in ("number", "time"):
        return Feature(column.name, column.words, values=_numbers(series))
    try:
        coded = canonical_codes(series)
    except TypeError:  # lists and other values that no table of levels can hold
        return Feature(column.name, column.words)
    if len(coded.levels) > MOST_LEVELS:
        return Feature(column.name, column.words)
    return Feature(column.name, column.words, codes=coded.codes.astype(np.int64) + 1)


def _numbers(series: pd.Series[Any]) -> FloatArray:
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        stamps = pd.to_datetime(series, utc=True).astype("int64").to_numpy(dtype=np.float64)
        return np.where(series.isna().to_numpy(), np.nan, stamps)
    numbers = pd.to_numeric(series, errors="coerce")
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)


def bins_of(features: Sequence[Feature]) -> list[IntArray]:
    """Numbers as bins of about equal size, levels as they are with the rare ones together; 0 where missing."""
    bins = BINS if len(features) <= FEW_FEATURES else FEWER_BINS
    return [_binned(feature, bins) for feature in features if not feature.is_text]


def _binned(feature: Feature, bins: int) -> IntArray:
    if feature.values is None:
        assert feature.codes is not None
        return _commonest(feature.codes)
    missing = feature.missing
    known = feature.values[~missing]
    if not known.size:
        return np.zeros(missing.size, dtype=np.int64)
    edges = np.unique(np.quantile(known, np.arange(1, bins) / bins, method="lower"))
    place = np.searchsorted(edges, np.where(missing, known[0], feature.values), side="right") + 1
    return np.where(missing, 0, place).astype(np.int64)


def _commonest(codes: IntArray) -> IntArray:
    """Codes with those beyond the commonest taken together."""
    counts = np.bincount(codes)
    if counts.size <= MARKED_LEVELS:
        return codes
    kept = np.sort(np.argsort(-counts, kind="stable")[:MARKED_LEVELS])
    number = np.full(counts.size, MARKED_LEVELS, dtype=np.int64)
    number[kept] = np.arange(kept.size)
    return number[codes]
