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
from pages.parts.fairness_parts.chosen import chosen_metric, first_attribute

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage, evidence: Evidence) -> None:
    """The choice of an attribute, its picture and its cards; nothing for a run without groups."""
    metric, class_ = chosen_metric(evidence)
    attributes = fairness_content.attributes_of(evidence)
    if not attributes:
        return
    draw_heading("Which people?" if evidence.words.people else "Which cases?")
    first = first_attribute(evidence, list(attributes))
    attribute = url_state.select("By", "by", list(attributes), default=first, shown=lambda key: attributes[key])
    shown = content.which_people(evidence, attribute, metric, class_)
    if shown is None:
        return
    if shown.pair is not None:
        draw_paragraphs([str(shown.pair)], "pl-lead")
    picture = fairness_content.group_picture(evidence, attribute, metric, class_)
    if picture is None:
        st.text("No group has enough cases to show a number.")
    else:
        chart_view.draw_picture(picture, page.palette, "groups")
    st.html(html.join(_card(card) for card in shown.cards))
    if url_state.toggle("Show these groups in numbers", "group-numbers"):
        chart_view.draw_table(shown.table.columns, shown.table.rows)
        draw_paragraphs([str(note) for note in shown.notes], "pl-line")
        text = csv_text(shown.table.columns, shown.table.rows)
        st.download_button("Download these groups as CSV", text, f"{evidence.run.run_id}-groups.csv", "text/csv", key="take-groups")  # fmt: skip


def _card(card: content.Card) -> html.Html:
    title = f"{card.title} (behind the gap)" if card.named else card.title
    said = " ".join(str(sentence) for sentence in card.sentences)
    return html.element(
        "div", html.element("h3", title, class_="pl-card-title"), html.element("p", said), class_="pl-card"
    )
