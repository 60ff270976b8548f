"""Sentences for what a probability promised and what was seen."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.wording.phrases import about_outcome, among_whom, cases
from evaluator.wording.reading import Reading, bracket, lead, scale, share
from evaluator.wording.scores import PLAIN_NAMES, score
from evaluator.wording.sentence import Quoted, Sentence, compose, join


def expected_calibration_error(reading: Reading) -> Sentence:
    """The mean distance between the promised and the seen share, and that chance makes some of it."""
    per, evidence = reading.scale(), reading.evidence
    distance = (share(reading.value, per, "value", evidence), " in ", scale(per, evidence))
    within = bracket(reading, lambda value, role: share(value, per, role, evidence))
    for_whom = ("for ", *cases(reading.words, reading.population), ", ")
    about = about_outcome(reading.estimate.class_, reading.words) or for_whom
    among = among_whom(reading.words, reading.population) if reading.estimate.class_ else ()
    off = compose(lead(reading), among, about, "promised and seen differ by ", distance, " on average", within, ".")
    return join(off, compose("lower is better; even a perfect score differs a little by chance."))


def calibration_slope(reading: Reading) -> Sentence:
    """Whether the probabilities are too extreme or too timid, as far as the range shows it."""
    timid, extreme = compose("the probabilities are too timid."), compose("the probabilities are too extreme.")
    return _with_lean(reading, timid, extreme)


def calibration_intercept(reading: Reading) -> Sentence:
    """Whether the outcome came more or less often than promised, as far as the range shows it."""
    came = ("the outcome “", Quoted(reading.words.positive), "” came ")
    more, less = compose(came, "more often than promised."), compose(came, "less often than promised.")
    return _with_lean(reading, more, less)


def _with_lean(reading: Reading, above: Sentence, below: Sentence) -> Sentence:
    metric = reading.estimate.metric
    number = score(reading, PLAIN_NAMES[metric])
    ideal = METRICS[metric].ideal
    low, high = reading.estimate.low, reading.estimate.high
    if low is None or high is None:
        return number
    if low > ideal:
        return join(number, above)
    if high < ideal:
        return join(number, below)
    return join(number, compose("the range includes the ideal, so the data show no lean either way."))
