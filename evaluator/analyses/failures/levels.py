"""A column as few levels: what each is called, which rows have it, and how it is asked for elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.statistics.readable_edges import readable_edges
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.cells import Cells
from evaluator.subject.levels import number_text
from evaluator.subject.terms import Band, Level, Term

MOST_LEVELS = 10
"""Levels of a category that stand for themselves; where there are more, the commonest do and the rest stand together."""
MOST_SAID = 50
"""Levels that stand together are told apart up to so many; a column with more is text."""


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One column as levels.

    Attributes
    ----------
    terms : what each level holds, in order. `codes` : the level of every row, shape (n,).
    ordered : the levels are bands of a quantity, or times. `rest` : the level that stands for the less common values.
    """

    name: str
    terms: tuple[Term, ...]
    codes: NDArray[np.uint8]
    ordered: bool = False
    rest: int | None = None

    @property
    def card(self) -> int:
        return len(self.terms)

    def is_missing(self, place: int) -> bool:
        """Whether a level stands for missing values."""
        return self.terms[place].parts == (Level(None),)


def category(name: str, cells: Cells, first: Sequence[str] = ()) -> Feature:
    """The levels of a column of few values; missing is a level of its own.

    Parameters
    ----------
    first : levels that the plan names, which come first.
    """
    coded = cells.coded(name)
    counts = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.levels))
    order = sorted(range(len(coded.levels)), key=lambda code: (_place(coded.levels[code], first), code))
    kept = order
    if len(order) > MOST_LEVELS:
        common = set(np.argsort(-counts, kind="stable")[: MOST_LEVELS - 1].tolist())
        kept = [code for code in order if code in common]
    others = [code for code in order if code not in set(kept)]
    groups = [[code] for code in kept] + ([others] if others else [])
    number = np.zeros(len(coded.levels) + 1, dtype=np.int64)
    for place, codes in enumerate(groups):
        number[codes] = place
    number[-1] = len(groups)  # code -1 is a missing value
    terms = [Term(name, tuple(Level(coded.levels[code]) for code in codes)) for codes in groups]
    rest = len(groups) - 1 if others else None
    return _feature(name, terms, number[coded.codes], rest=rest)


def _place(level: str, first: Sequence[str]) -> int:
    return first.index(level) if level in first else len(first)


def quantity(
    name: str, series: pd.Series[Any], bands: Sequence[float], reference: pd.Series[Any] | None, bins: int
) -> Feature:
    """The bands of a column of numbers: those of the plan, else at most `bins` of about equal size of the reference."""
    values = as_numbers(series)
    known = as_numbers(series if reference is None else reference)
    edges = tuple(bands) or readable_edges(known[np.isfinite(known)], bins)
    missing = np.isnan(values)
    place = np.searchsorted(np.asarray(edges), np.where(missing, 0.0, values), side="right")
    codes = np.where(missing, len(edges) + 1, place).astype(np.int64)
    ends = [None, *edges, None]
    terms = [
        Term(name, (_part(low, high, values[codes == position]),))
        for position, (low, high) in enumerate(pairwise(ends))
    ]
    return _feature(name, terms, codes, ordered=True)


def _part(low: float | None, high: float | None, inside: FloatArray) -> Band | Level:
    """A band, or the one value that it holds."""
    if inside.size and np.ptp(inside) == 0 and np.isfinite(inside[0]):
        return Level(number_text(float(inside[0])))
    return Band(low, high)


def window(name: str, cells: Cells, terms: Sequence[Term]) -> Feature:
    """The time windows of the plan."""
    codes = np.full(len(cells.frame), len(terms), dtype=np.int64)
    for position, term in enumerate(terms):
        codes[cells.mask([term])] = position
    return _feature(name, list(terms), codes, ordered=True)


def _feature(
    name: str, terms: list[Term], codes: IntArray, *, ordered: bool = False, rest: int | None = None
) -> Feature:
    """The feature with the level of missing values last, where there are any, and without levels that nobody has."""
    terms = [*terms, Term(name, (Level(None),))]
    there = np.flatnonzero(np.bincount(codes, minlength=len(terms)))
    number = np.zeros(len(terms), dtype=np.uint8)
    number[there] = np.arange(there.size)
    kept = tuple(terms[place] for place in there)
    return Feature(name, kept, number[codes], ordered, int(number[rest]) if rest is not None else None)


def as_numbers(series: pd.Series[Any]) -> FloatArray:
    """Numbers, NaN where missing."""
    return np.asarray(pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))
