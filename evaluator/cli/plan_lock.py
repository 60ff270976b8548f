"""`plan lock`: fix the criteria of a plan before its results, or record that they were changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluator.cli.options import By, Store, person
from evaluator.cli.printing import say

if TYPE_CHECKING:
    from evaluator.plan import LoadedPlan, Locked


def plan_lock(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan file.")],
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help="The reason; needed when locked criteria were changed.")
    ] = "",
    by: By = None,
    store: Store = None,
) -> None:
    """Fix the criteria of a plan.

    Writes their hash and the time to a lock file beside the plan. After the criteria of a locked plan were changed,
    this records what was changed, with the reason and whether the store already held results.
    """
    from evaluator.plan import load_plan, lock_path, lock_plan
    from evaluator.store import first_result_at, store_folder

    loaded = load_plan(plan)
    results = first_result_at(store_folder(store), loaded.plan.plan)
    done = lock_plan(
        loaded.path, loaded.plan, at=datetime.now(UTC), by=person(by), why=why, first_result_at=results
    )  # fmt: skip
    _say_done(loaded, done)
    _say_entry(done, lock_path(loaded.path))
    _say_results(done, store_folder(store), results)


def _say_done(loaded: LoadedPlan, done: Locked) -> None:
    name, criteria = loaded.plan.plan, loaded.plan.criteria
    if not done.written:
        say(f"The criteria of {name} are those of the lock; nothing was written.")
    elif len(done.entries) == 1:
        say(f"Locked the {'criterion' if len(criteria) == 1 else f'{len(criteria)} criteria'} of {name}.")
    else:
        say(f"Recorded a change of the locked criteria of {name}.")
        for change in done.changes:
            say(str(change), indent=2)


def _say_entry(done: Locked, path: Path) -> None:
    last = done.entries[-1]
    say(f"SHA-256:  {last.criteria_sha256}", indent=2)
    say(f"Locked:   {done.entries[0].at:%Y-%m-%d %H:%M:%S} UTC, by {done.entries[0].by}", indent=2)
    if len(done.entries) > 1:
        say(f"Changed:  {last.at:%Y-%m-%d %H:%M:%S} UTC, by {last.by}: {last.why}", indent=2)
    say(f"In:       {path.name}, to be kept with the plan", indent=2)


def _say_results(done: Locked, store: Path, results: datetime | None) -> None:
    from evaluator.plan import lock_from
    from evaluator.report.lock_words import state_words

    last = done.entries[-1]
    lock = lock_from(done.entries, last.criteria, last.criteria_sha256, results)
    since = f"the first of {results:%Y-%m-%d %H:%M:%S} UTC" if results else ""
    held = f"{store} holds results of this plan, {since}" if results else f"{store} holds no result of this plan"
    say(f"State:    {state_words(lock) if results else 'Fixed, no result yet'}; {held}", indent=2)
