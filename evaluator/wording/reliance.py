"""Sentences on the few rules that imitate a score, on features that tell a group, and on where two ways disagree."""

from __future__ import annotations

import json

from evaluator.records import ExplanationCheck, Importance, SurrogateLeaf, Words
from evaluator.wording.numbers import choose_scale, plural
from evaluator.wording.reading import count, scale, share
from evaluator.wording.score_parts import row_id, scale_of, within
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose, evidence_id, join

ROLES = ("low", "value", "high")
ENOUGH = 0.8
"""Rules that repeat less than this of how scores differ are no stand-in for the score."""
MOST_TOLD = 0.6
"""A group is told by a feature that orders provably more than this share of pairs rightly."""


def check_id(row: ExplanationCheck) -> str:
    """The id that names a check of explanations."""
    return row_id("explanation_check", row.check, row.subject, row.class_, row.feature, row.population_id)


def surrogate_sentence(row: ExplanationCheck, leaves: int) -> Sentence:
    """ "6 rules repeat 62 of 100 parts of how scores differ (95% range 58 to 66)."; `leaves` is how many rules there are."""
    if row.value is None or row.low is None or row.high is None:
        return compose("rules that imitate the score were not looked for, because ", Quoted(row.reason), ".")
    evidence = check_id(row)
    if row.value <= 0:
        return compose("a few rules repeat nothing of how scores differ.")
    numbers = (max(0.0, row.low), row.value, row.high)
    per = choose_scale(numbers)
    low, value, high = (share(number, per, role, evidence) for number, role in zip(numbers, ROLES, strict=True))
    told = compose(
        count(leaves, "count", evidence), plural(leaves, " rule repeats ", " rules repeat "), value, " of ",
        scale(per, evidence), " parts of how scores differ", *within(row.level, low, high, evidence), ".",
    )  # fmt: skip
    if row.low >= ENOUGH:
        return told
    return join(told, compose("they are a sketch of the score, not a stand-in for it."))


def leaf_id(row: SurrogateLeaf) -> str:
    """The id that names a rule: a leaf of the imitating tree."""
    return row_id("surrogate", row.subject, row.class_, str(row.position))


def leaf_sentence(row: SurrogateLeaf, words: Words, *, weighted: bool = False) -> Sentence:
    """ "Debt share up to 35% and income above 2,000: mean score 71 points (95% range 70 to 72)."."""
    evidence = leaf_id(row)
    conditions = " and ".join(str(condition) for _, condition in json.loads(row.path)) or row.words
    about: Phrase = (Quoted(conditions),)
    if row.low is None or row.high is None:
        return compose(*about, ": too few ", Quoted(words.cases), " to give a mean score.")
    numbers = scale_of(row.space, row.unit, [row.score, row.low, row.high])
    ends = within(
        row.level, numbers.figure(row.low, "low", evidence), numbers.figure(row.high, "high", evidence), evidence
    )
    return compose(*about, ": mean score ", *numbers.with_unit(row.score, "value", evidence), *ends, ".")


def disagreement_sentence(part: Importance, shift: Importance) -> Sentence:
    """ "Income: 2nd by its part in the score, 5th by what the model loses without it."."""
    return compose(
        Quoted(part.words), ": place ", *_places(part), " by its part in the score, place ", *_places(shift),
        " by what the model loses without it.",
    )  # fmt: skip


def _places(row: Importance) -> Phrase:
    evidence = evidence_id(row)
    assert row.rank_low is not None
    assert row.rank_high is not None
    low = count(row.rank_low, "other", evidence)
    return (low,) if row.rank_low == row.rank_high else (low, " to ", count(row.rank_high, "other", evidence))
