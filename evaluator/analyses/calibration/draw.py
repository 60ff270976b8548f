"""The reliability diagram as a picture: dots for what was seen, a band for what a kept promise gives."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.charts import ChartTable, Lines, Series, axis_for
from evaluator.records import CurvePoint, Population, Words
from evaluator.wording.numbers import SCALES, format_count, format_level, format_range, format_share

KEPT = "kept promise, give or take chance"
_ENOUGH = 20
"""Fewer steps than this on the longer axis and a finer scale is taken."""


def reliability_lines(
    points: Sequence[CurvePoint], words: Words, population: Population, *, title: str, level: float
) -> Lines:
    """Seen against promised share in groups of equal size, over the band of a perfectly calibrated model."""
    xs = tuple(point.x for point in points)
    lows = tuple(min(point.x, point.x if point.low is None else point.low) for point in points)
    highs = tuple(max(point.x, point.x if point.high is None else point.high) for point in points)
    band = Series(name=KEPT, xs=xs, ys=xs, lows=lows, highs=highs)
    seen = Series(name="seen", xs=xs, ys=tuple(point.y for point in points), emphasis=True, style="points")
    shown = [*xs, *seen.ys, *lows, *highs]
    per = _scale(shown)
    counted = f"Seen{_what(points, words)} per {format_count(per)}"
    how = (
        f"Each dot is a tenth of the cases. In {format_level(level)} of 100 samples, all dots of a score that keeps its "
        "promise lie inside the band."
    )
    return Lines(
        title=title, how_to_read=how, alt=f"{title} Among {population.words}.", table=_table(points, per),
        x_axis=axis_for(f"Promised per {format_count(per)}", shown, per=per, bounds=(0.0, 1.0), decimals=0),
        y_axis=axis_for(counted, shown, per=per, bounds=(0.0, 1.0), decimals=0), series=(band, seen),
    )  # fmt: skip


def _what(points: Sequence[CurvePoint], words: Words) -> str:
    """What was seen, where it is not plain that it is the label."""
    if not words.positive:
        return ": right"
    return f": {words.positive}" if not words.plain or any(point.class_ for point in points) else ""


def _scale(shown: Sequence[float]) -> int:
    """The smallest scale on which the axis is long enough to tell promises apart."""
    longest = max(shown) - min(shown)
    return next((per for per in SCALES if longest * per >= _ENOUGH), SCALES[-1])


def _table(points: Sequence[CurvePoint], per: int) -> ChartTable:
    columns = (f"Promised of {format_count(per)}", "Seen", "A kept promise gives", "Cases")
    rows = tuple(
        (format_share(point.x, per), format_share(point.y, per), _band(point, per), format_count(point.n))
        for point in points
    )
    return ChartTable(columns, rows)


def _band(point: CurvePoint, per: int) -> str:
    return "" if point.low is None or point.high is None else format_range(point.low, point.high, per)
