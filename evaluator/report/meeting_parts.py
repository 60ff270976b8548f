"""What the steps of a meeting are made of: sentences, pictures and columns taken from what other pages say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evaluator.report.brief import Brief, Unknown
from evaluator.report.conditions import proposed_conditions
from evaluator.report.document.nodes import Facts, Item, Items, Side, Sides, Text
from evaluator.report.evidence import Evidence
from evaluator.report.people_a_year import people_a_year
from evaluator.report.reasons import NO_REASON_AGAINST, NO_REASON_FOR, Reason, serious_findings
from evaluator.report.year_words import YearLine, volume_figure
from evaluator.wording import Quoted, Sentence, compose, join_words

MOST_ITEMS = 3
MOST_CONDITIONS = 2
MOST_LINES = 2
"""Kinds of mistake whose number in a year is said."""
MOST_FOUND = 2
"""Findings among what could overturn the answer; the rest are assumptions."""
ASKING = frozenset(
    {"may", "can", "could", "is", "are", "do", "does", "did", "should", "shall", "will", "would", "must", "has", "have",
     "which", "what", "how", "who", "when", "where"}
)  # fmt: skip
"""Words that open a question and carry no capital of their own."""
SHOWN_FIRST = ("gap", "limitation", "check")
"""Kinds of what is not known, in the order of the step; assumptions stand beside them."""
SAID_ELSEWHERE = frozenset({"How many", "Owner", "Tested on"})
"""Facts of the brief that the step on people says in its sentence, or that are for readers, not for the room."""


class Touched(NamedTuple):
    """Whom a model touches: how many a year, and what was declared about its use."""

    sentence: Sentence
    lines: tuple[YearLine, ...]
    how_to_read: str
    facts: Facts | None


class OpenPoints(NamedTuple):
    """What is not known, beside what could overturn the answer."""

    sentence: Sentence
    sides: Sides


def asked_sentence(question: str) -> Sentence:
    """The one thing that is asked, with the question in the middle of the sentence."""
    first, _, rest = question.partition(" ")
    lowered = f"{first.lower()} {rest}" if first.lower() in ASKING and rest else question
    return compose("you are asked one thing today: ", Quoted(lowered))


def touched(evidence: Evidence, what_it_is: Sequence[tuple[str, Text]]) -> Touched | None:
    """Who is affected and how many, as far as the plan declares it; None when it says nothing."""
    rows = tuple((label, text) for label, text in what_it_is if label not in SAID_ELSEWHERE)
    volume, affected = evidence.plan.use.volume_per_year, evidence.plan.model.affected
    if volume is None and not rows:
        return None
    year = people_a_year(evidence)
    cases = Quoted(evidence.words.cases)
    if volume is not None:
        said = compose(_used(evidence), " for about ", volume_figure(volume), " ", cases, " a year.")
    elif affected:
        said = compose("it affects ", Quoted(join_words(affected)), "; how many a year was not declared.")
    else:
        said = compose("how many ", cases, " it touches in a year was not declared.")
    return Touched(said, year.lines[:MOST_LINES], year.how_to_read, Facts(rows) if rows else None)


def _used(evidence: Evidence) -> str:
    return "it would be used" if evidence.plan.stage == "before release" else "it is used"


def open_points(evidence: Evidence, not_known: Sequence[Unknown]) -> OpenPoints | None:
    """What was not tested or is declared unknown, and what was found or is assumed that could overturn the answer."""
    unknown = _unknown_items(not_known)
    found = [Item("", (row.sentence,)) for row in serious_findings(evidence)[:MOST_FOUND]]
    assumed = [
        Item(row.statement, (f"If wrong: {row.if_wrong}",) if row.if_wrong else ()) for row in evidence.plan.assumptions
    ]
    overturns = [*found, *assumed][:MOST_ITEMS]
    if not unknown and not overturns:
        return None
    sides = Sides(
        Side("Not known", tuple(unknown[:MOST_ITEMS]), "Everything the plan asked for was tested."),
        Side("What could overturn it", tuple(overturns), "Nothing was found, and the plan states no assumption."),
    )
    return OpenPoints(_open_sentence(bool(unknown), bool(found), bool(assumed)), sides)


def _unknown_items(not_known: Sequence[Unknown]) -> list[Item]:
    """Requirements without an answer first, then declared limitations, then what was not looked at."""
    kept = sorted((row for row in not_known if row.kind in SHOWN_FIRST), key=lambda row: SHOWN_FIRST.index(row.kind))
    return [Item(row.what, (row.why,) if row.why else ()) for row in kept]


def _open_sentence(unknown: bool, found: bool, assumed: bool) -> Sentence:
    told = [
        "some things are not known" if unknown else "everything the plan asked for was tested",
        *(["some findings weigh against it"] if found else []),
        *(["some things are taken for granted"] if assumed else []),
    ]
    return compose(", ".join(told[:-1]) + (" and " if len(told) > 1 else "") + told[-1], ".")


def for_and_against(brief: Brief, most: int) -> Sides:
    """The strongest reasons of the brief, at most so many on each side."""
    return Sides(
        Side("For", _items(brief.reasons_for[:most]), NO_REASON_FOR),
        Side("Against", _items(brief.reasons_against[:most]), NO_REASON_AGAINST),
    )


def _items(reasons: Iterable[Reason]) -> tuple[Item, ...]:
    """What was found; the status beside it says how that lies to the limit."""
    return tuple(Item(reason.about, tuple(reason.sentences[:1]), reason.status) for reason in reasons)


def conditions(evidence: Evidence) -> Items | None:
    """What an approval would ask for, the worst first, with who answers for it; None when nothing is open."""
    proposed = proposed_conditions(evidence)
    if not proposed:
        return None
    shown = [Item(one.question, (one.text, _owner(one.owner))) for one in proposed[:MOST_CONDITIONS]]
    if len(proposed) > MOST_CONDITIONS:
        shown.append(Item("", ("The others stand on the next step.",)))
    return Items(tuple(shown))


def _owner(owner: str) -> Sentence:
    return (
        compose("owner: ", Quoted(owner), ". Due: to be decided.")
        if owner
        else compose("owner and due date: to be decided.")
    )
