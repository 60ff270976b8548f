"""The range of a feature in few parts that can be read aloud, and which part each row lies in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.explanations.effects import is_quantity
from evaluator.statistics.readable_edges import readable_edges
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes, number_text
from evaluator.subject.subject import ColumnInfo
from evaluator.subject.terms import Band, Level
from evaluator.subject.words import ColumnWords, part_label
from evaluator.wording import format_count


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a range: from `low` to under `high` (None: open), a single number where they are equal, or a level.

    `missing` marks the part of the rows without a value.
    """

    low: float | None
    high: float | None
    level: str
    label: str
    missing: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The parts in order, those without a value last, and the part of every row, shape (n,)."""

    parts: tuple[Part, ...]
    code: NDArray[np.uint8]


def cut(series: pd.Series[Any], column: ColumnInfo, most: int) -> Cut:
    """At most `most` parts, none of them empty.

    Quantities of few values are cut into these, others at quantiles, rounded as far as they stay apart. Of many levels
    the commonest stand for themselves and the rest together.
    """
    missing = series.isna().to_numpy(dtype=bool)
    room = most - bool(missing.any())
    parts, code = _quantity(series, room, column.unit) if is_quantity(column) else _levels(series, column, room)
    if missing.any():
        parts.append(Part(None, None, "", "missing", missing=True))
    code = np.where(missing, len(parts) - 1, code)
    return Cut(tuple(parts), code.astype(np.uint8))


def _quantity(series: pd.Series[Any], most: int, unit: str) -> tuple[list[Part], IntArray]:
    x = series.to_numpy(dtype=np.float64, na_value=np.nan)
    known = x[np.isfinite(x)]
    values = np.unique(known)
    if values.size <= most:
        return [_part(value, value, unit) for value in values.tolist()], np.searchsorted(values, x).clip(
            max=values.size - 1
        )
    edges = np.asarray(readable_edges(known, most))
    code = np.searchsorted(edges, x, side="right").astype(np.int64)
    ends: list[float | None] = [None, *edges.tolist(), None]
    return [_held(x[code == place], low, high, unit) for place, (low, high) in enumerate(pairwise(ends))], code


def _held(inside: FloatArray, low: float | None, high: float | None, unit: str) -> Part:
    """A part between two edges, or the one value that it holds."""
    known = inside[np.isfinite(inside)]
    if known.size and np.ptp(known) == 0:
        return _part(float(known[0]), float(known[0]), unit)
    return _part(low, high, unit)


def _part(low: float | None, high: float | None, unit: str) -> Part:
    one = low is not None and low == high
    term = Level(number_text(low)) if one and low is not None else Band(low, high)
    return Part(low, high, "", part_label(term, ColumnWords("", unit), ""))


def _levels(series: pd.Series[Any], column: ColumnInfo, most: int) -> tuple[list[Part], IntArray]:
    coded = canonical_codes(series)
    count = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.levels))
    kept = np.arange(count.size)
    if count.size > most:
        kept = np.sort(np.argsort(-count, kind="stable")[: max(most - 1, 0)])
    labels = dict(column.levels)
    parts = [Part(None, None, level, labels.get(level, level)) for level in (coded.levels[code] for code in kept)]
    others = count.size - kept.size
    if others:
        parts.append(Part(None, None, "", f"{format_count(others)} others"))
    place = np.full(count.size + 1, kept.size, dtype=np.int64)  # the last is of rows without a value
    place[kept] = np.arange(kept.size)
    found: IntArray = place[coded.codes]
    return parts, found
