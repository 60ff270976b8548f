"""Sentences for metrics that are a share of some cases.

Each rate is a denominator (of which cases) and an event (what happened to them); the words of both come from the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS
from evaluator.records import Population, Words
from evaluator.wording.numbers import choose_scale, format_count
from evaluator.wording.phrases import Outcome, about_outcome, cases, outcome, subject_noun
from evaluator.wording.reading import Reading, amount, bracket, count, lead, level_words, remainder, scale, share
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose, evidence_id, join

_RIGHT = Outcome("decided rightly", passive=True)
_WRONG = Outcome("decided wrongly", passive=True)

# metric -> outcome that makes the denominator, event, opposite event
_RATES: dict[str, tuple[str, str, str]] = {
    "true_positive_rate": ("positive", "predicted_positive", "predicted_negative"),
    "false_negative_rate": ("positive", "predicted_negative", "predicted_positive"),
    "true_negative_rate": ("negative", "predicted_negative", "predicted_positive"),
    "false_positive_rate": ("negative", "predicted_positive", "predicted_negative"),
    "precision": ("predicted_positive", "positive", "negative"),
    "negative_predictive_value": ("predicted_negative", "negative", "positive"),
    "selection_rate": ("", "predicted_positive", "predicted_negative"),
}
# errors are said alone; of what went right the other side is said too
_ERRORS = frozenset({"false_negative_rate", "false_positive_rate"})
# both of their words name what the class is not, so that the class itself must be said
_OTHERS = frozenset({"true_negative_rate", "negative_predictive_value"})
# which outcome the rarer kind of case refers to, for metrics that are limited by it
_COUNTED = {
    "positives": "positive",
    "negatives": "negative",
    "predicted_positive": "predicted_positive",
    "predicted_negative": "predicted_negative",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in words: of which cases, what happened, and what happened to the rest."""

    among: Phrase
    event: Outcome
    rest: Outcome


def rate_words(metric: str, words: Words, population: Population) -> Rate:
    """The words of a proportion."""
    if metric == "accuracy":
        return Rate(cases(words, population), _RIGHT, _WRONG)
    among, event, rest = _RATES[metric]
    denominator = cases(words, population, outcome(words, among) if among else None)
    return Rate(denominator, outcome(words, event), outcome(words, rest))


def rate_axis(metric: str, words: Words, everyone: Population, per: int) -> str:
    """ "refused per 1,000 applicants who repaid": what an axis with a share is about."""
    rate = rate_words(metric, words, everyone)
    event, among = str(compose(rate.event.words)), str(compose(rate.among))
    return f"{_lower(event)} per {format_count(per)} {_lower(among)}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def counted_cases(metric: str, words: Words, population: Population) -> Phrase:
    """The cases that limit the precision of a metric, as a plural noun phrase."""
    name = _COUNTED.get(METRICS[metric].relevant_count) if words.positive else None
    return cases(words, population, outcome(words, name) if name else None)


def of_class(metric: str, class_: str, words: Words) -> Phrase:
    """ "for the outcome “showed 3”, ", where the words of a share about one class would not name the class."""
    return about_outcome(class_ if metric in _OTHERS else "", words)


def proportion(reading: Reading) -> Sentence:
    """ "Of 1,000 applicants who repaid, 98 were refused (95% range 94 to 102)."."""
    if _all_alike(reading):
        return _every_or_none(reading)
    rate = rate_words(reading.estimate.metric, reading.words, reading.population)
    if reading.estimate.weighted:
        return _weighted(reading, rate)
    per, evidence = reading.scale(), reading.evidence
    seen, agrees = amount(reading.value, per, "value", evidence)
    opening = (*_opening(reading), "of ", scale(per, evidence), " ", *rate.among, ", ")
    return compose(opening, seen, " ", rate.event.verb(agrees), _range(reading, per), _rest(reading, rate, per), ".")


def accuracy(reading: Reading) -> Sentence:
    """ "It was right for 854 of 1,000 applicants (95% range 849 to 859) and wrong for 146."."""
    baseline = _baseline(reading)
    if _all_alike(reading):
        return join(_every_or_none(reading), *baseline)
    per, evidence = reading.scale(), reading.evidence
    who = subject_noun(reading.estimate.subject, reading.names)
    everyone = cases(reading.words, reading.population)
    if reading.estimate.weighted:
        about = (" was right for about ", share(reading.value, per, "value", evidence), " in ", scale(per, evidence))
        return join(compose(who, about, " ", everyone, _range(reading, per), "."), *baseline)
    seen, _ = amount(reading.value, per, "value", evidence)
    wrong, _ = remainder(reading.value, per, "other", evidence)
    of_all = (" of ", scale(per, evidence), " ", *everyone)
    both = (*_range(reading, per), " and wrong for ", *wrong, ".")
    return join(compose(who, " was right for ", seen, of_all, both), *baseline)


def balanced_accuracy(reading: Reading) -> Sentence:
    """Both outcomes, or all classes, weighed alike; of two outcomes, against guessing."""
    per, evidence = reading.scale(), reading.evidence
    who = subject_noun(reading.estimate.subject, reading.names)
    seen = (share(reading.value, per, "value", evidence), " of ", scale(per, evidence), " ")
    everyone = (*cases(reading.words, reading.population), *_range(reading, per), ".")
    if not reading.words.positive:
        return join(compose("every class weighs alike."), compose(who, " was right for ", seen, everyone))
    right = compose("weighing both outcomes alike, ", who, " was right for ", seen, everyone)
    return join(right, compose("guessing gives ", share(0.5, per, "chance", "catalogue:balanced_accuracy"), "."))


def _opening(reading: Reading) -> Phrase:
    """Whose number it is, and of which class where the rest would not say it."""
    return (*lead(reading), *of_class(reading.estimate.metric, reading.estimate.class_, reading.words))


def _range(reading: Reading, per: int) -> Phrase:
    return bracket(reading, lambda value, role: share(value, per, role, reading.evidence))


def _rest(reading: Reading, rate: Rate, per: int) -> Phrase:
    if reading.estimate.metric in _ERRORS or reading.value in (0.0, 1.0):
        return ()
    left, agrees = remainder(reading.value, per, "other", reading.evidence)
    return (" and ", *left, " ", *rate.rest.verb(agrees))


def _weighted(reading: Reading, rate: Rate) -> Sentence:
    per, evidence = reading.scale(), reading.evidence
    about = (", about ", share(reading.value, per, "value", evidence), " in ", scale(per, evidence), " ")
    return compose(_opening(reading), "of ", rate.among, about, rate.event.verb(2), _range(reading, per), ".")


def _all_alike(reading: Reading) -> bool:
    """Whether every counted case was the same; weighted rows are not counted."""
    counted = reading.estimate.relevant_count is not None and not reading.estimate.weighted
    return counted and reading.value in (0.0, 1.0)


def _every_or_none(reading: Reading) -> Sentence:
    """Nothing seen, or nothing else seen: the count, and what could still be true."""
    whole = reading.value == 1.0
    number = count(reading.denominator, "n", reading.evidence)
    rate = rate_words(reading.estimate.metric, reading.words, reading.population)
    if reading.estimate.metric == "accuracy":
        who = subject_noun(reading.estimate.subject, reading.names)
        seen = compose(who, " was right for ", "all " if whole else "none of ", number, " ", rate.among, ".")
    else:
        quantity = "all " if whole else "none of "
        seen = compose(_opening(reading), quantity, number, " ", rate.among, " ", rate.event.verb(2), ".")
    return join(seen, bound(reading))


def bound(reading: Reading) -> Sentence:
    """What the true rate could still be when every case, or none, was the same."""
    whole, estimate, evidence = reading.value == 1.0, reading.estimate, reading.evidence
    end = estimate.low if whole else estimate.high
    if end is None:
        exact = estimate.coverage == "exact_count"
        return compose("This is an exact count." if exact else "There is no range for this.")
    per = reading.per or max(_bound_scale(1 - end if whole else end), choose_scale((), exact=reading.limits))
    number = share(end, per, "low" if whole else "high", evidence)
    level = () if reading.level_said else (" (end of the ", *level_words(estimate.level, evidence)[:1], "% range)")
    could = "the true rate could still be as low as about " if whole else "the true rate could still be up to about "
    return compose(could, number, " in ", scale(per, evidence), level, ".")


def _bound_scale(distance: float) -> int:
    """The smallest scale on which a small chance is a whole number to within a quarter."""
    for per in (100, 1_000):
        whole = round(distance * per)
        if whole >= 1 and abs(whole - distance * per) <= 0.25 * distance * per:
            return per
    return 10_000


def bears_sentence(metric: str, words: Words) -> Sentence | None:
    """Who bears the error a rate is about: "The bank bears this error."; None when the plan does not say."""
    bearer = {
        "false_positive_rate": words.bears_false_positive,
        "precision": words.bears_false_positive,
        "true_negative_rate": words.bears_false_positive,
        "false_negative_rate": words.bears_false_negative,
        "true_positive_rate": words.bears_false_negative,
        "negative_predictive_value": words.bears_false_negative,
    }.get(metric)
    return compose(Quoted(bearer), " bears this error.") if bearer else None


def _baseline(reading: Reading) -> tuple[Sentence, ...]:
    """What giving everyone the same answer would have reached, on the same scale."""
    baseline = reading.baseline
    if baseline is None or baseline.value is None:
        return ()
    per = reading.scale()
    right = share(baseline.value, per, "comparison", evidence_id(baseline))
    denominator = (" of ", scale(per, evidence_id(baseline))) if reading.value in (0.0, 1.0) else ()
    return (compose("giving everyone the same answer would have been right for ", right, denominator, "."),)
