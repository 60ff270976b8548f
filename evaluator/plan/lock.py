"""Whether the limits of a run were fixed before its results, told from what the run itself recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from evaluator.plan.canonical import criteria_json
from evaluator.plan.lock_chain import LockEntry, history_json, parse_entries
from evaluator.plan.lock_changes import CriteriaChange, criteria_changes
from evaluator.plan.schema import Plan
from evaluator.records import PlanText, Run

LockState = Literal["fixed_before", "changed_after", "fixed_after", "no_lock"]


@dataclass(frozen=True, slots=True)
class Lock:
    """The criteria lock of one run.

    `fixed_before` alone needs no attention. A lock shows that limits were fixed not later than a time; whether they
    are appropriate it does not show.

    Attributes
    ----------
    entries : oldest first; the first one fixed the limits, the others amended them.
    criteria_sha256 : of the criteria that the run was judged by.
    first_result_at : when the store first held a result of the plan.
    unamended : how the criteria of the run differ from the last entry; empty when they are the same.
    problem : why the recorded lock cannot be used, or ''.
    """

    state: LockState
    entries: tuple[LockEntry, ...] = ()
    criteria_sha256: str = ""
    first_result_at: datetime | None = None
    unamended: tuple[CriteriaChange, ...] = ()
    problem: str = ""

    @property
    def flagged(self) -> bool:
        return self.state != "fixed_before"

    @property
    def locked_at(self) -> datetime | None:
        return self.entries[0].at if self.entries else None

    @property
    def amendments(self) -> tuple[LockEntry, ...]:
        return self.entries[1:]

    def late(self, entry: LockEntry) -> bool:
        """Whether an entry was made when results of the plan existed."""
        return entry.after_results or (self.first_result_at is not None and entry.at > self.first_result_at)

    def continues(self, earlier: Lock) -> bool:
        """Whether the entries of an earlier run of the same plan are the first ones here: nothing of it was rewritten."""
        return self.entries[: len(earlier.entries)] == earlier.entries

    def changes(self, entry: LockEntry) -> tuple[CriteriaChange, ...]:
        """What an entry changed of the one before it; nothing for the first."""
        return criteria_changes(self.entries[entry.n - 2].criteria, entry.criteria) if entry.n > 1 else ()


NO_LOCK = Lock("no_lock")


def lock_of(plan_text: PlanText, run: Run) -> Lock:
    """The lock that a run recorded; one that cannot be read counts as none and says so in `problem`."""
    first_result_at = plan_text.first_result_at or run.started_at
    try:
        entries = parse_entries(plan_text.lock_history)
        if history_json(entries) != plan_text.lock_history:
            raise ValueError("its text is not as it was written")
        if entries and entries[0].plan != run.plan_id:
            raise ValueError(f"it is of the plan '{entries[0].plan}'")
        judged = criteria_json(Plan.model_validate_json(plan_text.canonical_json)) if entries else ""
        return lock_from(entries, judged, plan_text.criteria_sha256, first_result_at)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = "the plan cannot be read" if not isinstance(error, ValueError) else str(error)
        return Lock("no_lock", (), plan_text.criteria_sha256, first_result_at, problem=what)


def lock_from(entries: Sequence[LockEntry], judged: str, sha256: str, first_result_at: datetime | None) -> Lock:
    """The lock of criteria `judged` (canonical JSON) with this history and this first result."""
    if not entries:
        return Lock("no_lock", (), sha256, first_result_at)
    same = sha256 == entries[-1].criteria_sha256
    unamended = () if same else criteria_changes(entries[-1].criteria, judged)
    lock = Lock("fixed_before", tuple(entries), sha256, first_result_at, unamended)
    late = [lock.late(entry) for entry in entries]
    state: LockState = "fixed_after" if late[0] else "changed_after" if any(late) or unamended else "fixed_before"
    return Lock(state, lock.entries, sha256, first_result_at, unamended)
