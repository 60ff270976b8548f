"""Importances and effects to pictures: interval dots for all features, a line with its band for one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from evaluator.analyses.explanations.words import DIRECTIONS, in_order
from evaluator.charts import (
    Axis,
    ChartTable,
    Crowd,
    IntervalDots,
    IntervalRow,
    Lines,
    Reference,
    Series,
    Span,
    axis_for,
)
from evaluator.charts.lines import CROWD_ROOM
from evaluator.charts.scale import format_number
from evaluator.records import Effect, Importance
from evaluator.wording import format_count
from evaluator.wording.numbers import choose_unit_places
from evaluator.wording.score_parts import POINTS

MOST_ROWS = 8
THIN, THIN_PEOPLE = "few cases here", "few people here"
THIN_EVERYWHERE = " Few {} everywhere: read the line with its band."
READ_LINE = (
    "The line is the mean change of the score; the band is what fits the data. Bars at the foot: where the {} are."
)
ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def importance_dots(
    rows: Sequence[Importance], *, title: str, most: int = MOST_ROWS, full: Mapping[str, str] | None = None
) -> IntervalDots | None:
    """The features that count most, with their ranges, ranks and direction; None when no feature has a number.

    `full` names every member of sets that the picture names in short, by the set's name, for the table.
    """
    ordered = in_order(rows)
    if not ordered:
        return None
    numbers = [number for row in ordered[:most] for number in (row.value, row.low, row.high)]
    axis = _axis(_importance_title(ordered[0]), ordered[0].space, numbers)
    return IntervalDots(
        title=title, how_to_read=_how_to_read(ordered[0]) + largest_of(min(most, len(ordered)), len(ordered)), alt=title,
        table=_importance_table(ordered, axis, full or {}), axis=axis,
        rows=tuple(_importance_row(row, axis) for row in ordered[:most]),
    )  # fmt: skip


def largest_of(shown: int, total: int) -> str:
    """What a picture says that leaves the smaller rows out."""
    return f" Shown: the {shown} largest of {total}." if shown < total else ""


def effect_line(points: Sequence[Effect], *, title: str, unit: str = "", people: bool = False) -> Lines | None:
    """What a quantity does to the score, and how many cases stand where; None without a curve."""
    known = sorted((row for row in points if row.kind == "quantity"), key=lambda row: row.position)
    if len(known) < 2:
        return None
    first = known[0]
    x_axis = axis_for(f"{first.words}, {unit}" if unit else first.words, [row.x for row in known])
    y_axis, crowds = _effect_axis(known), _crowds(known)
    y_axis = _above_crowds(y_axis, min(map(_low, known))) if crowds else y_axis
    series = Series(
        name=first.words, xs=tuple(row.x for row in known if row.x is not None), ys=tuple(row.y for row in known),
        lows=tuple(_low(row) for row in known), highs=tuple(_high(row) for row in known), emphasis=True,
    )  # fmt: skip
    who = "people" if people else "cases"
    everywhere = THIN_EVERYWHERE.format(who) if marked_everywhere([row.thin for row in known]) else ""
    return Lines(
        title=title, how_to_read=READ_LINE.format(who) + everywhere, alt=title,
        table=_effect_table(known, x_axis, y_axis), x_axis=x_axis, y_axis=y_axis, series=(series,),
        reference=Reference("average score", 0.0), spans=_thin_spans(known, THIN_PEOPLE if people else THIN),
        crowds=crowds,
    )  # fmt: skip


def marked_spans(xs: Sequence[float], marked: Sequence[bool], label: str) -> tuple[Span, ...]:
    """Stretches that end in a marked point, neighbours joined; the first of them is labelled.

    Where every stretch is marked there is none: a hatch of the whole plane tells nothing apart.
    """
    if marked_everywhere(marked):
        return ()
    spans: list[Span] = []
    for low, high, is_marked in zip(xs, xs[1:], marked[1:], strict=False):
        if not is_marked or low >= high:
            continue
        if spans and spans[-1].high == low:
            spans[-1] = Span(spans[-1].low, high, spans[-1].label)
        else:
            spans.append(Span(low, high, "" if spans else label))
    return tuple(spans)


def marked_everywhere(marked: Sequence[bool]) -> bool:
    """Whether every stretch ends in a marked point."""
    return len(marked) > 1 and all(marked[1:])


def _thin_spans(known: Sequence[Effect], label: str) -> tuple[Span, ...]:
    return marked_spans([row.x or 0.0 for row in known], [row.thin for row in known], label)


def _above_crowds(axis: Axis, lowest: float) -> Axis:
    """The axis with room for the crowds below the curve; its ticks stay."""
    room = CROWD_ROOM + 0.04
    low = (lowest - room * axis.high) / (1 - room)
    return replace(axis, low=min(axis.low, low), ticks=axis.shown_ticks(), tick_labels=axis.shown_labels())


def _crowds(known: Sequence[Effect]) -> tuple[Crowd, ...]:
    """How close the cases stand between neighbouring points; nothing where they were not counted."""
    pairs = [(a.x, b.x, b.share) for a, b in pairwise(known) if b.position == a.position + 1]
    found = [(a, b, share / (b - a)) for a, b, share in pairs if a is not None and b is not None and a < b]
    closest = max((height for _, _, height in found), default=0.0)
    return tuple(Crowd(a, b, height / closest) for a, b, height in found) if closest > 0 else ()


def level_dots(points: Sequence[Effect], *, title: str) -> IntervalDots | None:
    """What each level of a feature does to the score; None without levels."""
    known = sorted((row for row in points if row.kind == "levels"), key=lambda row: row.position)
    if not known:
        return None
    axis = _effect_axis(known)
    return IntervalDots(
        title=title, how_to_read="Dots are the mean score if every case had this level; bars are what fits the data.",
        alt=title, table=_effect_table(known, None, axis), axis=axis, rows=tuple(_level_row(row) for row in known),
    )  # fmt: skip


def rank_words(row: Importance) -> str:
    """ "1st", "2nd to 4th"."""
    if row.rank_low is None or row.rank_high is None:
        return ""
    low, high = _ordinal(row.rank_low), _ordinal(row.rank_high)
    return low if low == high else f"{low} to {high}"


def _ordinal(rank: int) -> str:
    suffix = "th" if 10 <= rank % 100 <= 20 else ORDINALS.get(rank % 10, "th")
    return f"{rank}{suffix}"


def _importance_title(row: Importance) -> str:
    if row.method.startswith("permutation"):
        return f"growth of the squared error{f', {row.unit}' if row.unit else ''}"
    units = {"chance": "points of chance", "log_odds": "log-odds"}
    unit = units.get(row.space, row.unit)
    return f"moved on average{f', {unit}' if unit else ''}"


def _how_to_read(row: Importance) -> str:
    if row.method.startswith("permutation"):
        return (
            "Dots are how much the squared error grows when the feature is another case's; bars are what fits the data."
        )
    counted = f", counted from {format_count(row.background)} typical cases" if row.background else ""
    return f"Dots are how far a feature moves the score on average{counted}; bars are what fits the data."


def _importance_row(row: Importance, axis: Axis) -> IntervalRow:
    together = "move together" if len(json.loads(row.members)) > 1 else ""
    note = ", ".join(part for part in (together, _direction(row)) if part)
    rank = rank_words(row)
    printed = f"{estimate_words(axis, row.value or 0.0, row.low, row.high)} · {rank}" if rank else ""
    return IntervalRow(
        label=row.words,
        value=row.value,
        low=row.low,
        high=row.high,
        emphasis=row.rank_low == 1,
        note=note,
        printed=printed,
    )


def _direction(row: Importance) -> str:
    return "" if row.direction == "unknown" else DIRECTIONS[row.direction]


def _importance_table(rows: Sequence[Importance], axis: Axis, full: Mapping[str, str]) -> ChartTable:
    lines = [
        (full.get(row.feature, row.words), estimate_words(axis, row.value or 0.0, row.low, row.high), rank_words(row),
         DIRECTIONS[row.direction])
        for row in rows
    ]  # fmt: skip
    return ChartTable(("Feature", "Value (range)", "Rank", "Direction"), tuple(lines))


def _level_row(row: Effect) -> IntervalRow:
    n = f"n = {format_count(row.n)}"
    return IntervalRow(label=row.label, value=row.y, low=row.low, high=row.high, note=f"{n}, {THIN}" if row.thin else n)


def _effect_axis(rows: Sequence[Effect]) -> Axis:
    numbers = [number for row in rows for number in (row.y, row.low, row.high)]
    unit = "points of chance" if rows[0].space == "chance" else rows[0].unit
    return _axis(f"score against average{f', {unit}' if unit else ''}", rows[0].space, numbers)


def _axis(title: str, space: str, numbers: Sequence[float | None]) -> Axis:
    known = [number for number in numbers if number is not None]
    per = int(POINTS) if space == "chance" else 1
    span = [max(known) * per, min(known) * per] if known else [0.0]
    return axis_for(title, known, per=per, zero=True, decimals=choose_unit_places(span))


def estimate_words(axis: Axis, value: float, low: float | None, high: float | None) -> str:
    """A number with its range as the axis prints it; "under 0.05" where that would print zeros of what is not zero."""
    text = axis.estimate(value, low, high)
    numbers = [number for number in (value, low, high) if number is not None]
    if not any(numbers) or re.search("[1-9]", text):
        return text
    places = axis.printed_decimals
    under = f"under {format_number(10.0**-places / 2, places + 1)}"
    return f"{under} either way" if min(numbers) < 0 else under


def _effect_table(rows: Sequence[Effect], x_axis: Axis | None, y_axis: Axis) -> ChartTable:
    """One line for each point; of a quantity, how many cases lie between it and the point above."""
    before = [None, *rows[:-1]]
    lines = [
        (
            row.label if row.x is None or x_axis is None else x_axis.number(row.x),
            estimate_words(y_axis, row.y, row.low, row.high),
            _counted(row, above),
            THIN if row.thin else "",
        )
        for row, above in zip(rows, before, strict=True)
    ]
    cases = "Cases" if x_axis is None else "Cases since the row above"
    return ChartTable((rows[0].words, "Score against average (range)", cases, "Note"), tuple(lines))


def _counted(row: Effect, above: Effect | None) -> str:
    """The cases of a level, or since the point above; nothing where that point is the first or withheld."""
    known = row.x is None or (above is not None and above.position == row.position - 1)
    return format_count(row.n) if known else ""


def _low(row: Effect) -> float:
    return row.y if row.low is None else row.low


def _high(row: Effect) -> float:
    return row.y if row.high is None else row.high
