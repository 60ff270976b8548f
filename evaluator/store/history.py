"""What a store already holds of a plan and of a set of test data: when results began, how often data were used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evaluator.errors import StoreError
from evaluator.records import RunContent
from evaluator.store.database import attached, fetch
from evaluator.store.layout import FileStamp, run_files, stamp_of
from evaluator.store.stamped import StampedCache

if TYPE_CHECKING:
    import duckdb

EVALUATION = "evaluation"
"""Role of the file that holds the test data."""
TOGETHER = 50
"""Files attached at once."""
_SQL = """
    SELECT plan_id, started_at, (SELECT min(sha256) FROM {database}provenance WHERE role = 'evaluation')
    FROM {database}run
"""


class Held(NamedTuple):
    """One published run: its plan, when it started, and the hash of its test data ('' when it names none)."""

    plan_id: str
    started_at: datetime
    test_data: str


_HELD: StampedCache[Held] = StampedCache(4096)


def first_result_at(store: Path, plan_id: str) -> datetime | None:
    """When the earliest published run of a plan started, whatever its state; None when the store holds none.

    Files that cannot be read are not counted.
    """
    return min((held.started_at for held in _held(store) if held.plan_id == plan_id), default=None)


def uses_of(store: Path, test_data: str) -> int:
    """How many published runs of any plan were evaluated on the file with this SHA-256."""
    return sum(held.test_data == test_data for held in _held(store))


def with_history(store: Path, content: RunContent) -> RunContent:
    """The run with what the store held before it: first result of its plan, and which use of its test data it is.

    Counted are the runs already published. Of evaluations that run side by side, the one published first does not
    count the others.
    """
    run = content.run
    began = min(filter(None, (first_result_at(store, run.plan_id), run.started_at)))
    data = next((row.sha256 for row in content.provenance if row.role == EVALUATION), None)
    use = None if data is None else uses_of(store, data) + 1
    return replace(content, run=replace(run, test_set_use=use), plan=replace(content.plan, first_result_at=began))


def _held(store: Path) -> Iterator[Held]:
    # What stands in the way of a store is said by whoever writes to it.
    stamps = dict(_stamped(run_files(store))) if store.is_dir() else {}
    unknown = []
    for path, stamp in stamps.items():
        known = _HELD.get(path, stamp)
        if known is None:
            unknown.append(path)
        else:
            yield known
    for start in range(0, len(unknown), TOGETHER):
        for path, held in _read(unknown[start : start + TOGETHER]):
            yield _HELD.put(path, stamps[path], held)


def _stamped(paths: Sequence[Path]) -> Iterator[tuple[Path, FileStamp]]:
    for path in paths:
        try:
            yield path, stamp_of(path)
        except StoreError:
            continue


def _read(paths: Sequence[Path]) -> Iterator[tuple[Path, Held]]:
    with attached(paths) as (connection, refused):
        for number, path in enumerate(paths):
            if path not in refused and (held := _read_one(connection, path, f"run{number}.")):
                yield path, held


def _read_one(connection: duckdb.DuckDBPyConnection, path: Path, database: str) -> Held | None:
    try:
        ((plan_id, started_at, test_data),) = fetch(connection, path, _SQL.format(database=database))
    except (StoreError, ValueError):
        return None
    if not isinstance(plan_id, str) or not isinstance(started_at, datetime):
        return None
    return Held(plan_id, started_at.replace(tzinfo=UTC), test_data if isinstance(test_data, str) else "")
