"""Estimates of predicted numbers to the sentences of the scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluator.analyses.performance.words import Estimates, Pairs
from evaluator.catalogue.baselines import BASELINES, MEDIAN
from evaluator.records import MODEL, PREVIOUS, CurvePoint, Estimate, Population, Words
from evaluator.wording import Sentence, compose, metric_sentence, paired_sentence, plural
from evaluator.wording.reading import count

LEAD = "mean_absolute_error"
LEAN = "curve/performance/error_by_predicted//model/all"
"""The evidence of sentences about the curve of the lean."""
TOLD = (LEAD, "p90_absolute_error", "mean_error")


def distance_sentences(estimates: Estimates, words: Words, population: Population) -> list[Sentence]:
    """How far predictions are off, how far at most for nine in ten, and whether they lean to one side."""
    rows = [estimates.get((metric, MODEL, population.population_id)) for metric in TOLD]
    told = [row for row in rows if row is not None and row.status != "not_tested"]
    return [
        metric_sentence(row, words, population, level_said=position > 0) for position, row in enumerate(told)
    ]  # fmt: skip


def number_comparison_sentences(
    pairs: Pairs, words: Words, population: Population, names: Mapping[str, str]
) -> list[Sentence]:
    """Beside the middle value for everyone, and beside the earlier model."""
    called = {**names, MEDIAN: BASELINES[MEDIAN].words}
    rows = [pairs.get((LEAD, other, population.population_id)) for other in (MEDIAN, PREVIOUS)]
    known = [row for row in rows if row is not None and row.status == "ok"]
    return [paired_sentence(row, words, population, called) for row in known]


def parts_title(points: Sequence[CurvePoint]) -> Sentence:
    """For how many parts of the predictions a lean is shown by the range of that part alone."""
    leaning = [point for point in points if point.low is not None and point.high is not None]
    leaning = [point for point in leaning if (point.low or 0.0) > 0 or (point.high or 0.0) < 0]
    if not leaning:
        return compose("no part of the predictions leans to one side by its own range.")
    parts = plural(len(points), " part", " parts")
    of = count(len(points), "n", LEAN)
    return compose(
        count(len(leaning), "count", LEAN), " of ", of, parts, " of the predictions ",
        plural(len(leaning), "leans", "lean"), " to one side, by ", plural(len(leaning), "its own range.", "their own ranges."),
    )  # fmt: skip


def lean_title(row: Estimate | None) -> Sentence:
    """Whether predictions run too high or too low on average, as far as the range tells."""
    if row is None or row.low is None or row.high is None:
        return compose("predicted and seen numbers side by side.")
    if row.low > 0:
        return compose("on average, what was seen lies below what was predicted.")
    if row.high < 0:
        return compose("on average, what was seen lies above what was predicted.")
    return compose("no lean is proven: on average, what was seen fits what was predicted.")
