"""`runs`: the runs of a store, newest first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from evaluator.catalogue.statuses import RECOMMENDATIONS
from evaluator.cli.options import Json, Store
from evaluator.cli.printing import plain, say, say_json, say_table, warn
from evaluator.cli.which_run import existing_store

if TYPE_CHECKING:
    from evaluator.store import RunListing

_HEADINGS = ("RUN", "STATE", "RECOMMENDATION", "ROWS", "STARTED (UTC)", "TITLE")


def runs(as_json: Json = False, store: Store = None) -> None:
    """List the runs of a store, newest first."""
    from evaluator.store import list_runs

    folder = existing_store(store)
    found, damaged = list_runs(folder)
    if as_json:
        say_json({"runs": [_as_data(run) for run in found], "damaged": damaged})
        return
    for file in damaged:
        warn(f"Cannot be read: {file.path.name}: {file.message}")
        if file.hint:
            warn(f"Hint: {file.hint}")
    if found:
        say_table(_HEADINGS, [_cells(run) for run in found])
    else:
        say(f"There are no runs in {folder} yet. Publish one with `python -m evaluator run PLAN`.")


def _cells(run: RunListing) -> tuple[str, ...]:
    recommendation = RECOMMENDATIONS[run.recommendation].word
    return (run.run_id, run.state, recommendation, f"{run.n:,}", f"{run.started_at:%Y-%m-%d %H:%M}", run.title)


def _as_data(run: RunListing) -> dict[str, object]:
    data: dict[str, object] = plain(run)
    return data | {"counts": json.loads(run.counts)}
