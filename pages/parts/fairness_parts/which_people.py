"""Which people: the groups of one attribute, each as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.report import fairness as fairness_content
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts import which_people as content
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The choice of an attribute, its picture and its cards; nothing where the run has no best guesses."""
    metric, class_ = chosen_metric(evidence)
    attributes = fairness_content.attributes_of(evidence)
    known = [name for name in attributes if content.guesses_of(evidence, name, metric, class_)]
    if not known:
        return
    draw_heading("Which people?" if evidence.words.people else "Which cases?")
    attribute = url_state.select("By", "by", known, default=known[0], shown=lambda key: attributes[key])
    shown = content.which_people(evidence, attribute, metric, class_)
    if shown is None:
        return
    if shown.pair is not None:
        draw_paragraphs([str(shown.pair)], "pl-lead")
    picture = fairness_content.group_picture(evidence, attribute, metric, class_)
    if picture is not None:
        chart_view.draw_picture(picture, page.palette, "groups")
    st.html(html.join(_card(card) for card in shown.cards))
    if url_state.toggle("Show these groups in numbers", "group-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        text = csv_text(shown.table.columns, shown.table.rows)
        st.download_button("Download these groups as CSV", text, f"{evidence.run.run_id}-groups.csv", "text/csv", key="take-groups")  # fmt: skip


def chosen_metric(evidence: Evidence) -> tuple[str, str]:
    """The number and the class that the address names, as the page shows them."""
    class_ = url_state.chosen("class", ["", *fairness_content.labels_of(evidence)], "")
    return fairness_content.fairness_of(evidence, st.query_params.get("metric", ""), class_).metric, class_


def _card(card: content.Card) -> html.Html:
    title = f"{card.title} (behind the gap)" if card.named else card.title
    said = " ".join(str(sentence) for sentence in card.sentences)
    return html.element(
        "div", html.element("h3", title, class_="pl-card-title"), html.element("p", said), class_="pl-card"
    )
