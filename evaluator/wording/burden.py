"""Sentences about who bears an error: of all cases of a group, how many were decided wrongly in one way."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import GroupGap, Interval, Population, Words
from evaluator.wording.numbers import choose_scale, format_count, format_level, format_share
from evaluator.wording.phrases import cases, outcome
from evaluator.wording.rates import bears_sentence
from evaluator.wording.reading import amount, every, level_words, scale, share
from evaluator.wording.sentence import Figure, Phrase, Sentence, compose, join


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """A wrong decision: what was true, what was decided, and the rate that names who bears it."""

    truth: str
    decided: str
    rate: str


ERRORS: dict[str, ErrorKind] = {
    "false_negative_share": ErrorKind("positive", "predicted_negative", "false_negative_rate"),
    "false_positive_share": ErrorKind("negative", "predicted_positive", "false_positive_rate"),
}
"""Shares of all cases of a group, as `GroupGap.metric` names them."""


@dataclass(frozen=True, slots=True)
class Burden:
    """A share of all cases of a group that were decided wrongly in one way, and the record it comes from."""

    error: str
    value: float
    interval: Interval
    evidence: str
    weighted: bool = False


def burden_evidence(row: GroupGap) -> str:
    """The id that names the record: "group_gap/false_negative_share//model/sex/sex=F/rest"."""
    names = (row.metric, row.class_, row.subject, row.attribute, row.population_id, row.against)
    return "/".join(("group_gap", *(name.replace("/", "%2F") for name in names)))


def happened(error: str, words: Words, n: float = 2) -> Phrase:
    """ "repaid and were refused"."""
    kind = ERRORS[error]
    return (*outcome(words, kind.truth).verb(n), " and ", *outcome(words, kind.decided).verb(n))


def error_label(error: str, words: Words) -> str:
    """ "Repaid and were refused", for a heading or a column."""
    return str(compose(*happened(error, words)))


def who_bears(error: str, words: Words) -> Sentence | None:
    """ "The applicant bears this error."; None when the plan does not say."""
    return bears_sentence(ERRORS[error].rate, words)


def burden_sentence(burden: Burden, words: Words, group: Population, *, per: int = 0) -> Sentence:
    """ "Of 1,000 women, 60 repaid and were refused (95% range 50 to 72)."."""
    low, high, evidence = burden.interval.low or 0.0, burden.interval.high, burden.evidence
    high = 1.0 if high is None else high
    per = per or max(1_000, choose_scale((burden.value, low, high)))
    seen, agrees = amount(burden.value, per, "value", evidence)
    ends: Phrase = (share(low, per, "low", evidence), " to ", share(high, per, "high", evidence))
    fits = (" (", *level_words(burden.interval.level, evidence), *ends, "; weighted)." if burden.weighted else ").")
    about: Phrase = ("about ", *seen) if burden.weighted and burden.value > 0 else seen
    return compose(
        "of ", scale(per, evidence), " ", *cases(words, group), ", ", *about, " ", *happened(burden.error, words, agrees),
        *fits,
    )  # fmt: skip


def beside_sentence(row: GroupGap, words: Words, group: Population) -> Sentence | None:
    """ "For every 100 such errors among as many others, there are 150 among women (95% range 127 to 180)."; None without
    a comparison."""
    evidence = burden_evidence(row)
    if row.status != "ok" or row.ratio_low is None:
        return None
    per = choose_scale([one for one in (row.ratio_low, row.ratio, row.ratio_high) if one is not None], exact=[1.0])
    low = share(row.ratio_low, per, "low", evidence)
    opening: Phrase = ("for every ", every(per, evidence), " such errors among as many others, there are ")
    level = level_words(row.level, evidence)
    if row.ratio is None:
        lowest = ("at least ", low, " among ", *cases(words, group), " (", *level[:1], "% range).")
        return compose(*opening, *lowest)
    value = share(row.ratio, per, "value", evidence)
    if row.ratio_high is None:
        ends: Phrase = (*level, low, " or more")
    else:
        ends = (*level, low, " to ", share(row.ratio_high, per, "high", evidence))
    return compose(*opening, value, " among ", *cases(words, group), " (", *ends, ").")


def printed_beside(row: GroupGap | None) -> str:
    """ "150 for every 100 (127 to 180)", for a table; '' without a comparison."""
    if row is None or row.status != "ok" or row.ratio is None or row.ratio_low is None:
        return ""
    high = "more" if row.ratio_high is None else format_share(row.ratio_high, 100)
    joined = " or " if row.ratio_high is None else " to "
    return f"{format_share(row.ratio, 100)} for every 100 ({format_share(row.ratio_low, 100)}{joined}{high})"


def provably_more_sentence(row: GroupGap, words: Words, group: Population, margin: float) -> Sentence:
    """What is found: the comparison, and that it is provably above `margin`."""
    evidence = burden_evidence(row)
    least = Figure(format_count(margin * 100), margin * 100, "bound", evidence)
    said = compose("provably, this is at least ", least, ".")
    error = compose("of all ", *cases(words, group), ", more ", *happened(row.metric, words), " than of everyone else.")
    beside = beside_sentence(row, words, group)
    return join(error, said) if beside is None else join(error, beside, said)


def level_note(row: GroupGap) -> Sentence:
    """What the ranges of a comparison promise."""
    level = Figure(format_level(row.level), row.level * 100, "level", burden_evidence(row))
    return compose("the ", level, "% ranges beside everyone else hold for all groups and both errors at once.")
