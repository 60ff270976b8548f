"""For whom does it work less well: gaps with their limits, groups, and two attributes together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.metrics import METRICS
from evaluator.report import fairness as content
from evaluator.report.classes import labels_of
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_title
from pages.parts.question_links import link_to_question

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw the fairness page of the page's run."""
    evidence = page.evidence
    classes = labels_of(evidence)
    class_ = url_state.chosen("class", ["", *classes], "")
    shown = content.fairness_of(evidence, st.query_params.get("metric", ""), class_)
    draw_title(str(shown.headline))
    for told in shown.told:
        draw_paragraphs([" ".join(str(sentence) for sentence in told.sentences)], "pl-lead")
    _draw_choices(shown)
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "gaps", heading="h2")
    draw_paragraphs([str(sentence) for sentence in shown.excluded], "pl-line")
    if shown.attributes:
        _draw_groups(page, evidence, shown)
    if shown.pairs:
        _draw_pair(page, evidence, shown)
    _draw_limits_of_this(shown)


def _draw_choices(shown: content.FairnessPage) -> None:
    """Which class, where there are several, and which number."""
    if shown.classes:
        names = {"": "all of them together", **shown.classes}
        url_state.select("Which class?", "class", list(names), default="", shown=lambda value: names[value])
    if shown.metrics:
        url_state.select(
            "Which number?", "metric", shown.metrics, default=shown.lead, shown=lambda name: METRICS[name].label
        )


def _draw_groups(page: OpenPage, evidence: Evidence, shown: content.FairnessPage) -> None:
    draw_heading("Which people?" if evidence.words.people else "Which cases?")
    attribute = url_state.select(
        "By",
        "by",
        list(shown.attributes),
        default=next(iter(shown.attributes)),
        shown=lambda key: shown.attributes[key],
    )
    picture = content.group_picture(evidence, attribute, shown.metric, shown.class_)
    if picture is None:
        st.text("No group has enough cases to show a number.")
    else:
        chart_view.draw_picture(picture, page.palette, "groups")
    with st.expander("All gaps by this attribute, with ratios"):
        lines = content.gap_lines(evidence, attribute, shown.class_)
        chart_view.draw_table(content.GAP_COLUMNS, lines)
        name = f"{evidence.run.run_id}-gaps.csv"
        st.download_button("Download as CSV", csv_text(content.GAP_COLUMNS, lines), name, "text/csv")


def _draw_pair(page: OpenPage, evidence: Evidence, shown: content.FairnessPage) -> None:
    draw_heading("Two together")
    pair = url_state.select(
        "Which two", "pair", list(shown.pairs), default=next(iter(shown.pairs)), shown=lambda key: shown.pairs[key]
    )
    grid = content.pair_grid(evidence, pair, shown.metric, shown.class_)
    if grid is None:
        st.text("These two were not looked at together.")
        return
    st.html(html.element("h3", grid.title, class_="pl-chart-title"))
    st.html(html.element("p", grid.how_to_read, class_="pl-how"))
    table = grid.as_table()
    chart_view.draw_table(table.columns, table.rows)
    link_to_question(page, "Ask about other groups")


def _draw_limits_of_this(shown: content.FairnessPage) -> None:
    draw_heading("What this does not show")
    told = [
        "Groups are those that the plan names; others were not looked at.",
        "A gap says that errors differ, not why. The limits of a gap hold for all pairs of groups looked at together.",
    ]
    if shown.class_:
        told.append(
            "Every class is looked at by itself. Among many classes, some gap or other can look real by chance: a class "
            "that was chosen for its gap needs new data to confirm it."
        )
    draw_paragraphs(told, "pl-line")
