"""The brief: what is asked, what is recommended, the strongest for and against, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.report.brief import Brief, Unknown, brief_of
from evaluator.report.reasons import Reason
from pages.parts import html
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title, fact_list, reason_card
from pages.parts.chart_view import draw_picture
from pages.parts.comments import draw_comments

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw the brief of the page's run."""
    brief = brief_of(page.evidence)
    _draw_answer(brief, page.evidence.plan.stage)
    _draw_reasons(brief, page.palette)
    if brief.requirements is not None:
        draw_heading("The requirements, worst first")
        draw_picture(brief.requirements, page.palette, "requirements")
    draw_heading("What it is")
    st.html(fact_list(brief.what_it_is))
    draw_heading("What is not known")
    _draw_unknown(brief.not_known)
    draw_heading("How far this can be trusted")
    draw_paragraphs(brief.badges, "pl-line")
    draw_comments(page)


def _draw_answer(brief: Brief, stage: str) -> None:
    st.html(
        html.element(
            "p", f"For decision {stage}" if stage == "before release" else f"Review: {stage}", class_="pl-kicker"
        )
    )
    draw_title(brief.question)
    st.html(html.element("p", f"{brief.recommendation}", class_="pl-answer"))
    draw_paragraphs([f"{brief.counts} {brief.decision}"], "pl-lead")


def _draw_reasons(brief: Brief, palette: Palette) -> None:
    sides = (
        ("Strongest for", brief.reasons_for, "No requirement is provably met."),
        ("Strongest against", brief.reasons_against, "No requirement is open."),
    )
    for column, (title, reasons, empty) in zip(st.columns(2, gap="large"), sides, strict=True):
        with column:
            draw_heading(title)
            st.html(_side(reasons, empty, palette))


def _side(reasons: Sequence[Reason], empty: str, palette: Palette) -> html.Html:
    cards = [reason_card(reason, palette) for reason in reasons] or [html.element("p", empty)]
    return html.element("div", html.join(cards), class_="pl-side")


def _draw_unknown(rows: Sequence[Unknown]) -> None:
    if not rows:
        st.text("Nothing was declared unknown, and everything the plan asked for was tested.")
        return
    st.html(html.element("ul", html.join(_unknown_item(row) for row in rows), class_="pl-unknown"))


def _unknown_item(row: Unknown) -> html.Html:
    line = html.element("code", row.add_to_plan) if row.add_to_plan else None
    hint = html.element("span", "Add to the plan: ", line, class_="pl-add") if line else None
    return html.element("li", html.element("strong", row.what), " ", html.element("span", row.why), hint)
