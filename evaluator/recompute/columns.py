"""Columns that can be asked about: their values as arrays, their levels, and what the plan calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.plan import Plan
from evaluator.store import ColumnRow, ColumnSpan
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.levels import Coded, nfc
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
    read : the values, which are kept elsewhere or read at the first question.
    levels : canonical values of a category or boolean, in order. `bands` : those of the plan, for numbers.
    known : what the store says about the values, None where that is unknown.
    """

    name: str
    kind: ColumnKind
    words: ColumnWords
    read: Callable[[], NDArray[Any]]
    levels: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    known: ColumnSpan | None = None

    @property
    def values(self) -> NDArray[Any]:
        """Numbers (NaN is missing), times (NaT is missing), or codes into `levels` (-1 is missing).

        Numbers and codes are of the smallest type that holds them without loss.
        """
        return self.read()

    @property
    def coded(self) -> bool:
        return self.kind in ("category", "boolean")

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each level is called; a noun phrase where the plan gives one."""
        return {level: self.words.nouns.get(level) or level_label(level, self.words) for level in self.levels}

    @cached_property
    def has_missing(self) -> bool:
        return bool(self.known.missing) if self.known is not None else bool(self.missing().any())

    @cached_property
    def span(self) -> tuple[float, float]:
        """Smallest and largest number; of a column without any, a span that holds nothing."""
        if self.known is not None:
            return (np.inf, -np.inf) if self.known.low is None else (float(self.known.low), float(self.known.high))
        values = self.values
        known = values[~self.missing()]
        return (float(known.min()), float(known.max())) if known.size else (np.inf, -np.inf)

    def missing(self) -> NDArray[np.bool_]:
        """Rows without a value."""
        values = self.values
        if self.coded:
            return np.asarray(values < 0)
        if self.kind == "time":
            return np.asarray(np.isnat(values))
        return np.asarray(np.isnan(values) if values.dtype.kind == "f" else np.zeros(values.size, dtype=np.bool_))


def is_asked(row: ColumnRow) -> bool:
    """Whether a stored column can be asked about; free text and the models' own answers cannot."""
    return row.type in KINDS and row.role not in NOT_ASKED


def coded_column(row: ColumnRow, coded: Coded, plan: Plan) -> AskedColumn:
    """A stored column of few values, and its words from the plan."""
    words = column_words(row, plan, coded.levels)
    return AskedColumn(row.name, _kind(row.type), words, lambda: coded.codes, coded.levels)


def number_column(
    row: ColumnRow, read: Callable[[], NDArray[Any]], plan: Plan, known: ColumnSpan | None = None
) -> AskedColumn:
    """A stored column of numbers, and its words from the plan."""
    bands = plan_bands(row.name, plan)
    return AskedColumn(row.name, "number", column_words(row, plan, ()), read, bands=bands, known=known)


def time_column(name: str, words: ColumnWords, read: Callable[[], NDArray[Any]]) -> AskedColumn:
    return AskedColumn(name, "time", words, read)


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
