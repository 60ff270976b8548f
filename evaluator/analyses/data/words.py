"""Counts of the data checks as sentences: cases first, each number with the row it comes from.

Counts of fewer than ten cases are printed as "fewer than 10" for everyone, because findings are shown to readers who
may not see smaller ones; the quality table holds the number.
"""

from __future__ import annotations

from evaluator.analyses.data.examined import Examined
from evaluator.analyses.data.missing import MissingGap
from evaluator.analyses.data.units import UnitFault
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.plan.plan_words import class_words
from evaluator.records import Paired, Quality
from evaluator.wording import Phrase, Quoted, Sentence, choose_scale, compose, evidence_id, format_decimal
from evaluator.wording.reading import count, level_words, scale, share
from evaluator.wording.sentence import Figure

LABELS: dict[str, str] = {
    "DATA01": "copies of training rows",
    "DATA02": "clusters in both tables",
    "DATA03": "rows recorded twice",
    "DATA04": "mixed units",
    "DATA05": "impossible values",
    "DATA06": "levels unknown to the model",
    "DATA07": "columns that tell the outcome",
    "DATA08": "unequal gaps between groups",
    "DATA09": "columns that say nothing",
    "DATA10": "columns that identify cases",
    "DATA11": "dates outside the period",
    "DATA12": "fingerprints of the files",
}
"""Each check in a few words, as a noun in the plural."""
RATIO_PLACES_BELOW = 10
VOWELS = frozenset("aeio")


def untested(code: str, reason: str) -> Sentence:
    """ "Mixed units were not tested, because ..."."""
    return compose(Quoted(LABELS[code]), " were not tested, because ", Quoted(reason), ".")


def counted_of(row: Quality, examined: Examined) -> Phrase:
    """ "900 of 60,000 applicants"."""
    return (*few_or(row.count, evidence_id(row)), " of ", count(row.n, "n", evidence_id(row)), " ", _cases(examined))


def few_or(number: int, evidence: str) -> Phrase:
    """A count of cases, or "fewer than 10"."""
    if 0 < number < FEWER_THAN:
        return ("fewer than ", count(FEWER_THAN, "bound", "catalogue:fewer_than"))
    return (count(number, "count", evidence),)


def more(rows: int, noun: str, evidence: str) -> Phrase:
    """ " (and 2 more columns)", or nothing."""
    if rows == 0:
        return ()
    return (" (and ", count(rows, "count", evidence), f" more {noun}{'' if rows == 1 else 's'})")


COUNTED_BY = {
    "auc": "pairs it ranks rightly",
    "accuracy": "decisions that are right",
    "r2": "differences that it explains",
}
"""What a change of each number is a share of."""


def copies(row: Quality, examined: Examined) -> Sentence:
    """How many cases the model has seen in training."""
    return compose(*counted_of(row, examined), " are also in the training data.")


def no_copies(row: Quality, examined: Examined) -> Sentence:
    return compose(
        "none of the ", count(row.n, "n", evidence_id(row)), " ", _cases(examined), " is in the training data."
    )


def cost_sentence(row: Paired) -> Sentence:
    """What leaving the copies out does to the model's number."""
    assert row.difference is not None
    assert row.low is not None
    assert row.high is not None
    evidence = evidence_id(row)
    change, low, high = -row.difference, -row.high, -row.low
    per = choose_scale([change, low, high])
    what = COUNTED_BY[row.metric]
    return compose(
        f"leaving them out changes the {what} by ", share(change, per, "value", evidence), " of ", scale(per, evidence),
        " (", *level_words(row.level, evidence), share(low, per, "low", evidence), " to ",
        share(high, per, "high", evidence), ").",
    )  # fmt: skip


def clusters(row: Quality, examined: Examined) -> Sentence:
    """Cases that are no copies but share a cluster with the training data."""
    name = Quoted(examined.columns[row.column].words)
    return compose(*counted_of(row, examined), " share their ", name, " with training rows, without being copies.")


def no_clusters(column: str, examined: Examined) -> Sentence:
    name = Quoted(examined.columns[column].words)
    return compose("apart from copies, no ", name, " of the tested ", _cases(examined), " is in the training data.")


def twice(row: Quality, examined: Examined) -> Sentence:
    return compose(*counted_of(row, examined), " are alike another row in everything but the id.")


def not_twice(row: Quality, examined: Examined) -> Sentence:
    return compose(
        "no two of the ", count(row.n, "n", evidence_id(row)), " ", _cases(examined), " are alike in everything."
    )


def unit(fault: UnitFault, others: int, examined: Examined) -> Sentence:
    """ "For 2,600 applicants of branch 7, monthly income is about 12 times what it is elsewhere."."""
    evidence = evidence_id(fault.row)
    times, side = (fault.ratio, "larger") if fault.ratio > 1 else (1 / fault.ratio, "smaller")
    places = 1 if times < RATIO_PLACES_BELOW else 0
    figure = Figure(format_decimal(times, places=places), times, "comparison", evidence)
    return compose(
        "for ", *few_or(fault.row.count, evidence), " ", Quoted(place(fault, examined)), ", ",
        Quoted(fault.column.words), " is about ", figure, f" times {side} than elsewhere",
        *more(others, "place", evidence), ".",
    )  # fmt: skip


def place(fault: UnitFault, examined: Examined) -> str:
    """The cases of a level as a plural noun phrase, in the plan's words where it has them."""
    nouns = examined.declared(fault.by.name).levels
    label = dict(fault.by.levels).get(fault.value, fault.value)
    return nouns.get(fault.value) or f"{examined.words.cases} whose {fault.by.words} is {label}"


def impossible(row: Quality, others: int, examined: Examined) -> Sentence:
    name = Quoted(examined.columns[row.column].words)
    tail = more(others, "column", evidence_id(row))
    return compose(*counted_of(row, examined), " have an impossible ", name, *tail, ".")


def unseen(row: Quality, others: int, examined: Examined) -> Sentence:
    name = Quoted(examined.columns[row.column].words)
    tail = more(others, "column", evidence_id(row))
    article = "an" if name.text[:1].lower() in VOWELS else "a"
    return compose(*counted_of(row, examined), f" have {article} ", name, " that no training row has", *tail, ".")


def telling(
    row: Quality, others: int, examined: Examined, *, found: bool, position: int | None = None
) -> Sentence:  # fmt: skip
    """How well the most telling column alone orders pairs of opposite outcome, or of one class and the rest."""
    assert row.low is not None
    assert row.high is not None
    evidence = evidence_id(row)
    per = choose_scale([row.share, row.low, row.high])
    return compose(
        "" if found else "at best, ", Quoted(examined.columns[row.column].words), " alone orders ", share(row.share, per, "value", evidence), " of ",
        scale(per, evidence), *_pairs(examined, position), " rightly (", *level_words(row.level, evidence),
        share(row.low, per, "low", evidence), " to ", share(row.high, per, "high", evidence), ")",
        *more(others, "column", evidence), ".",
    )  # fmt: skip


def _pairs(examined: Examined, position: int | None) -> Phrase:
    classes, words = examined.subject.classes, examined.words
    if classes is not None and position is not None:
        about = class_words(examined.plan, classes.labels[position])
        who = "who" if words.people else "that"
        return (" pairs of one ", Quoted(words.case), f" {who} ", Quoted(about.positive), " and one other")
    if examined.subject.task == "regression":
        return (" pairs above and below the middle value",)
    return (" pairs of opposite outcome",)


def missing_gap(gap: MissingGap, others: int, examined: Examined) -> Sentence:
    """Both shares with their ranges; where so few are missing that they may not be counted, the direction alone."""
    name = Quoted(examined.columns[gap.high.row.column].words)
    evidence = evidence_id(gap.high.row)
    more_columns = more(others, "difference", evidence)
    rows = (gap.high.row, gap.low.row)
    if any(0 < row.count < FEWER_THAN for row in rows):
        high, low = Quoted(gap.high.population.words), Quoted(gap.low.population.words)
        return compose(name, " is missing more often for ", high, " than for ", low, *more_columns, ".")
    per = choose_scale([end for row in rows for end in (row.share, row.low, row.high) if end is not None])
    return compose(
        name, " is missing for ", *_share_of(gap.high.row, per, gap.high.population.words, level_said=False),
        " and ", *_share_of(gap.low.row, per, gap.low.population.words, level_said=True), *more_columns, ".",
    )  # fmt: skip


def _share_of(row: Quality, per: int, words: str, *, level_said: bool) -> Phrase:
    assert row.low is not None
    assert row.high is not None
    evidence = evidence_id(row)
    level = () if level_said else level_words(row.level, evidence)
    ends = (share(row.low, per, "low", evidence), " to ", share(row.high, per, "high", evidence))
    value = share(row.share, per, "value", evidence)
    return (value, " of ", scale(per, evidence), " ", Quoted(words), " (", *level, *ends, ")")


def constant(row: Quality, others: int, examined: Examined) -> Sentence:
    name, evidence = Quoted(examined.columns[row.column].words), evidence_id(row)
    said = "is empty" if row.words == "is empty" else "is the same"
    number = count(row.n, "n", evidence)
    return compose(name, f" {said} for all ", number, " ", _cases(examined), *more(others, "column", evidence), ".")


def identifying(row: Quality, others: int, examined: Examined) -> Sentence:
    name, evidence = Quoted(examined.columns[row.column].words), evidence_id(row)
    return compose(
        name, " has ", count(row.count, "count", evidence), " different values for ", count(row.n, "n", evidence), " ",
        _cases(examined), *more(others, "column", evidence), ".",
    )  # fmt: skip


def undated(row: Quality, examined: Examined) -> Sentence:
    """Rows outside the period that the plan declares, of the evaluation or of the training data."""
    evidence = evidence_id(row)
    where = "training rows" if row.check.startswith("training") else _cases(examined)
    number: Phrase = (*few_or(row.count, evidence), " of ", count(row.n, "n", evidence), " ", where)
    return compose(*number, " are dated outside the period that the plan declares.")


def plain(text: str) -> Sentence:
    """A sentence without numbers."""
    return compose(text)


def _cases(examined: Examined) -> Quoted:
    return Quoted(examined.words.cases)
