"""How the people asked about spread over one column, so that a part of them can be chosen from a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator.charts.scale import nice_step
from evaluator.recompute.chips import chips_of
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.masks import Mask, joined_mask
from evaluator.recompute.question import Edge, Filter, Question
from evaluator.recompute.rows import LoadedRows

BINS, MOST_LEVELS = 12, 12
ENDS = (0.005, 0.995)
"""Shares of the numbers between which bins are cut; what lies beyond falls into open bins at both ends."""
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """One bar: the chips-to-be (`filter`), how many of the rows fit, and whether the question asks for it already.

    `hidden` marks a count that this reader may not see, because it, or another one by subtraction, is about few people.
    """

    filter: Filter
    count: int
    chosen: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ColumnCounts:
    """`parts` from left to right or top to bottom; `left_out` rows lie in none of them."""

    column: AskedColumn
    parts: tuple[ColumnPart, ...]
    n: int
    left_out: int


def askable_on_picture(rows: LoadedRows) -> dict[str, str]:
    """Columns whose parts can be chosen from a picture, with their words."""
    return {name: column.words.words for name, column in rows.columns.items() if column.kind != "time"}


def column_counts(
    rows: LoadedRows, question: Question, name: str, *, fewer_than: int | None = None
) -> ColumnCounts | None:
    """Count the rows of a checked question, whatever it says about this column, in each part of it.

    Leaving the column's own conditions out keeps the parts beside the chosen ones in sight. Where any condition is
    enough, all rows are counted, because another part would add to the people asked about.

    Parameters
    ----------
    fewer_than : counts of fewer people than this are marked as hidden.

    Returns
    -------
    None when the column holds no values.
    """
    column = rows.columns[name]
    others = [one for one in question.filters if one.column != name] if question.combine == "all" else []
    among = joined_mask(others, "all", rows.columns, rows.n)
    parts = _levels(column, among) if column.coded else _bins(column, among)
    if not parts:
        return None
    own = [one for one in question.filters if one.column == name]
    chosen = [replace(part, chosen=_is_chosen(part.filter, own)) for part in parts]
    n = int(np.count_nonzero(among))
    left_out = n - sum(part.count for part in parts)
    return ColumnCounts(column, tuple(guarded_parts(chosen, left_out, fewer_than)), n, left_out)


def joined_parts(parts: Iterable[ColumnPart]) -> Filter | None:
    """One filter that stands for chosen parts: the listed groups, or the range that holds all of the bins."""
    filters = [part.filter for part in parts]
    if not filters:
        return None
    first, last = filters[0], filters[-1]
    if first.operator == "between":
        return Filter(first.column, "between", low=first.low, high=last.high)
    return replace(first, values=tuple(value for one in filters for value in one.values))


def with_column(question: Question, chosen: Filter) -> list[str]:
    """The chips of the question with its conditions on one column replaced, or with one more where any is enough."""
    kept = [one for one in question.filters if one.column != chosen.column or question.combine == "any"]
    return chips_of([*kept, chosen])


def _levels(column: AskedColumn, among: Mask) -> list[ColumnPart]:
    """The levels in their order; of many, those that most of all rows have."""
    everyone = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
    largest = np.sort(np.argsort(-everyone, kind="stable")[:MOST_LEVELS])
    codes = column.values[among & (column.values >= 0)]
    counts = np.bincount(codes, minlength=len(column.levels))
    return [ColumnPart(Filter(column.name, "in", (column.levels[code],)), int(counts[code]), False) for code in largest]


def _bins(column: AskedColumn, among: Mask) -> list[ColumnPart]:
    """Equal bins with round edges, the same for every question; the first and last are open where numbers lie beyond."""
    known = column.values[~column.missing()]
    known = known[np.isfinite(known)]
    if not known.size:
        return []
    edges = bin_edges(known)
    values = column.values[among]
    counts: IntArray = np.bincount(
        np.searchsorted(edges[1:-1], values[~np.isnan(values)], side="right"), minlength=edges.size - 1
    )
    lows: list[Edge | None] = [float(edge) for edge in edges[:-1]]
    highs: list[Edge | None] = [float(edge) for edge in edges[1:]]
    smallest, largest = column.span
    if smallest < edges[0]:
        lows[0] = None
    if largest >= edges[-1]:
        highs[-1] = None
    return [
        ColumnPart(Filter(column.name, "between", low=low, high=high), int(count), False)
        for low, high, count in zip(lows, highs, counts, strict=True)
    ]


def bin_edges(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round edges, ascending, that hold the middle 99% of the numbers; whole numbers get whole edges."""
    low, high = (float(edge) for edge in np.quantile(known, ENDS))
    step = nice_step(max(high - low, abs(high) * 1e-9, 1e-9), BINS)
    if bool((known == np.floor(known)).all()):
        step = max(1.0, math.ceil(step))
    first = math.floor(low / step)
    last = max(math.floor(high / step) + 1, first + 1)
    # Whole multiples, rounded, so that 3 * 0.1 reads as 0.3 in an address.
    return np.array([float(f"{place * step:.15g}") for place in range(first, last + 1)])


def _is_chosen(part: Filter, own: list[Filter]) -> bool:
    """Whether the question asks for all of this part; without conditions on the column nothing is singled out."""
    return any(_holds(one, part) for one in own)


def _holds(asked: Filter, part: Filter) -> bool:
    if part.operator == "in":
        return asked.operator in ("in", "not_in") and (part.values[0] in asked.values) == (asked.operator == "in")
    if asked.operator != "between":
        return False
    return _at_least(part.low, asked.low) and _at_least(asked.high, part.high, upper=True)


def _at_least(edge: Edge | None, other: Edge | None, *, upper: bool = False) -> bool:
    """Whether `edge` is not below `other`; None is without end on its side."""
    if (edge if upper else other) is None:
        return True
    if (other if upper else edge) is None:
        return False
    return edge >= other  # type: ignore[operator]


def guarded_parts(parts: list[ColumnPart], left_out: int, fewer_than: int | None) -> list[ColumnPart]:
    """Hide small counts, and the next smallest while the hidden ones together could be found by subtraction."""
    if fewer_than is None:
        return parts
    hidden = {place for place, part in enumerate(parts) if 0 < part.count < fewer_than}
    together = sum(parts[place].count for place in hidden) + (left_out if 0 < left_out < fewer_than else 0)
    shown = sorted((part.count, place) for place, part in enumerate(parts) if place not in hidden and part.count)
    while 0 < together < fewer_than and shown:
        count, place = shown.pop(0)
        hidden.add(place)
        together += count
    return [replace(part, hidden=place in hidden) for place, part in enumerate(parts)]
