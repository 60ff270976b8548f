"""What counts as failing, in the words of the plan: which cases it is about, what happened to them, and how it is counted."""

from __future__ import annotations

from evaluator.records import Population, Words
from evaluator.wording.numbers import choose_scale
from evaluator.wording.phrases import Outcome, cases, outcome
from evaluator.wording.rates import rate_words
from evaluator.wording.rulers import Ruler, label_ruler
from evaluator.wording.sentence import Phrase, compose

RATES = {
    "error": "accuracy",
    "false_negative": "false_negative_rate",
    "false_positive": "false_positive_rate",
    "wrong_class": "accuracy",
}
"""Losses that a case either has or not, and the number of the catalogue that they belong to."""
_SIDES = {
    "false_negative": ("positive", "predicted_negative"),
    "false_positive": ("negative", "predicted_positive"),
}
_WRONG_CLASS = Outcome("put into the wrong class", passive=True)
PER = 1_000


def is_share(loss: str) -> bool:
    """Whether a case has a loss or not; else it loses so much."""
    return loss in RATES


def loss_label(loss: str, words: Words) -> str:
    """A loss as a choice on a page: "Decided wrongly", "Repaid and were refused"."""
    if loss == "error":
        return "Decided wrongly"
    if loss in ("false_negative", "false_positive"):
        truth, decided = _SIDES[loss]
        both = (*outcome(words, truth).verb(2), " and ", *outcome(words, decided).verb(2))
        return str(compose(*both))
    return {
        "wrong_class": "Put into the wrong class", "squared_error": "Chance far from what happened",
        "absolute_error": "Predicted far off",
    }[loss]  # fmt: skip


def failed(loss: str, words: Words, n: float = 2) -> Phrase:
    """What happened to the cases that a loss counts: "were decided wrongly", "was refused"."""
    return event_of(loss, words).verb(n)


def failed_words(loss: str, words: Words) -> Phrase:
    """What can follow "are": "refused"."""
    return (event_of(loss, words).words,)


def whom(loss: str, words: Words, said: str) -> Phrase:
    """The cases that a loss is about: "women who repaid"."""
    truth = _SIDES[loss][0] if loss in _SIDES else ""
    return cases(words, _group(said), outcome(words, truth) if truth else None)


def axis_words(loss: str, words: Words, per: int) -> str:
    """What an axis with a loss is about: "decided wrongly per 1,000 applicants"."""
    among = str(compose(*whom(loss, words, words.cases)))
    among = among[:1].lower() + among[1:]
    if is_share(loss):
        event = str(compose(*failed_words(loss, words)))
        return f"{event[:1].lower()}{event[1:]} per {per:,} {among}"
    if loss == "absolute_error":
        unit = f", {words.unit}" if words.unit else ""
        return f"mean error of {among}{unit}"
    return f"mean squared error of the score of {among}"


def slice_ruler(loss: str, numbers: tuple[float | None, ...], words: Words) -> Ruler:
    """How numbers of a loss are printed: so many of 1,000, or in the unit of the label."""
    known = [number for number in numbers if number is not None]
    if is_share(loss):
        return Ruler(max(PER, choose_scale(known)))
    return label_ruler(known, unit=words.unit if loss == "absolute_error" else "")


def event_of(loss: str, words: Words) -> Outcome:
    """What happened to the cases that a loss counts."""
    if loss == "wrong_class":
        return _WRONG_CLASS
    rate = rate_words(RATES[loss], words, _group(""))
    return rate.rest if loss == "error" else rate.event


def _group(said: str) -> Population:
    return Population(said, said, said, "{}", "", "slice", 0, "found", 0, 0.0)
