"""For whom does it work less well: gaps with their limits, then who, what goes against what, and where from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from evaluator.catalogue.metrics import METRICS
from evaluator.report import fairness as content
from evaluator.report.checks import CHECK_COLUMNS, attention, check_rows
from evaluator.report.classes import labels_of
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.report.fairness_parts.beside import beside_of
from evaluator.report.fairness_parts.checks import check_labels, checks_not_told, checks_of
from evaluator.wording.burden import ERRORS
from pages.parts import chart_view, html, url_state
from pages.parts.cards import draw_attention, draw_heading, draw_paragraphs, draw_title
from pages.parts.fairness_parts import (
    burden,
    conditional,
    distributions,
    four_fifths,
    statutory,
    together,
    traces,
    tradeoffs,
    unknowns,
    which_people,
)
from pages.parts.fairness_parts.chosen import chosen_attribute, chosen_metric

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage

Part = Callable[["OpenPage", Evidence], None]


def draw(page: OpenPage) -> None:
    """Draw the fairness page of the page's run."""
    evidence = page.evidence
    classes = labels_of(evidence)
    class_ = url_state.chosen("class", ["", *classes], "")
    shown = content.fairness_of(evidence, st.query_params.get("metric", ""), class_)
    draw_title(str(shown.headline))
    for told in shown.told:
        draw_paragraphs([" ".join(str(sentence) for sentence in told.sentences)], "pl-lead")
    if shown.picture is not None:
        chart_view.draw_picture(shown.picture, page.palette, "gaps", heading="h2")
    draw_paragraphs([str(sentence) for sentence in shown.excluded], "pl-line")
    _draw_choices(shown)
    if shown.attributes:
        which_people.draw(page, evidence)
        together.draw(page, evidence)
        tradeoffs.draw(page, evidence)
        traces.draw(page, evidence)
        _draw_checks(evidence, shown)
        _draw_more(page, evidence)
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


def _draw_checks(evidence: Evidence, shown: content.FairnessPage) -> None:
    """What was found and what to do about it; what the sentences at the top say already is left to all checks."""
    if things := attention(checks_not_told(evidence, shown), check_labels(evidence.words)):
        draw_heading("What follows")
        draw_attention(things)


def _draw_more(page: OpenPage, evidence: Evidence) -> None:
    """What a committee seldom needs, one thing at a time: whatever is not chosen costs nothing."""
    views = _views(evidence)
    draw_heading("More about these groups")
    names = {name: label for name, (label, _) in views.items()}
    chosen = url_state.segments("Look at", "more", list(names), default=next(iter(names)), shown=lambda key: names[key])
    views[chosen][1](page, evidence)


def _views(evidence: Evidence) -> dict[str, tuple[str, Part]]:
    """The views that the run has records for, each with its label."""
    people = "People" if evidence.words.people else "Cases"
    offered: dict[str, tuple[str, Part, bool]] = {
        "burden": ("Who bears the errors", burden.draw, any(row.metric in ERRORS for row in evidence.group_gaps)),
        "alike": (f"{people} alike otherwise", conditional.draw, bool(evidence.conditionals)),
        "ratios": (
            "Four fifths",
            four_fifths.draw,
            any(row.rule == "four_fifths" for row in evidence.selection_ratios),
        ),
        "unknown": ("Group not known", unknowns.draw, bool(evidence.unknown_bounds)),
        "scores": ("Scores", distributions.draw, bool(evidence.distances)),
        "tables": ("Tables of Local Law 144", statutory.draw, bool(evidence.statutory_tables)),
        "gaps": ("All gaps", _draw_all_gaps, True),
        "checks": ("All checks", _draw_all_checks, True),
    }
    return {name: (label, part) for name, (label, part, there) in offered.items() if there}


def _draw_all_gaps(page: OpenPage, evidence: Evidence) -> None:
    attributes = list(content.attributes_of(evidence))
    attribute = chosen_attribute(evidence, attributes)
    lines = content.gap_lines(evidence, attribute, url_state.chosen("class", ["", *labels_of(evidence)], ""))
    chart_view.draw_table(content.GAP_COLUMNS, lines)
    name = f"{evidence.run.run_id}-gaps.csv"
    st.download_button("Download as CSV", csv_text(content.GAP_COLUMNS, lines), name, "text/csv")
    metric, class_ = chosen_metric(evidence)
    table = beside_of(evidence, attribute, metric, class_)
    if table is not None:
        st.html(html.element("h3", f"{METRICS[metric].label}: each group beside others", class_="pl-chart-title"))
        chart_view.draw_table(table.columns, table.rows)
        name = f"{evidence.run.run_id}-groups-beside-others.csv"
        text = csv_text(table.columns, table.rows)
        st.download_button("Download these groups as CSV", text, name, "text/csv", key="take-beside")


def _draw_all_checks(page: OpenPage, evidence: Evidence) -> None:
    chart_view.draw_table(CHECK_COLUMNS, check_rows(checks_of(evidence), check_labels(evidence.words)))


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
