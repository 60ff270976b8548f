"""Checks of explanations as sentences, in counts and without a word of method."""

from __future__ import annotations

from evaluator.records import ExplanationCheck, Population, Words
from evaluator.wording import Phrase, Quoted, Sentence, choose_scale, compose, join, plural
from evaluator.wording.phrases import cases
from evaluator.wording.reading import amount, count, decimal, scale, share
from evaluator.wording.reliance import check_id
from evaluator.wording.score_parts import scale_of, within
from evaluator.wording.sentence import Figure

PAIRS = 100
PLACES = 2


def told(row: ExplanationCheck, group: Population | None, words: Words, *, weighted: bool = False) -> Sentence:
    """ "The score leans on branch. It tells women from others in 71 of 100 pairs (95% range 69 to 73)."."""
    evidence = check_id(row)
    who: Phrase = ("a group",) if group is None else cases(words, group)
    leans = compose(*_of_class(row), "the score leans on ", Quoted(row.words), ".")
    return join(
        leans,
        compose("it tells ", *who, " from others in ", *_shares(row, PAIRS, weighted=weighted), " pairs",
                *_within_shares(row, _per(row, PAIRS), evidence), "."),
    )  # fmt: skip


def nothing_told(row: ExplanationCheck, most: float) -> Sentence:
    """ "No feature that counts is shown to tell a group from others in more than 60 of 100 pairs."."""
    evidence = check_id(row)
    bound = Figure(f"{most * PAIRS:.0f}", most * PAIRS, "bound", evidence)
    return compose(
        "no feature that counts is shown to tell a group from others in more than ", bound, " of ",
        scale(PAIRS, evidence), " pairs.",
    )  # fmt: skip


def identified(row: ExplanationCheck, words: Words) -> Sentence:
    """ "Receipt number has a part in the score. For 590 of 600 applicants its value is theirs alone."."""
    evidence, value = check_id(row), row.value or 0.0
    own = count(round(value * row.n), "count", evidence)
    return join(
        compose(*_of_class(row), Quoted(row.words), " has a part in the score."),
        compose("for ", own, " of ", count(row.n, "count", evidence), " ", Quoted(words.cases), ", its value is theirs alone."),
    )  # fmt: skip


def nobody_identified(words: Words) -> Sentence:
    """That no feature points to single cases and is used."""
    return compose("no feature that points to single ", Quoted(words.cases), " has a part in the score.")


def faithful(row: ExplanationCheck, words: Words) -> Sentence:
    """What was done, and how much further the score moves than at random."""
    evidence = check_id(row)
    low, value, high = _ends(row)
    numbers = scale_of(_space(row, words), row.unit, [value, low, high])
    ends = within(row.level, numbers.figure(low, "low", evidence), numbers.figure(high, "high", evidence), evidence)
    moved: Phrase = (
        ("the first moved the score ", *numbers.with_unit(value, "value", evidence), " further")
        if row.check == "deletion"
        else ("the first brought the score ", *numbers.with_unit(value, "value", evidence), " nearer")
    )
    return join(_what_was_done(row), compose(*moved, *ends, "."))


def unfaithful(row: ExplanationCheck, words: Words) -> Sentence:
    """The same, where features named first are not shown to count more than others."""
    evidence = check_id(row)
    low, value, high = _ends(row)
    numbers = scale_of(_space(row, words), row.unit, [value, low, high])
    ends: Phrase = (numbers.figure(low, "low", evidence), " to ", *numbers.with_unit(high, "high", evidence))
    return join(
        _what_was_done(row),
        compose("the first are not shown to move the score more: the difference may be ", *ends, "."),
    )


def _what_was_done(row: ExplanationCheck) -> Sentence:
    did = "taken away" if row.check == "deletion" else "kept alone"
    return compose(*_of_class(row), f"features named first were {did}, then as many at random.")


def steady(row: ExplanationCheck, *, stays: bool) -> Sentence:
    """Whether the order stays with other cases to look at and to compare with."""
    if stays:
        opening = compose(*_of_class(row), "with other cases to look at, the features come in nearly the same order.")
    else:
        opening = compose(
            *_of_class(row), "with other cases to look at, the order of the features is not shown to stay."
        )
    return join(opening, _agreement(row))


def stayed_first(row: ExplanationCheck) -> Sentence:
    """ "Debt share came first in 5 of 5 repeats."."""
    evidence = check_id(row)
    times = count(round((row.value or 0.0) * row.n), "count", evidence)
    return compose(Quoted(row.words), " came first in ", times, " of ", count(row.n, "count", evidence), " repeats.")


def agreeing(row: ExplanationCheck, *, much: bool) -> Sentence:
    """Whether taking features from other cases puts them in the same order."""
    if not row.proven:
        opening = "two ways to measure what counts are not shown to agree."
    else:
        alike = "much the same" if much else "a like"
        opening = f"taking features from other cases puts them in {alike} order."
    return join(compose(*_of_class(row), opening), _agreement(row))


def unlearned(row: ExplanationCheck, *, same: bool, other: bool) -> Sentence:
    """Whether a model that learnt nothing would be explained in the same way."""
    opening = "a model that learnt from shuffled outcomes is "
    if same:
        opening += "explained in much the same way."
    else:
        opening += "explained in another way." if other else "not shown to be explained in the same way."
    return join(compose(*_of_class(row), opening), _agreement(row))


def learnt_nothing() -> Sentence:
    """Where such a model gives every case the same score."""
    return compose("a model that learnt from shuffled outcomes gives every case the same score.")


def alone(row: ExplanationCheck, *, weighted: bool = False) -> Sentence:
    """ "Knowing income alone repeats 865 of 1,000 decisions (95% range 821 to 899)." and what needs no feature at all."""
    evidence = check_id(row)
    per = _per(row, PAIRS, row.by_chance)
    chance = share(row.by_chance or 0.0, per, "chance", evidence)
    known = compose(
        "knowing ", Quoted(row.words), " alone repeats ", *_shares(row, per, weighted=weighted), " decisions",
        *_within_shares(row, per, evidence), ".",
    )  # fmt: skip
    return join(known, compose("the same decision for everyone repeats ", chance, "."))


def and_more(sentence: Sentence, more: int, evidence: str) -> Sentence:
    """The sentence, and how many more of its kind were found."""
    if not more:
        return sentence
    return join(
        sentence,
        compose(count(more, "count", evidence), " more of this kind", plural(more, " was", " were"), " found."),
    )


def _agreement(row: ExplanationCheck) -> Sentence:
    evidence = check_id(row)
    low, value, high = _ends(row)
    ends = within(row.level, decimal(low, PLACES, "low", evidence), decimal(high, PLACES, "high", evidence), evidence)
    return compose(
        "their agreement is ", decimal(value, PLACES, "value", evidence), *ends,
        ", on a scale from zero, chance, to one, the same order.",
    )  # fmt: skip


def _shares(row: ExplanationCheck, least: int, *, weighted: bool) -> Phrase:
    evidence, per = check_id(row), _per(row, least)
    seen, _ = amount(row.value or 0.0, per, "value", evidence)
    return ("about " if weighted else "", *seen, " of ", scale(per, evidence))


def _within_shares(row: ExplanationCheck, per: int, evidence: str) -> Phrase:
    low, _, high = _ends(row)
    return within(row.level, share(low, per, "low", evidence), share(high, per, "high", evidence), evidence)


def _per(row: ExplanationCheck, least: int, *others: float | None) -> int:
    shown = [number for number in (row.value, row.low, row.high, *others) if number is not None]
    return max(least, choose_scale(shown))


def _ends(row: ExplanationCheck) -> tuple[float, float, float]:
    """Lower end, value and upper end; a row with status ok has them where it has a range."""
    value = row.value or 0.0
    return (value if row.low is None else row.low, value, value if row.high is None else row.high)


def _space(row: ExplanationCheck, words: Words) -> str:
    """A regression may count in points too, but then its words have the unit."""
    return "chance" if row.unit == "points" and not words.unit else "score"


def _of_class(row: ExplanationCheck) -> Phrase:
    return ("for the class ", Quoted(row.class_), ", ") if row.class_ else ()
