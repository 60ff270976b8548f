"""Requirements against their limits, and the single inline bar, as SVG."""

from __future__ import annotations

from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import IntervalBar, RequirementRow, Requirements
from evaluator.report.chart_text import text_width
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Sheet
from evaluator.report.render_svg.layout import (
    EDGE,
    ROW_GAP,
    Columns,
    RowText,
    columns_for,
    draw_row_text,
    place_rows,
)
from evaluator.report.render_svg.marks import empty_track, interval, track_word

TRACK = 14.0
ROOM = 24.0
WORSE, BETTER = "worse", "better"


def draw_requirements(sheet: Sheet, chart: Requirements, top: float) -> None:
    """One row per requirement; the limits stand on one vertical line, the good side is always the right one."""
    texts = [RowText(row.label, row.note, row.estimate(), row.status) for row in chart.rows]
    columns = columns_for(sheet, texts)
    top = _draw_direction(sheet, columns, top)
    placed = place_rows(sheet, texts, columns, top + 6, zone=_zone(sheet))
    for row, place in zip(chart.rows, placed, strict=True):
        if place is not placed[0]:
            y = place.top - (ROW_GAP + (6 if sheet.narrow else 0)) / 2
            sheet.line(0, y, sheet.width, y, sheet.palette.line)
        draw_row_text(sheet, place, columns)
        _draw_track(sheet, row, columns, place.zone)


def draw_interval_bar(sheet: Sheet, chart: IntervalBar, top: float) -> None:
    """The track of one requirement over the full width, its number under it."""
    row = chart.row
    columns = Columns(0.0, EDGE, sheet.width - EDGE, 0.0, 0.0)
    _draw_track(sheet, row, columns, top)
    bottom = top + _zone(sheet)
    if row.value is None:
        middle = top + sheet.small * LINE_HEIGHT + ROOM / 2
        track_word(sheet, columns.left, sheet.width / 2, middle, STATUSES[row.status].word)
        return
    x = columns.left + row.place(row.value) * (columns.right - columns.left)
    text = row.estimate()
    if text_width(text, sheet.text_size) <= sheet.width:
        sheet.label_inside(x, bottom, text, size=sheet.text_size, colour=sheet.palette.ink)


def _zone(sheet: Sheet) -> float:
    """The limit's label, then the track with room for the dot."""
    return sheet.small * LINE_HEIGHT + ROOM


def _draw_direction(sheet: Sheet, columns: Columns, top: float) -> float:
    """ "worse" and "better" at the ends of the tracks, once for all rows."""
    size, muted = sheet.small, sheet.palette.muted
    sheet.text(columns.left, top, WORSE, size=size, colour=muted)
    return sheet.text(columns.right, top, BETTER, size=size, colour=muted, anchor="end")


def _draw_track(sheet: Sheet, row: RequirementRow, columns: Columns, zone: float) -> None:
    left, right = columns.left, columns.right
    y = zone + sheet.small * LINE_HEIGHT + ROOM / 2
    span = right - left
    limits = [left + row.place(limit) * span for limit in row.limits()]
    if row.value is None:
        empty_track(sheet, left, right, y, TRACK)
    else:
        _draw_ground(sheet, row, columns, sorted(limits), y)
    for x in limits:
        sheet.line(x, y - ROOM / 2, x, y + ROOM / 2, sheet.palette.ink, width=1.6)
    _draw_limit_label(sheet, row, sum(limits) / len(limits), columns, zone)
    if row.value is None:
        return
    ends = None
    if row.low is not None and row.high is not None:
        places = sorted(left + row.place(end) * span for end in (row.low, row.high))
        ends = (places[0], places[1])
    interval(sheet, left + row.place(row.value) * span, y, ends)


def _draw_ground(sheet: Sheet, row: RequirementRow, columns: Columns, limits: list[float], y: float) -> None:
    """A thin line outside what was asked for and a soft band where the requirement is met."""
    palette = sheet.palette
    begin, end = (limits[0], limits[1]) if row.better == "target" else (limits[0], columns.right)
    sheet.line(columns.left, y, columns.right, y, palette.line, width=1.4)
    sheet.rect(begin, y - TRACK / 2, end - begin, TRACK, palette.line, radius=2)


def _draw_limit_label(sheet: Sheet, row: RequirementRow, x: float, columns: Columns, top: float) -> None:
    """Over its limit, but no further to either side than the track, where it fits: beside it stand other texts."""
    text, size = row.limit_text(), sheet.small
    half = text_width(text, size) / 2
    if 2 * half <= columns.right - columns.left:
        x = min(max(x, columns.left + half), columns.right - half)
    if text_width(text, size) <= sheet.width:
        sheet.label_inside(x, top, text, size=size, colour=sheet.palette.muted)
