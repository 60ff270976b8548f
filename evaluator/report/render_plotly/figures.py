"""Chart descriptions as plain Plotly dictionaries, for interactive charts on screen.

Nothing here imports Plotly. Every number that a hover shows is printed too, nothing needs dragging, and data strings
are neutralised: Plotly reads text as a small HTML, so `<`, `>` and `&` arrive as entities, and no template is ever
built from data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from evaluator.catalogue.palette import Palette
from evaluator.charts import Bars, Chart, Histogram, IntervalDots, Lines
from evaluator.report.render_plotly.lines import histogram_figure, lines_figure
from evaluator.report.render_plotly.rows import rows_figure

WidthHint = Literal["wide", "narrow"]

PLOTLY_CONFIG: Mapping[str, Any] = {
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "staticPlot": False,
    "showLink": False,
    "showEditInChartStudio": False,
}


def figure(chart: Chart, palette: Palette, width_hint: WidthHint = "wide") -> dict[str, Any]:
    """A `{"data": [...], "layout": {...}}` dictionary of a chart.

    Parameters
    ----------
    chart : interval dots, bars, lines or a histogram; other kinds have no use for interaction and exist as SVG alone.
    palette : colours of the theme it will be shown on; the ground stays transparent.
    width_hint : "narrow" (a phone) puts labels above their tracks.
    """
    narrow = width_hint == "narrow"
    match chart:
        case IntervalDots() | Bars():
            return rows_figure(chart, palette, narrow)
        case Lines():
            return lines_figure(chart, palette, narrow)
        case Histogram():
            return histogram_figure(chart, palette, narrow)
        case _:
            raise TypeError(
                f"{type(chart).__name__} is drawn as SVG alone (render_svg.svg): its rows have no common axis to explore"
            )
