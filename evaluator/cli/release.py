"""`release`: make a draft visible to viewers."""

from __future__ import annotations

from datetime import UTC, datetime

from evaluator.cli.options import By, RunName, Store, person
from evaluator.cli.printing import say
from evaluator.cli.which_run import existing_store, find_run_id


def release(run: RunName, by: By = None, store: Store = None) -> None:
    """Make a draft visible to viewers.

    The run of the same plan that was released before is superseded.
    """
    from evaluator.store import release_run

    folder = existing_store(store)
    run_id = find_run_id(folder, run)
    event = release_run(folder, run_id, by=person(by), at=datetime.now(UTC))
    say(f"Released {run_id}, by {event.by}. Viewers see it now.")
