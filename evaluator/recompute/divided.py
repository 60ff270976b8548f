"""A column taken apart into groups: the levels of a category, or the bands that the plan cuts numbers into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import InputError, did_you_mean
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.question import Filter
from evaluator.statistics.spread import IntArray
from evaluator.subject.levels import find_level
from evaluator.subject.terms import Band, Level, part_text
from evaluator.subject.words import part_label, visible


@dataclass(frozen=True, slots=True, eq=False)
class Divided:
    """Every row belongs to one level of the column, or has no value.

    Attributes
    ----------
    levels : as the data spell them; bands as ids do: "[18,30)".
    labels : what readers call them.
    """

    column: AskedColumn
    levels: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def codes(self) -> IntArray:
        """Position of the level of each row, shape (n,); -1 without a value."""
        column = self.column
        if column.coded:
            return np.asarray(column.values, dtype=np.int64)
        edges = [band.low for band in column.bands if band.low is not None]
        codes = np.searchsorted(np.asarray(edges, dtype=np.float64), column.values, side="right").astype(np.int64)
        codes[column.missing()] = -1
        return codes

    def find(self, written: str) -> str:
        """The level in its own spelling; its label, its noun and "18-30" for a band are understood too."""
        found = find_level(written, self.levels) or self._said(written) or self._banded(written)
        if found is not None:
            return found
        known = list(dict.fromkeys(visible(one) for one in (*self.levels, *self.labels)))
        raise InputError(
            f"'{visible(self.column.name)}' has no group '{visible(written)}'.", did_you_mean(written, known)
        )

    def _said(self, written: str) -> str | None:
        wanted = written.strip().lower()
        nouns = self.column.words.nouns
        said = [
            level
            for level, label in zip(self.levels, self.labels, strict=True)
            if wanted in (label.lower(), nouns.get(level, label).lower())
        ]
        return said[0] if len(said) == 1 else None

    def _banded(self, written: str) -> str | None:
        """ "18-30" or "18 to 29" for the band from 18 to under 30."""
        ends = [part.strip() for part in written.replace("–", "-").replace(" to ", "-").split("-")]
        if len(ends) != 2:
            return None
        last = str(int(ends[1]) + 1) if ends[1].isdecimal() else ends[1]
        return find_level(f"[{ends[0]},{ends[1]})", self.levels) or find_level(f"[{ends[0]},{last})", self.levels)

    def filter_of(self, level: str) -> Filter:
        """The filter that asks for the rows of one level."""
        if self.column.coded:
            return Filter(self.column.name, "in", (level,))
        band = self.column.bands[self.levels.index(level)]
        return Filter(self.column.name, "between", low=band.low, high=band.high)

    def label(self, level: str) -> str:
        """What readers call a level."""
        return self.labels[self.levels.index(level)]


def divided(column: AskedColumn) -> Divided:
    """The column as groups.

    Raises
    ------
    InputError : dates, and numbers that the plan gives no bands for, come in no groups.
    """
    name = visible(column.words.words)
    if column.kind == "time":
        raise InputError(f"'{name}' holds dates, which come in no groups.", "Choose a column that holds groups.")
    if not column.coded and not column.bands:
        raise InputError(
            f"'{name}' holds numbers, and the plan gives no bands for them.", "Choose a column that holds groups."
        )
    parts: list[Level | Band] = [Level(level) for level in column.levels] if column.coded else list(column.bands)
    levels = column.levels if column.coded else tuple(part_text(band) for band in column.bands)
    return Divided(column, levels, tuple(part_label(part, column.words, "") for part in parts))


def can_be_divided(column: AskedColumn) -> bool:
    """Whether the column comes in two groups at least."""
    return column.kind != "time" and max(len(column.levels), len(column.bands)) > 1
