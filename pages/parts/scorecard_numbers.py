"""The scorecard of a model that predicts numbers: how far it is off, for which part of the range, and how many are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluator.analyses.performance import number_draw as pictures
from evaluator.analyses.performance import number_words as said
from evaluator.analyses.performance.words import small_sample
from evaluator.records import ALL, MODEL
from evaluator.report import scorecard as content
from evaluator.report.evidence import Evidence
from pages.parts import chart_view, url_state
from pages.parts.cards import draw_heading, draw_paragraphs

if TYPE_CHECKING:
    from pages.parts.shell import OpenPage


def draw_distances(page: OpenPage, evidence: Evidence) -> None:
    """How far predictions are off, how many are near enough, and beside what."""
    small = small_sample(evidence.estimate(said.LEAD), evidence.words.cases)
    told = said.distance_sentences(evidence.estimates, evidence.words, evidence.everyone)
    draw_paragraphs([str(sentence) for sentence in ([small] if small else []) + told], "pl-lead")
    within = evidence.curves.get(("within_distance", MODEL, ALL))
    if within:
        chart_view.draw_chart(pictures.within_lines(within, evidence.words, evidence.everyone), page.palette, "within")
    compared = said.number_comparison_sentences(
        evidence.paired, evidence.words, evidence.everyone, evidence.names()
    )  # fmt: skip
    if compared:
        draw_heading("Compared with")
        draw_paragraphs([str(sentence) for sentence in compared], "pl-line")


def draw_promise(page: OpenPage, evidence: Evidence) -> None:
    """What was seen for what was predicted, and for which part of the range predictions are furthest off."""
    options = content.calibrated_populations(evidence)
    if options:
        draw_heading("Does it keep its promise?")
        chosen = url_state.select("Whom", "whom", list(options), default=ALL, shown=lambda key: options[key])
        population = evidence.populations[chosen]
        title = str(said.lean_title(evidence.estimate("mean_error", MODEL, chosen)))
        points = evidence.curves[content.SEEN_BY_PREDICTED, MODEL, chosen]
        chart = pictures.seen_lines(points, evidence.words, population, title=title)
        chart_view.draw_chart(chart, page.palette, "calibration")
    by_size = evidence.curves.get(("size_by_label", MODEL, ALL))
    if by_size:
        draw_heading("Where is it furthest off?")
        chart_view.draw_chart(pictures.size_lines(by_size, evidence.words), page.palette, "sizes")


def draw_errors(page: OpenPage, evidence: Evidence) -> None:
    """Which predictions lean to one side, and how many are off by how much."""
    leans = evidence.curves.get(("error_by_predicted", MODEL, ALL))
    if leans:
        chart = pictures.lean_lines(leans, evidence.words, title=str(said.parts_title(leans)))
        chart_view.draw_chart(chart, page.palette, "leans")
    points = evidence.curves.get(("error_histogram", MODEL, ALL))
    if points:
        chart_view.draw_chart(pictures.error_histogram(points, evidence.words), page.palette, "errors")
