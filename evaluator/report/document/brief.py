"""The brief: one A4 page for people who must decide. What has no room is counted, and stands in the committee pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from evaluator.report.brief import Brief, brief_of
from evaluator.report.document.fitting import PAGE_LINES, lines_of, title_lines
from evaluator.report.document.nodes import Block, Document, Item, Paragraph, Side, Sides
from evaluator.report.document.pieces import picture, said
from evaluator.report.document.verdict import (
    NOTHING_UNKNOWN,
    answer,
    badges,
    condition_items,
    first_requirements,
    for_and_against,
    question_items,
    unknown_items,
    year_items,
)
from evaluator.report.evidence import Evidence
from evaluator.report.identity import identity_of
from evaluator.report.standing import Standing
from evaluator.wording import Phrase, Sentence, compose, plural
from evaluator.wording.decisions import condition_sentence, decision_evidence
from evaluator.wording.phrases import join_phrases
from evaluator.wording.reading import count

KIND = "brief"
NAME = "Brief"
NO_ROOM = "The committee pack tells it."
NO_CONDITION = "No open requirement asks for one."
NO_CONDITION_SET = "The decision sets none."
NO_QUESTION = "The evidence leaves no gap to ask about."


class Amounts(NamedTuple):
    """How much of each part is shown."""

    reasons: int
    requirements: int
    years: int
    unknown: int
    questions: int
    conditions: int


LEAST = Amounts(reasons=1, requirements=2, years=0, unknown=0, questions=0, conditions=0)
"""The verdict, one reason of each side and the badges always stay; so does the picture of the worst requirements."""
STEPS = (
    "years", "unknown", "questions", "conditions", "questions", "unknown", "years", "requirements", "questions",
    "reasons", "requirements", "unknown", "years", "requirements", "conditions", "reasons", "requirements",
    "requirements", "conditions", "unknown",
)  # fmt: skip
"""What is added while there is room, the most important first."""


def brief_document(evidence: Evidence, standing: Standing) -> Document:
    """One page: the verdict and its reasons always, then as much of the rest as fits."""
    brief, question = brief_of(evidence), evidence.run.question
    blocks = brief_blocks(brief, standing, fitting_amounts(brief, standing, PAGE_LINES - title_lines(question)))
    return Document(KIND, NAME, question, identity_of(evidence, standing), blocks, ())


def fitting_amounts(brief: Brief, standing: Standing, room: float) -> Amounts:
    """How much of each part fits `room` lines: one more of each in turn, left out where it does not fit."""
    amounts = LEAST
    for part in STEPS:
        more = amounts._replace(**{part: getattr(amounts, part) + 1})
        if lines_of(brief_blocks(brief, standing, more)) <= room:
            amounts = more
    return amounts


def brief_blocks(brief: Brief, standing: Standing, amounts: Amounts) -> tuple[Block, ...]:
    """The page with so much of each part."""
    chart = brief.requirements
    shown = first_requirements(chart, amounts.requirements) if chart is not None and amounts.requirements else None
    return (
        Paragraph((f"{brief.asked}.",), "kicker"),
        *answer(brief, standing),
        for_and_against(brief, amounts.reasons),
        badges(brief),
        *picture(shown),
        *_beside(
            Side("In a year", year_items(brief, amounts.years), NO_ROOM),
            _conditions(brief, standing, amounts.conditions),
        ),
        *_beside(
            Side("What is not known", _unknown(brief, amounts.unknown), _empty(brief.not_known, NOTHING_UNKNOWN)),
            Side("Worth asking", question_items(brief, amounts.questions), _empty(brief.questions, NO_QUESTION)),
        ),
        *said(_left_out(brief, standing, amounts), "note"),
    )


def _conditions(brief: Brief, standing: Standing, most: int) -> Side:
    """What an approval could ask for; once the committee has decided, what it does ask for."""
    if standing.decision is None:
        items = condition_items(brief, most)
        return Side("Conditions to consider", items, _empty(brief.conditions, NO_CONDITION))
    asked = _asked(standing)
    return Side("Conditions of the decision", asked[:most], _empty(asked, NO_CONDITION_SET))


def _asked(standing: Standing) -> tuple[Item, ...]:
    """The conditions of the decision that counts."""
    last = standing.decision
    conditions = last.decision.conditions if last is not None else ()
    evidence = decision_evidence(last) if last is not None else ""
    return tuple(Item("", (condition_sentence(one, evidence),)) for one in conditions)


def _unknown(brief: Brief, most: int) -> tuple[Item, ...]:
    """Without the lines for the plan's author, which the committee pack prints."""
    return tuple(replace(item, add_to_plan="") for item in unknown_items(brief, most))


def _empty(rows: Sequence[object], none: str) -> str:
    """What an empty part says: that there is nothing, or only that this page has no room for it."""
    return NO_ROOM if rows else none


def _beside(left: Side, right: Side) -> tuple[Block, ...]:
    """Two parts beside one another; nothing when neither has an entry."""
    return (Sides(left, right),) if left.items or right.items else ()


def _left_out(brief: Brief, standing: Standing, amounts: Amounts) -> tuple[Sentence, ...]:
    """What this page has no room for, counted."""
    conditions = len(brief.conditions if standing.decision is None else _asked(standing))
    charted = len(brief.requirements.rows) if brief.requirements is not None else 0
    counts = (
        (charted - amounts.requirements, "requirement", "requirements"),
        (len(brief.in_a_year.lines) - amounts.years, "yearly figure", "yearly figures"),
        (len(brief.not_known) - amounts.unknown, "thing not known", "things not known"),
        (len(brief.questions) - amounts.questions, "question", "questions"),
        (conditions - amounts.conditions, "condition", "conditions"),
    )
    left: list[Phrase] = [
        (count(number, "count", "document"), plural(number, f" {one}", f" {many}"))
        for number, one, many in counts
        if number > 0
    ]
    return (compose("the committee pack also holds ", join_phrases(left), "."),) if left else ()
