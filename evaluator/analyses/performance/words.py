"""Estimates to the sentences of the scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluator.catalogue.baselines import MAJORITY
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import SMALL_TEST
from evaluator.records import MODEL, PREVIOUS, Estimate, Paired, Population, Words
from evaluator.wording import (
    Phrase,
    Quoted,
    Sentence,
    bears_sentence,
    compose,
    evidence_id,
    metric_sentence,
    paired_sentence,
)
from evaluator.wording.numbers import choose_unit_places
from evaluator.wording.reading import Reading, count, decimal, has_value, scale, share

Estimates = Mapping[tuple[str, str, str], Estimate]
Pairs = Mapping[tuple[str, str, str], Paired]
ERRORS = ("false_negative_rate", "false_positive_rate")
SAME_ANSWER = "the same answer for everyone"
THOUSAND = 1_000


def error_sentences(estimates: Estimates, words: Words, population: Population) -> list[Sentence]:
    """Both kinds of error in people, of the same round number, each with who bears it."""
    found = [estimates.get((metric, MODEL, population.population_id)) for metric in ERRORS]
    rows = [row for row in found if row is not None and row.status != "not_tested"]
    per = max((Reading(row, words, population).scale() for row in rows if has_value(row)), default=None)
    said: list[Sentence] = []
    for row in rows:
        metric = row.metric
        said.append(metric_sentence(row, words, population, level_said=bool(said), per=per))
        said.extend([sentence] if (sentence := bears_sentence(metric, words)) is not None else [])
    return said


def comparison_sentences(
    pairs: Pairs, words: Words, population: Population, names: Mapping[str, str]
) -> list[Sentence]:
    """Beside one answer for everyone, and beside the earlier model on both kinds of error."""
    wanted = [("accuracy", MAJORITY), *((metric, PREVIOUS) for metric in ERRORS)]
    called = {**names, MAJORITY: SAME_ANSWER}
    rows = [pairs.get((metric, other, population.population_id)) for metric, other in wanted]
    known = [row for row in rows if row is not None and row.status == "ok"]
    return [paired_sentence(row, words, population, called) for row in known]


def calibration_title(estimates: Estimates, words: Words, population: Population) -> Sentence:
    """Whether outcomes run above or below what the score promises, as far as the ranges tell."""
    row = estimates.get(("calibration_intercept", MODEL, population.population_id))
    slope = estimates.get(("calibration_slope", MODEL, population.population_id))
    if row is None or row.low is None or row.high is None:
        return compose("promised and seen shares side by side.")
    outcome = () if words.plain else (" (", Quoted(words.positive), ")")
    if row.low > 0:
        return compose("the outcome", *outcome, " came more often than the score promised.")
    if row.high < 0:
        return compose("the outcome", *outcome, " came less often than the score promised.")
    if slope is not None and slope.low is not None and slope.high is not None and not slope.low <= 1 <= slope.high:
        lean = "extreme" if slope.high < 1 else "timid"
        return compose("on average the promise holds, but the scores are too ", lean, ".")
    return compose("no lean is proven: what was seen fits what the score promised.")


def spread_title(metric: str, rows: Sequence[tuple[Population, Estimate]], per: int = THOUSAND) -> Sentence:
    """From the lowest group to the highest, shares of `per`; a description, not a claim that they differ."""
    known = [(population, row) for population, row in rows if row.value is not None]
    if len(known) < 2:
        return compose("too few groups have enough cases to compare.")
    low, high = (pick(known, key=lambda pair: pair[1].value or 0.0) for pick in (min, max))
    places = 2
    if METRICS[metric].unit == "label":
        places = choose_unit_places([row.value for _, row in known if row.value is not None])
    return compose(
        Quoted(METRICS[metric].label), ": from ", *_number(low[1], metric, places, per), " (", Quoted(low[0].label), ") to ",
        *_number(high[1], metric, places, per), " (", Quoted(high[0].label), ")", *_per(metric, high[1], per), ".",
    )  # fmt: skip


def _number(row: Estimate, metric: str, places: int, per: int) -> Phrase:
    assert row.value is not None
    if METRICS[metric].unit == "fraction":
        return (share(row.value, per, "value", evidence_id(row)),)
    return (decimal(row.value, places, "value", evidence_id(row)),)


def _per(metric: str, row: Estimate, per: int) -> Phrase:
    return (" of ", scale(per, evidence_id(row))) if METRICS[metric].unit == "fraction" else ()


def small_sample(estimate: Estimate | None, cases: str) -> Sentence | None:
    """The line that a small test set leads with."""
    if estimate is None or estimate.n >= SMALL_TEST:
        return None
    return compose("small test set: ", count(estimate.n, "n", evidence_id(estimate)), " ", Quoted(cases), ".")
