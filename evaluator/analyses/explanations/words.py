"""Importances and effects as sentences: they say what the tool does, and never why a case turned out as it did."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.records import Direction, Effect, Importance, Words
from evaluator.wording import Phrase, Quoted, Sentence, compose, evidence_id, join_words
from evaluator.wording.phrases import outcome
from evaluator.wording.reading import count, level_words
from evaluator.wording.score_parts import scale_of, shortest, takes_article
from evaluator.wording.sentence import Figure

MOST_LEADERS = 3
DIRECTIONS: dict[Direction, str] = {
    "higher": "more → higher score",
    "lower": "more → lower score",
    "mixed": "no single direction",
    "by_level": "differs by level",
    "unused": "not used",
    "unknown": "direction not known",
}
LABELS: dict[str, str] = {
    "EXPL01": "reproducing the supplied scores",
    "EXPL02": "asking the model twice",
    "EXPL03": "adding up the parts of the score",
    "EXPL04": "leaning on one feature",
    "EXPL05": "looking for unused features",
    "EXPL06": "the use of sensitive columns",
    "EXPL07": "features that tell a group",
    "EXPL08": "features that point to single cases",
    "EXPL09": "taking away the features named first",
    "EXPL10": "looking at other cases",
    "EXPL11": "measuring what counts in a second way",
    "EXPL12": "a model that learnt nothing",
    "EXPL13": "a few rules that imitate the score",
}
"""Each check in a few words."""


def in_order(rows: Sequence[Importance]) -> list[Importance]:
    """Rows that have a number, the largest first."""
    return sorted((row for row in rows if row.value is not None), key=lambda row: (-(row.value or 0.0), row.feature))


def lead_sentence(rows: Sequence[Importance], *, about: Phrase = ()) -> Sentence:
    """ "The score leaned most on income."; several when the data cannot say which comes first.

    `about` opens the sentence: "for the outcome “8”, ".
    """
    leaders = [row for row in in_order(rows) if row.rank_low == 1]
    if not leaders:
        return compose(*about, "what the score leans on was not tested: there are no contributions to order.")
    if all(row.value == 0 for row in leaders):
        return compose(*about, "the score is the same whatever the features are.")
    if len(leaders) > MOST_LEADERS:
        return compose(*about, "no feature leads: the data cannot order the first ", _many(leaders), ".")
    named = Quoted(join_words([row.words for row in leaders]))
    if len(leaders) == 1:
        return compose(*about, "the score leaned most on ", named, ".")
    return compose(*about, "the score leaned most on ", named, "; the data cannot order these.")


def _many(rows: Sequence[Importance]) -> Figure:
    return count(len(rows), "count", evidence_id(rows[0]))


def next_sentence(rows: Sequence[Importance]) -> Sentence | None:
    """The features after the leaders: all whose ranks overlap those of the next one, as far as the data can order them."""
    after = [row for row in in_order(rows) if row.rank_low != 1 and row.value]
    if not after:
        return None
    tied = _tied_with_first(after)
    if len(tied) > MOST_LEADERS:
        return compose("after that, the data cannot order the next ", _many(tied), ".")
    if len(tied) > 1:
        many = "two" if len(tied) == 2 else "three"
        return compose("next, the score leaned on ", _named(tied), f"; the data cannot order these {many}.")
    then = _tied_with_first(after[1:])
    if len(then) == 1 and then[0].rank_low is not None:
        return compose("next, the score leaned on ", _named(tied), ", then on ", _named(then), ".")
    return compose("next, the score leaned on ", _named(tied), ".")


def _named(rows: Sequence[Importance]) -> Quoted:
    return Quoted(join_words([row.words for row in rows]))


def _tied_with_first(rows: Sequence[Importance]) -> list[Importance]:
    """The first row and those whose ranks overlap its own."""
    if not rows or rows[0].rank_low is None or rows[0].rank_high is None:
        return list(rows[:1])
    low, high = rows[0].rank_low, rows[0].rank_high
    return [
        row for row in rows
        if row.rank_low is not None and row.rank_high is not None and row.rank_low <= high and row.rank_high >= low
    ]  # fmt: skip


def caution_sentence(words: Words, task: str) -> Sentence:
    """What an explanation is not: "This describes the tool, not why applicants repaid."."""
    if task == "regression":
        return compose("this describes the tool, not what makes the ", Quoted(words.outcome), " high or low.")
    if words.plain or not words.positive:
        return compose("this describes the tool, not the world it is used in.")
    return compose(
        "this describes the tool, not why ", Quoted(words.cases), " ", *outcome(words, "positive").verb(2), "."
    )


def stability_sentence(rows: Sequence[Importance]) -> Sentence | None:
    """How often the first feature stayed first; None where the data cannot say which one leads."""
    ordered = in_order(rows)
    if sum(row.rank_low == 1 for row in ordered) != 1:
        return None
    if len(ordered) < 2 or ordered[0].times_first is None or not ordered[0].value:
        return None
    first, evidence = ordered[0], evidence_id(ordered[0])
    times = count(ordered[0].times_first, "count", evidence)
    return compose(
        Quoted(first.words), " came first in ", times, " of ", count(first.repeats, "n", evidence), " redrawn samples."
    )


def importance_sentence(row: Importance) -> Sentence:
    """How far a feature moves the score, or what the model loses without it, with its range."""
    evidence = evidence_id(row)
    if row.value is None or row.low is None or row.high is None:
        return compose(Quoted(row.words), ": not tested, because ", Quoted(row.reason), ".")
    scale = scale_of(row.space, row.unit, [row.value, row.low, row.high])
    ends = (scale.figure(row.low, "low", evidence), " to ", scale.figure(row.high, "high", evidence))
    within: Phrase = (" (", *level_words(row.level, evidence), *ends, ")")
    value = scale.with_unit(row.value, "value", evidence)
    if row.method.startswith("permutation"):
        return compose("with another case's ", Quoted(row.words), ", the squared error grows by ", *value, *within, ".")
    return compose(Quoted(row.words), ": the score moves by ", *value, " on average", *within, ", up or down.")


def effect_sentence(row: Effect, *, unit: str = "", noun: str = "") -> Sentence:
    """ "With a debt share of 40%, scores are 12 points lower than average (95% range 10 to 14)."

    `noun` is the plan's noun phrase for the level: "All else alike, applicants who rent score 3 points higher ...".
    """
    evidence = evidence_id(row)
    about = _about(row, unit, noun, evidence)
    verb = " score " if noun and row.x is None else ", scores are "
    if row.low is None or row.high is None:
        return compose(*about, ": there is no range to tell by.")
    scale = scale_of(row.space, row.unit, [row.y, row.low, row.high])
    if row.low <= 0 <= row.high:
        ends = (scale.figure(row.low, "low", evidence), " to ", *scale.with_unit(row.high, "high", evidence))
        return compose(*about, verb, "about average (", *level_words(row.confidence, evidence), *ends, ").")
    side = "higher" if row.y > 0 else "lower"
    low, high = sorted((abs(row.low), abs(row.high)))
    ends = (scale.figure(low, "low", evidence), " to ", scale.figure(high, "high", evidence))
    within: Phrase = (" (", *level_words(row.confidence, evidence), *ends, ")")
    value = scale.with_unit(abs(row.y), "value", evidence)
    return compose(*about, verb, *value, f" {side} than average", *within, ".")


def _about(row: Effect, unit: str, noun: str, evidence: str) -> Phrase:
    """Of which value or level a point is: plurals and singulars of the plan's words take the same form."""
    if row.x is not None:
        at: Phrase = (shortest(row.x, "other", evidence), Quoted(f" {unit}" if unit and unit != "%" else unit))
        if takes_article(row.words):
            return ("with an " if row.words[0] in "aeiou" else "with a ", Quoted(row.words), " of ", *at)
        return ("with ", Quoted(row.words), " at ", *at)
    if noun:
        return ("all else alike, ", Quoted(noun))
    return ("where ", Quoted(row.words), " is “", Quoted(row.label), "”")


def share_phrase(row: Importance) -> Phrase:
    """ "62 of 100 parts (95% range 58 to 66)"."""
    assert row.share is not None
    assert row.share_low is not None
    assert row.share_high is not None
    evidence, scale = evidence_id(row), scale_of("chance", "", [row.share, row.share_low, row.share_high])
    ends = (scale.figure(row.share_low, "low", evidence), " to ", scale.figure(row.share_high, "high", evidence))
    hundred = Figure("100", 100, "bound", evidence)
    value = scale.figure(row.share, "value", evidence)
    return (value, " of ", hundred, " parts (", *level_words(row.level, evidence), *ends, ")")
