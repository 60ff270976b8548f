"""A waterfall as SVG: one row per part, tied to the next by a thin line at the height it reached."""

from __future__ import annotations

from evaluator.charts import Waterfall
from evaluator.report.render_svg.drawing import Sheet, px
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

BAR = 14.0
HEAD = 6.0
"""How long the point of a bar is that says which way it goes."""


def draw_waterfall(sheet: Sheet, chart: Waterfall, top: float) -> None:
    """Where it begins, every part, where it ends; limit lines and the axis."""
    texts = [
        RowText(chart.start.label, "", chart.start.printed, None),
        *(RowText(step.label, step.note, step.printed, None) for step in chart.steps),
        RowText(chart.end.label, "", chart.end.printed, None, emphasis=True),
    ]
    columns = columns_for(sheet, texts)
    labels = [(x_of(chart.axis, columns, limit.value), limit.label) for limit in chart.limits]
    top = stack_labels(sheet, labels, top, sheet.small)
    placed = place_rows(sheet, texts, columns, top + 4)
    _draw_grid(sheet, chart, columns, placed)
    for place in placed:
        draw_row_text(sheet, place, columns)
    _draw_ties(sheet, chart, columns, placed)
    _draw_steps(sheet, chart, columns, placed)
    for value, place, emphasis in ((chart.start.value, placed[0], False), (chart.end.value, placed[-1], True)):
        _draw_end(sheet, x_of(chart.axis, columns, value), _middle(place), emphasis)
    draw_x_axis(sheet, chart.axis, columns.left, columns.right, placed[-1].bottom + 8)


def _middle(place: PlacedRow) -> float:
    return place.zone + ZONE / 2


def _draw_grid(sheet: Sheet, chart: Waterfall, columns: Columns, placed: list[PlacedRow]) -> None:
    spans = [(row.zone, row.bottom + 2) for row in placed]
    spans = spans if sheet.narrow else [(placed[0].top - 4, placed[-1].bottom + 6)]
    ticks = [tick for tick, _ in visible_ticks(chart.axis, columns.right - columns.left, sheet.small)]
    for top, bottom in spans:
        for tick in ticks:
            x = x_of(chart.axis, columns, tick)
            sheet.line(x, top, x, bottom, sheet.palette.line)
        for limit in chart.limits:
            x = x_of(chart.axis, columns, limit.value)
            sheet.line(x, top, x, bottom, sheet.palette.ink, width=1.4, dash="5 3")


def _draw_ties(sheet: Sheet, chart: Waterfall, columns: Columns, placed: list[PlacedRow]) -> None:
    """From each row to the next where the number stands between them; not through the texts of narrow sheets."""
    if sheet.narrow:
        return
    for level, upper, lower in zip(chart.levels(), placed, placed[1:], strict=False):
        x = x_of(chart.axis, columns, level)
        sheet.line(x, _middle(upper), x, _middle(lower), sheet.palette.faint, width=1.0)


def _draw_steps(sheet: Sheet, chart: Waterfall, columns: Columns, placed: list[PlacedRow]) -> None:
    """Upward parts are filled, downward ones hatched, and each points the way it goes."""
    palette = sheet.palette
    for begin, step, place in zip(chart.levels(), chart.steps, placed[1:], strict=False):
        fill = palette.accent if step.part >= 0 else sheet.hatch(palette.accent, palette.accent_soft)
        x0, x1, y = x_of(chart.axis, columns, begin), x_of(chart.axis, columns, begin + step.part), _middle(place)
        sheet.path(_bar(x0, x1, y), fill=fill, stroke=palette.accent)
        sheet.reach(y + BAR / 2)
        if step.low is not None and step.high is not None:
            ends = [x_of(chart.axis, columns, begin + end) for end in (step.low, step.high)]
            _draw_range(sheet, ends[0], ends[1], y)


def _bar(x0: float, x1: float, y: float) -> str:
    """A bar from x0 to x1 whose end is a point, as long as the bar has room for one."""
    head = min(HEAD, abs(x1 - x0)) * (1 if x1 >= x0 else -1)
    top, bottom = px(y - BAR / 2), px(y + BAR / 2)
    return (
        f"M{px(x0)} {top} L{px(x1 - head)} {top} L{px(x1)} {px(y)} L{px(x1 - head)} {bottom} L{px(x0)} {bottom} Z"
    )  # fmt: skip


def _draw_range(sheet: Sheet, low: float, high: float, y: float) -> None:
    for colour, width in ((sheet.palette.paper, 3.8), (sheet.palette.ink, 1.6)):
        sheet.line(low, y, high, y, colour, width=width)
        for x in (low, high):
            sheet.line(x, y - 4.5, x, y + 4.5, colour, width=width)


def _draw_end(sheet: Sheet, x: float, y: float, emphasis: bool) -> None:
    colour = sheet.palette.accent if emphasis else sheet.palette.ink
    sheet.circle(x, y, 6.0 if emphasis else 5.2, colour, stroke=sheet.palette.paper, width=1.6)
