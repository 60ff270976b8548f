"""The rules of the decision form: what must be mended, field by field, and what is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from evaluator.catalogue.statuses import DECISIONS
from evaluator.records import Condition
from evaluator.report.decision_form import TypedDecision, decision_of, problems_of

TODAY = date(2026, 11, 24)
GOOD = TypedDecision(
    decision="approve_with_conditions",
    recommendation="approve_with_conditions",
    conditions=(Condition("Recalibrate ", " Risk team", date(2027, 1, 31)),),
    votes_for=5,
    votes_against=1,
    present="Ana\n\n Bo \nCy\nDi\nEd\nFlo",
    valid_until=date(2027, 6, 30),
    by="Ana",
)


def test_a_complete_form_has_no_problems_and_is_recorded_as_typed() -> None:
    assert problems_of(GOOD, TODAY) == {}
    decision = decision_of(GOOD)
    assert decision.conditions == (Condition("Recalibrate", "Risk team", date(2027, 1, 31)),)
    assert decision.present == ("Ana", "Bo", "Cy", "Di", "Ed", "Flo")
    assert decision.departure == ""


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"decision": ""}, {"decision"}),
        ({"decision": "maybe"}, {"decision", "departure"}),
        ({"decision": "defer"}, {"departure"}),
        ({"decision": "defer", "departure": "  \n"}, {"departure"}),
        ({"conditions": ()}, {"conditions"}),
        ({"conditions": (Condition(" ", "", date(2026, 11, 23)),)}, {"condition-0-text", "condition-0-owner", "condition-0-due"}),
        ({"votes_against": None}, {"votes"}),
        ({"votes_for": None, "votes_against": None, "abstained": 2}, {"votes"}),
        ({"votes_for": 0, "votes_against": 0}, {"votes"}),
        ({"votes_for": 6}, {"votes"}),
        ({"votes_for": -1}, {"votes"}),
        ({"abstained": 1_001}, {"votes"}),
        ({"valid_until": date(2026, 11, 23)}, {"valid_until"}),
        ({"by": " "}, {"by"}),
    ],
    ids=["nothing-chosen", "unknown", "departs", "blank-reason", "no-condition", "empty-condition", "half-a-vote", "abstained-alone", "nobody-voted", "more-votes-than-people", "negative", "absurd", "past", "no-name"],
)  # fmt: skip
def test_what_is_missing_is_said_by_field(changes: dict[str, object], fields: set[str]) -> None:
    problems = problems_of(replace(GOOD, **changes), TODAY)  # type: ignore[arg-type]
    assert set(problems) == fields
    assert all(text.endswith(".") for text in problems.values())


def test_today_is_not_past_and_votes_may_be_left_out() -> None:
    uncounted = replace(GOOD, votes_for=None, votes_against=None, valid_until=TODAY)
    assert problems_of(uncounted, TODAY) == {}


@pytest.mark.parametrize("code", [code for code in DECISIONS if code != "approve_with_conditions"])
def test_conditions_belong_to_an_approval_with_conditions_alone(code: str) -> None:
    typed = replace(GOOD, decision=code, departure="A reason", conditions=(Condition("", "", date(2000, 1, 1)),))
    assert problems_of(typed, TODAY) == {}
    assert decision_of(typed).conditions == ()
    assert decision_of(typed).departure == "A reason"


def test_a_reason_to_depart_is_dropped_when_the_recommendation_is_followed() -> None:
    assert decision_of(replace(GOOD, departure="typed before another choice")).departure == ""
