"""Columns that can be asked about: their values as arrays, their levels, and what the plan calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.plan import Plan
from evaluator.store import ColumnRow
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.levels import canonical_codes, nfc
from evaluator.subject.terms import Band, noun_key
from evaluator.subject.words import ColumnWords, level_label

ColumnKind = Literal["number", "category", "boolean", "time"]
KINDS: frozenset[str] = frozenset({"number", "category", "boolean", "time"})
NOT_ASKED = frozenset({"id", "label", "score", "prediction", "weight", "cluster"})
"""Roles of columns that say what the models did, not who the rows are."""


@dataclass(frozen=True, eq=False, repr=False)
class AskedColumn:
    """One column of the rows, shape (n,).

    Attributes
    ----------
    values : numbers (NaN is missing), times (NaT is missing), or codes into `levels` (-1 is missing).
    levels : canonical values of a category or boolean, in order. `bands` : those of the plan, for numbers.
    """

    name: str
    kind: ColumnKind
    words: ColumnWords
    values: NDArray[Any]
    levels: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()

    @property
    def coded(self) -> bool:
        return self.kind in ("category", "boolean")

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each level is called; a noun phrase where the plan gives one."""
        return {level: self.words.nouns.get(level) or level_label(level, self.words) for level in self.levels}

    @cached_property
    def has_missing(self) -> bool:
        return bool(self.missing().any())

    @cached_property
    def span(self) -> tuple[float, float]:
        """Smallest and largest number; of a column without any, a span that holds nothing."""
        known = self.values[~self.missing()]
        return (float(known.min()), float(known.max())) if known.size else (np.inf, -np.inf)

    def missing(self) -> NDArray[np.bool_]:
        """Rows without a value."""
        if self.coded:
            return np.asarray(self.values < 0)
        return np.asarray(np.isnat(self.values) if self.kind == "time" else np.isnan(self.values))


def is_asked(row: ColumnRow) -> bool:
    """Whether a stored column can be asked about; free text and the models' own answers cannot."""
    return row.type in KINDS and row.role not in NOT_ASKED


def asked_column(row: ColumnRow, series: pd.Series[Any], plan: Plan) -> AskedColumn:
    """A stored column with its values, and its words from the plan."""
    if row.type in ("category", "boolean"):
        coded = canonical_codes(series)
        values = coded.codes.astype(np.int16 if len(coded.levels) < 2**15 else np.int32)
        words = column_words(row, plan, coded.levels)
        return AskedColumn(row.name, _kind(row.type), words, _fixed(values), coded.levels)
    words = column_words(row, plan, ())
    if row.type == "time":
        return time_column(row.name, _times(series), words)
    values = np.asarray(series, dtype=np.float64)
    return AskedColumn(row.name, "number", words, _fixed(values), bands=plan_bands(row.name, plan))


def time_column(name: str, values: NDArray[np.datetime64[Any]], words: ColumnWords) -> AskedColumn:
    return AskedColumn(name, "time", words, _fixed(values))


def column_words(row: ColumnRow, plan: Plan, levels: tuple[str, ...]) -> ColumnWords:
    """The column in words, with the noun phrases that the plan gives to its levels or bands."""
    part = {nfc(name): part for name, part in plan.data.columns.items()}.get(row.name)
    written = part.levels if part else {}
    nouns = {noun_key(text, levels, number=row.type == "number"): noun for text, noun in written.items()}
    return ColumnWords(row.words, row.unit, nouns, row.type == "boolean")


def plan_bands(name: str, plan: Plan) -> tuple[Band, ...]:
    """The bands that the plan cuts a column into, with the open ones at both ends."""
    parts = {nfc(written): part.bands for written, part in plan.data.columns.items()}
    bands = dict(sensitive_columns(plan)).get(name) or parts.get(name) or ()
    edges = [float(edge) for edge in bands if isinstance(edge, int | float)]
    if not edges:
        return ()
    return tuple(Band(low, high) for low, high in pairwise((None, *edges, None)))


def _kind(stored: str) -> ColumnKind:
    return "boolean" if stored == "boolean" else "category"


def _times(series: pd.Series[Any]) -> NDArray[np.datetime64[Any]]:
    """Times in UTC; text that is no date counts as missing."""
    times = pd.to_datetime(series, format="ISO8601", utc=True, errors="coerce")
    return np.asarray(times.dt.tz_localize(None).astype("datetime64[ns]"))


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    """The same array, no longer writable: loaded rows are shared between readers."""
    values.setflags(write=False)
    return values
