"""What somebody typed into the decision form: what is missing, field by field, and the decision it makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from evaluator.catalogue.statuses import DECISIONS, RECOMMENDATIONS
from evaluator.records import Condition, Decision, DecisionCode, RecommendationCode
from evaluator.store.meeting_checks import MOST_VOTES
from evaluator.wording import format_count

WITH_CONDITIONS = "approve_with_conditions"


@dataclass(frozen=True, slots=True)
class TypedDecision:
    """The fields of the form as they are; '' and None stand for what nobody filled in."""

    decision: str
    recommendation: RecommendationCode
    conditions: tuple[Condition, ...] = ()
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    dissent: str = ""
    departure: str = ""
    present: str = ""
    """Names, one per line."""
    conflicts: str = ""
    valid_until: date | None = None
    by: str = ""

    @property
    def departs(self) -> bool:
        """Whether something was chosen that the evaluator does not recommend."""
        return bool(self.decision) and self.decision != self.recommendation

    @property
    def names(self) -> tuple[str, ...]:
        """The people present."""
        return tuple(name for line in self.present.splitlines() if (name := line.strip()))


def problems_of(typed: TypedDecision, today: date) -> dict[str, str]:
    """What must be mended before the decision can be recorded, by field, in words; empty when it can be.

    Fields of a condition are named "condition-0-text", "condition-0-owner" and "condition-0-due".
    """
    found = {
        "decision": "" if typed.decision in DECISIONS else "Choose what the committee decided.",
        "departure": _departure(typed),
        "conditions": _conditions(typed),
        "votes": _votes(typed),
        "valid_until": _past(typed.valid_until, today),
        "by": "" if typed.by.strip() else "Write your name, so that others know who recorded this.",
    }
    if typed.decision == WITH_CONDITIONS:
        for place, one in enumerate(typed.conditions):
            found |= _condition(place, one, today)
    return {field: problem for field, problem in found.items() if problem}


def decision_of(typed: TypedDecision) -> Decision:
    """The decision that a form without problems makes; what does not belong to the choice is left out."""
    return Decision(
        decision=cast("DecisionCode", typed.decision),
        recommendation=typed.recommendation,
        conditions=tuple(_stripped(one) for one in typed.conditions) if typed.decision == WITH_CONDITIONS else (),
        votes_for=typed.votes_for,
        votes_against=typed.votes_against,
        abstained=typed.abstained,
        dissent=typed.dissent.strip(),
        departure=typed.departure.strip() if typed.departs else "",
        present=typed.names,
        conflicts=typed.conflicts.strip(),
        valid_until=typed.valid_until,
    )


def _stripped(condition: Condition) -> Condition:
    return Condition(condition.text.strip(), condition.owner.strip(), condition.due)


def _departure(typed: TypedDecision) -> str:
    if not typed.departs or typed.departure.strip():
        return ""
    return f"The evaluator recommends: {RECOMMENDATIONS[typed.recommendation].verb}. Say why the committee departs from it."


def _conditions(typed: TypedDecision) -> str:
    if typed.decision != WITH_CONDITIONS or typed.conditions:
        return ""
    return "Name at least one condition, or choose “Approve”."


def _condition(place: int, condition: Condition, today: date) -> dict[str, str]:
    return {
        f"condition-{place}-text": "" if condition.text.strip() else "Write what must be done, or remove this row.",
        f"condition-{place}-owner": "" if condition.owner.strip() else "Write who sees to it.",
        f"condition-{place}-due": _past(condition.due, today),
    }


def _past(day: date | None, today: date) -> str:
    return "This day has passed: choose a later one, or none." if day is not None and day < today else ""


def _votes(typed: TypedDecision) -> str:
    counted = [votes for votes in (typed.votes_for, typed.votes_against, typed.abstained) if votes is not None]
    if not counted:
        return ""
    if typed.votes_for is None or typed.votes_against is None:
        return "Give the votes for and against, or leave all three empty."
    if min(counted) < 0 or max(counted) > MOST_VOTES:
        return f"Nobody votes like this: give numbers from 0 to {format_count(MOST_VOTES)}."
    if sum(counted) == 0:
        return "Nobody voted like this: leave all three empty when no votes were counted."
    if typed.names and sum(counted) > len(typed.names):
        return "More votes were counted than people are named as present."
    return ""
