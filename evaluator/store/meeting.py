"""Decisions and questions in a run's ledger: written with checks, read back as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from evaluator.errors import StoreError
from evaluator.records import AskedQuestion, Condition, Decision, LedgerEvent, RecordedDecision
from evaluator.store.event_bodies import damaged_event, link_in, list_in, text_in
from evaluator.store.ledger import add_event, ledger_writing, read_events
from evaluator.store.meeting_checks import DECISION_CODES, RECOMMENDATION_CODES, check_decision, check_question
from evaluator.store.reader import open_run
from evaluator.store.release import check_unchanged, run_state

DECISION, QUESTION = "decision", "question"
MOST_QUESTIONS = 500
"""Of one run; the screens and minutes that list them stay readable."""


def record_decision(
    store: Path, run_id: str, decision: Decision, *, by: str, at: datetime, checked: bool = False
) -> RecordedDecision:
    """Record what a committee decided about a released run; earlier decisions stay.

    Two people who record at once are both heard, one after the other: the later one counts.

    Raises
    ------
    StoreError : the run is not released, its file is not the one that was released, or the decision contradicts itself
        or the run: an unknown code, another recommendation than the run's, a departure from it without a reason,
        conditions missing or due before `at`, votes nobody casts, text that cannot be read.
    """
    with ledger_writing(store):
        events = read_events(store, run_id)
        state = run_state(events)
        if state != "released":
            raise StoreError(
                f"The run {run_id} is {state}, so no decision can be recorded.", "Decide on a run that is released."
            )
        check_unchanged(store, run_id, events)
        check_decision(decision, open_run(store, run_id).recommendation().recommendation, at.date())
        event = add_event(store, run_id, DECISION, _body(decision), by=by, checked=checked, at=at)
    return _recorded(event)


def keep_question(
    store: Path,
    run_id: str,
    text: str,
    *,
    answer: str = "",
    link: Mapping[str, str] | None = None,
    by: str,
    at: datetime,
    checked: bool = False,
) -> AskedQuestion:
    """Keep a question for the minutes; without an answer it is parked.

    Raises
    ------
    StoreError : the question is empty, too long or unreadable, or the run has 500 of them already.
    """
    body = {"text": text, "answer": answer, "link": dict(link or {})}
    check_question(text, answer, link or {})
    with ledger_writing(store):
        kept = sum(event.kind == QUESTION for event in read_events(store, run_id))
        if kept >= MOST_QUESTIONS:
            raise StoreError(
                f"The run {run_id} has {kept} questions already, and {MOST_QUESTIONS} is the most.",
                "Write further ones into the minutes by hand.",
            )
        return _asked(add_event(store, run_id, QUESTION, body, by=by, checked=checked, at=at))


def decisions_of(events: Sequence[LedgerEvent]) -> tuple[RecordedDecision, ...]:
    """The decisions among `events`, oldest first."""
    return tuple(_recorded(event) for event in events if event.kind == DECISION)


def questions_of(events: Sequence[LedgerEvent]) -> tuple[AskedQuestion, ...]:
    """The questions among `events`, oldest first."""
    return tuple(_asked(event) for event in events if event.kind == QUESTION)


def check_meeting(events: Sequence[LedgerEvent]) -> None:
    """Raise StoreError when a decision or question among `events` cannot be read."""
    decisions_of(events)
    questions_of(events)


def _body(decision: Decision) -> dict[str, object]:
    body: dict[str, object] = asdict(decision)
    body["conditions"] = [
        {"text": one.text, "owner": one.owner, "due": one.due.isoformat() if one.due else None}
        for one in decision.conditions
    ]
    body["valid_until"] = decision.valid_until.isoformat() if decision.valid_until else None
    body["present"] = list(decision.present)
    return body


def _recorded(event: LedgerEvent) -> RecordedDecision:
    try:
        decision = _decision(event.body)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise damaged_event(event) from error
    return RecordedDecision(decision, event.at, event.by, event.checked, event.sha256)


def _decision(body: Mapping[str, Any]) -> Decision:
    """The decision in the body of an event; what the body does not say is as if nobody had said it."""
    if body["decision"] not in DECISION_CODES or body["recommendation"] not in RECOMMENDATION_CODES:
        raise ValueError(body["decision"])
    conditions = [
        Condition(text_in(one, "text"), text_in(one, "owner"), _day(one, "due")) for one in list_in(body, "conditions")
    ]
    return Decision(
        decision=body["decision"],
        recommendation=body["recommendation"],
        conditions=tuple(conditions),
        votes_for=_number(body, "votes_for"),
        votes_against=_number(body, "votes_against"),
        abstained=_number(body, "abstained"),
        dissent=text_in(body, "dissent"),
        departure=text_in(body, "departure"),
        present=tuple(str(name) for name in list_in(body, "present")),
        conflicts=text_in(body, "conflicts"),
        valid_until=_day(body, "valid_until"),
    )


def _asked(event: LedgerEvent) -> AskedQuestion:
    try:
        link = link_in(event.body)
        text, answer = text_in(event.body, "text"), text_in(event.body, "answer")
    except (AttributeError, TypeError, ValueError) as error:
        raise damaged_event(event) from error
    return AskedQuestion(text, answer, link, event.at, event.by, event.checked)


def _number(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(name)
    return value


def _day(body: Mapping[str, Any], name: str) -> date | None:
    text = text_in(body, name) if body.get(name) is not None else ""
    return date.fromisoformat(text) if text else None
