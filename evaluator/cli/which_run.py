"""Which run is meant: a run id, the beginning of one, or a plan id for its newest run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import StoreError, did_you_mean

_MOST_LISTED = 5


def existing_store(explicit: Path | None) -> Path:
    """The store to read; a folder that was named must be there."""
    from evaluator.store import store_folder

    store = store_folder(explicit)
    if explicit is not None and not store.is_dir():
        raise StoreError(
            f"There is no store at {store}.", "Check --store, or publish a run there with `python -m evaluator run`."
        )
    return store


def find_run_id(store: Path, name: str) -> str:
    """The run id that `name` stands for; StoreError names the nearest when there is none or more than one."""
    from evaluator.store import run_ids

    known = run_ids(store)
    if not known:
        raise StoreError(f"There are no runs in {store}.", "Publish one with `python -m evaluator run PLAN`.")
    if name in known:
        return name
    if of_plan := [run_id for run_id in known if _plan_of(run_id) == name]:
        return max(of_plan, key=_started)
    return _only_match(store, name, known)


def _only_match(store: Path, name: str, known: Sequence[str]) -> str:
    matches = [run_id for run_id in known if name and run_id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        listed = ", ".join(matches[:_MOST_LISTED])
        more = f" and {len(matches) - _MOST_LISTED} more" if len(matches) > _MOST_LISTED else ""
        raise StoreError(f"'{name}' is the beginning of {len(matches)} runs.", f"Choose one: {listed}{more}.")
    hint = did_you_mean(name, [*known, *map(_plan_of, known)])
    raise StoreError(f"There is no run '{name[:80]}' in {store}.", hint)


def _plan_of(run_id: str) -> str:
    return run_id.rsplit("_", 2)[0]


def _started(run_id: str) -> str:
    return run_id.rsplit("_", 2)[1]
