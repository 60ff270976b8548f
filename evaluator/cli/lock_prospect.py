"""What `check` and `run` say about the lock of a plan's criteria."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluator.plan import LoadedPlan

_TO_LOCK = "Lock them before the first result with `python -m evaluator plan lock PLAN`."
_TO_AMEND = "Record the change with `python -m evaluator plan lock PLAN --why TEXT`, or undo it."


def lock_prospect(loaded: LoadedPlan) -> Iterator[str]:
    """Whether the criteria are locked, since when, and whether they are still the locked ones; one line each."""
    if not loaded.lock:
        if loaded.plan.criteria:
            yield f"The criteria are not locked. {_TO_LOCK}"
        return
    first, last = loaded.lock[0], loaded.lock[-1]
    yield f"Locked on {first.at:%Y-%m-%d %H:%M:%S} UTC by {first.by}; {_amended(len(loaded.lock) - 1)}."
    yield from lock_warnings(loaded) or (f"The criteria are those of the lock, SHA-256 {last.criteria_sha256[:12]}…",)


def lock_warnings(loaded: LoadedPlan) -> tuple[str, ...]:
    """How the criteria differ from the locked ones, and what to do; empty when they do not."""
    from evaluator.plan import criteria_changes, criteria_json

    changes = criteria_changes(loaded.lock[-1].criteria, criteria_json(loaded.plan)) if loaded.lock else ()
    if not changes:
        return ()
    listed = "; ".join(map(str, changes))
    return (f"The criteria are not those of the lock: {listed}. {_TO_AMEND}",)


def _amended(times: int) -> str:
    return (
        "not changed since"
        if not times
        else f"changed {'once' if times == 1 else f'{times} times'} since, with reasons"
    )
