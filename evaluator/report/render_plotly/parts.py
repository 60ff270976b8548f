"""The parts all Plotly charts share: layout, axes, inert text and annotations."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

from evaluator.catalogue.palette import Palette
from evaluator.catalogue.statuses import STATUSES
from evaluator.charts import Axis
from evaluator.report.chart_text import clean, font_family, wrap
from evaluator.report.render_svg.layout import visible_ticks
from evaluator.report.render_svg.marks import status_colour

TEXT_SIZE = 14
SMALL_SIZE = 12
BETTER_WORDS = {"right": "better \u2192", "left": "\u2190 better"}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%{": "&#37;{"}


def inert(text: str) -> str:
    """Data text that Plotly shows letter for letter: no tag, link, formula or template."""
    text = clean(text)
    for char, entity in _ENTITIES.items():
        text = text.replace(char, entity)
    return text


def wrapped(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """Inert text broken into lines that fit `width` pixels."""
    return "<br>".join(inert(line) for line in wrap(text, width, size))


def line_count(text: str) -> int:
    return text.count("<br>") + 1 if text else 0


def bold(text: str) -> str:
    """Text that is already inert, set bold."""
    return f"<b>{text}</b>" if text else ""


def layout(palette: Palette, height: float, margin: dict[str, float]) -> dict[str, Any]:
    """Transparent, quiet, without legend, mode bar or dragging; hover repeats printed numbers."""
    return {
        "height": round(height),
        "margin": {**margin, "autoexpand": True},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": font_family(), "size": TEXT_SIZE, "color": palette.ink},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.raised,
            "bordercolor": palette.line,
            "font": {"color": palette.ink, "size": TEXT_SIZE, "family": font_family()},
            "align": "left",
        },
        "annotations": [],
        "shapes": [],
    }


def axis_layout(axis: Axis, palette: Palette, span: float, *, upright: bool = False) -> dict[str, Any]:
    """Range and ticks of an axis; ticks are given as text, so that they print as everywhere else.

    `span` is about the axis' length in pixels: on a level axis it decides how many ticks have room.
    """
    pairs = list(zip(axis.shown_ticks(), axis.shown_labels(), strict=True))
    pairs = pairs if upright else visible_ticks(axis, span, SMALL_SIZE)
    return {
        "range": [axis.low, axis.high],
        "tickmode": "array",
        "tickvals": [tick for tick, _ in pairs],
        "ticktext": [inert(label) for _, label in pairs],
        "tickfont": {"size": SMALL_SIZE, "color": palette.muted},
        "ticklabelstandoff": 6,
        "showgrid": True,
        "gridcolor": palette.line,
        "zeroline": not upright and axis.low <= 0 <= axis.high,
        "zerolinecolor": palette.muted,
        "zerolinewidth": 1,
        "fixedrange": True,
        "automargin": True,
    }


def axis_title(axis: Axis, palette: Palette, width: float) -> dict[str, Any]:
    """The title under a level axis, with the word for its good end."""
    words = wrapped(axis.title, width, SMALL_SIZE)
    if axis.better is not None:
        pair = (BETTER_WORDS["left"], words) if axis.better == "left" else (words, BETTER_WORDS["right"])
        words = " \u00b7 ".join(part for part in pair if part)
    return {"text": words, "font": {"size": SMALL_SIZE, "color": palette.muted}, "standoff": 10}


def annotation(text: str, x: float, y: float, **options: Any) -> dict[str, Any]:
    """A label without arrow, taking no clicks."""
    return {"text": text, "x": x, "y": y, "showarrow": False, "captureevents": False, **options}


def vertical_line(x: float, palette: Palette) -> dict[str, Any]:
    """A dashed line over the full height."""
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": palette.ink, "width": 1.3, "dash": "dash"},
    }


def status_shape(status: str, palette: Palette, x: float, y: float) -> dict[str, Any]:
    """The symbol of a status as a Plotly shape of 11 pixels around (x, y), counted from its anchor, y upwards."""
    entry = STATUSES[status]
    half, colour = 5.5, status_colour(entry, palette)
    look = {"fillcolor": colour, "line": {"color": entry.outline or colour, "width": 1.4}}
    box = {"x0": x - half, "x1": x + half, "y0": y - half, "y1": y + half}
    if entry.shape == "circle":
        return {"type": "circle", **box, **look}
    if entry.shape == "square":
        return {"type": "rect", **box, **look}
    if entry.shape == "dash":
        return {"type": "rect", **box, "y0": y - 1, "y1": y + 1, **look}
    return {"type": "path", "path": _shape_path(entry.shape, x, y, half), **look, **_hollow(entry.shape)}


def _shape_path(shape: str, x: float, y: float, half: float) -> str:
    """Diamond, triangle, or a ring with a stroke through it."""
    if shape == "diamond":
        points = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)]
    elif shape == "triangle":
        points = [(0.0, 0.95), (1.0, -0.8), (-1.0, -0.8)]
    else:
        points = [(cos(pi * turn / 12), sin(pi * turn / 12)) for turn in range(24)]
    outline = "M" + " L".join(f"{x + half * a:.2f},{y + half * b:.2f}" for a, b in points) + " Z"
    if shape != "ring":
        return outline
    reach = half * 0.7
    return f"{outline} M{x - reach:.2f},{y - reach:.2f} L{x + reach:.2f},{y + reach:.2f}"


def _hollow(shape: str) -> dict[str, Any]:
    return {"fillcolor": "rgba(0,0,0,0)"} if shape == "ring" else {}
