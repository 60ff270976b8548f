"""Charts on a page: the finding as title, how to read it, the picture, and the numbers behind it."""

from __future__ import annotations

from functools import lru_cache

import plotly.graph_objects as go
import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.charts import Chart, ChartTable
from evaluator.report.render_plotly.figures import PLOTLY_CONFIG, figure
from evaluator.report.render_svg.picture import data_uri, svg
from pages.parts import html

WIDE, NARROW = 880, 340
LONGEST_CELL = 60
"""Characters from which a cell holds a sentence."""


def draw_picture(
    chart: Chart,
    palette: Palette,
    key: str,
    *,
    wide: int = WIDE,
    titled: bool = True,
    heading: str = "h3",
    narrow: Chart | None = None,
) -> None:
    """A chart as a picture, drawn once for wide and once for narrow screens; `heading` is the level of its title.

    A `narrow` chart stands in for it on narrow screens.
    """
    with st.container(key=f"chart-{key}"):
        if titled:
            _draw_title(chart, heading)
        st.html(picture(chart, palette, wide=wide, narrow=narrow))
        _draw_table(chart.table)


def picture(chart: Chart, palette: Palette, *, wide: int = WIDE, narrow: Chart | None = None) -> html.Html:
    """The image alone, in both widths; the style sheet shows the one that fits."""
    return html.join(
        html.image(_source(drawn, palette, width), drawn.alt, class_=f"pl-picture pl-{name}")
        for name, width, drawn in (("wide", wide, chart), ("narrow", NARROW, narrow or chart))
    )


@lru_cache(maxsize=512)
def _source(chart: Chart, palette: Palette, width: int) -> str:
    """A drawn chart as the source of an image; a description is frozen, so a drawing is good for ever."""
    return data_uri(svg(chart, palette, width))


@lru_cache(maxsize=128)
def _checked_figure(chart: Chart, palette: Palette) -> go.Figure:
    """A figure that Plotly has checked; checking takes longer than everything else about a chart."""
    return go.Figure(figure(chart, palette))


def draw_chart(chart: Chart, palette: Palette, key: str) -> None:
    """A chart with hover text that repeats what is printed; a narrow screen gets the picture drawn for it instead."""
    with st.container(key=f"chart-{key}"):
        _draw_title(chart)
        st.plotly_chart(
            _checked_figure(chart, palette), config=dict(PLOTLY_CONFIG), theme=None, key=f"plot-{key}", alt=chart.alt
        )
        st.html(narrow_picture(chart, palette))
        _draw_table(chart.table)


def narrow_picture(chart: Chart, palette: Palette) -> html.Html:
    """What a narrow screen shows in the place of an interactive chart."""
    return html.image(_source(chart, palette, NARROW), chart.alt, class_="pl-picture pl-narrow")


def _draw_title(chart: Chart, heading: str = "h3") -> None:
    st.html(
        html.join(
            [
                html.element(heading, chart.title, class_="pl-chart-title"),
                html.element("p", chart.how_to_read, class_="pl-how"),
            ]
        )
    )


def _draw_table(table: ChartTable) -> None:
    with st.expander("The numbers behind this picture"):
        draw_table(table.columns, table.rows)


def draw_table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """A plain table; on a narrow screen it scrolls inside its own frame, and rows that hold sentences become cards."""
    words = any(len(cell) > LONGEST_CELL for row in rows for cell in row)
    # Cards are no table to the eye, so that the roles must say it.
    head = html.element(
        "tr", *(html.element("th", column, scope="col", role="columnheader") for column in columns), role="row"
    )
    body = html.join(
        html.element(
            "tr",
            *(
                html.element("td", cell, role="cell", data_label=column)
                for column, cell in zip(columns, row, strict=True)
            ),
            role="row",
        )
        for row in rows
    )
    inner = html.element(
        "table", html.element("thead", head, role="rowgroup"), html.element("tbody", body, role="rowgroup"),
        role="table", class_="pl-table pl-cards" if words else "pl-table",
    )  # fmt: skip
    st.html(html.element("div", inner, class_="pl-scroll", tabindex="0", role="group", aria_label="Table"))
