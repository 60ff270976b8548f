"""Sentences for predicted numbers: how far they are off, in the unit of the label."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.records import Words
from evaluator.wording.differences import TOO, sided, sided_range
from evaluator.wording.phrases import among_whom, cases, for_whom, subject_name, subject_noun
from evaluator.wording.reading import Reading, bracket, count, lead, level_words, scale, share
from evaluator.wording.rulers import Ruler
from evaluator.wording.scores import PLAIN_NAMES, direction_sentence
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose, evidence_id, join


def mean_absolute_error(reading: Reading) -> Sentence:
    """ "Predictions for women are off by 43 points on average (95% range 39 to 47)."."""
    off = (" are off by ", *_number(reading), " on average", *_range(reading), ".")
    said = compose(lead(reading), "predictions", for_whom(reading.words, reading.population), off)
    return join(said, *_beside(reading))


def median_absolute_error(reading: Reading) -> Sentence:
    """ "Half of the women are predicted within 37 points (95% range 33 to 41)."."""
    return _within(reading, "half of the ")


def p90_absolute_error(reading: Reading) -> Sentence:
    """ "Nine in ten women are predicted within 90 points (95% range 82 to 99)."."""
    return _within(reading, "nine in ten ")


def root_mean_squared_error(reading: Reading) -> Sentence:
    """ "Error that weighs large misses more (RMSE): 54 points (95% range 50 to 58). Lower is better."."""
    name = (PLAIN_NAMES["root_mean_squared_error"], *for_whom(reading.words, reading.population), ": ")
    said = compose(lead(reading), name, _number(reading), _range(reading), ".")
    return join(said, direction_sentence("root_mean_squared_error"), *_beside(reading))


def mean_error(reading: Reading) -> Sentence:
    """ "On average it predicts 3 points too low for women (95% range 1 to 5)."; a lean is claimed if the range shows it."""
    who = subject_noun(reading.estimate.subject, reading.names)
    lean = ("on average ", who, " predicts ", *_lean(reading.ruler(), reading.value, "value", reading.evidence))
    said = compose(lean, for_whom(reading.words, reading.population), _lean_range(reading), ".")
    return join(said, *_no_lean(reading), *_weighted(reading), *_beside(reading))


def r2(reading: Reading) -> Sentence:
    """ "It accounts for 45 of 100 parts of the differences in weight (95% range 40 to 50)."."""
    per, evidence = reading.scale(), reading.evidence
    parts = (share(reading.value, per, "value", evidence), " of ", scale(per, evidence), " parts")
    within = bracket(reading, lambda value, role: share(value, per, role, evidence))
    among, outcome = among_whom(reading.words, reading.population), differences_in(reading.words)
    if reading.value < 0:
        said = compose(lead(reading), among, "of ", outcome, ", ", parts, " are accounted for", within, ".")
    else:
        who = subject_noun(reading.estimate.subject, reading.names)
        said = compose(among, who, " accounts for ", parts, " of ", outcome, within, ".")
    return join(said, _ends_of_r2(per), *_farther_off(reading), *_beside(reading))


def differences_in(words: Words) -> Phrase:
    """ "the differences in weight": what predictions are to account for."""
    return ("the differences in ", Quoted(words.outcome)) if words.outcome else ("the differences",)


def _within(reading: Reading, how_many: str) -> Sentence:
    whom = (how_many, *cases(reading.words, reading.population), " are predicted within ")
    said = compose(lead(reading), whom, _number(reading), _range(reading), ".")
    return join(said, *_beside(reading))


def _number(reading: Reading) -> Phrase:
    """The value and its unit; weighted values are said to be about so much."""
    ruler = reading.ruler()
    about = ("about ",) if reading.estimate.weighted else ()
    return (*about, *ruler.with_unit(ruler.signed_figure(reading.value, "value", reading.evidence)))


def _range(reading: Reading) -> Phrase:
    ruler = reading.ruler()
    return bracket(reading, lambda value, role: ruler.signed_figure(value, role, reading.evidence))


def _lean(ruler: Ruler, value: float, role: str, evidence: str) -> Phrase:
    said = sided(TOO, ruler, value, role, evidence)
    return (*said, " too high or low") if ruler.is_zero(value) else said


def _lean_range(reading: Reading) -> Phrase:
    low, high, evidence = reading.estimate.low, reading.estimate.high, reading.evidence
    if low is None or high is None:
        return (" (exact count)",) if reading.estimate.coverage == "exact_count" else (" (no range)",)
    level = () if reading.level_said else level_words(reading.estimate.level, evidence)
    return (" (", *level, *sided_range(TOO, reading.ruler(), low, high, evidence), ")")


def _weighted(reading: Reading) -> tuple[Sentence, ...]:
    if not reading.estimate.weighted:
        return ()
    rows = " row is weighted." if reading.denominator == 1 else " rows are weighted."
    return (compose("the ", count(reading.denominator, "n", reading.evidence), rows),)


def _no_lean(reading: Reading) -> tuple[Sentence, ...]:
    low, high = reading.estimate.low, reading.estimate.high
    if low is None or high is None or low > 0 or high < 0:
        return ()
    zero = Figure("0", METRICS["mean_error"].ideal, "ideal", "catalogue:mean_error")
    return (compose("the range includes ", zero, ", so no lean is proven."),)


def _ends_of_r2(per: int) -> Sentence:
    none, whole = (share(end, per, role, "catalogue:r2") for end, role in ((0.0, "chance"), (1.0, "ideal")))
    return compose("giving everyone the average accounts for ", none, ", perfect predictions for ", whole, ".")


def _farther_off(reading: Reading) -> tuple[Sentence, ...]:
    high = reading.estimate.high
    return (compose("the average for everyone is closer."),) if high is not None and high < 0 else ()


def _beside(reading: Reading) -> tuple[Sentence, ...]:
    """The same number for a baseline, on the same scale."""
    baseline = reading.baseline
    if baseline is None or baseline.value is None:
        return ()
    metric, evidence = reading.estimate.metric, evidence_id(baseline)
    if metric == "r2":
        other: Phrase = (share(baseline.value, reading.scale(), "comparison", evidence),)
    elif metric == "mean_error":
        other = _lean(reading.ruler(), baseline.value, "comparison", evidence)
    else:
        other = reading.ruler().with_unit(reading.ruler().signed_figure(baseline.value, "comparison", evidence))
    name = Quoted(subject_name(baseline.subject, reading.names))
    return (compose("with ", name, ", it is ", other, "."),)
