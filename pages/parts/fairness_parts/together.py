"""Two and three attributes together: a grid, the groups that fare worst, and a way to ask about each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from evaluator.analyses.fairness.draw import GridCell
from evaluator.catalogue.pages import PAGES
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import together as content
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.fairness_parts.chosen import chosen_metric

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

RECOMPUTE = "recompute"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """Two attributes together, then three; nothing of either where the run has none."""
    metric, class_ = chosen_metric(evidence)
    two = content.two_together(evidence, st.query_params.get("pair", ""), metric, class_)
    if two is not None:
        draw_heading("Two together")
        _draw_choice("Which two", "pair", two)
        _draw_grid(page, two)
        _draw_worst(page, evidence, two, "pair")
    three = content.three_together(evidence, st.query_params.get("three", ""), metric, class_)
    if three is not None:
        draw_heading("Three together")
        _draw_choice("Which three", "three", three)
        _draw_worst(page, evidence, three, "three")


def _draw_choice(label: str, name: str, shown: content.Together) -> None:
    names = list(shown.attributes)
    url_state.select(label, name, names, default=names[0], shown=lambda key: shown.attributes[key])


def _draw_grid(page: OpenPage, shown: content.Together) -> None:
    """The grid as a table whose cells ask about their group, where the reader may ask."""
    grid = shown.grid
    if grid is None:
        return
    st.html(html.element("h3", grid.title, class_="pl-chart-title"))
    st.html(html.element("p", grid.how_to_read, class_="pl-how"))
    head = html.element("tr", html.element("th", ""), *(html.element("th", one, scope="col") for one in grid.columns))
    lines = [
        html.element(
            "tr", html.element("th", label, scope="row"), *(_cell(page, shown, cell) for cell in line)
        )
        for label, line in zip(grid.rows, grid.cells, strict=True)
    ]  # fmt: skip
    table = html.element(
        "table", html.element("thead", head), html.element("tbody", html.join(lines)), class_="pl-table"
    )
    st.html(html.element("div", table, class_="pl-scroll", tabindex="0", role="group", aria_label="Table"))


def _cell(page: OpenPage, shown: content.Together, cell: GridCell) -> html.Html:
    """One group; for those who may ask, a link to the question about it."""
    said = f"{cell.text}, n = {cell.n}"
    link = shown.links.get(cell.population_id)
    if not link or not may_ask(page):
        return html.element("td", said)
    # Relative to this page, so that it holds wherever the app is served; the address alone carries the question.
    here = f"{RECOMPUTE}?{urlencode({url_state.RUN: page.run_id or '', **link})}"
    return html.element("td", html.element("a", said, href=here))


def may_ask(page: OpenPage) -> bool:
    """Whether the reader may ask about rows of this run."""
    return page.reader.role.explores and page.run_id is not None


def _draw_worst(page: OpenPage, evidence: Evidence, shown: content.Together, key: str) -> None:
    """The groups that fare worst, by what is proven at least, each with a link that asks about it."""
    draw_paragraphs([str(shown.summary)], "pl-line")
    for one in shown.worst:
        said = " ".join(str(sentence) for sentence in one.sentences)
        card = html.join([html.element("h3", one.title, class_="pl-card-title"), html.element("p", said)])
        st.html(html.element("div", card, class_="pl-card"))
        _link(page, one)
    if shown.few is not None:
        draw_paragraphs([str(shown.few)], "pl-line")
    if shown.table.rows and url_state.toggle("Show all of these groups in numbers", f"{key}-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        draw_paragraphs([str(note) for note in shown.notes], "pl-line")
        text = csv_text(shown.table.columns, shown.table.rows)
        st.download_button("Download these groups as CSV", text, f"{evidence.run.run_id}-{key}.csv", "text/csv", key=f"take-{key}")  # fmt: skip


def _link(page: OpenPage, one: content.Worst) -> None:
    """A way to ask about the group; nothing for readers who may not ask."""
    if may_ask(page) and one.link:
        query = {url_state.RUN: page.run_id or "", **one.link}
        label = html.literal(f"Ask about {one.title}")
        st.page_link(PAGES["recompute"].script, label=label, query_params=query)
