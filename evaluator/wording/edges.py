"""Sentences for an estimate that has no number to show, and why."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import Population, Words
from evaluator.wording.phrases import cases, heads, is_everyone
from evaluator.wording.rates import counted_cases
from evaluator.wording.reading import Reading, count
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose


def is_suppressed(reading: Reading, fewer_than: int | None) -> bool:
    """Whether a viewer may not see a figure about so few people."""
    if fewer_than is None:
        return False
    return min(reading.estimate.n, reading.denominator) < fewer_than


def suppressed(words: Words, population: Population, fewer_than: int) -> Sentence:
    """ "Women: fewer than 10 people, too few cases to say anything."."""
    bound = count(fewer_than, "bound", "catalogue:fewer_than")
    fewer: Phrase = ("fewer than ", bound, " ", *heads(words, fewer_than))
    if is_everyone(words, population):
        return compose(fewer, ": too few cases to say anything.")
    return compose(cases(words, population), ": ", fewer, ", too few cases to say anything.")


def too_few(reading: Reading) -> Sentence:
    """ "Women who repaid: 7 people, too few cases to say anything."."""
    metric, words, population = reading.estimate.metric, reading.words, reading.population
    relevant = reading.estimate.relevant_count
    if relevant is None or relevant >= MIN_RELEVANT:
        return few_cases(cases(words, population), reading.estimate.n, words, reading.evidence)
    if rarest := _rarest(METRICS[metric].relevant_count, words):
        return few_cases((rarest, *cases(words, population)), relevant, words, reading.evidence)
    return few_cases(counted_cases(metric, words, population), relevant, words, reading.evidence)


def _rarest(counted: str, words: Words) -> str:
    """What limits a metric that takes several kinds of case together, before "women"; '' for the others."""
    if counted == "smaller_class":
        return "the rarer outcome among " if words.positive else "the rarest class among "
    return {"rarest_class": "the rarest class among ", "rarest_choice": "the class given least often among "}.get(
        counted, ""
    )  # fmt: skip


def few_cases(who: Phrase, n: int, words: Words, evidence: str) -> Sentence:
    """How many there are, and that they are too few."""
    return compose(who, ": ", count(n, "n", evidence), " ", heads(words, n), ", too few cases to say anything.")


def undefined(reading: Reading) -> Sentence:
    """A number that the data leave undefined."""
    what = (*metric_label(reading.estimate.metric), " cannot be computed for ", *_whom(reading))
    return compose(what, _reason(reading, ": "), ".")


def not_tested(reading: Reading) -> Sentence:
    """ "Ranking (AUC) was not tested for women, because the plan names no score."."""
    what = (*metric_label(reading.estimate.metric), " was not tested for ", *_whom(reading))
    return compose(what, _reason(reading, ", because "), ".")


def failed(reading: Reading) -> Sentence:
    """A calculation that broke down."""
    what = (*metric_label(reading.estimate.metric), " was not tested for ", *_whom(reading))
    return compose(what, ", because the calculation failed", _reason(reading, ": "), ".")


def not_applicable(reading: Reading) -> Sentence:
    """A number the plan declared out of scope."""
    what = (*metric_label(reading.estimate.metric), " does not apply to ", *_whom(reading))
    return compose(what, _reason(reading, ": "), ".")


def metric_label(metric: str) -> Phrase:
    """The catalogue's label of a metric."""
    return (Quoted(METRICS[metric].label),)


OPENINGS = frozenset({"A", "An", "No", "The", "There", "This"})
"""Words that begin a recorded reason that is a sentence; inside another sentence they are written small."""


def reason_words(reason: str, before: str) -> Phrase:
    """A recorded reason in the middle of a sentence, or nothing."""
    bare = reason.strip().rstrip(".")
    if bare.partition(" ")[0] in OPENINGS:
        bare = bare[0].lower() + bare[1:]
    return (before, Quoted(bare)) if bare else ()


def _reason(reading: Reading, before: str) -> Phrase:
    return reason_words(reading.estimate.reason, before)


def _whom(reading: Reading) -> Phrase:
    return cases(reading.words, reading.population)
