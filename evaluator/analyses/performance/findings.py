"""Numbers to findings. Every check appears once: found, clear, or not tested with its reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.analyses.finding_row import finding_row
from evaluator.analyses.performance.class_findings import (
    ClassMaterial,
    class_material,
    found_less_often,
    often_mixed_up,
)
from evaluator.analyses.performance.class_words import ClassWords
from evaluator.analyses.performance.second_opinion import Opinion, same_by_drawing
from evaluator.catalogue.baselines import BASELINES, MAJORITY, MEDIAN
from evaluator.records import ALL, MODEL, AnalysisTables, Estimate, Finding, Outcome, Paired, Population, Words
from evaluator.statistics.quantiles import normal_quantile
from evaluator.wording import Sentence, compose, evidence_id, join, metric_sentence, paired_sentence
from evaluator.wording.reading import scale, share

LEAD = "mean_absolute_error"
ELSEWHERE = "Promised probabilities are judged by the analysis of calibration, which adjusts for all its checks."
SAME_ANSWER = {MAJORITY: "the same answer for everyone"}


@dataclass(frozen=True, slots=True)
class Material:
    """What the checks read."""

    estimates: dict[tuple[str, str], Estimate]
    paired: dict[tuple[str, str], Paired]
    everyone: Population
    windows: tuple[Population, ...]
    words: Words
    numbers: bool
    """The model predicts numbers."""
    classes: ClassMaterial
    opinions: tuple[Opinion, ...]


def findings(
    tables: AnalysisTables,
    populations: Sequence[Population],
    words: Words,
    class_words: ClassWords | None = None,
    opinions: tuple[Opinion, ...] = (),
) -> tuple[Finding, ...]:
    """Run every check of this analysis; `class_words` are those of each class where there are several."""
    of_model = [row for row in tables.estimates if row.subject == MODEL and not row.class_]
    everyone = next(row for row in populations if row.population_id == ALL)
    material = Material(
        estimates={(row.metric, row.population_id): row for row in of_model},
        paired={(row.metric, row.b): row for row in tables.paired if row.population_id == ALL and not row.class_},
        everyone=everyone,
        windows=tuple(sorted((row for row in populations if row.kind == "window"), key=lambda row: row.position)),
        words=words,
        numbers=any(row.metric == LEAD for row in tables.estimates),
        classes=class_material(tables, everyone, class_words or {}),
        opinions=opinions,
    )
    return tuple(finding_row(code, *check(material)) for code, check in CHECKS.items())


Checked = tuple[Outcome, Sentence | str, str, Sequence[str]]
"""Outcome, sentence, metric, ids of the evidence."""


def _no_better_than_one_answer(material: Material) -> Checked:
    if material.numbers:
        return _no_better_than_the_middle(material)
    row = material.paired.get(("accuracy", MAJORITY))
    if row is None or row.status != "ok" or row.low is None:
        return "not_tested", "There are no decisions to compare with one answer for everyone.", "accuracy", ()
    said = paired_sentence(row, material.words, material.everyone, SAME_ANSWER)
    return ("clear" if row.low > 0 else "found"), said, "accuracy", (evidence_id(row),)


def _no_better_than_the_middle(material: Material) -> Checked:
    row = material.paired.get((LEAD, MEDIAN))
    if row is None or row.status != "ok" or row.high is None:
        return "not_tested", "The distance from what was seen could not be compared with that of one value.", LEAD, ()
    said = paired_sentence(row, material.words, material.everyone, {MEDIAN: BASELINES[MEDIAN].words})
    return ("clear" if row.high < 0 else "found"), said, LEAD, (evidence_id(row),)


def _promises_not_kept(material: Material) -> Checked:
    if material.numbers:
        return _leaning(material)
    return "not_tested", ELSEWHERE, "calibration_slope", ()


def _holds(row: Estimate, ideal: float) -> bool:
    return row.low is not None and row.high is not None and row.low <= ideal <= row.high


def _leaning(material: Material) -> Checked:
    row = material.estimates.get(("mean_error", ALL))
    if row is None or row.status != "ok" or row.low is None:
        return "not_tested", "There are too few cases to see whether predictions lean to one side.", "mean_error", ()
    said = metric_sentence(row, material.words, material.everyone)
    return ("clear" if _holds(row, 0.0) else "found"), said, "mean_error", (evidence_id(row),)


def _worse_lately(material: Material) -> Checked:
    several = bool(material.classes.words)
    metric = LEAD if material.numbers else "accuracy" if several else "auc"
    rows = [material.estimates.get((metric, window.population_id)) for window in material.windows]
    known = [row for row in rows if row is not None and row.value is not None and row.se]
    if len(known) < 2 or rows[-1] is None or rows[-1] is not known[-1]:
        return "not_tested", "There are not two time windows with enough cases to compare.", metric, ()
    last, before = known[-1], known[:-1]
    weights = [1 / (row.se or math.inf) ** 2 for row in before]
    earlier = sum(weight * (row.value or 0.0) for weight, row in zip(weights, before, strict=True)) / sum(weights)
    se = math.hypot(last.se or 0.0, 1 / math.sqrt(sum(weights)))
    better = ((last.value or 0.0) - earlier) * (-1 if material.numbers else 1)
    worse = better + normal_quantile(last.level) * se < 0
    said = _window_lately(last, material, worse=worse) if material.numbers or several else _lately(last, earlier)
    return ("found" if worse else "clear"), said, metric, [evidence_id(row) for row in known]


def _window_lately(last: Estimate, material: Material, *, worse: bool) -> Sentence:
    window = next(row for row in material.windows if row.population_id == last.population_id)
    how = "further off" if material.numbers else "worse"
    beside = f"that is provably {how} than before." if worse else f"it is not provably {how} than before."
    return join(metric_sentence(last, material.words, window), compose(beside))


def _lately(last: Estimate, earlier: float) -> Sentence:
    evidence = evidence_id(last)
    assert last.value is not None
    assert last.low is not None
    assert last.high is not None
    per = 1_000
    return compose(
        "in the last window it ranked ", share(last.value, per, "value", evidence), " of ", scale(per, evidence),
        " pairs rightly (", share(last.low, per, "low", evidence), " to ", share(last.high, per, "high", evidence),
        "); before, ", share(earlier, per, "comparison", evidence), ".",
    )  # fmt: skip


CHECKS: dict[str, Callable[[Material], Checked]] = {
    "PERF01": _no_better_than_one_answer,
    "PERF02": _promises_not_kept,
    "PERF03": _worse_lately,
    "PERF04": lambda material: same_by_drawing(material.opinions),
    "PERF05": lambda material: often_mixed_up(material.classes),
    "PERF06": lambda material: found_less_often(material.classes),
}
