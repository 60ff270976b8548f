"""Lines and histograms as Plotly dictionaries."""

from __future__ import annotations

from typing import Any, NamedTuple

from evaluator.catalogue.palette import Palette
from evaluator.charts import Histogram, Lines, Marker, Series
from evaluator.charts.scale import position
from evaluator.report.chart_text import text_width, widest, wrap
from evaluator.report.render_plotly.parts import (
    SMALL_SIZE,
    TEXT_SIZE,
    annotation,
    axis_layout,
    axis_title,
    bold,
    inert,
    layout,
    line_count,
    vertical_line,
    wrapped,
)
from evaluator.report.render_plotly.stretches import crowd_bar, hatched
from evaluator.report.render_svg.curves import stepped
from evaluator.report.render_svg.lines import FEW_POINTS, spread

HEIGHTS = {False: 340.0, True: 260.0}
NAMES = {False: 200.0, True: 96.0}
PLANES = {False: 560.0, True: 200.0}
DASHES = ("solid", "solid", "dash", "dot", "dashdot")
LINE = SMALL_SIZE * 1.3
APART = (0.06, 0.06)
"""Shares of the plane, across and up, at which two printed numbers cannot touch."""


def lines_figure(chart: Lines, palette: Palette, narrow: bool) -> dict[str, Any]:
    """Bands, curves, reference and markers; every curve named at its end, numbers where it crosses a marker."""
    labels = (*chart.markers, *(Marker((span.low + span.high) / 2, span.label) for span in chart.spans if span.label))
    top = 34 + 18 * len(labels)
    bottom = 40 + 16 * len(wrap(chart.x_axis.title, PLANES[narrow], SMALL_SIZE))
    height = HEIGHTS[narrow] + top + bottom
    result = layout(palette, height, {"l": 8, "r": _name_room(chart, narrow), "t": top, "b": bottom})
    result["xaxis"] = axis_layout(chart.x_axis, palette, PLANES[narrow]) | {
        "title": axis_title(chart.x_axis, palette, PLANES[narrow]),
        "showgrid": False,
    }
    result["yaxis"] = axis_layout(chart.y_axis, palette, HEIGHTS[narrow], upright=True)
    result["shapes"] = _reference_shapes(chart, palette) + [
        vertical_line(marker.x, palette) for marker in chart.markers
    ]
    result["shapes"] += [crowd_bar(crowd, palette) for crowd in chart.crowds]
    result["annotations"] = [
        _y_title(chart.y_axis.title, narrow, top),
        *_marker_labels(labels),
        *_names(chart, palette, narrow),
        *_crossing_numbers(chart, palette),
    ]
    bands = [_band(series, palette) for series in chart.series if series.lows and series.style != "points"]
    curves = [_curve(chart, series, palette, index) for index, series in enumerate(chart.series)]
    stretches = [hatched(chart, span, palette) for span in chart.spans]
    return {"data": stretches + bands + curves + _crossing_dots(chart, palette), "layout": result}


def histogram_figure(chart: Histogram, palette: Palette, narrow: bool) -> dict[str, Any]:
    """Bars between their edges, counts printed on them when all of them fit."""
    markers = () if chart.marker is None else (chart.marker,)
    top = 34 + 18 * len(markers)
    result = layout(palette, HEIGHTS[narrow] + top + 56, {"l": 8, "r": 16, "t": top, "b": 56})
    result["bargap"] = 0
    result["xaxis"] = axis_layout(chart.x_axis, palette, PLANES[narrow]) | {
        "title": axis_title(chart.x_axis, palette, PLANES[narrow]),
        "showgrid": False,
    }
    result["yaxis"] = axis_layout(chart.y_axis, palette, HEIGHTS[narrow], upright=True)
    result["shapes"] = [vertical_line(marker.x, palette) for marker in markers]
    result["annotations"] = [_y_title(chart.y_axis.title, narrow, top), *_marker_labels(markers)]
    return {"data": [_bins(chart, palette, narrow)], "layout": result}


def _bins(chart: Histogram, palette: Palette, narrow: bool) -> dict[str, Any]:
    pairs = list(zip(chart.edges, chart.edges[1:], strict=False))
    numbers = [chart.y_axis.number(count) for count in chart.counts]
    return {
        "type": "bar",
        "x": [(begin + end) / 2 for begin, end in pairs],
        "y": list(chart.counts),
        "width": [end - begin for begin, end in pairs],
        "marker": {"color": palette.faint, "line": {"color": palette.paper, "width": 1}},
        "text": numbers if _counts_fit(chart, numbers, narrow) else None,
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": SMALL_SIZE, "color": palette.ink},
        "cliponaxis": False,
        "hoverinfo": "text",
        "hovertext": [
            f"{chart.x_axis.number(begin)} to {chart.x_axis.number(end)}<br>{number}"
            for (begin, end), number in zip(pairs, numbers, strict=True)
        ],
    }


def _counts_fit(chart: Histogram, numbers: list[str], narrow: bool) -> bool:
    """All counts or none, so that a missing number never looks like a zero."""
    span = chart.x_axis.high - chart.x_axis.low
    widths = [(end - begin) / span * PLANES[narrow] for begin, end in zip(chart.edges, chart.edges[1:], strict=False)]
    return all(text_width(number, SMALL_SIZE) + 4 <= width for number, width in zip(numbers, widths, strict=True))


def _name_room(chart: Lines, narrow: bool) -> float:
    """Pixels right of the plane for the longest wrapped name."""
    names = [series.name for series in chart.series if not series.faint] + (
        [chart.reference.label] if chart.reference else []
    )
    lines = [line for name in names for line in wrap(name, NAMES[narrow], SMALL_SIZE, bold=True)]
    return widest(lines, SMALL_SIZE, bold=True) + 22


def _colour(series: Series, palette: Palette, index: int) -> str:
    return palette.accent if series.emphasis else (palette.ink, palette.muted)[index % 2]


def _curve(chart: Lines, series: Series, palette: Palette, index: int) -> dict[str, Any]:
    colour = palette.faint if series.faint else _colour(series, palette, index)
    points = series.style == "points"
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers" if points else "lines",
        "x": list(series.xs),
        "y": list(series.ys),
        "name": inert(series.name),
        "hoverinfo": "text",
        "hovertext": _hover(chart, series),
        "cliponaxis": False,
        "line": {
            "color": colour,
            "width": 2.6 if series.emphasis else 1.0 if series.faint else 1.8,
            "shape": "hv" if series.style == "steps" else "linear",
            "dash": "solid" if series.emphasis or series.faint else DASHES[index % len(DASHES)],
        },
    }
    return trace | _point_look(chart, series, palette, colour) if points else trace


def _point_look(chart: Lines, series: Series, palette: Palette, colour: str) -> dict[str, Any]:
    """Dots with intervals; few dots carry their numbers."""
    look: dict[str, Any] = {"marker": {"size": 10, "color": colour, "line": {"color": palette.paper, "width": 1.4}}}
    if len(series.xs) <= FEW_POINTS:
        look |= {
            "mode": "markers+text",
            "text": _numbers_apart(chart, series),
            "textposition": _sides(chart, series),
            "textfont": {"size": SMALL_SIZE, "color": colour},
        }
    if series.lows:
        look["error_y"] = {
            "type": "data", "symmetric": False, "color": colour, "thickness": 1.8, "width": 4,
            "array": [high - y for high, y in zip(series.highs, series.ys, strict=True)],
            "arrayminus": [y - low for low, y in zip(series.lows, series.ys, strict=True)],
        }  # fmt: skip
    return look


def _sides(chart: Lines, series: Series) -> str | list[str]:
    """Beside dots with intervals; without, above or below the dot, whichever is farther from the diagonal."""
    if series.lows:
        return "middle left" if series.emphasis else "middle right"
    places = [
        (position(x, chart.x_axis.low, chart.x_axis.high), position(y, chart.y_axis.low, chart.y_axis.high))
        for x, y in zip(series.xs, series.ys, strict=True)
    ]
    return ["bottom center" if y < x else "top center" for x, y in places]


def _numbers_apart(chart: Lines, series: Series) -> list[str]:
    """The number of each point, or '' where it would touch the one before; the table holds them all."""
    texts: list[str] = []
    shown: list[tuple[float, float]] = []
    for x, y in zip(series.xs, series.ys, strict=True):
        place = (position(x, chart.x_axis.low, chart.x_axis.high), position(y, chart.y_axis.low, chart.y_axis.high))
        apart = all(abs(place[0] - other[0]) > APART[0] or abs(place[1] - other[1]) > APART[1] for other in shown)
        texts.append(chart.y_axis.number(y) if apart else "")
        shown += [place] if apart else []
    return texts


def _hover(chart: Lines, series: Series) -> list[str]:
    """Name, place and number with its range, in the words printed on the axes."""
    texts = []
    for index, (x, y) in enumerate(zip(series.xs, series.ys, strict=True)):
        place = f"{inert(chart.x_axis.title)} {chart.x_axis.number(x)}"
        number = chart.y_axis.estimate(y, *series.range_at(index))
        texts.append(f"{inert(series.name)}<br>{place}<br>{inert(chart.y_axis.title)} {number}")
    return texts


def _band(series: Series, palette: Palette) -> dict[str, Any]:
    """The band as a closed outline, without hover of its own."""
    steps = series.style == "steps"
    lows = stepped(series.xs, series.lows) if steps else list(zip(series.xs, series.lows, strict=True))
    highs = stepped(series.xs, series.highs) if steps else list(zip(series.xs, series.highs, strict=True))
    outline = lows + highs[::-1]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _ in outline],
        "y": [y for _, y in outline],
        "fill": "toself",
        "fillcolor": palette.accent_soft if series.emphasis else palette.line,
        "opacity": 0.7,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _reference_ends(chart: Lines) -> tuple[float, float, float, float]:
    if chart.reference is not None and chart.reference.height is not None:
        return chart.x_axis.low, chart.reference.height, chart.x_axis.high, chart.reference.height
    low, high = max(chart.x_axis.low, chart.y_axis.low), min(chart.x_axis.high, chart.y_axis.high)
    return low, low, high, high


def _reference_shapes(chart: Lines, palette: Palette) -> list[dict[str, Any]]:
    if chart.reference is None:
        return []
    x0, y0, x1, y1 = _reference_ends(chart)
    line = {"color": palette.muted, "width": 1.3, "dash": "dot"}
    return [{"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": line}]


def _names(chart: Lines, palette: Palette, narrow: bool) -> list[dict[str, Any]]:
    """The names right of the plane, at the height where their curve ends, pushed apart."""
    height = HEIGHTS[narrow]
    ends = [
        (series.ys[-1], _name(series.name, narrow, series.emphasis), _name_colour(series, palette))
        for series in chart.series
        if not series.faint
    ]
    if chart.reference is not None:
        ends.append((_reference_ends(chart)[3], _name(chart.reference.label, narrow, False), palette.muted))
    axis = chart.y_axis
    places = [((1 - position(y, axis.low, axis.high)) * height, text, colour) for y, text, colour in ends]
    ordered = sorted(places, key=lambda place: place[0])
    tops = spread([(y, line_count(text) * LINE) for y, text, _ in ordered], 0.0, height)
    return [
        annotation(text, 1, 1, xref="paper", yref="paper", xanchor="left", yanchor="top", xshift=10, yshift=-top,
                   align="left", font={"size": SMALL_SIZE, "color": colour})
        for top, (_, text, colour) in zip(tops, ordered, strict=True)
        if text
    ]  # fmt: skip


def _name(name: str, narrow: bool, emphasis: bool) -> str:
    text = wrapped(name, NAMES[narrow], SMALL_SIZE)
    return bold(text) if emphasis else text


def _name_colour(series: Series, palette: Palette) -> str:
    return palette.accent if series.emphasis else palette.ink


def _marker_labels(markers: tuple[Marker, ...]) -> list[dict[str, Any]]:
    """One line per marker above the plane, so that close markers do not cover each other's words."""
    return [
        annotation(
            inert(marker.label),
            marker.x,
            1,
            yref="paper",
            yanchor="bottom",
            yshift=2 + 18 * index,
            font={"size": SMALL_SIZE},
        )
        for index, marker in enumerate(markers)
    ]


class Crossing(NamedTuple):
    """Where a curve crosses a marker."""

    x: float
    value: float
    colour: str


def _crossings(chart: Lines, palette: Palette) -> list[Crossing]:
    """From top to bottom at each marker, so that close numbers can take turns."""
    found = [
        Crossing(marker.x, value, _name_colour(series, palette))
        for marker in chart.markers
        for series in chart.series
        if (value := series.value_at(marker.x)) is not None
    ]
    return sorted(found, key=lambda crossing: (crossing.x, -crossing.value))


def _crossing_dots(chart: Lines, palette: Palette) -> list[dict[str, Any]]:
    crossings = _crossings(chart, palette)
    if not crossings:
        return []
    look = {
        "size": 9,
        "color": [crossing.colour for crossing in crossings],
        "line": {"color": palette.paper, "width": 1.4},
    }
    return [{
        "type": "scatter", "mode": "markers", "name": "at the marker", "hoverinfo": "skip", "cliponaxis": False, "marker": look,
        "x": [crossing.x for crossing in crossings], "y": [crossing.value for crossing in crossings],
    }]  # fmt: skip


def _crossing_numbers(chart: Lines, palette: Palette) -> list[dict[str, Any]]:
    """The printed value at each crossing, alternately right and left of the marker, on a plate of paper."""
    look = {"yanchor": "bottom", "yshift": 2, "bgcolor": palette.paper, "borderpad": 0}
    notes = []
    for index, (x, value, colour) in enumerate(_crossings(chart, palette)):
        side = {"xanchor": "left", "xshift": 8} if index % 2 == 0 else {"xanchor": "right", "xshift": -8}
        font = {"size": TEXT_SIZE, "color": colour}
        notes.append(annotation(bold(chart.y_axis.number(value)), x, value, font=font, **side, **look))
    return notes


def _y_title(title: str, narrow: bool, top: float) -> dict[str, Any]:
    """The upright axis is named level, above it, where it can be read."""
    text = wrapped(title, PLANES[narrow] + NAMES[narrow], SMALL_SIZE)
    return annotation(text, 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="top", yshift=top - 2, align="left",
                      font={"size": SMALL_SIZE})  # fmt: skip
