"""`runs`: the runs of a store, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from evaluator.catalogue.statuses import RECOMMENDATIONS
from evaluator.cli.options import Json, Store
from evaluator.cli.printing import plain, say, say_json, say_table, warn
from evaluator.cli.which_run import existing_store

if TYPE_CHECKING:
    from evaluator.report.standing import Standing
    from evaluator.store import RunListing

_HEADINGS = ("RUN", "STATE", "RECOMMENDATION", "DECISION", "ROWS", "STARTED (UTC)", "TITLE")


def runs(as_json: Json = False, store: Store = None) -> None:
    """List the runs of a store, newest first."""
    from evaluator.report.standing import standing_of
    from evaluator.store import list_runs

    folder = existing_store(store)
    found, damaged = list_runs(folder)
    today = datetime.now(UTC).date()
    told = [(run, standing_of(run.events)) for run in found]
    if as_json:
        say_json({"runs": [_as_data(run, standing, today) for run, standing in told], "damaged": damaged})
        return
    for file in damaged:
        warn(f"Cannot be read: {file.path.name}: {file.message}")
        if file.hint:
            warn(f"Hint: {file.hint}")
    if told:
        _say_runs(told, today)
    else:
        say(f"There are no runs in {folder} yet. Publish one with `python -m evaluator run PLAN`.")


def _say_runs(told: Sequence[tuple[RunListing, Standing]], today: date) -> None:
    """The table; what replaced a run has a column when there is such a run."""
    replaced = [standing.replaced_by for _, standing in told]
    cells = [_cells(run, standing, today) for run, standing in told]
    if any(replaced):
        say_table((*_HEADINGS, "REPLACED BY"), [(*row, by) for row, by in zip(cells, replaced, strict=True)])
    else:
        say_table(_HEADINGS, cells)


def _cells(run: RunListing, standing: Standing, today: date) -> tuple[str, ...]:
    from evaluator.wording import decision_label

    recommendation = RECOMMENDATIONS[run.recommendation].word
    decided = decision_label(standing.decision, today)
    return (
        run.run_id, run.state, recommendation, decided, f"{run.n:,}", f"{run.started_at:%Y-%m-%d %H:%M}", run.title
    )  # fmt: skip


def _as_data(run: RunListing, standing: Standing, today: date) -> dict[str, object]:
    from evaluator.cli.run_view import decision_data
    from evaluator.wording import decision_sentences

    data: dict[str, object] = plain(replace(run, events=()))
    del data["events"]
    said = tuple(map(str, decision_sentences(standing.decision, today)))
    decided = {"decision": decision_data(standing, said), "replaced_by": standing.replaced_by}
    return data | {"counts": json.loads(run.counts)} | decided
