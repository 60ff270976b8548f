"""The plane that curves and histograms are drawn on, and the strokes, bands and points in it."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.charts import Axis, Series
from evaluator.charts.scale import position
from evaluator.report.chart_text import text_width
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Box, Sheet, px

DASHES = ("", "", "8 4", "3 3", "10 3 2 3")


class Plane(NamedTuple):
    """Two axes and the pixels they span."""

    x_axis: Axis
    y_axis: Axis
    left: float
    right: float
    top: float
    bottom: float

    def x(self, value: float) -> float:
        return self.left + position(value, self.x_axis.low, self.x_axis.high) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - position(value, self.y_axis.low, self.y_axis.high) * (self.bottom - self.top)

    def draw_grid(self, sheet: Sheet) -> None:
        """Level lines with their numbers, and the base line."""
        size = sheet.small
        for tick, label in zip(self.y_axis.shown_ticks(), self.y_axis.shown_labels(), strict=True):
            y = self.y(tick)
            sheet.line(self.left, y, self.right, y, sheet.palette.line)
            sheet.text(
                self.left - 8, y - size * LINE_HEIGHT / 2, label, size=size, colour=sheet.palette.muted, anchor="end"
            )
        sheet.line(self.left, self.bottom, self.right, self.bottom, sheet.palette.muted)


def y_axis_room(sheet: Sheet, axis: Axis) -> float:
    """Pixels for the numbers left of the plane."""
    return max((text_width(label, sheet.small) for label in axis.shown_labels()), default=0.0) + 10


def draw_stroke(sheet: Sheet, series: Series, plane: Plane, colour: str, index: int) -> None:
    """A line or steps; lines that are not in question differ by dashes, not by colour alone."""
    dash = "" if series.emphasis or series.faint else DASHES[index % len(DASHES)]
    points = stepped(series.xs, series.ys) if series.style == "steps" else list(zip(series.xs, series.ys, strict=True))
    path = _path([(plane.x(x), plane.y(y)) for x, y in points])
    width = 2.6 if series.emphasis else 1.0 if series.faint else 1.8
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    sheet.raw(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{extra}/>')


def draw_points(sheet: Sheet, series: Series, plane: Plane, colour: str) -> None:
    """Dots with upright intervals."""
    for index, (x, y) in enumerate(zip(series.xs, series.ys, strict=True)):
        low, high = series.range_at(index)
        top, bottom = plane.y(y if high is None else high), plane.y(y if low is None else low)
        sheet.obstacles.append(
            Box(plane.x(x) - 5, min(top, plane.y(y) - 5), plane.x(x) + 5, max(bottom, plane.y(y) + 5), "")
        )
        if low is not None and high is not None:
            _upright_interval(sheet, plane.x(x), plane.y(low), plane.y(high), colour)
        sheet.circle(plane.x(x), plane.y(y), 5.0, colour, stroke=sheet.palette.paper, width=1.4)


def band_path(series: Series, plane: Plane) -> str:
    """The outline of a band: along the lower ends, back along the upper ones."""
    steps = series.style == "steps"
    lows = stepped(series.xs, series.lows) if steps else list(zip(series.xs, series.lows, strict=True))
    highs = stepped(series.xs, series.highs) if steps else list(zip(series.xs, series.highs, strict=True))
    return _path([(plane.x(x), plane.y(y)) for x, y in lows + highs[::-1]]) + " Z"


def stepped(xs: tuple[float, ...], ys: tuple[float, ...]) -> list[tuple[float, float]]:
    """Points of a step line that holds each height until the next x."""
    points = [(xs[0], ys[0])]
    for x, y in zip(xs[1:], ys[1:], strict=True):
        points += [(x, points[-1][1]), (x, y)]
    return points


def _upright_interval(sheet: Sheet, x: float, low: float, high: float, colour: str) -> None:
    sheet.line(x, low, x, high, colour, width=2.0)
    for end in (low, high):
        sheet.line(x - 4, end, x + 4, end, colour, width=1.4)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{px(x)} {px(y)}" for x, y in points)
