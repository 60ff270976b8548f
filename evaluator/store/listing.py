"""The index of a store is the listing of its folder; what was read from a run file stays true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evaluator.errors import StoreError
from evaluator.records import RunState
from evaluator.store.database import attached, fetch
from evaluator.store.layout import FileStamp, check_run_id, run_files, stamp_of
from evaluator.store.ledger import read_events
from evaluator.store.reader import VERSION_SQL, check_version
from evaluator.store.release import run_state
from evaluator.store.stamped import StampedCache

if TYPE_CHECKING:
    import duckdb

_HEAD_SQL = """
    SELECT run_id, plan_id, title, question, model, version, started_at, n, recommendation, deciding_criterion, counts
    FROM {database}run, {database}recommendation
"""


@dataclass(frozen=True, slots=True)
class RunListing:
    """One run in a list. `counts` is the JSON of Recommendation."""

    run_id: str
    plan_id: str
    title: str
    question: str
    model: str
    version: str
    started_at: datetime
    n: int
    recommendation: str
    deciding_criterion: str
    counts: str
    state: RunState
    path: Path


@dataclass(frozen=True, slots=True)
class DamagedRun:
    """A file that claims to be a run and cannot be shown."""

    path: Path
    message: str


class StoreListing(NamedTuple):
    runs: tuple[RunListing, ...]
    damaged: tuple[DamagedRun, ...]


TOGETHER = 50
"""Files attached at once."""
_HEADS: StampedCache[RunListing] = StampedCache(4096)


def list_runs(store: Path) -> StoreListing:
    """The runs of a store, newest first, and the files that cannot be read. A store not made yet has none."""
    runs: list[RunListing] = []
    damaged: list[DamagedRun] = []
    for path, found in _heads(run_files(store)).items():
        try:
            if isinstance(found, StoreError):
                raise found
            runs.append(replace(found, state=run_state(read_events(store, found.run_id))))
        except StoreError as error:
            damaged.append(DamagedRun(path, error.message))
    runs.sort(key=lambda run: (run.started_at, run.run_id), reverse=True)
    return StoreListing(tuple(runs), tuple(sorted(damaged, key=lambda file: file.path)))


def _heads(paths: Sequence[Path]) -> dict[Path, RunListing | StoreError]:
    known: dict[Path, RunListing | StoreError] = {}
    stamps: dict[Path, FileStamp] = {}
    for path in paths:
        try:
            check_run_id(path.stem)
            stamps[path] = stamp_of(path)
        except StoreError as error:
            known[path] = error
    known |= {path: kept for path, stamp in stamps.items() if (kept := _HEADS.get(path, stamp))}
    unknown = [path for path in paths if path not in known]
    for start in range(0, len(unknown), TOGETHER):
        for path, head in _read_heads(unknown[start : start + TOGETHER]):
            known[path] = head if isinstance(head, StoreError) else _HEADS.put(path, stamps[path], head)
    return known


def _read_heads(paths: Sequence[Path]) -> Iterator[tuple[Path, RunListing | StoreError]]:
    with attached(paths) as (connection, refused):
        for number, path in enumerate(paths):
            try:
                yield path, refused.get(path) or _read_head(connection, path, f"run{number}.")
            except StoreError as error:
                yield path, error


def _read_head(connection: duckdb.DuckDBPyConnection, path: Path, database: str) -> RunListing:
    check_version(path, fetch(connection, path, VERSION_SQL.format(database=database)))
    found = fetch(connection, path, _HEAD_SQL.format(database=database))
    if len(found) != 1 or found[0][0] != path.stem:
        raise StoreError(f"{path.name} does not hold the run that its name says.")
    run_id, plan_id, title, question, model, version, started_at, n, code, deciding, counts = found[0]
    started_at = started_at.replace(tzinfo=UTC)
    return RunListing(
        run_id, plan_id, title, question, model, version, started_at, n, code, deciding, counts, "draft", path
    )
