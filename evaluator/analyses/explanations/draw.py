"""Importances and effects to pictures: interval dots for all features, a line with its band for one."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.explanations.numbers import POINTS
from evaluator.analyses.explanations.words import DIRECTIONS, in_order
from evaluator.charts import Axis, ChartTable, IntervalDots, IntervalRow, Lines, Reference, Series, axis_for
from evaluator.records import Effect, Importance
from evaluator.wording import format_count
from evaluator.wording.numbers import choose_unit_places

MOST_ROWS = 8
THIN = "few cases here"
ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def importance_dots(rows: Sequence[Importance], *, title: str, most: int = MOST_ROWS) -> IntervalDots | None:
    """The features that count most, with their ranges, ranks and direction; None when no feature has a number."""
    ordered = in_order(rows)
    if not ordered:
        return None
    numbers = [number for row in ordered[:most] for number in (row.value, row.low, row.high)]
    axis = _axis(_importance_title(ordered[0]), ordered[0].space, numbers)
    return IntervalDots(
        title=title, how_to_read=_how_to_read(ordered[0]), alt=title, table=_importance_table(ordered, axis), axis=axis,
        rows=tuple(_importance_row(row) for row in ordered[:most]),
    )  # fmt: skip


def effect_line(points: Sequence[Effect], *, title: str, unit: str = "") -> Lines | None:
    """What a quantity does to the score; None without a curve."""
    known = sorted((row for row in points if row.kind == "quantity"), key=lambda row: row.position)
    if len(known) < 2:
        return None
    first = known[0]
    x_axis = axis_for(f"{first.words}, {unit}" if unit else first.words, [row.x for row in known])
    y_axis = _effect_axis(known)
    series = Series(
        name=first.words, xs=tuple(row.x for row in known if row.x is not None), ys=tuple(row.y for row in known),
        lows=tuple(_low(row) for row in known), highs=tuple(_high(row) for row in known), emphasis=True,
    )  # fmt: skip
    return Lines(
        title=title, how_to_read="The line is the mean change of the score; the band is what fits the data.", alt=title,
        table=_effect_table(known, x_axis, y_axis), x_axis=x_axis, y_axis=y_axis, series=(series,),
        reference=Reference("average score", 0.0),
    )  # fmt: skip


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
    if row.method == "permutation":
        return f"growth of the squared error{f', {row.unit}' if row.unit else ''}"
    units = {"chance": "points of chance", "log_odds": "log-odds"}
    unit = units.get(row.space, row.unit)
    return f"moved on average{f', {unit}' if unit else ''}"


def _how_to_read(row: Importance) -> str:
    if row.method == "permutation":
        return (
            "Dots are how much the squared error grows when the feature is another case's; bars are what fits the data."
        )
    counted = f", counted from {format_count(row.background)} typical cases" if row.background else ""
    return f"Dots are how far a feature moves the score on average{counted}; bars are what fits the data."


def _importance_row(row: Importance) -> IntervalRow:
    note = ", ".join(part for part in (rank_words(row), _direction(row)) if part)
    return IntervalRow(
        label=row.words, value=row.value, low=row.low, high=row.high, emphasis=row.rank_low == 1, note=note
    )


def _direction(row: Importance) -> str:
    return "" if row.direction == "unknown" else DIRECTIONS[row.direction]


def _importance_table(rows: Sequence[Importance], axis: Axis) -> ChartTable:
    lines = [
        (row.words, axis.estimate(row.value or 0.0, row.low, row.high), rank_words(row), DIRECTIONS[row.direction])
        for row in rows
    ]
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


def _effect_table(rows: Sequence[Effect], x_axis: Axis | None, y_axis: Axis) -> ChartTable:
    lines = [
        (
            row.label if row.x is None or x_axis is None else x_axis.number(row.x),
            y_axis.estimate(row.y, row.low, row.high),
            format_count(row.n),
            THIN if row.thin else "",
        )
        for row in rows
    ]
    return ChartTable((rows[0].words, "Score against average (range)", "Cases", "Note"), tuple(lines))


def _low(row: Effect) -> float:
    return row.y if row.low is None else row.low


def _high(row: Effect) -> float:
    return row.y if row.high is None else row.high
