"""What is refused before it is written down: decisions that contradict themselves, and texts nobody could read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import get_args

from evaluator.catalogue.statuses import DECISIONS
from evaluator.errors import StoreError, did_you_mean
from evaluator.records import Condition, Decision, DecisionCode, RecommendationCode

DECISION_CODES: tuple[str, ...] = get_args(DecisionCode)
RECOMMENDATION_CODES: tuple[str, ...] = get_args(RecommendationCode)
LONGEST_NAME = 200
LONGEST_LINE = 1_000
LONGEST_TEXT = 10_000
MOST_ENTRIES = 100
MOST_VOTES = 1_000
_LINE_BREAKS = "\n\r\t"
_DIRECTION_MARKS = frozenset(map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def check_decision(decision: Decision, recommendation: RecommendationCode, on: date) -> None:
    """Raise StoreError for a decision that cannot stand in the ledger of a run with this recommendation.

    Parameters
    ----------
    recommendation : what the run itself recommends.
    on : the day of the decision; nothing in it may end before.
    """
    if decision.decision not in DECISION_CODES:
        raise StoreError(
            f"There is no decision {str(decision.decision)[:80]!r}.",
            did_you_mean(str(decision.decision), DECISION_CODES),
        )
    if decision.recommendation != recommendation:
        raise StoreError(
            f"The decision answers {_word(decision.recommendation)}, but the run recommends {_word(recommendation)}.",
            "Read the run again, then decide.",
        )
    _check_departure(decision)
    _check_conditions(decision, on)
    _check_votes(decision)
    _check_texts(decision)
    if decision.valid_until is not None and decision.valid_until < on:
        raise StoreError(
            f"The decision would be valid until {decision.valid_until}, which is before {on}, the day it is taken.",
            "Give a later date, or none.",
        )


def check_question(text: str, answer: str, link: Mapping[str, str]) -> None:
    """Raise StoreError for a question that is empty, too long or unreadable."""
    if not text.strip():
        raise StoreError("The question is empty.", "Write what was asked.")
    check_text("question", text, LONGEST_LINE)
    check_text("answer", answer, LONGEST_TEXT)
    check_link(link)


def check_link(link: Mapping[str, str]) -> None:
    """Raise StoreError for parts of an address that are not text, too many or too long."""
    for name, value in link.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise StoreError("The link of a question holds text alone.", "Keep the address as it is.")
        check_text("link", f"{name}={value}", LONGEST_TEXT)
    if len(link) > MOST_ENTRIES:
        raise StoreError(f"The link has {len(link)} parts, more than {MOST_ENTRIES}.", "Ask with fewer conditions.")


def _check_departure(decision: Decision) -> None:
    departs = decision.decision != decision.recommendation
    if departs and not decision.departure.strip():
        raise StoreError(
            f"{_word(decision.decision)} departs from the recommendation, {_word(decision.recommendation)}, without a reason.",
            "Say why the committee departs from it.",
        )
    if not departs and decision.departure.strip():
        raise StoreError(
            f"{_word(decision.decision)} is what was recommended, so there is no departure to explain.",
            "Leave that reason out, or record it as dissent.",
        )


def _check_conditions(decision: Decision, on: date) -> None:
    if decision.decision == "approve_with_conditions" and not decision.conditions:
        raise StoreError("The decision approves with conditions, but names none.", "Add a condition, or approve.")
    if decision.decision == "approve" and decision.conditions:
        raise StoreError("The decision approves without conditions, but names some.", "Approve with conditions.")
    _check_number("conditions", len(decision.conditions))
    for one in decision.conditions:
        _check_condition(one, on)


def _check_condition(condition: Condition, on: date) -> None:
    if not condition.text.strip():
        raise StoreError("A condition says nothing.", "Write what must be done.")
    check_text("condition", condition.text, LONGEST_LINE)
    check_text("owner of a condition", condition.owner, LONGEST_NAME)
    if condition.due is not None and condition.due < on:
        raise StoreError(
            f"A condition is due on {condition.due}, which is before {on}, the day of the decision.",
            "Give a later date, or none.",
        )


def _check_votes(decision: Decision) -> None:
    votes = (decision.votes_for, decision.votes_against, decision.abstained)
    if votes == (None, None, None):
        return
    if decision.votes_for is None or decision.votes_against is None:
        raise StoreError("Votes need those for and those against.", "Give both numbers, or none.")
    counted = [number for number in votes if number is not None]
    if any(isinstance(number, bool) or not isinstance(number, int) for number in counted):
        raise StoreError(f"Votes are whole numbers, found {counted}.", "Count again.")
    if min(counted) < 0 or max(counted) > MOST_VOTES or sum(counted) == 0:
        raise StoreError(f"Nobody votes like this: {counted}.", f"Give numbers from 0 to {MOST_VOTES}, not all 0.")
    if decision.present and sum(counted) > len(decision.present):
        raise StoreError(
            f"{sum(counted)} votes were counted, but {len(decision.present)} people are named as present.",
            "Name everybody who was there, or nobody.",
        )


def _check_texts(decision: Decision) -> None:
    check_text("dissent", decision.dissent, LONGEST_TEXT)
    check_text("reason to depart", decision.departure, LONGEST_TEXT)
    check_text("conflicts of interest", decision.conflicts, LONGEST_TEXT)
    _check_number("people present", len(decision.present))
    for name in decision.present:
        if not name.strip():
            raise StoreError("A person who was present has no name.", "Write the name, or leave the entry out.")
        check_text("name", name, LONGEST_NAME)


def _word(code: str) -> str:
    """A decision or recommendation as people read it."""
    return f"“{DECISIONS[code].word}”" if code in DECISIONS else repr(code[:80])


def _check_number(what: str, number: int) -> None:
    if number > MOST_ENTRIES:
        raise StoreError(f"There are {number} {what}, more than {MOST_ENTRIES}.", "Shorten the list.")


def check_text(what: str, text: str, longest: int) -> None:
    """Raise StoreError for a text that is longer than `longest` characters or cannot be printed."""
    if len(text) > longest:
        raise StoreError(f"The text for {what} has {len(text)} characters, more than {longest}.", "Shorten it.")
    if any(not _is_readable(character) for character in text):
        raise StoreError(f"The text for {what} holds characters that cannot be printed.", "Type it again.")


def _is_readable(character: str) -> bool:
    """Line breaks may stand in a text; control characters and marks that reverse the reading direction may not."""
    if character in _LINE_BREAKS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cs", "Cn", "Co") and character not in _DIRECTION_MARKS
