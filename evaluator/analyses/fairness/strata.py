"""The levels of the factors that may rightly explain a difference, as a code per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evaluator.plan.schema import Edge, Plan
from evaluator.statistics.spread import IntArray
from evaluator.subject.cells import Cells, is_number
from evaluator.subject.columns import legitimate_columns, nouns_by_level
from evaluator.subject.levels import nfc
from evaluator.subject.subject import Subject
from evaluator.subject.terms import Band, Level, Part, Term, population_id
from evaluator.subject.words import ColumnWords, Phrasing, population_label, population_words
from evaluator.wording import join_words

MOST_STRATA = 100
"""Most levels of a factor, or of several crossed, that are compared one by one."""
FIFTHS = 5
JOINT = " & "


@dataclass(frozen=True, slots=True)
class StratumOf:
    """One level of a factor: id, plural noun phrase, short form."""

    stratum_id: str
    words: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A factor, or several crossed: level of every row, shape (n,), and what the levels are called.

    Crossed levels have no words, so `levels` is empty then.
    """

    name: str
    words: str
    code: IntArray
    levels: tuple[StratumOf, ...]

    @property
    def k(self) -> int:
        """How many levels there are."""
        return int(self.code.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class TooMany:
    """A factor, or several crossed, with too many levels to compare."""

    words: str
    count: int


def factors_of(plan: Plan, subject: Subject) -> tuple[tuple[Factor, ...], tuple[TooMany, ...]]:
    """Every legitimate column, then all of them crossed where there are several, and those with too many levels."""
    single = [_factor(name, bands, plan, subject) for name, bands in legitimate_columns(plan)]
    found = [made for made in single if isinstance(made, Factor)]
    every = [*single, *([_crossed(found)] if len(found) > 1 else [])]
    return (
        tuple(made for made in every if isinstance(made, Factor)),
        tuple(made for made in every if isinstance(made, TooMany)),
    )


def _factor(name: str, bands: tuple[Edge, ...] | None, plan: Plan, subject: Subject) -> Factor | TooMany:
    series = subject.frame[name]
    info = next(column for column in subject.columns if column.name == name)
    cells = Cells(subject.frame)
    nouns = _nouns(name, plan, cells)
    edges = _edges(series, info.bands if bands is None else bands, in_levels=bool(nouns))
    code, parts = _levelled(cells, name, list(nouns)) if edges is None else _banded(series, edges)
    if len(parts) > MOST_STRATA:
        return TooMany(info.words, len(parts))
    words = ColumnWords(info.words, info.unit, nouns, info.type == "boolean")
    phrasing = Phrasing(_cases(plan), bool(plan.words and plan.words.people), {name: words})
    return Factor(name, info.words, code, tuple(_stratum(Term(name, (part,)), phrasing) for part in parts))


def _cases(plan: Plan) -> str:
    return plan.words.case[1] if plan.words else "rows"


def _stratum(term: Term, phrasing: Phrasing) -> StratumOf:
    return StratumOf(population_id([term]), population_words([term], phrasing), population_label([term], phrasing))


def _nouns(name: str, plan: Plan, cells: Cells) -> dict[str, str]:
    """Noun phrases that the plan gives for levels, in the data's own spelling."""
    part = {nfc(key): column for key, column in plan.data.columns.items()}.get(name)
    if part is None or not part.levels:
        return {}
    return nouns_by_level(name, part.levels, cells)


def _edges(series: pd.Series[Any], bands: Sequence[Edge], *, in_levels: bool) -> list[float] | None:
    """Edges of the bands: those of the plan, else fifths of a number; None where each value is its own level."""
    if not is_number(series):
        return None
    given = [float(edge) for edge in bands if isinstance(edge, int | float)]
    if given:
        return given
    known = series.dropna().to_numpy(dtype=np.float64)
    if in_levels or np.unique(known).size <= FIFTHS:
        return None
    # Values of the data and not between them, so that an edge can be read as one.
    inner = np.quantile(known, np.arange(1, FIFTHS) / FIFTHS, method="higher")
    return [float(edge) for edge in np.unique(inner) if edge > known.min()]


def _banded(series: pd.Series[Any], edges: list[float]) -> tuple[IntArray, list[Part]]:
    """Half-open bands that have rows, the open ones at both ends included, and missing values."""
    values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    bands: list[Part] = [Band(low, high) for low, high in zip([None, *edges], [*edges, None], strict=True)]
    return _dense(np.where(np.isnan(values), len(bands), np.searchsorted(edges, values, side="right")), bands)


def _levelled(cells: Cells, name: str, first: Sequence[str]) -> tuple[IntArray, list[Part]]:
    """Every level; those of `first` come first, in their order."""
    coded = cells.coded(name)
    order = list(dict.fromkeys([*(level for level in first if level in coded.levels), *coded.levels]))
    place = {level: position for position, level in enumerate(order)}
    # The last entry serves code -1, a missing value.
    recode = np.array([place[level] for level in coded.levels] + [len(order)], dtype=np.int64)
    return _dense(recode[coded.codes], [Level(level) for level in order])


def _dense(code: IntArray, parts: Sequence[Part]) -> tuple[IntArray, list[Part]]:
    """Codes without gaps; the last is missing values, where there are any."""
    seen, dense = np.unique(code, return_inverse=True)
    every = [*parts, Level(None)]
    return dense.astype(np.int64), [every[position] for position in seen]


def _crossed(factors: Sequence[Factor]) -> Factor | TooMany:
    """All factors together, levels with rows alone; its levels have no words of their own."""
    code = np.zeros(factors[0].code.size, dtype=np.int64)
    for factor in factors:
        # Dense after each, so that no product of many levels overflows.
        code = np.unique(code * factor.k + factor.code, return_inverse=True)[1].astype(np.int64)
    words = join_words([factor.words for factor in factors])
    count = int(code.max(initial=-1)) + 1
    if count > MOST_STRATA:
        return TooMany(words, count)
    return Factor(JOINT.join(factor.name for factor in factors), words, code, ())
