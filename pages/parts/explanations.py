"""What does the score lean on: features in order, what one of them does, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from evaluator.catalogue.pages import PAGES
from evaluator.report.evidence import Evidence
from evaluator.report.explanations import Check, ExplanationsPage, explanations_of
from evaluator.report.explanations_parts.group_gap import first_group, group_gap_of, groups_with_gaps
from evaluator.report.explanations_parts.group_told import TITLE as TOLD
from evaluator.report.explanations_parts.group_told import groups_told
from evaluator.report.explanations_parts.imitation import imitation_of
from evaluator.wording import format_count
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title
from pages.parts.explanation_parts import one_case, one_feature
from pages.parts.job_view import draw_job

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

CLASS, LOOK, GROUP = "class", "look", "group"
FEATURE, PERSON = "feature", "person"


def draw(page: OpenPage) -> None:
    """Draw the explanations of the page's run, or what is missing for them."""
    evidence = page.evidence
    shown = explanations_of(evidence, st.query_params.get(CLASS, ""))
    draw_title(str(shown.headline))
    draw_paragraphs(shown.lead, "pl-lead")
    draw_paragraphs([shown.stability] if shown.stability else [], "pl-how")
    _draw_class(shown)
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "importance", titled=False, narrow=shown.short_picture)
    _draw_doors(page, evidence, shown)
    draw_paragraphs([shown.made_before] if shown.made_before else [], "pl-how")
    _draw_group_gap(page, evidence)
    _draw_checks("Can this be trusted?", shown.trust)
    _draw_model_check(page, evidence)
    _draw_second(page, shown)
    _draw_checks("What it leans on", shown.reliance)
    _draw_groups_told(evidence)
    _draw_imitation(evidence, shown)
    _draw_not_tested(shown)


def _draw_class(shown: ExplanationsPage) -> None:
    """The choice of one outcome of several."""
    if shown.classes:
        names, first = shown.classes, next(iter(shown.classes))
        url_state.select("Which outcome?", CLASS, list(names), default=first, shown=lambda name: names[name])


def _draw_doors(page: OpenPage, evidence: Evidence, shown: ExplanationsPage) -> None:
    """Two ways further: what one feature does, and why one case got its score. A link to a case opens its door."""
    if not evidence.cases:
        if shown.features:
            draw_heading("What does one feature do?")
            _draw_feature(page, evidence, shown)
        return
    doors = {
        FEATURE: "What does one feature do?",
        PERSON: "Why this person?" if evidence.words.people else f"Why this {evidence.words.case}?",
    }
    default = PERSON if one_case.CASE in st.query_params else FEATURE
    with st.container(key="explanation-doors"):
        look = url_state.segments("Look closer", LOOK, list(doors), default=default, shown=lambda name: doors[name])
    draw_heading(doors[look])
    if look == PERSON:
        one_case.draw(page, evidence)
    else:
        _draw_feature(page, evidence, shown)


def _draw_feature(page: OpenPage, evidence: Evidence, shown: ExplanationsPage) -> None:
    """One feature; where no outcome of several is chosen, what it does to the score of the first."""
    first = next((name for name in shown.classes if name), "")
    if shown.class_ or not first:
        one_feature.draw(page, evidence, shown)
        return
    draw_paragraphs(
        [f"Shown is the score of the outcome “{shown.classes[first]}”; choose another one above."], "pl-how"
    )
    one_feature.draw(page, evidence, explanations_of(evidence, first))


def _draw_group_gap(page: OpenPage, evidence: Evidence) -> None:
    """Where the difference in scores between a group and the others lies."""
    groups = groups_with_gaps(evidence)
    if not groups:
        return
    draw_heading("Where do scores of groups differ?")
    group = url_state.select(
        "Which group?", GROUP, list(groups), default=first_group(evidence, groups), shown=lambda name: groups[name]
    )
    part = group_gap_of(evidence, group)
    if part is None:
        return
    chart_view.draw_picture(part.picture, page.palette, "group-gap")
    draw_paragraphs([part.caution], "pl-line")
    if page.run_id is not None:
        query = {url_state.RUN: page.run_id, **part.query}
        st.page_link(PAGES["fairness"].script, label="More about this group", query_params=query)


def _draw_checks(heading: str, checks: Sequence[Check]) -> None:
    """Every check with its outcome, what was seen, and what to do."""
    if not checks:
        return
    draw_heading(heading)
    columns: tuple[str, ...] = ("Check", "Outcome", "What was seen", "What to do")
    # The last column is there only when something is to be done.
    width = len(columns) if any(check.action for check in checks) else len(columns) - 1
    lines = ((check.about, check.outcome, check.sentence, check.action) for check in checks)
    chart_view.draw_table(columns[:width], tuple(line[:width] for line in lines))


def _draw_model_check(page: OpenPage, evidence: Evidence) -> None:
    """Ask the kept model again, away from this app."""
    if evidence.run.model_sha256 is None or not evidence.plan.settings.keep_model:
        return
    if not page.reader.role.starts_jobs:
        return
    with st.expander("Ask the model again"):
        st.text("The model that the run kept gives its scores anew, and they are held against the supplied ones.")
        answer = draw_job("model", "check_model", {"run_id": evidence.run.run_id}, "Ask the model", page)
        if answer is not None:
            draw_paragraphs([_answered(answer)], "pl-line")


def _answered(answer: dict[str, Any]) -> str:
    reproduced, n = int(answer["reproduced"]), int(answer["n"])
    same = "" if answer["deterministic"] else " Asked twice, it gives different answers."
    return f"{format_count(reproduced)} of {format_count(n)} scores were reproduced.{same}"


def _draw_second(page: OpenPage, shown: ExplanationsPage) -> None:
    if shown.second is None:
        return
    draw_heading("A second opinion")
    draw_paragraphs([shown.second_words] if shown.second_words else [], "pl-line")
    draw_paragraphs(shown.disagreements, "pl-line")
    chart_view.draw_picture(shown.second, page.palette, "second")


def _draw_groups_told(evidence: Evidence) -> None:
    """Every feature that counts against every group, behind the one that the check names."""
    table = groups_told(evidence)
    if table is not None:
        with st.expander(f"{TOLD} ({len(table.rows)})"):
            chart_view.draw_table(table.columns, table.rows)


def _draw_imitation(evidence: Evidence, shown: ExplanationsPage) -> None:
    """The rules that imitate the score, and how much of it they repeat where no check above says so."""
    imitation = imitation_of(evidence, shown.class_)
    if imitation is None or (imitation.told and not imitation.leaves):
        return
    draw_heading("The score as a few rules")
    draw_paragraphs([] if imitation.told else [imitation.headline], "pl-line")
    if imitation.leaves:
        chart_view.draw_table(imitation.table.columns, imitation.table.rows)


def _draw_not_tested(shown: ExplanationsPage) -> None:
    """What could not be explained, why, and the line of the plan that would change it."""
    if not shown.not_tested:
        return
    draw_heading("What was not tested")
    items = []
    for row in shown.not_tested:
        line = html.element("code", row.add_to_plan) if row.add_to_plan else None
        hint = html.element("span", "Add to the plan: ", line, class_="pl-add") if line else None
        items.append(
            html.element(
                "li", html.element("strong", row.what), " ", html.element("span", f"Not tested: {row.reason}."), hint
            )
        )
    st.html(html.element("ul", html.join(items), class_="pl-unknown"))
