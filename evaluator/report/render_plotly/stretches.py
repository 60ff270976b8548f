"""Stretches of a level axis as Plotly dictionaries: hatched ones, and low bars where the cases are."""

from __future__ import annotations

from typing import Any

from evaluator.catalogue.palette import Palette
from evaluator.charts import Crowd, Lines, Span
from evaluator.charts.lines import CROWD_ROOM


def hatched(chart: Lines, span: Span, palette: Palette) -> dict[str, Any]:
    """A hatched stretch over the full height, without hover of its own."""
    axis = chart.y_axis
    return {
        "type": "scatter", "mode": "lines", "x": [span.low, span.high, span.high, span.low],
        "y": [axis.low, axis.low, axis.high, axis.high], "fill": "toself", "line": {"width": 0}, "hoverinfo": "skip",
        "fillpattern": {"shape": "/", "size": 7, "fgcolor": palette.line, "bgcolor": palette.paper, "solidity": 0.4},
    }  # fmt: skip


def crowd_bar(crowd: Crowd, palette: Palette) -> dict[str, Any]:
    """A low bar at the foot of the plane, above hatched stretches: curves have their room over it."""
    look = {"fillcolor": palette.faint, "line": {"width": 0}, "layer": "above"}
    ends = {"x0": crowd.low, "x1": crowd.high, "y0": 0, "y1": crowd.height * CROWD_ROOM}
    return {"type": "rect", "yref": "paper", **ends, **look}
