"""The scorecard: errors in people, requirements, calibration, the cut-off, groups and all metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evaluator.analyses.performance import draw as pictures
from evaluator.analyses.performance import words as said
from evaluator.catalogue.metrics import MULTICLASS
from evaluator.records import ALL, MODEL, PREVIOUS
from evaluator.report import scorecard as content
from evaluator.report.csv_text import csv_text
from evaluator.report.evidence import Evidence
from evaluator.verdicts.draw import requirements_title, worst_first
from pages.parts import chart_view, scorecard_calibration, scorecard_classes, url_state
from pages.parts.cards import draw_heading, draw_paragraphs, draw_requirement_cards, draw_title
from pages.parts.groups import draw_planned_groups
from pages.parts.question_links import link_to_question
from pages.parts.scorecard_numbers import draw_distances, draw_errors, draw_promise

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw(page: OpenPage) -> None:
    """Draw the scorecard of the page's run."""
    evidence = page.evidence
    draw_title(requirements_title(evidence.criteria))
    numbers, classes = evidence.run.task == "regression", evidence.run.task == MULTICLASS
    if numbers:
        draw_distances(page, evidence)
    elif classes:
        scorecard_classes.draw_mix_ups(page, evidence)
    else:
        _draw_errors(page, evidence)
    draw_heading("The requirements")
    draw_requirement_cards(evidence, worst_first(evidence.criteria), page.palette)
    if classes:
        scorecard_classes.draw_each_class(page, evidence)
    draw_planned_groups(page, "For each group and over time")
    if numbers:
        draw_promise(page, evidence)
    else:
        scorecard_calibration.draw_promise(page, evidence)
    if not numbers and not classes:
        _draw_threshold(page, evidence)
    _draw_all(page, evidence)


def _draw_errors(page: OpenPage, evidence: Evidence) -> None:
    small = said.small_sample(evidence.estimate("accuracy"), evidence.words.cases)
    errors = said.error_sentences(evidence.estimates, evidence.words, evidence.everyone)
    draw_paragraphs([str(sentence) for sentence in ([small] if small else []) + errors], "pl-lead")
    tree = pictures.people_tree(evidence.estimates, evidence.words, evidence.everyone)
    if tree is not None:
        chart_view.draw_picture(tree, page.palette, "tree", heading="h2")
    compared = said.comparison_sentences(evidence.paired, evidence.words, evidence.everyone, evidence.names())
    if compared:
        draw_heading("Compared with")
        draw_paragraphs([str(sentence) for sentence in compared], "pl-line")


def _draw_threshold(page: OpenPage, evidence: Evidence) -> None:
    missed = evidence.curves.get(("threshold_false_negative_rate", MODEL, ALL))
    alarms = evidence.curves.get(("threshold_false_positive_rate", MODEL, ALL))
    if not missed or not alarms:
        return
    draw_heading("What would another cut-off do?")
    chart = pictures.threshold_lines(missed, alarms, evidence.words, evidence.plan.task.threshold)
    chart_view.draw_chart(chart, page.palette, "threshold")
    link_to_question(page, "Try another cut-off")


def _draw_all(page: OpenPage, evidence: Evidence) -> None:
    draw_heading("Everything measured")
    if not url_state.toggle("Show all metrics and curves", "all"):
        return
    columns, rows = content.metric_columns(evidence), content.metric_rows(evidence)
    chart_view.draw_table(columns, rows)
    st.download_button("Download as CSV", csv_text(columns, rows), f"{evidence.run.run_id}-metrics.csv", "text/csv")
    scorecard_classes.draw_class_table(evidence)
    draw_errors(page, evidence)
    names = {MODEL: f"version {evidence.run.version}", PREVIOUS: evidence.names().get(PREVIOUS, "earlier version")}
    for name, title in content.RANKING_CURVES.items():
        curves = [
            (label, evidence.curves[name, who, ALL])
            for who, label in names.items()
            if (name, who, ALL) in evidence.curves
        ]
        if curves:
            chance = pictures.positive_share(evidence.estimates)
            chart = pictures.ranking_lines(name, curves, title=title, chance=chance)
            chart_view.draw_chart(chart, page.palette, name)
    histogram = evidence.curves.get(("score_histogram", MODEL, ALL))
    if histogram:
        scores = pictures.score_histogram(histogram, evidence.words, evidence.plan.task.threshold)
        chart_view.draw_chart(scores, page.palette, "scores")
