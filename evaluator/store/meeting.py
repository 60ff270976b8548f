"""Decisions and questions in a run's ledger: written with checks, read back as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from evaluator.errors import StoreError
from evaluator.records import AskedQuestion, Condition, Decision, LedgerEvent, RecordedDecision
from evaluator.store.ledger import add_event, ledger_writing, read_events
from evaluator.store.release import check_unchanged, run_state

DECISION, QUESTION = "decision", "question"


def record_decision(
    store: Path, run_id: str, decision: Decision, *, by: str, at: datetime, checked: bool = False
) -> RecordedDecision:
    """Record what a committee decided about a released run; earlier decisions stay.

    Raises
    ------
    StoreError : the run is not released, or its file is not the one that was released.
    """
    with ledger_writing(store):
        events = read_events(store, run_id)
        state = run_state(events)
        if state != "released":
            raise StoreError(
                f"The run {run_id} is {state}, so no decision can be recorded.", "Decide on a run that is released."
            )
        check_unchanged(store, run_id, events)
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
    """Keep a question for the minutes; without an answer it is parked."""
    body = {"text": text, "answer": answer, "link": dict(link or {})}
    with ledger_writing(store):
        return _asked(add_event(store, run_id, QUESTION, body, by=by, checked=checked, at=at))


def decisions_of(events: Sequence[LedgerEvent]) -> tuple[RecordedDecision, ...]:
    """The decisions among `events`, oldest first."""
    return tuple(_recorded(event) for event in events if event.kind == DECISION)


def questions_of(events: Sequence[LedgerEvent]) -> tuple[AskedQuestion, ...]:
    """The questions among `events`, oldest first."""
    return tuple(_asked(event) for event in events if event.kind == QUESTION)


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
    body = cast("dict[str, Any]", dict(event.body))
    conditions = tuple(
        Condition(str(one["text"]), str(one.get("owner", "")), _day(one.get("due")))
        for one in body.pop("conditions", [])
    )
    known = {key: value for key, value in body.items() if key in Decision.__dataclass_fields__}
    known |= {"present": tuple(body.get("present", ())), "valid_until": _day(body.get("valid_until"))}
    return RecordedDecision(Decision(**known, conditions=conditions), event.at, event.by, event.checked, event.sha256)


def _asked(event: LedgerEvent) -> AskedQuestion:
    link = cast("dict[str, str]", event.body.get("link", {}))
    text, answer = str(event.body.get("text", "")), str(event.body.get("answer", ""))
    return AskedQuestion(text, answer, link, event.at, event.by, event.checked)


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
