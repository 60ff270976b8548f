"""What stands beside (or, on a phone, above) the marks of a Plotly chart of rows: labels, numbers, statuses."""

from __future__ import annotations

from typing import Any, NamedTuple

from evaluator.catalogue.palette import Palette
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Bars, IntervalDots, IntervalRow
from evaluator.charts.rows import printed_value
from evaluator.report.chart_text import label_text, text_width, widest, wrap
from evaluator.report.render_plotly.parts import (
    SMALL_SIZE,
    TEXT_SIZE,
    annotation,
    bold,
    line_count,
    status_shape,
    wrapped,
)

LINE = TEXT_SIZE * 1.3
"""The height Plotly gives a line of text."""
NARROW_WIDTH = 340.0
WIDE_LABEL = 240.0
SIDE = 170.0
SIDE_GAP = 16
STATUS_ROOM = 17
NARROW_TRACK = 34.0

RowChart = IntervalDots | Bars


class RowText(NamedTuple):
    """Markup around inert text: label with note, the number, and the status word."""

    label: str
    value: str
    word: str
    status: str | None

    @property
    def side_lines(self) -> int:
        return line_count(self.value) + line_count(self.word)


def row_text(chart: RowChart, row: IntervalRow, palette: Palette, narrow: bool) -> RowText:
    width = NARROW_WIDTH if narrow else WIDE_LABEL
    label = wrapped(label_text(row.label), width)
    label = bold(label) if row.emphasis else label
    if row.note:
        note = wrapped(row.note, width, SMALL_SIZE)
        label += f'<br><span style="font-size:{SMALL_SIZE}px;color:{palette.muted}">{note}</span>'
    value = wrapped(printed_value(row, chart.axis), width if narrow else SIDE)
    word = STATUSES[row.status].word if row.status else ("no number" if row.value is None else "")
    return RowText(label, bold(value) if row.emphasis else value, word, row.status)


def slot_height(texts: list[RowText], narrow: bool) -> float:
    """Every row gets the room of the tallest one, so that rows stay evenly spaced."""
    if narrow:
        return max((line_count(text.label) + line_count(_one_line(text))) * LINE for text in texts) + NARROW_TRACK + 14
    return max(max(line_count(text.label), text.side_lines) * LINE for text in texts) + 20


def side_margins(chart: RowChart, narrow: bool) -> dict[str, float]:
    """Pixels left and right of the plane for the texts."""
    if narrow:
        return {"l": 8, "r": 8}
    rows = chart.rows
    lines = [line for row in rows for line in wrap(label_text(row.label), WIDE_LABEL, TEXT_SIZE, bold=row.emphasis)]
    notes = [line for row in rows for line in wrap(row.note, WIDE_LABEL, SMALL_SIZE)]
    sides = [text_width(printed_value(row, chart.axis), TEXT_SIZE, bold=row.emphasis) for row in rows]
    words = [text_width(STATUSES[row.status].word, TEXT_SIZE) + STATUS_ROOM for row in rows if row.status]
    left = max(widest(lines, TEXT_SIZE, bold=True), widest(notes, SMALL_SIZE))
    return {"l": left + 24, "r": min(max(sides + words + [40.0]), SIDE + STATUS_ROOM) + SIDE_GAP + 4}


def row_annotations(text: RowText, index: int, narrow: bool) -> list[dict[str, Any]]:
    """Label, number and status word; the word makes room for its symbol."""
    notes = _notes_above(text, index) if narrow else _notes_beside(text, index)
    return [note for note in notes if note["text"]]


def status_mark(text: RowText, index: int, narrow: bool, palette: Palette) -> dict[str, Any]:
    """The symbol before the status word, sized in pixels so that it keeps its form."""
    if narrow:
        x, anchor_x, anchor_y, y = 6.0, 0.0, index - 0.5, -5 - (line_count(text.label) + 0.5) * LINE
    else:
        x, anchor_x, anchor_y, y = SIDE_GAP + 6.0, 1.0, float(index), -line_count(text.value) / 2 * LINE
    return status_shape(text.status or "", palette, x, y) | {
        "xref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": anchor_x, "yanchor": anchor_y,
    }  # fmt: skip


def _notes_beside(text: RowText, index: int) -> list[dict[str, Any]]:
    indent = STATUS_ROOM if text.status else 0
    up, down = line_count(text.word) / 2 * LINE, line_count(text.value) / 2 * LINE
    side = {"xref": "paper", "xanchor": "left", "align": "left"}
    return [
        annotation(text.label, 0, index, xref="paper", xanchor="right", xshift=-SIDE_GAP, align="right"),
        annotation(text.value, 1, index, xshift=SIDE_GAP, yshift=up, **side),
        annotation(text.word, 1, index, xshift=SIDE_GAP + indent, yshift=-down, **side),
    ]


def _notes_above(text: RowText, index: int) -> list[dict[str, Any]]:
    indent = STATUS_ROOM if text.status else 0
    top = {"xref": "paper", "xanchor": "left", "yanchor": "top", "align": "left"}
    below = -4 - line_count(text.label) * LINE
    return [
        annotation(text.label, 0, index - 0.5, yshift=-4, **top),
        annotation(_one_line(text), 0, index - 0.5, yshift=below, xshift=indent, **top),
    ]


def _one_line(text: RowText) -> str:
    return " \u00b7 ".join(part for part in (text.word, text.value) if part)
