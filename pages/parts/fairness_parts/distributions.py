"""Do scores differ between groups: the distributions, how far apart they lie, and promises group by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.pages import PAGES
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness import attributes_of
from evaluator.report.fairness_parts import distributions as content
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs
from pages.parts.fairness_parts.chosen import chosen_attribute

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

SCORES_HEADING = "Do scores differ between groups?"
NUMBERS_HEADING = "Do predictions and errors differ between groups?"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The section by the attribute that the page shows; nothing where the run has no distances."""
    shown = content.distributions_of(evidence, chosen_attribute(evidence, list(attributes_of(evidence))))
    if shown is None:
        return
    draw_heading(NUMBERS_HEADING if evidence.run.task == "regression" else SCORES_HEADING)
    draw_paragraphs([" ".join(str(sentence) for sentence in told) for told in shown.told], "pl-line")
    for number, picture in enumerate(shown.pictures):
        chart_view.draw_picture(picture, page.palette, f"distributions-{number}")
    draw_paragraphs(shown.notes, "pl-line")
    if url_state.toggle("Show these distances in numbers", "distance-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        text = csv_text(shown.table.columns, shown.table.rows)
        name = f"{evidence.run.run_id}-distances.csv"
        st.download_button("Download these distances as CSV", text, name, "text/csv", key="take-distances")
    if shown.promised is not None:
        _draw_promises(page, shown.promised.columns, shown.promised.rows)


def _draw_promises(page: OpenPage, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    draw_paragraphs([content.PROMISES], "pl-line")
    chart_view.draw_table(columns, rows)
    if page.run_id is not None:
        query = {url_state.RUN: page.run_id}
        st.page_link(PAGES["scorecard"].script, label="Promised chances on the scorecard", query_params=query)
