"""Interval dots and bars as SVG."""

from __future__ import annotations

from evaluator.charts import Bars, IntervalDots, IntervalRow
from evaluator.charts.rows import printed_value
from evaluator.report.render_svg.drawing import Sheet
from evaluator.report.render_svg.layout import (
    ZONE,
    Columns,
    PlacedRow,
    RowText,
    columns_for,
    draw_row_text,
    draw_x_axis,
    place_rows,
    stack_labels,
    visible_ticks,
    x_of,
)
from evaluator.report.render_svg.marks import empty_track, interval, track_word

BAR_HEIGHT = 16.0


def draw_rows(sheet: Sheet, chart: IntervalDots | Bars, top: float) -> None:
    """Rows, limit lines and the axis, from `top` downwards."""
    texts = [_row_text(row, chart) for row in chart.rows]
    columns = columns_for(sheet, texts)
    if not sheet.narrow:
        top = _draw_limit_labels(sheet, chart, columns, top)
    placed = place_rows(sheet, texts, columns, top + 4)
    _draw_grid(sheet, chart, columns, placed)
    for row, place in zip(chart.rows, placed, strict=True):
        draw_row_text(sheet, place, columns)
        _draw_mark(sheet, chart, row, columns, place.zone + ZONE / 2)
    bottom = placed[-1].bottom + 8
    if sheet.narrow:
        bottom = _draw_limit_labels(sheet, chart, columns, bottom)
    draw_x_axis(sheet, chart.axis, columns.left, columns.right, bottom)


def _row_text(row: IntervalRow, chart: IntervalDots | Bars) -> RowText:
    return RowText(row.label, row.note, printed_value(row, chart.axis), row.status, row.emphasis)


def _draw_limit_labels(sheet: Sheet, chart: IntervalDots | Bars, columns: Columns, top: float) -> float:
    labels = [(x_of(chart.axis, columns, limit.value), limit.label) for limit in chart.limits]
    return stack_labels(sheet, labels, top, sheet.small)


def _draw_grid(sheet: Sheet, chart: IntervalDots | Bars, columns: Columns, placed: list[PlacedRow]) -> None:
    """Faint lines at the ticks and a firm one at each limit, through the tracks and never through text."""
    palette = sheet.palette
    ticks = [tick for tick, _ in visible_ticks(chart.axis, columns.right - columns.left, sheet.small)]
    limits = [limit.value for limit in chart.limits]
    for top, bottom in _grid_spans(sheet, placed):
        for tick in ticks:
            x = x_of(chart.axis, columns, tick)
            sheet.line(x, top, x, bottom, palette.muted if tick == 0 else palette.line)
        for limit in limits:
            x = x_of(chart.axis, columns, limit)
            sheet.line(x, top, x, bottom, palette.ink, width=1.4, dash="5 3")


def _grid_spans(sheet: Sheet, placed: list[PlacedRow]) -> list[tuple[float, float]]:
    if sheet.narrow:
        return [(row.zone, row.bottom + 2) for row in placed]
    return [(placed[0].top - 4, placed[-1].bottom + 6)]


def _draw_mark(sheet: Sheet, chart: IntervalDots | Bars, row: IntervalRow, columns: Columns, y: float) -> None:
    if row.value is None:
        empty_track(sheet, columns.left, columns.right, y, 14)
        if row.status is None:
            track_word(sheet, columns.left, columns.right, y, "no number")
        return
    if row.chance is not None:
        chance = x_of(chart.axis, columns, row.chance)
        sheet.line(chance, y - 9, chance, y + 9, sheet.palette.muted, width=2.2)
    if row.limit is not None:
        limit = x_of(chart.axis, columns, row.limit)
        sheet.line(limit, y - 13, limit, y + 13, sheet.palette.ink, width=1.4, dash="5 3")
    if isinstance(chart, Bars):
        _draw_bar(sheet, chart, row, columns, y)
    else:
        interval(sheet, x_of(chart.axis, columns, row.value), y, _ends(chart, row, columns), emphasis=row.emphasis)


def _draw_bar(sheet: Sheet, chart: Bars, row: IntervalRow, columns: Columns, y: float) -> None:
    palette = sheet.palette
    zero, end = x_of(chart.axis, columns, 0.0), x_of(chart.axis, columns, row.value or 0.0)
    fill = palette.accent if row.emphasis else palette.faint
    sheet.rect(min(zero, end), y - BAR_HEIGHT / 2, abs(end - zero), BAR_HEIGHT, fill, radius=1.5)
    if (ends := _ends(chart, row, columns)) is None:
        return
    for colour, width in ((palette.paper, 3.8), (palette.ink, 1.8)):
        sheet.line(ends[0], y, ends[1], y, colour, width=width)
        for x in ends:
            sheet.line(x, y - 4.5, x, y + 4.5, colour, width=width)


def _ends(chart: IntervalDots | Bars, row: IntervalRow, columns: Columns) -> tuple[float, float] | None:
    if row.low is None or row.high is None:
        return None
    return x_of(chart.axis, columns, row.low), x_of(chart.axis, columns, row.high)
