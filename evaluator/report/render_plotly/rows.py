"""Interval dots and bars as Plotly dictionaries."""

from __future__ import annotations

from typing import Any, NamedTuple

from evaluator.catalogue.palette import Palette
from evaluator.charts import Bars, IntervalRow
from evaluator.charts.rows import printed_value
from evaluator.report.chart_text import label_text, wrap
from evaluator.report.render_plotly.parts import (
    SMALL_SIZE,
    annotation,
    axis_layout,
    axis_title,
    inert,
    layout,
    vertical_line,
)
from evaluator.report.render_plotly.row_texts import (
    LINE,
    NARROW_TRACK,
    NARROW_WIDTH,
    RowChart,
    row_annotations,
    row_text,
    side_margins,
    slot_height,
    status_mark,
)

BAR = 16.0
EMPTY = 14.0
WIDE_PLANE = 420.0


class Slots(NamedTuple):
    """The pixel height of a row and how far below its middle the track lies, in rows."""

    height: float
    shift: float


def rows_figure(chart: RowChart, palette: Palette, narrow: bool) -> dict[str, Any]:
    """Rows from top to bottom, every label and number printed beside (or, on a phone, above) its mark."""
    texts = [row_text(chart, row, palette, narrow) for row in chart.rows]
    height = slot_height(texts, narrow)
    slots = Slots(height, 0.5 - NARROW_TRACK / 2 / height if narrow else 0.0)
    plane = NARROW_WIDTH if narrow else WIDE_PLANE
    top, bottom = 16 + LINE * bool(chart.limits), 40 + 16 * len(wrap(chart.axis.title, plane - 60, SMALL_SIZE))
    result = layout(palette, len(texts) * height + top + bottom, {**side_margins(chart, narrow), "t": top, "b": bottom})
    result["barmode"] = "overlay"
    result["xaxis"] = axis_layout(chart.axis, palette, plane) | {
        "title": axis_title(chart.axis, palette, plane - 60),
        "showgrid": not narrow,
    }
    result["xaxis"]["zeroline"] = not narrow and chart.axis.low <= 0 <= chart.axis.high
    result["yaxis"] = {"range": [len(texts) - 0.5, -0.5], "visible": False, "fixedrange": True}
    result["shapes"] = _lines(chart, palette, slots, narrow)
    result["shapes"] += [status_mark(text, index, narrow, palette) for index, text in enumerate(texts) if text.status]
    result["annotations"] = _limit_labels(chart)
    result["annotations"] += [note for i, text in enumerate(texts) for note in row_annotations(text, i, narrow)]
    return {"data": _traces(chart, palette, slots), "layout": result}


def _lines(chart: RowChart, palette: Palette, slots: Slots, narrow: bool) -> list[dict[str, Any]]:
    """Limit lines over the full height; on a phone through the tracks alone, so that they never cross a text."""
    limits = [limit.value for limit in chart.limits]
    half = NARROW_TRACK / 2 / slots.height
    lines = _own_limits(chart, palette, slots, half)
    if not narrow:
        return [*(vertical_line(limit, palette) for limit in limits), *lines]
    for index in range(len(chart.rows)):
        place = index + slots.shift
        lines += [vertical_line(limit, palette) | _span(place, half) for limit in limits]
        base = {"type": "line", "x0": chart.axis.low, "x1": chart.axis.high, "y0": place, "y1": place, "layer": "below"}
        lines.append(base | {"line": {"color": palette.line, "width": 1}})
    return lines


def _own_limits(chart: RowChart, palette: Palette, slots: Slots, half: float) -> list[dict[str, Any]]:
    """What was asked of single rows, through their tracks alone."""
    return [
        vertical_line(row.limit, palette) | _span(index + slots.shift, half)
        for index, row in enumerate(chart.rows)
        if row.limit is not None
    ]


def _span(place: float, half: float) -> dict[str, Any]:
    return {"yref": "y", "y0": place - half, "y1": place + half}


def _limit_labels(chart: RowChart) -> list[dict[str, Any]]:
    look = {"yref": "paper", "yanchor": "bottom", "yshift": 2, "font": {"size": SMALL_SIZE}}
    return [annotation(inert(limit.label), limit.value, 1, **look) for limit in chart.limits]


def _traces(chart: RowChart, palette: Palette, slots: Slots) -> list[dict[str, Any]]:
    """Neutral and emphasised marks are two traces, because a trace has one colour of error bars."""
    placed = [(index + slots.shift, row) for index, row in enumerate(chart.rows)]
    traces = []
    for emphasis in (False, True):
        rows = [(place, row) for place, row in placed if row.emphasis is emphasis and row.value is not None]
        if rows:
            traces.append(_mark_trace(chart, rows, palette, slots))
    if empty := [place for place, row in placed if row.value is None]:
        traces.append(_empty_trace(chart, empty, palette, slots))
    if chances := [(place, row.chance) for place, row in placed if row.chance is not None]:
        traces.append(_chance_trace(chances, palette))
    return traces


def _mark_trace(
    chart: RowChart, rows: list[tuple[float, IntervalRow]], palette: Palette, slots: Slots
) -> dict[str, Any]:
    emphasis = rows[0][1].emphasis
    colour = palette.accent if emphasis else palette.ink
    shared = {
        "x": [row.value for _, row in rows],
        "y": [place for place, _ in rows],
        "error_x": _error_bars([row for _, row in rows], palette.ink if isinstance(chart, Bars) else colour),
        "hoverinfo": "text",
        "hovertext": [f"{inert(label_text(r.label))}<br>{inert(printed_value(r, chart.axis))}" for _, r in rows],
        "cliponaxis": False,
    }
    if isinstance(chart, Bars):
        look = {"color": palette.accent if emphasis else palette.faint}
        return shared | {"type": "bar", "orientation": "h", "width": BAR / slots.height, "marker": look}
    marker = {"size": 11, "color": colour, "line": {"color": palette.paper, "width": 1.5}}
    return shared | {"type": "scatter", "mode": "markers", "marker": marker}


def _error_bars(rows: list[IntervalRow], colour: str) -> dict[str, Any]:
    known = [(row.value or 0.0, row.low, row.high) for row in rows]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if high is None else high - value for value, _, high in known],
        "arrayminus": [0.0 if low is None else value - low for value, low, _ in known],
        "color": colour,
        "thickness": 2.2,
        "width": 5,
    }


def _empty_trace(chart: RowChart, places: list[float], palette: Palette, slots: Slots) -> dict[str, Any]:
    """Hatched tracks where a number is missing: never a mark at zero."""
    hatch = {"shape": "/", "fgcolor": palette.faint, "bgcolor": palette.raised, "size": 6, "solidity": 0.3}
    return {
        "type": "bar",
        "orientation": "h",
        "base": [chart.axis.low] * len(places),
        "x": [chart.axis.high - chart.axis.low] * len(places),
        "y": places,
        "width": EMPTY / slots.height,
        "marker": {"color": palette.raised, "pattern": hatch, "line": {"width": 0}},
        "name": "no number",
        "hoverinfo": "skip",
    }


def _chance_trace(chances: list[tuple[float, float]], palette: Palette) -> dict[str, Any]:
    """Short ticks where chance alone would put the dot."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [chance for _, chance in chances],
        "y": [place for place, _ in chances],
        "marker": {"symbol": "line-ns", "size": 16, "line": {"color": palette.muted, "width": 2}},
        "name": "chance alone",
        "hoverinfo": "skip",
    }
