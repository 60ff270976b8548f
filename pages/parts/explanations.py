"""What does the score lean on: features in order, what one of them does, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from evaluator.charts import Lines
from evaluator.report.evidence import Evidence
from evaluator.report.explanations import Check, ExplanationsPage, explanations_of, feature_page
from evaluator.wording import format_count
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title
from pages.parts.job_view import draw_job

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw the explanations of the page's run, or what is missing for them."""
    evidence = page.evidence
    shown = explanations_of(evidence)
    draw_title(str(shown.headline))
    draw_paragraphs(shown.lead, "pl-lead")
    draw_paragraphs([shown.stability] if shown.stability else [], "pl-how")
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "importance", titled=False)
    if shown.features:
        _draw_feature(page, evidence, shown)
    _draw_checks("Can this be trusted?", shown.trust)
    _draw_model_check(page, evidence)
    _draw_second(page, shown)
    _draw_checks("What it leans on", shown.reliance)
    _draw_not_tested(shown)


def _draw_feature(page: OpenPage, evidence: Evidence, shown: ExplanationsPage) -> None:
    draw_heading("What does one feature do?")
    names = list(shown.features)
    feature = url_state.select(
        "Feature", "feature", names, default=names[0], shown=lambda name: shown.features[name]
    )  # fmt: skip
    found = feature_page(evidence, feature)
    draw_paragraphs([" ".join(map(str, found.sentences))] if found.sentences else [], "pl-line")
    if isinstance(found.picture, Lines):
        chart_view.draw_chart(found.picture, page.palette, "effect")
    elif found.picture is not None:
        chart_view.draw_picture(found.picture, page.palette, "effect")
    else:
        st.text("There is no curve of this feature.")


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
    chart_view.draw_picture(shown.second, page.palette, "second")


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
