"""Sentences on what a feature does to the score, who has such values, and which features do more together."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.records import Dependence, FeatureShare, Interaction, Population, Words
from evaluator.wording.numbers import choose_scale, join_words
from evaluator.wording.phrases import cases
from evaluator.wording.reading import amount, scale, share
from evaluator.wording.score_parts import row_id, scale_of, valued, valued_at, within
from evaluator.wording.sentence import Phrase, Quoted, Sentence, compose

MOST_NAMED = 2


def share_id(row: FeatureShare) -> str:
    """The id that names a share of a group in one part of a feature's range."""
    return row_id("feature_share", row.feature, row.population_id, str(row.position))


def share_sentence(
    row: FeatureShare,
    group: Population,
    words: Words,
    *,
    weighted: bool = False,
    noun: str = "",
    per: int | None = None,
) -> Sentence:
    """ "Of 100 women, 34 have a debt share of 40% or more (95% range 30 to 38)."

    `unit` is that of the feature. `noun` is the plan's noun phrase for the level: "Of 100 women, 34 are applicants who rent". `per` is the scale of what
    stands around the sentence.
    """
    if row.status == "too_few":
        return compose(*cases(words, group), ": too few cases to say anything.")
    if row.share is None or row.low is None or row.high is None:
        return compose(Quoted(row.words), " of ", *cases(words, group), ": not shown: ", Quoted(row.reason), ".")
    evidence = share_id(row)
    per = per or scale_of_shares([row])
    seen, number = amount(row.share, per, "value", evidence)
    ends = within(
        row.confidence, share(row.low, per, "low", evidence), share(row.high, per, "high", evidence), evidence
    )
    about = "about " if weighted else ""
    return compose(
        "of ", scale(per, evidence), " ", *cases(words, group), ", ", about, *seen, *_has(row, noun, number == 1), *ends, ".",
    )  # fmt: skip


def _has(row: FeatureShare, noun: str, one: bool) -> Phrase:
    """ " have a debt share of 48%", " are applicants who rent", " is one of the applicants who rent"."""
    if noun:
        return (" is one of the " if one else " are ", Quoted(noun))
    return (" has " if one else " have ", *valued(row.words, row.label))


def scale_of_shares(rows: Sequence[FeatureShare]) -> int:
    """The smallest of 100, 1,000 and 10,000 that keeps every share apart from the ends of its range."""
    known = [(row.share, row.low, row.high) for row in rows]
    return max(
        (choose_scale([one for one in ends if one is not None]) for ends in known if ends[0] is not None), default=100
    )


def dependence_id(row: Dependence) -> str:
    """The id that names a point of a curve of scores."""
    return row_id("dependence", row.subject, row.class_, row.feature, row.kind, str(row.line), str(row.position))


def dependence_sentence(row: Dependence, unit: str, words: Words, *, noun: str = "") -> Sentence | None:
    """ "With a debt share of 40% for everyone, the mean score is 45 points (95% range 43 to 47)."

    `unit` is that of the feature. `noun` is the plan's noun phrase for the level: "If all were applicants who rent, the mean score would be ...".
    """
    if row.low is None or row.high is None:
        return None
    evidence = dependence_id(row)
    numbers = scale_of(row.space, row.unit, [row.y, row.low, row.high])
    ends = within(
        row.confidence, numbers.figure(row.low, "low", evidence), numbers.figure(row.high, "high", evidence), evidence
    )
    everyone = "everyone" if words.people else "every case"
    value = valued(row.words, row.label) if row.x is None else valued_at(row.words, row.x, unit, evidence)
    given: Phrase = ("with ", *value, f" for {everyone}, the mean score is ")
    if noun:
        given = ("if all were ", Quoted(noun), ", the mean score would be ")
    return compose(*given, *numbers.with_unit(row.y, "value", evidence), *ends, ".")


def interaction_id(row: Interaction) -> str:
    """The id that names a pair of features."""
    return row_id("interaction", row.subject, row.class_, row.feature, row.other)


def interaction_sentence(row: Interaction) -> Sentence:
    """ "Debt share and income together move the score by 2 points beyond each alone (95% range 1 to 3)."."""
    pair: Phrase = (Quoted(row.words), " and ", Quoted(row.other_words))
    if row.value is None or row.low is None or row.high is None:
        return compose(*pair, ": not tested together, because ", Quoted(row.reason), ".")
    evidence = interaction_id(row)
    if not row.proven:
        return compose(*pair, " are not shown to do more together than each does alone.")
    numbers = scale_of(row.space, row.unit, [row.value, row.low, row.high])
    ends = within(
        row.level, numbers.figure(row.low, "low", evidence), numbers.figure(row.high, "high", evidence), evidence
    )
    size = numbers.with_unit(row.value, "value", evidence)
    return compose(*pair, " together move the score by ", *size, " beyond what each does alone", *ends, ".")


def pairs_title(feature: str, others: Sequence[str]) -> Sentence:
    """The finding about the pairs of one feature."""
    if not others:
        return compose("no pair with ", Quoted(feature), " is shown to do more together than each does alone.")
    more = len(others) - MOST_NAMED
    if more > 0:
        named, rest = ", ".join(others[:MOST_NAMED]), f" and {'one other' if more == 1 else 'others'}"
    else:
        named, rest = join_words(list(others)), ""
    return compose(Quoted(feature), " with ", Quoted(named), rest, ": more together than alone.")
