"""The tables of Local Law 144, behind a click, with the files to publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import statutory as content
from evaluator.report.standing import Standing, standing_of
from evaluator.report.statutory_export import has_tables, statutory_csv
from evaluator.wording.statutory import beside_sentence, disclaimer_sentences
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

HEADING = "Tables of Local Law 144 of New York City"


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The section; nothing where the plan asks for no such tables."""
    shown = content.statutory_of(evidence)
    if not shown:
        return
    draw_heading(HEADING)
    draw_paragraphs(disclaimer_sentences(), "pl-line")
    if url_state.toggle("Show these tables", "law"):
        for one in shown:
            _draw_table(one)
    if has_tables(evidence):
        _draw_files(page, evidence)


def _draw_table(one: content.Shown) -> None:
    st.html(html.element("h3", one.title, class_="pl-chart-title"))
    if one.table is not None:
        chart_view.draw_table(one.table.columns, one.table.rows)
    draw_paragraphs(one.sentences, "pl-line")
    if one.beside is not None:
        draw_paragraphs((beside_sentence(),), "pl-line")
        chart_view.draw_table(one.beside.columns, one.beside.rows)


def _draw_files(page: OpenPage, evidence: Evidence) -> None:
    """Both files; the summary is made when it is asked for."""
    name, standing = f"{evidence.run.run_id}-ll144", standing_of(page.events)
    with st.container(key="law-files", horizontal=True):
        st.download_button(
            "Download these tables (CSV)", statutory_csv(evidence), f"{name}.csv", "text/csv", key="take-law-csv"
        )
        st.download_button(
            "Download the summary (HTML)", lambda: _summary(evidence, standing), f"{name}.html", "text/html",
            key="take-law-html", on_click="ignore",
        )  # fmt: skip


def _summary(evidence: Evidence, standing: Standing) -> bytes:
    from evaluator.report.render_html.document import to_html
    from evaluator.report.statutory_export import statutory_document

    return to_html(statutory_document(evidence, standing))
