"""What people have done with a run so far, read from its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.records import AskedQuestion, LedgerEvent, RecordedDecision, RunState
from evaluator.store import decisions_of, questions_of, run_state


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a run, who put it there, and what was decided and asked.

    `decisions` and `questions` come oldest first; the last decision is the one that counts. `since` and `by` are of the
    event that led to the state, null and '' for a draft. `why` is the reason of a withdrawal, `replaced_by` the run
    that superseded this one.
    """

    state: RunState
    since: datetime | None = None
    by: str = ""
    why: str = ""
    replaced_by: str = ""
    decisions: tuple[RecordedDecision, ...] = ()
    questions: tuple[AskedQuestion, ...] = ()
    checked: bool = False
    """Whether a sign-in vouched for `by`."""

    @property
    def decision(self) -> RecordedDecision | None:
        """The decision that counts, or None."""
        return self.decisions[-1] if self.decisions else None


def standing_of(events: Sequence[LedgerEvent]) -> Standing:
    """The standing after `events`, oldest first."""
    state = run_state(events)
    last = next((event for event in reversed(events) if event.kind == state), None)
    return Standing(
        state=state,
        since=last.at if last else None,
        by=last.by if last else "",
        why=str(last.body.get("why", "")) if last else "",
        replaced_by=str(last.body.get("by_run", "")) if last else "",
        decisions=decisions_of(events),
        questions=questions_of(events),
        checked=last.checked if last else False,
    )
