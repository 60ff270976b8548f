"""`withdraw`: take a run back, for a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from evaluator.cli.options import By, RunName, Store, person
from evaluator.cli.printing import say
from evaluator.cli.which_run import existing_store, find_run_id


def withdraw(
    run: RunName,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, kept in the ledger.")],
    by: By = None,
    store: Store = None,
) -> None:
    """Take a run back for a recorded reason.

    It stays readable as a record.
    """
    from evaluator.store import withdraw_run

    folder = existing_store(store)
    run_id = find_run_id(folder, run)
    event = withdraw_run(folder, run_id, why, by=person(by), at=datetime.now(UTC))
    say(f"Withdrew {run_id}, by {event.by}: {why}")
