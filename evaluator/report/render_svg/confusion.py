"""The square of classes as SVG: every share printed, mistakes shaded by size, what was right left plain."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.charts import Confusion
from evaluator.charts.confusion import ConfusionCell
from evaluator.report.chart_text import clean, label_text, text_width, wrap
from evaluator.report.render_svg.drawing import LINE_HEIGHT, Sheet, block

GAP = 3.0
WIDEST_CELL, LOWEST_CELL = 66.0, 26.0
LABEL_SHARE = 0.3
LEAST_TEXT = 10.0


class Square(NamedTuple):
    """Where the square stands, how large a cell is, and what heads rows and columns.

    `heads` are the labels, or numbers where a label would not fit its column; `keyed` says that these are numbers.
    """

    left: float
    cell: float
    heads: tuple[str, ...]
    rows: tuple[str, ...]
    keyed: bool
    notes: bool


def draw_confusion(sheet: Sheet, chart: Confusion, top: float) -> None:
    """Titles, column heads, the rows with their cells, and the key of numbers where there is one."""
    square = _square(sheet, chart)
    top = _draw_heads(sheet, chart, square, top)
    for index in range(len(chart.rows)):
        top = _draw_row(sheet, chart, square, index, top)
    if square.keyed and sheet.narrow:
        key = ", ".join(
            f"{number} {label_text(row.label)}" for number, row in zip(square.heads, chart.rows, strict=True)
        )
        sheet.lines(0, top + 8, wrap(key, sheet.width, sheet.small), size=sheet.small, colour=sheet.palette.muted)


def _square(sheet: Sheet, chart: Confusion) -> Square:
    """The labels head the columns when every one fits; else numbers do, and the rows say what they stand for."""
    labels = tuple(label_text(row.label) for row in chart.rows)
    numbers = tuple(str(position + 1) for position in range(len(labels)))
    plain = _sized(sheet, chart, labels, labels, keyed=False)
    if all(text_width(label, sheet.small) <= plain.cell - 2 for label in labels):
        return plain
    numbered = tuple(f"{number}  {label}" for number, label in zip(numbers, labels, strict=True))
    return _sized(sheet, chart, numbers, numbers if sheet.narrow else numbered, keyed=True)


def _sized(sheet: Sheet, chart: Confusion, heads: tuple[str, ...], rows: tuple[str, ...], *, keyed: bool) -> Square:
    wanted = max(text_width(label, sheet.text_size) for label in (*rows, *_words(chart.row_title)))
    left = min(wanted, sheet.width * LABEL_SHARE) + 10
    notes = max(text_width(row.note, sheet.small) for row in chart.rows) + 12
    with_notes = not sheet.narrow and notes < sheet.width * LABEL_SHARE
    room = sheet.width - left - (notes if with_notes else 0.0)
    return Square(left, min(WIDEST_CELL, room / len(heads)), heads, rows, keyed, with_notes)


def _words(title: str) -> list[str]:
    return clean(title).split() or [""]


def _height(square: Square) -> float:
    return max(LOWEST_CELL, min(square.cell, 36.0)) - GAP


def _draw_heads(sheet: Sheet, chart: Confusion, square: Square, top: float) -> float:
    """What the columns mean, above their heads; what the rows mean, beside them."""
    size, muted = sheet.small, sheet.palette.muted
    across = wrap(chart.column_title, sheet.width - square.left, size)
    bottom = sheet.lines(square.left, top, across, size=size, colour=muted)
    down = block(chart.row_title, square.left - 8, size)
    head_top = max(bottom, top + down.height - size * LINE_HEIGHT)
    sheet.lines(0, head_top - down.height + size * LINE_HEIGHT, down.lines, size=size, colour=muted)
    for position, head in enumerate(square.heads):
        sheet.text(_centre(square, position), head_top, head, size=size, anchor="middle")
    return head_top + size * LINE_HEIGHT + 4


def _draw_row(sheet: Sheet, chart: Confusion, square: Square, index: int, top: float) -> float:
    label = block(square.rows[index], square.left - 8, sheet.text_size)
    high = max(_height(square), label.height)
    sheet.lines(0, top + (high - label.height) / 2, label.lines)
    for position, cell in enumerate(chart.rows[index].cells):
        x = square.left + position * square.cell
        _draw_cell(sheet, cell, (x, top, square.cell - GAP, high), chart.largest_mistake, right=position == index)
    if square.notes:
        left, middle = square.left + len(chart.rows) * square.cell + 8, top + (high - sheet.small * LINE_HEIGHT) / 2
        sheet.text(left, middle, chart.rows[index].note, size=sheet.small, colour=sheet.palette.muted)
    return top + high + GAP


def _draw_cell(
    sheet: Sheet, cell: ConfusionCell, box: tuple[float, float, float, float], largest: float, *, right: bool
) -> None:
    """Right ones have an outline and bold numbers; mistakes are shaded; too few to be shown are hatched."""
    palette, (x, top, wide, high) = sheet.palette, box
    if cell.share is None:
        sheet.rect(x, top, wide, high, sheet.hatch(palette.faint, palette.raised), radius=2)
        return
    strength = cell.share / largest if largest and not right else 0.0
    fill = palette.raised if right else _between(palette.paper, palette.accent_soft, 0.25 + 0.75 * strength)
    nothing = cell.share == 0 and not right
    sheet.rect(
        x,
        top,
        wide,
        high,
        palette.paper if nothing else fill,
        radius=2,
        stroke=palette.faint if right else palette.line,
    )
    if cell.emphasis:
        _outline(sheet, box)
    size = max(LEAST_TEXT, min(sheet.small, wide * 0.42))
    colour = palette.muted if nothing else palette.ink
    middle = top + (high - size * LINE_HEIGHT) / 2
    sheet.text(x + wide / 2, middle, cell.printed, size=size, colour=colour, anchor="middle", bold=right)


def _outline(sheet: Sheet, box: tuple[float, float, float, float]) -> None:
    x, top, wide, high = box
    path = f"M{x:.1f} {top:.1f} h{wide:.1f} v{high:.1f} h{-wide:.1f} Z"
    sheet.path(path, stroke=sheet.palette.accent, width=2.0)


def _centre(square: Square, position: int) -> float:
    return square.left + position * square.cell + (square.cell - GAP) / 2


def _between(first: str, second: str, share: float) -> str:
    """A colour on the way from one to the other."""
    ends = [[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in (first, second)]
    mixed = (round(a + (b - a) * share) for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{part:02X}" for part in mixed)
