"""The brief: what is asked, what is recommended, the strongest for and against, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.report.brief import Brief, Unknown
from evaluator.report.reasons import Reason
from pages.parts import html
from pages.parts.cards import draw_heading, fact_list, heading, paragraphs, reason_card
from pages.parts.chart_view import draw_picture
from pages.parts.comments import draw_comments

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw the brief of the page's run."""
    brief = page.brief
    _draw_answer(brief, page.evidence.plan.stage)
    _draw_reasons(brief, page.palette)
    if brief.requirements is not None:
        draw_heading("The requirements, worst first")
        draw_picture(brief.requirements, page.palette, "requirements")
    parts = [
        heading("What it is"),
        fact_list(brief.what_it_is),
        heading("What is not known"),
        _unknown(brief.not_known),
        heading("How far this can be trusted"),
        paragraphs(brief.badges, "pl-line"),
    ]
    st.html(html.join(parts))
    draw_comments(page)


def _draw_answer(brief: Brief, stage: str) -> None:
    kicker = f"For decision {stage}" if stage == "before release" else f"Review: {stage}"
    parts = [
        html.element("p", kicker, class_="pl-kicker"),
        html.element("h1", brief.question, class_="pl-h1"),
        html.element("p", str(brief.recommendation), class_="pl-answer"),
        html.element("p", f"{brief.small} {brief.counts} {brief.decision}".strip(), class_="pl-lead"),
    ]
    st.html(html.join(parts))


def _draw_reasons(brief: Brief, palette: Palette) -> None:
    sides = (
        ("Strongest for", brief.reasons_for, "No requirement is provably met."),
        ("Strongest against", brief.reasons_against, "No requirement is open."),
    )
    for column, (title, reasons, empty) in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            st.html(html.join([heading(title), _side(reasons, empty, palette)]))


def _side(reasons: Sequence[Reason], empty: str, palette: Palette) -> html.Html:
    cards = [reason_card(reason, palette) for reason in reasons] or [html.element("p", empty)]
    return html.element("div", html.join(cards), class_="pl-side")


def _unknown(rows: Sequence[Unknown]) -> html.Html:
    if not rows:
        return html.element("p", "Nothing was declared unknown, and everything the plan asked for was tested.")
    return html.element("ul", html.join(_unknown_item(row) for row in rows), class_="pl-unknown")


def _unknown_item(row: Unknown) -> html.Html:
    line = html.element("code", row.add_to_plan) if row.add_to_plan else None
    hint = html.element("span", "Add to the plan: ", line, class_="pl-add") if line else None
    return html.element("li", html.element("strong", row.what), " ", html.element("span", row.why), hint)
