"""Sentences about one group: the best guess about it, and how far it lies from everyone else."""

from __future__ import annotations

from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.records import GroupGap, Population, Shrunken, Words
from evaluator.wording.differences import choose_ruler
from evaluator.wording.edges import metric_label
from evaluator.wording.phrases import about_outcome, cases
from evaluator.wording.rates import of_class, rate_words
from evaluator.wording.reading import level_words, scale
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Figure, Phrase, Sentence, compose

PARTS = 100
"""What a weight is said of."""


def shrunken_evidence(row: Shrunken) -> str:
    """The id that names the record: "shrunken/selection_rate//model/sex/sex=F"."""
    return _path("shrunken", row.metric, row.class_, row.subject, row.attribute, row.population_id)


def group_gap_evidence(row: GroupGap) -> str:
    """The id that names the record: "group_gap/selection_rate//model/sex/sex=F/rest"."""
    return _path("group_gap", row.metric, row.class_, row.subject, row.attribute, row.population_id, row.against)


def groups_evidence(attribute: str, metric: str, class_: str) -> str:
    """The id of what is counted over all groups of an attribute: "group_gaps/selection_rate//sex"."""
    return _path("group_gaps", metric, class_, attribute)


def _path(*names: str) -> str:
    return "/".join(name.replace("/", "%2F") for name in names)


def guess_sentence(row: Shrunken, words: Words, *, per: int | None = None, weighted: bool = False) -> Sentence | None:
    """ "The best guess is 128 of 1,000; its own cases make up 60 of 100 parts of it."; None without a guess."""
    if row.value is None or row.weight is None:
        return None
    evidence = shrunken_evidence(row)
    ruler = choose_ruler(row.metric, (row.value,), (), per, unit=words.unit)
    # No value with a range of its own: it stands beside what was seen, which has one.
    number = ruler.with_unit(ruler.signed_figure(row.value, "other", evidence))
    of: Phrase = (" of ", scale(ruler.per, evidence)) if ruler.per else ()
    guess: Phrase = ("the best guess is ", *(("about ",) if weighted else ()), *number, *of)
    own = Figure(f"{round(row.weight * PARTS)}", row.weight * PARTS, "other", evidence)
    if own.text == "0":
        what = "all groups have in common" if row.toward_what == "mean" else "the attributes add up to"
        return compose(guess, f", what {what}.")
    whole = Figure(f"{PARTS}", PARTS, "count", evidence)
    return compose(guess, "; its own cases make up ", own, " of ", whole, " parts of it.")


def rest_sentence(
    row: GroupGap, words: Words, population: Population, *, per: int | None = None, level_said: bool = False,
    weighted: bool = False,
) -> Sentence | None:  # fmt: skip
    """ "Of 1,000 women who repaid, 40 more were refused than of as many others (95% range 20 to 60).", where that is proven.

    None where it was not measured.
    """
    if row.status != "ok" or row.difference is None or row.low is None or row.high is None:
        return None
    shown = [abs(number) for number in (row.difference, row.low, row.high)]
    ruler = choose_ruler(row.metric, shown, (), per, unit=words.unit)
    evidence = group_gap_evidence(row)
    level = () if level_said else level_words(row.level, evidence)
    if row.low <= 0 <= row.high:
        return _not_proven(row, ruler, level, evidence, words)
    ends = sorted((abs(row.low), abs(row.high)))
    fits: Phrase = (
        " (", *level, ruler.figure(ends[0], "low", evidence), " to ", ruler.figure(ends[1], "high", evidence), ").",
    )  # fmt: skip
    number = ruler.with_unit(ruler.figure(row.difference, "value", evidence))
    if weighted:
        number = ("about ", *number)
    if row.metric not in PROPORTIONS:
        side = " higher" if row.difference > 0 else " lower"
        about = about_outcome(row.class_, words)
        whom: Phrase = (" for ", *cases(words, population), " than for everyone else")
        return compose(about, *metric_label(row.metric), " is ", number, side, whom, fits)
    rate = rate_words(row.metric, words, population)
    of: Phrase = (
        *of_class(row.metric, row.class_, words),
        "of ",
        scale(ruler.per or 1_000, evidence),
        " ",
        *rate.among,
    )
    more = " more " if row.difference > 0 else " fewer "
    return compose(of, ", ", number, more, rate.event.verb(2), " than of as many others", fits)


def _not_proven(row: GroupGap, ruler: Ruler, level: Phrase, evidence: str, words: Words) -> Sentence:
    """ "No difference from everyone else is proven (95% range 20 fewer to 30 more of 1,000)."."""
    assert row.low is not None
    assert row.high is not None
    less, more = (" fewer", " more") if row.metric in PROPORTIONS else (" lower", " higher")
    low: Phrase = (ruler.figure(row.low, "low", evidence), less)
    high: Phrase = (ruler.figure(row.high, "high", evidence), more)
    of: Phrase = (" of ", scale(ruler.per, evidence)) if ruler.per else ()
    return compose("no difference from everyone else is proven (", level, low, " to ", high, of, ").")


def proven_distance(row: GroupGap) -> float | None:
    """What a group lies at least from the other; 0 where its range holds equality, None without a range."""
    if row.low is None or row.high is None:
        return None
    return max(0.0, row.low, -row.high)
