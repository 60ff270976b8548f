"""What the errors come to in a year: up to three lines, each with 100 figures."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.report.people_a_year import PeopleAYear, year_table
from evaluator.report.render_svg.picture import data_uri, svg
from evaluator.report.year_words import YearLine
from pages.parts import html
from pages.parts.cards import heading
from pages.parts.chart_view import draw_table

STRIP = 340
MOST_KEPT = 32


def draw_year(year: PeopleAYear, palette: Palette) -> None:
    """The lines, or why there are none and the line of the plan that would give them."""
    with st.container(key="in-a-year"):
        if not year.lines:
            st.html(html.join([heading("In a year"), _missing(year)]))
            return
        st.html(_drawn(year, palette))
        table = year_table(year.lines)
        with st.expander("The numbers behind these pictures"):
            draw_table(table.columns, table.rows)


@lru_cache(maxsize=MOST_KEPT)
def _drawn(year: PeopleAYear, palette: Palette) -> html.Html:
    """All lines; a run never changes, so they are good for ever."""
    how = html.element("p", year.how_to_read, class_="pl-how")
    return html.join([heading("In a year"), how, *(_line(line, palette) for line in year.lines)])


def _line(line: YearLine, palette: Palette) -> html.Html:
    said = html.element("p", f"{line.sentence} {line.bears or ''}".strip(), class_="pl-year-said")
    if line.strip is None:
        return html.element("div", said, class_="pl-year")
    drawn = html.image(data_uri(svg(line.strip, palette, STRIP)), line.strip.alt, class_="pl-picture")
    return html.element("div", html.element("div", drawn), said, class_="pl-year pl-year-drawn")


def _missing(year: PeopleAYear) -> html.Html:
    hint = None
    if year.add_to_plan:
        line = html.element("code", year.add_to_plan)
        hint = html.element("span", "Add to the plan: ", line, class_="pl-add")
    return html.element("p", html.element("strong", "No numbers of a year. "), html.element("span", year.why), hint)
