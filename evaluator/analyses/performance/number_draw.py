"""Tables of predicted numbers to pictures, in the unit of the label."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.charts import Axis, ChartTable, Histogram, Lines, Marker, Reference, Series, axis_for
from evaluator.records import CurvePoint, Population, Words
from evaluator.wording.numbers import format_count, format_range, format_share

HUNDRED = 100


def in_unit(text: str, words: Words) -> str:
    """A heading with the unit of the label, when there is one."""
    return f"{text} ({words.unit})" if words.unit else text


def seen_lines(points: Sequence[CurvePoint], words: Words, population: Population, *, title: str) -> Lines:
    """Mean of what was seen in groups of equal size by what was predicted, beside the line of a kept prediction."""
    shown = [number for point in points for number in (point.x, point.y, point.low, point.high)]
    x_axis, y_axis = (axis_for(in_unit(text, words), shown) for text in ("Predicted", "Seen on average"))
    rows = tuple((x_axis.number(p.x), _printed(p, y_axis), format_count(p.n)) for p in points)
    return Lines(
        title=title, how_to_read="Each dot is a part of equal size, with its range. On the line, predictions were right on average.",
        alt=f"{title} Among {population.words}.",
        table=ChartTable((x_axis.title, f"{y_axis.title}, with range", "Cases"), rows),
        x_axis=x_axis, y_axis=y_axis, series=(_dots("seen", points),), reference=Reference("as predicted"),
    )  # fmt: skip


def lean_lines(points: Sequence[CurvePoint], words: Words, *, title: str) -> Lines:
    """Mean of predicted minus seen in the same groups: above the line predictions run too high, below it too low."""
    x_axis = axis_for(in_unit("Predicted", words), [point.x for point in points])
    heights = [number for point in points for number in (point.y, point.low, point.high)]
    y_axis = axis_for(in_unit("Predicted minus seen, on average", words), heights, zero=True)
    rows = tuple((x_axis.number(p.x), _printed(p, y_axis), format_count(p.n)) for p in points)
    return Lines(
        title=title, how_to_read="Each dot is a part of equal size. Above the line predictions are too high, below it too low.",
        alt=title, table=ChartTable((x_axis.title, f"{y_axis.title}, with range", "Cases"), rows),
        x_axis=x_axis, y_axis=y_axis, series=(_dots("lean", points),), reference=Reference("exactly right", 0.0),
    )  # fmt: skip


def size_lines(points: Sequence[CurvePoint], words: Words) -> Lines:
    """Mean distance between predicted and seen, by the size of what was seen."""
    measured = words.outcome or "measured number"
    x_axis = axis_for(in_unit(f"Seen: {measured}", words), [point.x for point in points])
    heights = [number for point in points for number in (point.y, point.low, point.high)]
    y_axis = axis_for(in_unit("Off on average", words), heights, zero=True)
    title = _size_title(points, y_axis)
    rows = tuple((x_axis.number(p.x), _printed(p, y_axis), format_count(p.n)) for p in points)
    return Lines(
        title=title, how_to_read="Each dot is a part of equal size, from the smallest number seen to the largest; lower is better. The ends are harder for any model.",
        alt=title, table=ChartTable((x_axis.title, f"{y_axis.title}, with range", "Cases"), rows),
        x_axis=x_axis, y_axis=y_axis, series=(_dots("off on average", points),),
    )  # fmt: skip


def _size_title(points: Sequence[CurvePoint], axis: Axis) -> str:
    worst, best = max(points, key=lambda point: point.y), min(points, key=lambda point: point.y)
    if worst.low is None or best.high is None or worst.low <= best.high:
        return "No part of the range is provably predicted worse than another."
    return f"Predictions are furthest off {_place(points)}: {axis.number(worst.y)} on average, {axis.number(best.y)} at best."


def _place(points: Sequence[CurvePoint]) -> str:
    """Where the largest distances are; at both ends when the two largest are there and cannot be told apart."""
    by_size = sorted(range(len(points)), key=lambda place: -points[place].y)
    ends = {0, len(points) - 1}
    first, second = points[by_size[0]], points[by_size[1]]
    if set(by_size[:2]) == ends and (second.high or second.y) >= (first.low or first.y):
        return "at both ends"
    where = {0: "where the number seen is smallest", len(points) - 1: "where the number seen is largest"}
    return where.get(by_size[0], "in the middle of the range")


def within_lines(points: Sequence[CurvePoint], words: Words, population: Population) -> Lines:
    """How many of 100 are predicted within any distance."""
    x_axis = Axis(in_unit("Off by at most", words), points[0].x, points[-1].x)
    y_axis = Axis(f"Of 100 {population.words}", 0.0, 1.0, per=HUNDRED)
    half = next((point for point in points if point.y >= 0.5), points[-1])
    title = f"Within {x_axis.number(half.x)}{f' {words.unit}' if words.unit else ''}: {format_share(half.y, HUNDRED)} of 100 {population.words}."
    rows = tuple((x_axis.number(p.x), _share(p)) for p in points)
    series = Series(
        name="within this distance", xs=tuple(p.x for p in points), ys=tuple(p.y for p in points),
        lows=tuple(min(p.y, p.low or 0.0) for p in points),
        highs=tuple(max(p.y, 1.0 if p.high is None else p.high) for p in points), emphasis=True,
    )  # fmt: skip
    how = "Pick the distance that still serves; the curve says how many are within it, the band is the range that fits."
    return Lines(
        title=title, how_to_read=how, alt=title, table=ChartTable((x_axis.title, f"{y_axis.title}, with range"), rows),
        x_axis=x_axis, y_axis=y_axis, series=(series,),
    )  # fmt: skip


def error_histogram(points: Sequence[CurvePoint], words: Words) -> Histogram:
    """How many cases are off by how much, to either side."""
    edges, counts = tuple(point.x for point in points), tuple(point.y for point in points[:-1])
    x_axis = Axis(in_unit("Predicted minus seen", words), edges[0], edges[-1])
    title = f"How far the predictions of {format_count(sum(counts))} {words.cases} are off."
    rows = tuple(
        (f"{x_axis.number(a)} to {x_axis.number(b)}", format_count(count))
        for a, b, count in zip(edges, edges[1:], counts, strict=False)
    )
    return Histogram(
        title=title, how_to_read="Left of the mark the prediction was too low, right of it too high; the ends hold all that lies beyond.",
        alt=title, table=ChartTable((x_axis.title, words.cases), rows), x_axis=x_axis,
        y_axis=axis_for(words.cases, counts, zero=True, decimals=0), edges=edges, counts=counts,
        marker=Marker(0.0, "exactly right"),
    )  # fmt: skip


def _dots(name: str, points: Sequence[CurvePoint]) -> Series:
    return Series(
        name=name, xs=tuple(point.x for point in points), ys=tuple(point.y for point in points),
        lows=tuple(point.y if point.low is None else min(point.low, point.y) for point in points),
        highs=tuple(point.y if point.high is None else max(point.high, point.y) for point in points),
        emphasis=True, style="points",
    )  # fmt: skip


def _printed(point: CurvePoint, axis: Axis) -> str:
    return axis.estimate(point.y, point.low, point.high)


def _share(point: CurvePoint) -> str:
    if point.low is None or point.high is None:
        return format_share(point.y, HUNDRED)
    return f"{format_share(point.y, HUNDRED)} ({format_range(point.low, point.high, HUNDRED)})"
