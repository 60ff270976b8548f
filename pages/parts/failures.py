"""Where does it fail: the worst group first, how much was looked at, each group as a card, leads apart, and a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.pages import PAGES
from evaluator.records import NotTested
from evaluator.report.csv_text import csv_text
from evaluator.report.failures import FailuresPage, failures_of
from evaluator.report.failures_parts.cards import SliceCard
from evaluator.report.year_words import HOW_TO_READ
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title, paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

LOSS, ALL_GROUPS = "loss", "groups"
FIRST_CARDS = 4
LEADS = (
    "These look worse than the others, and might do so by chance. They are no result: ask about them, or test them "
    "again on cases that were not used here."
)


def draw(page: OpenPage) -> None:
    """Draw the failures of the page's run, or why nothing was looked for."""
    shown = failures_of(page.evidence, st.query_params.get(LOSS, ""))
    draw_title(str(shown.headline))
    draw_paragraphs(shown.told, "pl-lead")
    if len(shown.losses) > 1:
        labels = shown.losses
        first = failures_of(page.evidence).loss
        url_state.segments("Which error?", LOSS, list(labels), default=first, shown=lambda name: labels[name])
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "failures", heading="h2")
    _draw_looked(shown)
    _draw_groups(page, shown)
    _draw_leads(page, shown)
    _draw_tree(shown)
    _draw_not_shown(shown)


def _draw_looked(shown: FailuresPage) -> None:
    """How many combinations were looked at, and what follows from that."""
    if shown.looked:
        draw_heading("How much was looked at")
        draw_paragraphs([" ".join(map(str, shown.looked))], "pl-line")


def _draw_groups(page: OpenPage, shown: FailuresPage) -> None:
    if not shown.losses:
        return
    draw_heading("The groups, those with most failures beyond the others first")
    if not shown.cards:
        draw_paragraphs(["No group is confirmed, so nothing was looked for behind one."], "pl-line")
    n = len(shown.cards)
    every = n <= FIRST_CARDS or url_state.toggle(f"Show all {n} groups", ALL_GROUPS)
    for place, card in enumerate(shown.cards[: n if every else FIRST_CARDS]):
        with st.container(key=f"slice-{place}"):
            _draw_card(page, card, f"confirmed-{place}")
    if shown.table.rows:
        with st.expander("All groups as a table"):
            chart_view.draw_table(shown.table.columns, shown.table.rows)
            name = f"{page.run_id}-groups-that-fail.csv"
            text = csv_text(shown.table.columns, shown.table.rows)
            st.download_button("Download as CSV", text, name, "text/csv", key="slices-csv")


def _draw_card(page: OpenPage, card: SliceCard, key: str) -> None:
    said = " ".join(map(str, (card.told, *card.detail)))
    parts = [html.element("h3", card.name, class_="pl-card-title"), html.element("p", said)]
    if card.year is not None:
        parts.append(html.element("p", f"{card.year.sentence} {card.year.bears or ''}".strip()))
    parts.append(paragraphs(card.behind, "pl-why"))
    st.html(html.element("div", html.join(parts), class_="pl-card"))
    with st.expander("What each condition adds, and what was tested behind it", key=f"detail-{key}"):
        chart_view.draw_table(card.conditions.columns, card.conditions.rows)
        if card.tested.rows:
            chart_view.draw_table(card.tested.columns, card.tested.rows)
        if card.year is not None:
            draw_paragraphs([HOW_TO_READ.partition(". ")[2]], "pl-how")
    _draw_link(page, card)


def _draw_link(page: OpenPage, card: SliceCard) -> None:
    """Ask about the same cases; nothing for readers who may not ask."""
    if page.reader.role.explores and page.run_id is not None and card.link is not None:
        query = {url_state.RUN: page.run_id, **card.link}
        st.page_link(PAGES["recompute"].script, label="Ask about these cases", query_params=query)


def _draw_leads(page: OpenPage, shown: FailuresPage) -> None:
    if not shown.leads:
        return
    draw_heading("Leads, not confirmed")
    draw_paragraphs([LEADS], "pl-line")
    for card in shown.leads:
        body = html.element("p", str(card.told))
        st.html(html.element("div", html.element("p", card.name, class_="pl-about"), body, class_="pl-reason"))
        _draw_link(page, card)


def _draw_tree(shown: FailuresPage) -> None:
    if not shown.losses:
        return
    draw_heading("A short story of the errors")
    if shown.tree is None:
        draw_paragraphs([shown.no_tree], "pl-line")
        return
    draw_paragraphs([shown.tree.how], "pl-how")
    draw_paragraphs(shown.tree.sentences, "pl-line")
    with st.expander("All leaves as a table"):
        chart_view.draw_table(shown.tree.table.columns, shown.tree.table.rows)


def _draw_not_shown(shown: FailuresPage) -> None:
    draw_heading("What this does not show")
    told = ["It says where errors gather, not why. More than three conditions together were not looked at."]
    if shown.columns:
        told.append(f"Looked at: {shown.columns}.")
    draw_paragraphs(told, "pl-line")
    if shown.left_out:
        with st.expander("Columns that were left out"):
            chart_view.draw_table(("Column", "Why"), shown.left_out)
    _draw_not_tested(shown.not_tested)


def _draw_not_tested(rows: Sequence[NotTested]) -> None:
    """What was not looked for, why, and the line of the plan that would change it."""
    items = []
    for row in rows:
        line = html.element("code", row.add_to_plan) if row.add_to_plan else None
        hint = html.element("span", " Add to the plan: ", line, class_="pl-add") if line else None
        why = html.element("span", f"Not tested: {row.reason.rstrip('.')}.")
        items.append(html.element("li", html.element("strong", row.what), " ", why, hint))
    if items:
        st.html(html.element("ul", html.join(items), class_="pl-unknown"))
