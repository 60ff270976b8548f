"""The index of a store is the listing of its folder; what was read from a run file stays true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evaluator.errors import StoreError
from evaluator.records import LedgerEvent, RunState
from evaluator.store.checks import value_problem
from evaluator.store.database import attached, fetch
from evaluator.store.layout import FileStamp, check_run_id, run_files, stamp_of
from evaluator.store.ledger import read_events
from evaluator.store.meeting import check_meeting
from evaluator.store.reader import SIZE_SQL, VERSION_SQL, check_size, check_version, damaged, revived
from evaluator.store.release import run_state
from evaluator.store.saved import saved_questions_of
from evaluator.store.stamped import StampedCache
from evaluator.store.tables import TABLES, Column

if TYPE_CHECKING:
    import duckdb

_OF_RUN = ("run_id", "plan_id", "title", "question", "model", "version", "started_at", "n", "data_sha256")
_OF_RECOMMENDATION = ("recommendation", "deciding_criterion", "counts")
_ASKED = (
    "criterion_id", "metric", '"class"', "subject", "population_id", "gap_by", "gap_kind", "gap_against", "against",
    "limit_low", "limit_high", "level", "blocking",
)  # fmt: skip
"""What makes two requirements the same: all that is asked, nothing that was found."""
_HEAD_SQL = f"SELECT {', '.join((*_OF_RUN, *_OF_RECOMMENDATION))} FROM {{database}}run, {{database}}recommendation"
_CRITERIA_SQL = f"SELECT question, status, {', '.join(_ASKED)} FROM {{database}}criterion"


@dataclass(frozen=True, slots=True)
class RunListing:
    """One run in a list.

    `counts` is the JSON of Recommendation, `deciding_question` and `deciding_status` are of the criterion that decides
    ('' without one), `requirements` is the same for two runs when their criteria ask the same, `events` are the ledger.
    """

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
    data_sha256: str = ""
    deciding_question: str = ""
    deciding_status: str = ""
    requirements: str = ""
    events: tuple[LedgerEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class DamagedRun:
    """A file that claims to be a run and cannot be shown."""

    path: Path
    message: str
    hint: str


class StoreListing(NamedTuple):
    runs: tuple[RunListing, ...]
    damaged: tuple[DamagedRun, ...]


TOGETHER = 50
"""Files attached at once."""
_HEADS: StampedCache[RunListing] = StampedCache(4096)


def list_runs(store: Path, plan_id: str | None = None) -> StoreListing:
    """The runs of a store, newest first, and the files that cannot be read. A store not made yet has none.

    With `plan_id`, only the runs of that plan; the ledgers of others are not read.
    """
    runs: list[RunListing] = []
    unreadable: list[DamagedRun] = []
    for path, found in _heads(run_files(store)).items():
        try:
            if isinstance(found, StoreError):
                raise found
            if plan_id is not None and found.plan_id != plan_id:
                continue
            events = read_events(store, found.run_id)
            check_meeting(events)
            saved_questions_of(events)
            runs.append(replace(found, state=run_state(events), events=events))
        except StoreError as error:
            unreadable.append(DamagedRun(path, error.message, error.hint))
    runs.sort(key=lambda run: (run.started_at, run.run_id), reverse=True)
    return StoreListing(tuple(runs), tuple(sorted(unreadable, key=lambda file: file.path)))


def _heads(paths: Sequence[Path]) -> dict[Path, RunListing | StoreError]:
    known: dict[Path, RunListing | StoreError] = {}
    stamps: dict[Path, FileStamp] = {}
    for path in paths:
        try:
            stamps[path] = stamp_of(_named_as_run(path))
        except StoreError as error:
            known[path] = error
    known |= {path: kept for path, stamp in stamps.items() if (kept := _HEADS.get(path, stamp))}
    unknown = [path for path in paths if path not in known]
    for start in range(0, len(unknown), TOGETHER):
        for path, head in _read_heads(unknown[start : start + TOGETHER], stamps):
            known[path] = head if isinstance(head, StoreError) else _HEADS.put(path, stamps[path], head)
    return known


def _named_as_run(path: Path) -> Path:
    try:
        check_run_id(path.stem)
    except StoreError as error:
        hint = "Give the file its own name back, or move it out of the store."
        raise StoreError(f"{path.name} is not the name of a run.", hint) from error
    return path


def _read_heads(
    paths: Sequence[Path], stamps: Mapping[Path, FileStamp]
) -> Iterator[tuple[Path, RunListing | StoreError]]:
    with attached(paths) as (connection, refused):
        needed = dict(connection.execute(SIZE_SQL).fetchall())
        for number, path in enumerate(paths):
            name = f"run{number}"
            try:
                if path in refused:
                    raise refused[path]
                check_size(path, needed[name], stamps[path])
                yield path, _read_head(connection, path, f"{name}.")
            except StoreError as error:
                yield path, error


def _read_head(connection: duckdb.DuckDBPyConnection, path: Path, database: str) -> RunListing:
    check_version(path, fetch(connection, path, VERSION_SQL.format(database=database)))
    found = fetch(connection, path, _HEAD_SQL.format(database=database))
    if len(found) != 1 or found[0][0] != path.stem:
        raise StoreError(f"{path.name} does not hold the run that its name says.", "Give the file its own name back.")
    head = {column.name: revived(value) for column, value in zip(_head_columns(), found[0], strict=True)}
    for column in _head_columns():
        if problem := value_problem(column, head[column.name]):
            raise damaged(path, f"{column.name}: {problem}")
    criteria = fetch(connection, path, _CRITERIA_SQL.format(database=database))
    deciding = next((row for row in criteria if row[2] == head["deciding_criterion"]), ("", ""))
    asked = sorted(repr(row[2:]) for row in criteria)
    return RunListing(
        **head, state="draft", path=path, deciding_question=str(deciding[0]), deciding_status=str(deciding[1]),
        requirements=sha256("\n".join(asked).encode()).hexdigest(),
    )  # fmt: skip


def _head_columns() -> list[Column]:
    of_run = [TABLES["run"].column(name) for name in _OF_RUN]
    return of_run + [TABLES["recommendation"].column(name) for name in _OF_RECOMMENDATION]
