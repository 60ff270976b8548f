"""Sentences about how far the scores of a group lie from those of everyone else."""

from __future__ import annotations

from evaluator.records import Distance, Population, Words
from evaluator.wording.numbers import choose_places, format_decimal, format_share
from evaluator.wording.phrases import cases
from evaluator.wording.reading import level_words, scale, share
from evaluator.wording.rulers import label_ruler
from evaluator.wording.sentence import Figure, Phrase, Sentence, compose, join

THOUSAND = 1_000
_WHAT = {"score": "scores", "prediction": "predictions", "error": "errors"}
_ONE = {"score": "a score", "prediction": "a prediction", "error": "an error"}


def distance_evidence(row: Distance) -> str:
    """The id that names the record: "distance/ks/score/model/sex/sex=F"."""
    names = (row.measure, row.what, row.subject, row.attribute, row.population_id)
    return "/".join(("distance", *(name.replace("/", "%2F") for name in names)))


def distance_sentence(row: Distance, words: Words, group: Population) -> Sentence | None:
    """How far the values of a group lie from those of everyone else; None without a number.

    ks: "Take 1,000 women and 1,000 others. The numbers with a score of 0.52 or less differ by 120 (95% range 60 to 180).
    Nowhere do they differ more." wasserstein: "Predictions for women lie on average 4 points from those for everyone else
    (95% range 2 to 6)."
    """
    if row.value is None or row.low is None or row.high is None:
        return None
    return _largest(row, words, group) if row.measure == "ks" else _mean(row, words, group)


def _largest(row: Distance, words: Words, group: Population) -> Sentence:
    evidence = distance_evidence(row)
    value, low, high = (share(number or 0.0, THOUSAND, role, evidence) for number, role in (
        (row.value, "value"), (row.low, "low"), (row.high, "high"),
    ))  # fmt: skip
    ends: Phrase = (" (", *level_words(row.level, evidence), low, " to ", high, ").")
    whom: Phrase = (
        scale(THOUSAND, evidence),
        " ",
        *cases(words, group),
        " and ",
        scale(THOUSAND, evidence),
        " others.",
    )
    if row.at is None:
        apart = compose("wherever ", _WHAT[row.what], " are cut, the numbers below differ by at most ", value, *ends)
        return join(compose("take ", *whom), apart)
    below: Phrase = (_ONE[row.what], " of ", *_place(row.at, row, words, evidence), " or less")
    apart = compose("the numbers with ", *below, " differ by ", value, *ends)
    return join(compose("take ", *whom), apart, compose("nowhere do they differ more."))


def _place(at: float, row: Distance, words: Words, evidence: str) -> Phrase:
    if row.what == "score":
        return (Figure(format_decimal(at, places=choose_places([at])), at, "bound", evidence),)
    ruler = label_ruler((at,), unit=words.unit)
    return ruler.with_unit(ruler.signed_figure(at, "bound", evidence))


def _mean(row: Distance, words: Words, group: Population) -> Sentence:
    evidence = distance_evidence(row)
    ruler = label_ruler((row.value, row.low, row.high), unit=words.unit)
    value = ruler.with_unit(ruler.figure(row.value or 0.0, "value", evidence))
    ends: Phrase = (
        " (", *level_words(row.level, evidence), ruler.figure(row.low or 0.0, "low", evidence), " to ",
        ruler.figure(row.high or 0.0, "high", evidence), ").",
    )  # fmt: skip
    opening: Phrase = (_WHAT[row.what], " for ", *cases(words, group), " lie on average ")
    return compose(opening, *value, " from those for everyone else", *ends)


def chance_sentence(row: Distance, words: Words) -> Sentence | None:
    """What chance alone would show, and how often as much as was seen; None without a number."""
    if row.chance_value is None:
        return None
    evidence = distance_evidence(row)
    if row.measure == "wasserstein":
        ruler = label_ruler((row.chance_value,), unit=words.unit)
        found = ruler.with_unit(ruler.figure(row.chance_value, "chance", evidence))
        return compose("chance alone would give about ", *found, ".")
    number = share(row.chance_value, THOUSAND, "chance", evidence)
    return compose("chance alone would give about ", number, " of ", scale(THOUSAND, evidence), ".")


def samples_sentence(row: Distance) -> Sentence | None:
    """ "If scores did not differ, fewer than 1 of 1,000 samples would look so far apart."; None without a test."""
    if row.p_adjusted is None:
        return None
    evidence = distance_evidence(row)
    whole = format_share(row.p_adjusted, THOUSAND)
    few = whole == "0"
    number = Figure("1" if few else whole, 1 if few else row.p_adjusted * THOUSAND, "bound", evidence)
    about = "fewer than " if few else "about "
    return compose(
        "if ", _WHAT[row.what], " did not differ, ", about, number, " of ", scale(THOUSAND, evidence),
        " samples would look so far apart.",
    )  # fmt: skip
