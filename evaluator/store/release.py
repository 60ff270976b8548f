"""Draft, released, superseded, withdrawn: the state of a run, told by its ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from evaluator.errors import StoreError
from evaluator.records import LedgerEvent, RunState
from evaluator.store.layout import plan_of, run_ids
from evaluator.store.ledger import add_event, ledger_writing, read_chain, read_events
from evaluator.store.reader import open_run


def run_state(events: Iterable[LedgerEvent]) -> RunState:
    """The state after `events`; withdrawn outweighs superseded, which outweighs released."""
    kinds = {event.kind for event in events}
    if "withdrawn" in kinds:
        return "withdrawn"
    if "superseded" in kinds:
        return "superseded"
    return "released" if "released" in kinds else "draft"


def release_run(store: Path, run_id: str, *, by: str, at: datetime, checked: bool = False) -> LedgerEvent:
    """Release a draft, superseding the released run of the same plan.

    The older run is superseded first: if this is cut short, releasing again completes it.
    """
    body = {"run_sha256": open_run(store, run_id).file_sha256()}
    with ledger_writing(store):
        _require_state(store, run_id, ("draft",), "released")
        for other in _released_of(store, plan_of(run_id)):
            add_event(store, other, "superseded", {"by_run": run_id}, by=by, checked=checked, at=at)
        return add_event(store, run_id, "released", body, by=by, checked=checked, at=at)


def withdraw_run(store: Path, run_id: str, why: str, *, by: str, at: datetime, checked: bool = False) -> LedgerEvent:
    """Withdraw a run for a reason that is recorded; it stays readable as a record."""
    if not why.strip():
        raise StoreError(f"Withdrawing {run_id} needs a reason.", "Say why, in a sentence.")
    with ledger_writing(store):
        _require_state(store, run_id, ("draft", "released", "superseded"), "withdrawn")
        return add_event(store, run_id, "withdrawn", {"why": why}, by=by, checked=checked, at=at)


def verify_ledger(store: Path, run_id: str) -> list[str]:
    """Everything wrong with the ledger of a run, and with its run file if that was released; empty when all is well.

    Taking away the latest events leaves a chain that holds: only a copy kept elsewhere can show that.
    """
    chain = read_chain(store, run_id)
    return [*chain.problems, *_not_released(chain.events, open_run(store, run_id).file_sha256())]


def check_unchanged(store: Path, run_id: str, events: Iterable[LedgerEvent]) -> None:
    """Raise StoreError when the run file is not the one that was released."""
    for problem in _not_released(events, open_run(store, run_id).file_sha256()):
        raise StoreError(f"The run {run_id} was changed: {problem}.", "Put the original files back from a copy.")


def _not_released(events: Iterable[LedgerEvent], file_sha256: str) -> list[str]:
    return [
        f"the run file is not the one that event {event.n} released"
        for event in events
        if event.kind == "released" and event.body.get("run_sha256") != file_sha256
    ]


def _require_state(store: Path, run_id: str, allowed: tuple[RunState, ...], wanted: str) -> None:
    state = run_state(read_events(store, run_id))
    if state not in allowed:
        already = "already " if state == wanted else ""
        raise StoreError(
            f"The run {run_id} is {already}{state}, so it cannot be {wanted}.",
            "" if already else "Evaluate the plan again and release the new run.",
        )


def _released_of(store: Path, plan_id: str) -> list[str]:
    same_plan = [run_id for run_id in run_ids(store) if plan_of(run_id) == plan_id]
    return [run_id for run_id in same_plan if run_state(read_events(store, run_id)) == "released"]
