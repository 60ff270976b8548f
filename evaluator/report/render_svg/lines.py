"""Curves with bands as SVG, each named at its end instead of in a legend."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.charts import Lines, Marker, Series
from evaluator.charts.lines import CROWD_ROOM
from evaluator.report.chart_text import text_width
from evaluator.report.render_svg.curves import Plane, band_path, draw_points, draw_stroke, y_axis_room
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Box, Sheet, TextBlock, block
from evaluator.report.render_svg.layout import draw_x_axis, stack_labels

NAME_GAP = 14.0
NAME_SHARE = 0.27
FEW_POINTS = 12


class EndLabel(NamedTuple):
    """A name, where its curve ends, and whether it is the one in question."""

    text: TextBlock
    x: float
    y: float
    emphasis: bool


def draw_lines(sheet: Sheet, chart: Lines, top: float) -> None:
    """Marker labels, the plane with its curves, their names at the right, and the axes."""
    names = _name_blocks(sheet, chart)
    plane = _plane(sheet, chart, names, top)
    _draw_frame(sheet, chart, plane)
    for index, series in enumerate(sorted(chart.series, key=lambda series: not series.faint)):
        _draw_series(sheet, series, plane, index)
    _draw_marker_values(sheet, chart, plane)
    _draw_point_values(sheet, chart, plane)
    _draw_names(sheet, plane, _end_labels(chart, plane, names))
    draw_x_axis(sheet, chart.x_axis, plane.left, plane.right, plane.bottom + 9)


def draw_marker(sheet: Sheet, plane: Plane, marker: Marker) -> None:
    x = plane.x(marker.x)
    sheet.line(x, plane.top - 4, x, plane.bottom, sheet.palette.ink, width=1.2, dash="5 3")


def _name_blocks(sheet: Sheet, chart: Lines) -> list[TextBlock]:
    """The names of all series and, last, of the reference line, wrapped to their column."""
    width = sheet.width * NAME_SHARE
    named = (series for series in chart.series if not series.faint)
    blocks = [block(series.name, width, sheet.small, bold=series.emphasis) for series in named]
    if chart.reference is not None:
        blocks.append(block(chart.reference.label, width, sheet.small))
    return blocks


def _plane(sheet: Sheet, chart: Lines, names: list[TextBlock], top: float) -> Plane:
    """The plotting area: what the axis labels and names leave, high enough for all the names."""
    left = y_axis_room(sheet, chart.y_axis)
    right = sheet.width - max((name.width for name in names), default=0.0) - NAME_GAP - 2
    top = sheet.lines(
        0, top, block(chart.y_axis.title, sheet.width, sheet.small).lines, size=sheet.small, colour=sheet.palette.muted
    )
    x_only = Plane(chart.x_axis, chart.y_axis, left, right, 0.0, 1.0)
    labels = [(x_only.x(marker.x), marker.label) for marker in chart.markers]
    labels += [(x_only.x((span.low + span.high) / 2), span.label) for span in chart.spans]
    top = stack_labels(sheet, labels, top + 4, sheet.small) + 8
    wanted = min(max(0.5 * (right - left), 210.0), 380.0)
    height = max(wanted, sum(name.height for name in names) + 6 * len(names))
    return Plane(chart.x_axis, chart.y_axis, left, right, top, top + height)


def _draw_frame(sheet: Sheet, chart: Lines, plane: Plane) -> None:
    """Grid, axis numbers, reference line and markers: everything the curves are read against."""
    for span in chart.spans:
        fill = sheet.hatch(sheet.palette.line, sheet.palette.paper)
        left, right = plane.x(span.low), plane.x(span.high)
        sheet.rect(left, plane.top, right - left, plane.bottom - plane.top, fill)
    for crowd in chart.crowds:
        left, high = plane.x(crowd.low), crowd.height * CROWD_ROOM * (plane.bottom - plane.top)
        sheet.rect(left, plane.bottom - high, plane.x(crowd.high) - left, high, sheet.palette.faint)
    plane.draw_grid(sheet)
    reference = chart.reference
    if reference is not None:
        ends = _reference_ends(chart, plane)
        sheet.line(*ends, sheet.palette.muted, width=1.3, dash="2 4", cap="round")
    for marker in chart.markers:
        draw_marker(sheet, plane, marker)


def _reference_ends(chart: Lines, plane: Plane) -> tuple[float, float, float, float]:
    """From left to right within both axes: level, or along y = x."""
    reference = chart.reference
    if reference is not None and reference.height is not None:
        y = plane.y(reference.height)
        return plane.left, y, plane.right, y
    low, high = max(plane.x_axis.low, plane.y_axis.low), min(plane.x_axis.high, plane.y_axis.high)
    return plane.x(low), plane.y(low), plane.x(high), plane.y(high)


def _draw_series(sheet: Sheet, series: Series, plane: Plane, index: int) -> None:
    palette = sheet.palette
    colour = palette.accent if series.emphasis else (palette.ink, palette.muted)[index % 2]
    colour = palette.faint if series.faint else colour
    if series.style == "points":
        draw_points(sheet, series, plane, colour)
        return
    if series.lows:
        fill = palette.accent_soft if series.emphasis else palette.line
        sheet.path(band_path(series, plane), fill=fill, opacity=0.7)
    draw_stroke(sheet, series, plane, colour, index)


def _draw_marker_values(sheet: Sheet, chart: Lines, plane: Plane) -> None:
    """Where a curve crosses a marker it shows a dot and its number."""
    crossings = [
        (plane.x(marker.x), value, series.emphasis)
        for marker in chart.markers
        for series in chart.series
        if (value := series.value_at(marker.x)) is not None
    ]
    for x, value, emphasis in crossings:
        y = plane.y(value)
        colour = sheet.palette.accent if emphasis else sheet.palette.ink
        sheet.circle(x, y, 4.2, colour, stroke=sheet.palette.paper, width=1.4)
        sheet.obstacles.append(Box(x - 4, y - 4, x + 4, y + 4, ""))
    for x, value, emphasis in crossings:
        _number_beside(sheet, plane, x, plane.y(value), chart.y_axis.number(value), emphasis)


def _draw_point_values(sheet: Sheet, chart: Lines, plane: Plane) -> None:
    """Numbers on the points when they are few; a number that would touch another text is left to the table."""
    for series in chart.series:
        if series.style != "points" or len(series.xs) > FEW_POINTS:
            continue
        for x, y in zip(series.xs, series.ys, strict=True):
            _number_beside(sheet, plane, plane.x(x), plane.y(y), chart.y_axis.number(y), series.emphasis)


def _number_beside(sheet: Sheet, plane: Plane, x: float, y: float, number: str, bold: bool) -> None:
    """Right of the mark, else left of it, else above it: the first place that touches no text and no mark."""
    size = sheet.small
    wide, high = text_width(number, size, bold=bold), size * LINE_HEIGHT
    for left, top in ((x + 8, y - high * 0.9), (x - 8 - wide, y - high * 0.9), (x - wide / 2, y - high - 8)):
        box = Box(left, top, left + wide, top + high, number)
        inside = (
            plane.left <= left and left + wide <= plane.right + 6 and plane.top - high <= top <= plane.bottom - high
        )
        if inside and not any(box.overlaps(other) for other in sheet.boxes + sheet.obstacles):
            sheet.text(left, top, number, size=size, bold=bold, halo=True)
            return


def _end_labels(chart: Lines, plane: Plane, names: list[TextBlock]) -> list[EndLabel]:
    labels = [
        EndLabel(name, plane.x(series.xs[-1]), plane.y(series.ys[-1]), series.emphasis)
        for name, series in zip(names, (series for series in chart.series if not series.faint), strict=False)
    ]
    if chart.reference is not None:
        _, _, x, y = _reference_ends(chart, plane)
        labels.append(EndLabel(names[-1], x, y, False))
    return labels


def _draw_names(sheet: Sheet, plane: Plane, labels: list[EndLabel]) -> None:
    """Names in order of their curves' ends, pushed apart, tied to the end by a thin line when they moved."""
    ordered = sorted(labels, key=lambda label: label.y)
    x = plane.right + NAME_GAP
    for label, top in zip(
        ordered, spread([(label.y, label.text.height) for label in ordered], plane.top, plane.bottom), strict=True
    ):
        colour = sheet.palette.accent if label.emphasis else sheet.palette.ink
        middle = top + label.text.height / 2
        if label.text.lines and (abs(middle - label.y) > 6 or x - label.x > NAME_GAP + 4):
            sheet.line(label.x + 4, label.y, x - 3, middle, sheet.palette.faint, width=0.9)
        sheet.lines(x, top, label.text.lines, size=label.text.size, colour=colour, bold=label.text.bold)


def spread(wanted: list[tuple[float, float]], top: float, bottom: float, gap: float = 4.0) -> list[float]:
    """Tops for (centre, height) in ascending order of centre: apart, near what was wanted, within [top, bottom]."""
    tops: list[float] = []
    edge = top - gap
    for centre, height in wanted:
        tops.append(max(centre - height / 2, edge + gap))
        edge = tops[-1] + height
    edge = bottom + gap
    for index in reversed(range(len(tops))):
        tops[index] = min(tops[index], edge - gap - wanted[index][1])
        edge = tops[index]
    return tops
