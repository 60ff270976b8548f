"""Rows and axes: where labels, tracks, numbers and ticks stand on wide and narrow sheets.

Wide: label, track and number side by side. Narrow: label and number above the track, which takes the full width.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from evaluator.charts import Axis
from evaluator.charts.scale import position
from evaluator.report.chart_text import label_text, text_width, wrap
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Sheet, TextBlock, block
from evaluator.report.render_svg.marks import status_line, status_width

GAP = 22.0
ROW_GAP = 16.0
EDGE = 10.0
LABEL_SHARE = 0.34
SIDE_SHARE = 0.3
ZONE = 24.0


class RowText(NamedTuple):
    """What is written about one row; `on_track` stands on a hatched track."""

    label: str
    note: str
    value: str
    status: str | None
    emphasis: bool = False


class Columns(NamedTuple):
    """Left and right ends of the track, and the widths of the texts beside it."""

    label_width: float
    left: float
    right: float
    side: float
    side_width: float


class PlacedRow(NamedTuple):
    """A row with its wrapped texts: `zone` is where the track's room begins, `bottom` where the row ends."""

    text: RowText
    label: TextBlock
    note: TextBlock
    value: TextBlock
    top: float
    zone: float
    bottom: float


def columns_for(sheet: Sheet, rows: list[RowText]) -> Columns:
    """Columns wide enough for the texts, leaving the track at least a third of the sheet."""
    width = sheet.width
    if sheet.narrow:
        return Columns(width, EDGE, width - EDGE, 0.0, width)
    labels = max(_label_need(sheet, row) for row in rows)
    sides = max(_side_need(sheet, row) for row in rows)
    label_width, side_width = min(labels, width * LABEL_SHARE), min(sides, width * SIDE_SHARE)
    side = width - side_width
    return Columns(label_width, label_width + GAP, side - (GAP if side_width else EDGE), side, side_width)


def place_rows(sheet: Sheet, rows: list[RowText], columns: Columns, top: float, zone: float = ZONE) -> list[PlacedRow]:
    """Rows one under another, each as high as its texts and its track need."""
    placed = []
    for row in rows:
        placed.append(_place_row(sheet, row, columns, top, zone))
        top = placed[-1].bottom + (ROW_GAP + 6 if sheet.narrow else ROW_GAP)
    return placed


def draw_row_text(sheet: Sheet, row: PlacedRow, columns: Columns) -> None:
    """Label and note at the left, number and status at the right; all above the track on narrow sheets."""
    palette = sheet.palette
    texts = row.label.height + row.note.height
    top = row.top if sheet.narrow else (row.top + row.bottom - texts) / 2
    top = sheet.lines(0, top, row.label.lines, bold=row.text.emphasis)
    if sheet.narrow:
        top = _draw_side_line(sheet, row, top)
        sheet.lines(0, top, row.note.lines, size=sheet.small, colour=palette.muted)
        return
    sheet.lines(0, top, row.note.lines, size=sheet.small, colour=palette.muted)
    side_top = (row.top + row.bottom - _side_height(sheet, row.value, row.text.status)) / 2
    side_top = sheet.lines(columns.side, side_top, row.value.lines, bold=row.text.emphasis)
    if row.text.status:
        status_line(sheet, columns.side, side_top, row.text.status)


def x_of(axis: Axis, columns: Columns, value: float) -> float:
    return columns.left + position(value, axis.low, axis.high) * (columns.right - columns.left)


def visible_ticks(axis: Axis, span: float, size: float) -> list[tuple[float, str]]:
    """Ticks with labels, thinned evenly until neighbours keep their distance over `span` pixels."""
    pairs = list(zip(axis.shown_ticks(), axis.shown_labels(), strict=True))
    for every in range(1, len(pairs) + 1):
        kept = pairs[::every]
        places = [(position(tick, axis.low, axis.high) * span, text_width(label, size)) for tick, label in kept]
        neighbours = pairwise(places)
        if all(b - a >= (wide_a + wide_b) / 2 + size * 0.6 for (a, wide_a), (b, wide_b) in neighbours):
            return kept
    return pairs[:1]


def draw_x_axis(sheet: Sheet, axis: Axis, left: float, right: float, top: float) -> float:
    """Tick labels, then the axis title with the word that says which end is the good one."""
    size, muted = sheet.small, sheet.palette.muted
    bottom = top
    for tick, label in visible_ticks(axis, right - left, size):
        x = left + position(tick, axis.low, axis.high) * (right - left)
        bottom = sheet.text(sheet.centred(x, label, size), top, label, size=size, colour=muted, anchor="middle")
    return _draw_axis_title(sheet, axis, left, right, bottom + 2)


def stack_labels(sheet: Sheet, labels: list[tuple[float, str]], top: float, size: float) -> float:
    """Labels centred on their x, in as many lines as keep them apart; returns where they end."""
    ends: list[float] = []
    for x, text in sorted(labels):
        for line in wrap(text, sheet.width, size):
            centre, half = sheet.centred(x, line, size), text_width(line, size) / 2
            level = next((index for index, end in enumerate(ends) if end + 8 <= centre - half), len(ends))
            ends[level : level + 1] = [centre + half]
            sheet.label_inside(x, top + level * size * LINE_HEIGHT, line, size=size, colour=sheet.palette.ink)
    return top + len(ends) * size * LINE_HEIGHT


def _place_row(sheet: Sheet, row: RowText, columns: Columns, top: float, zone: float) -> PlacedRow:
    label = block(label_text(row.label), columns.label_width, sheet.text_size, bold=row.emphasis)
    note = block(row.note, columns.label_width, sheet.small)
    value = block(row.value, columns.side_width, sheet.text_size, bold=row.emphasis)
    texts = label.height + note.height
    if sheet.narrow:
        begin = top + texts + _side_line_height(sheet, value, row.status) + 2
        return PlacedRow(row, label, note, value, top, begin, begin + zone)
    height = max(texts, _side_height(sheet, value, row.status), zone)
    return PlacedRow(row, label, note, value, top, top + (height - zone) / 2, top + height)


def _draw_side_line(sheet: Sheet, row: PlacedRow, top: float) -> float:
    """Status and number in one line when they fit, else one under the other."""
    if not row.text.status:
        return sheet.lines(0, top, row.value.lines, bold=row.text.emphasis)
    end = status_line(sheet, 0, top, row.text.status)
    if not row.value.lines:
        return end
    if _fits_one_line(sheet, row.value, row.text.status):
        shift = status_width(row.text.status, sheet.text_size) + 12
        return sheet.lines(shift, top, row.value.lines, bold=row.text.emphasis)
    return sheet.lines(0, end, row.value.lines, bold=row.text.emphasis)


def _fits_one_line(sheet: Sheet, value: TextBlock, status: str) -> bool:
    return len(value.lines) == 1 and status_width(status, sheet.text_size) + 12 + value.width <= sheet.width


def _side_line_height(sheet: Sheet, value: TextBlock, status: str | None) -> float:
    line = sheet.text_size * LINE_HEIGHT
    if status is None:
        return value.height
    return line if not value.lines or _fits_one_line(sheet, value, status) else line + value.height


def _side_height(sheet: Sheet, value: TextBlock, status: str | None) -> float:
    return value.height + (sheet.text_size * LINE_HEIGHT if status else 0.0)


def _label_need(sheet: Sheet, row: RowText) -> float:
    """A label takes its own width; a note may wrap within a quarter of the sheet."""
    note = min(text_width(row.note, sheet.small), sheet.width * 0.25)
    return max(text_width(label_text(row.label), sheet.text_size, bold=row.emphasis), note) + 1


def _side_need(sheet: Sheet, row: RowText) -> float:
    status = status_width(row.status, sheet.text_size) if row.status else 0.0
    value = text_width(row.value, sheet.text_size, bold=row.emphasis)
    return max(status, value) + 1 if status or value else 0.0


def _draw_axis_title(sheet: Sheet, axis: Axis, left: float, right: float, top: float) -> float:
    size, muted = sheet.small, sheet.palette.muted
    hint = _draw_better(sheet, axis, left, right, top) if axis.better else 0.0
    start = left + hint if axis.better == "left" else left
    lines = wrap(axis.title, right - left - hint, size)
    bottom = sheet.lines(start, top, lines, size=size, colour=muted)
    return max(bottom, top + size * LINE_HEIGHT if hint else bottom)


def _draw_better(sheet: Sheet, axis: Axis, left: float, right: float, top: float) -> float:
    """The word "better" with an arrow to the good end; returns the room it takes."""
    size, ink = sheet.small, sheet.palette.ink
    word = text_width("better", size)
    y = top + size * LINE_HEIGHT * 0.52
    if axis.better == "left":
        _arrow(sheet, left + 16, left, y)
        sheet.text(left + 22, top, "better", size=size, colour=ink)
    else:
        _arrow(sheet, right - 16, right, y)
        sheet.text(right - 22, top, "better", size=size, colour=ink, anchor="end")
    return word + 36


def _arrow(sheet: Sheet, tail: float, tip: float, y: float) -> None:
    back = tip + (4 if tail > tip else -4)
    sheet.line(tail, y, tip, y, sheet.palette.ink, width=1.3)
    sheet.path(
        f"M{back:.1f} {y - 3.5:.1f} L{tip:.1f} {y:.1f} L{back:.1f} {y + 3.5:.1f}", stroke=sheet.palette.ink, width=1.3
    )
