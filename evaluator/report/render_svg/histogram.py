"""Histograms as SVG."""

from __future__ import annotations

from evaluator.charts import Histogram
from evaluator.report.chart_text import text_width
from evaluator.report.render_svg.curves import Plane, y_axis_room
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Sheet, block
from evaluator.report.render_svg.layout import draw_x_axis, stack_labels
from evaluator.report.render_svg.lines import draw_marker

HEIGHT = 220.0


def draw_histogram(sheet: Sheet, chart: Histogram, top: float) -> None:
    """Bars from zero between their edges, with their counts on top where these fit."""
    small = sheet.small
    title = block(chart.y_axis.title, sheet.width, small)
    top = sheet.lines(0, top, title.lines, size=small, colour=sheet.palette.muted) + 4
    left, right = y_axis_room(sheet, chart.y_axis), sheet.width - 10
    if chart.marker is not None:
        x = Plane(chart.x_axis, chart.y_axis, left, right, 0.0, 1.0).x(chart.marker.x)
        top = stack_labels(sheet, [(x, chart.marker.label)], top, small)
    top += small * LINE_HEIGHT
    plane = Plane(chart.x_axis, chart.y_axis, left, right, top, top + HEIGHT)
    plane.draw_grid(sheet)
    _draw_bins(sheet, chart, plane)
    if chart.marker is not None:
        draw_marker(sheet, plane, chart.marker)
    draw_x_axis(sheet, chart.x_axis, left, right, plane.bottom + 9)


def _draw_bins(sheet: Sheet, chart: Histogram, plane: Plane) -> None:
    printed = _counts_fit(sheet, chart, plane)
    for count, begin, end in zip(chart.counts, chart.edges, chart.edges[1:], strict=False):
        left, right, top = plane.x(begin), plane.x(end), plane.y(count)
        sheet.rect(left + 0.5, top, max(right - left - 1, 0.5), plane.bottom - top, sheet.palette.faint)
        if printed:
            high = sheet.small * LINE_HEIGHT
            sheet.text(
                (left + right) / 2, top - high, chart.y_axis.number(count), size=sheet.small, anchor="middle", halo=True
            )


def _counts_fit(sheet: Sheet, chart: Histogram, plane: Plane) -> bool:
    """All counts or none, so that a missing number never looks like a zero."""
    widths = [plane.x(end) - plane.x(begin) for begin, end in zip(chart.edges, chart.edges[1:], strict=False)]
    needs = [text_width(chart.y_axis.number(count), sheet.small) + 4 for count in chart.counts]
    return all(need <= width for need, width in zip(needs, widths, strict=True))
