"""Whether promised probabilities come true: how far they are off beside chance, where, and every check."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.records import ALL
from evaluator.report import calibration as content
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

HEADING = "Does it keep its promise?"
_promise = lru_cache(maxsize=64)(content.promise_of)
"""Evidence never changes, so what is said of it is good for ever."""


def draw_promise(page: OpenPage, evidence: Evidence) -> None:
    """The section; a line with the reason where nothing was tested."""
    draw_heading(HEADING)
    options = content.promised_about(evidence)
    if not options:
        draw_paragraphs(content.why_not(evidence), "pl-line")
        return
    chosen = url_state.select("Whom", "whom", list(options), default=ALL, shown=lambda key: options[key])
    population, class_ = content.chosen_promise(evidence, chosen)
    promise = _promise(evidence, population, class_)
    draw_paragraphs(promise.lead, "pl-line")
    if promise.chart is not None:
        chart_view.draw_chart(promise.chart, page.palette, "calibration")
    if evidence.calibrations and url_state.toggle("Show every check of these probabilities", "checks"):
        columns, rows = content.check_columns(evidence), content.check_rows(evidence, population, class_)
        chart_view.draw_table(columns, rows)
        name = f"{evidence.run.run_id}-calibration.csv"
        st.download_button("Download these checks as CSV", csv_text(columns, rows), name, "text/csv")
