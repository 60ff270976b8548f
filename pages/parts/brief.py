"""The brief: what is asked, what is recommended, the strongest for and against, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.palette import Palette
from evaluator.report.badges import Badge
from evaluator.report.brief import FOLDED, Brief, Unknown
from evaluator.report.conditions import JUDGED, ProposedCondition
from evaluator.report.questions_worth_asking import WorthAsking
from evaluator.report.reasons import NO_REASON_AGAINST, NO_REASON_FOR, Reason
from evaluator.report.standing import standing_of
from evaluator.wording import decision_words
from pages.parts import html
from pages.parts.brief_files import draw_files, draw_link
from pages.parts.brief_year import draw_year
from pages.parts.cards import draw_heading, fact_list, heading, reason_card
from pages.parts.chart_view import draw_picture
from pages.parts.comments import draw_comments
from pages.parts.decision_view import draw_decision, draw_record_link
from pages.parts.own_question import draw_own_question
from pages.parts.requirement_links import draw_requirement_links

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw the brief of the page's run."""
    brief, standing = page.brief, standing_of(page.events)
    parts = [
        _answer(brief, str(decision_words(standing.decision))),
        _reasons(brief, page.palette),
        _badges(brief.badges),
    ]
    st.html(html.join(parts))
    draw_decision(page, opening=False)
    draw_record_link(page)
    if brief.requirements is not None:
        draw_heading("The requirements, worst first")
        draw_picture(brief.requirements, page.palette, "requirements")
        draw_requirement_links(page)
    draw_year(brief.in_a_year, page.palette)
    facts = fact_list([(label, str(text)) for label, text in brief.what_it_is])
    known = [heading("What it is"), facts, heading("What is not known"), _unknown(brief.not_known)]
    st.html(html.join(known))
    _draw_folded(brief.not_known)
    st.html(html.join([heading("Questions worth asking"), _questions(brief.questions)]))
    draw_own_question(page, standing.questions)
    if brief.conditions:
        st.html(html.join([heading("Conditions an approval could carry"), _conditions(brief.conditions)]))
    draw_heading("Take it along")
    draw_files(page, standing)
    draw_link(page)
    draw_comments(page)


def _answer(brief: Brief, decision: str) -> html.Html:
    minutes = "1 minute" if brief.minutes == 1 else f"{brief.minutes} minutes"
    said = [brief.small, brief.counts, brief.deciding]
    return html.join(
        [
            html.element("p", f"{brief.asked} · {minutes} to read", class_="pl-kicker"),
            html.element("h1", brief.question, class_="pl-h1"),
            html.element("p", f"{brief.recommended} {decision}", class_="pl-answer"),
            html.element("p", " ".join(str(sentence) for sentence in said if sentence), class_="pl-lead"),
        ]
    )


def _reasons(brief: Brief, palette: Palette) -> html.Html:
    sides = (
        ("for", "Strongest for", brief.reasons_for, NO_REASON_FOR),
        ("against", "Strongest against", brief.reasons_against, NO_REASON_AGAINST),
    )
    columns = [
        html.element("div", heading(title), _side(reasons, empty, palette), class_=f"pl-side pl-{key}")
        for key, title, reasons, empty in sides
    ]
    return html.element("div", html.join(columns), class_="pl-sides")


def _side(reasons: Sequence[Reason], empty: str, palette: Palette) -> html.Html:
    return html.join([reason_card(reason, palette) for reason in reasons] or [html.element("p", empty)])


def _badges(badges: Sequence[Badge]) -> html.Html:
    """How far this can be trusted; what a reader should question comes in bold."""
    items = [
        html.element("li", str(badge.text), class_="pl-badge pl-attention" if badge.attention else "pl-badge")
        for badge in badges
    ]
    return html.join([heading("How far this can be trusted"), html.element("ul", html.join(items), class_="pl-badges")])


def _unknown(rows: Sequence[Unknown]) -> html.Html:
    if not rows:
        return html.element("p", "Nothing was declared unknown, and everything the plan asked for was tested.")
    shown = [row for row in rows if row.kind not in FOLDED]
    if not shown:
        return html.element("p", "Every requirement could be tested, and the plan declares no assumption.")
    return html.element("ul", html.join(_unknown_item(row) for row in shown), class_="pl-unknown")


def _draw_folded(rows: Sequence[Unknown]) -> None:
    """Checks that could not run, and what the plan itself says against the evidence."""
    for kind, title in (("check", "Checks that could not run"), ("limitation", "Limitations that the plan names")):
        found = [row for row in rows if row.kind == kind]
        if found:
            with st.expander(f"{title} ({len(found)})"):
                st.html(html.element("ul", html.join(_unknown_item(row) for row in found), class_="pl-unknown"))


def _unknown_item(row: Unknown) -> html.Html:
    line = html.element("code", row.add_to_plan) if row.add_to_plan else None
    hint = html.element("span", "Add to the plan: ", line, class_="pl-add") if line else None
    return html.element("li", html.element("strong", row.what), " ", html.element("span", row.why), hint)


def _questions(rows: Sequence[WorthAsking]) -> html.Html:
    if not rows:
        return html.element("p", "The evidence has no gap that asks for one.")
    items = [
        html.element("li", html.element("strong", str(row.question)), " ", html.element("span", str(row.reason)))
        for row in rows
    ]
    return html.element("ol", html.join(items), class_="pl-unknown")


def _conditions(rows: Sequence[ProposedCondition]) -> html.Html:
    """One per open requirement that does not block; who decides sets the date."""
    items = [
        html.element("li", html.element("strong", str(row.text)), " ", html.element("span", _about(row)))
        for row in rows
    ]
    owners = {row.owner for row in rows if row.owner}
    who = f" Owner of the model: {owners.pop()}." if owners else ""
    lead = f"Each belongs to an open requirement that does not block. {JUDGED}{who} The committee sets the dates."
    return html.join(
        [html.element("p", lead, class_="pl-how"), html.element("ol", html.join(items), class_="pl-unknown")]
    )


def _about(row: ProposedCondition) -> str:
    return f"{row.limit} For: {row.question}"
