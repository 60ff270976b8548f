"""Reading a published run: records in, records out. No SQL text and no identifier comes from a caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from evaluator.errors import StoreError
from evaluator.records import (
    Calibration,
    CriterionResult,
    CurvePoint,
    Effect,
    Estimate,
    Finding,
    Gap,
    Importance,
    NotTested,
    Paired,
    PlanText,
    Population,
    Provenance,
    Quality,
    Recommendation,
    Run,
    Timing,
)
from evaluator.store.checks import table_problems
from evaluator.store.database import fetch, open_for_reading
from evaluator.store.layout import FileStamp, find_run, sha256_of, stamp_of
from evaluator.store.stamped import StampedCache
from evaluator.store.tables import SCHEMA_VERSION, TABLES, Column

if TYPE_CHECKING:
    import duckdb

OPEN_RUNS = 16

Record = TypeVar("Record")
_ALL: Mapping[str, str | None] = MappingProxyType({})

VERSION_SQL = "SELECT schema_version FROM {database}run"
_COLUMNS_SQL = """
    SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE NOT internal AND table_oid IN (SELECT table_oid FROM duckdb_tables() WHERE NOT internal)
"""
SIZE_SQL = "SELECT database_name, 3 * 4096 + block_size * total_blocks FROM pragma_database_size()"
"""How long each open file must be: DuckDB writes three headers of 4,096 bytes, then blocks."""
_OPEN: StampedCache[RunReader] = StampedCache(OPEN_RUNS)


def open_run(store: Path, run_id: str) -> RunReader:
    """The one way to read a run, for pages, commands and tests.

    The last sixteen runs stay open. A run beyond these is dropped, not closed: closing would end the queries of others.
    """
    path = find_run(store, run_id)
    stamp = stamp_of(path)
    return _OPEN.get(path, stamp) or _OPEN.put(path, stamp, _opened(path, stamp))


def _opened(path: Path, stamp: FileStamp) -> RunReader:
    connection = open_for_reading(path)
    version = check_version(path, fetch(connection, path, VERSION_SQL.format(database="")))
    columns = _columns_of(path, connection, version)
    check_size(path, fetch(connection, path, SIZE_SQL)[0][1], stamp)
    reader = RunReader(path, connection, columns)
    _check_head(path, reader)
    if reader.run().run_id != path.stem:
        raise StoreError(f"{path.name} holds the run {reader.run().run_id}.", "Give the file its own name back.")
    return reader


def check_version(path: Path, found: list[Any]) -> int:
    """The schema version of a run file; StoreError unless `found`, the answer to VERSION_SQL, is a schema that this release reads."""
    if len(found) != 1:
        raise damaged(path, f"expected one record in the table run, found {len(found)}")
    (version,) = found[0]
    if not isinstance(version, int):
        raise damaged(path, f"expected a schema version, found {version!r}")
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path.name} has schema version {version}; this release reads up to {SCHEMA_VERSION}.",
            "Update Plumbline to read it.",
        )
    return version


def check_size(path: Path, needed: int, stamp: FileStamp) -> None:
    """Raise StoreError when a file is shorter than the `needed` bytes that SIZE_SQL tells."""
    if needed > stamp.size:
        raise damaged(path, "its end is missing")


Columns = Mapping[str, Sequence[Column]]
"""The columns that a run file holds, by table; an older file may lack tables and columns that came later."""


def _columns_of(path: Path, connection: duckdb.DuckDBPyConnection, version: int) -> Columns:
    """What the file holds of the tables; StoreError when its own version asks for more."""
    types = {(table, column): sql_type for table, column, sql_type in fetch(connection, path, _COLUMNS_SQL)}
    held: dict[str, list[Column]] = {}
    for table in (table for table in TABLES.values() if table.since <= version):
        held[table.name] = []
        for column in table.columns:
            found = types.get((table.name, column.name), "no such column")
            if found == column.sql_type:
                held[table.name].append(column)
            elif (table.name, column.name) in types or not column.has_default or version == SCHEMA_VERSION:
                raise damaged(path, f"expected {table.name}.{column.name} as {column.sql_type}, found {found}")
    return held


def _check_head(path: Path, reader: RunReader) -> None:
    """What every page begins with holds values that can be shown."""
    for name, record in (("run", reader.run()), ("recommendation", reader.recommendation())):
        for problem in table_problems(TABLES[name], (record,)):
            raise damaged(path, problem)


def damaged(path: Path, what: str) -> StoreError:
    return StoreError(f"{path.name} is damaged: {what}.", "Put a good copy back, or evaluate the plan again.")


class RunReader:
    """The tables of one run as records. Safe to share between threads."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection, columns: Columns) -> None:
        self.path = path
        self._columns = columns
        self._connection = connection

    def run(self) -> Run:
        return self._only("run", Run)

    def plan(self) -> PlanText:
        return self._only("plan", PlanText)

    def populations(self) -> tuple[Population, ...]:
        return self._records("population", Population)

    def estimates(
        self,
        *,
        analysis: str | None = None,
        metric: str | None = None,
        subject: str | None = None,
        population_id: str | None = None,
    ) -> tuple[Estimate, ...]:
        return self._records(
            "estimate",
            Estimate,
            {"analysis": analysis, "metric": metric, "subject": subject, "population_id": population_id},
        )

    def gaps(self) -> tuple[Gap, ...]:
        return self._records("gap", Gap)

    def quality(self) -> tuple[Quality, ...]:
        return self._records("quality", Quality)

    def paired(self) -> tuple[Paired, ...]:
        return self._records("paired", Paired)

    def curves(
        self, name: str | None = None, subject: str | None = None, population_id: str | None = None
    ) -> tuple[CurvePoint, ...]:
        return self._records("curve", CurvePoint, {"name": name, "subject": subject, "population_id": population_id})

    def importances(self) -> tuple[Importance, ...]:
        return self._records("importance", Importance)

    def effects(self, feature: str | None = None) -> tuple[Effect, ...]:
        return self._records("effect", Effect, {"feature": feature})

    def calibrations(self) -> tuple[Calibration, ...]:
        return self._records("calibration", Calibration)

    def rows_of(self, record: type[Record]) -> tuple[Record, ...]:
        """All records of one kind, in the order they were written; empty in a file from before they existed."""
        (name,) = (table.name for table in TABLES.values() if table.record is record)
        return self._records(name, record)

    def criteria(self) -> tuple[CriterionResult, ...]:
        return self._records("criterion", CriterionResult)

    def recommendation(self) -> Recommendation:
        return self._only("recommendation", Recommendation)

    def findings(self) -> tuple[Finding, ...]:
        return self._records("finding", Finding)

    def not_tested(self) -> tuple[NotTested, ...]:
        return self._records("not_tested", NotTested)

    def provenance(self) -> tuple[Provenance, ...]:
        return self._records("provenance", Provenance)

    def timings(self) -> tuple[Timing, ...]:
        return self._records("timing", Timing)

    def file_sha256(self) -> str:
        """SHA-256 of the run file, as decisions and reports print it."""
        return sha256_of(self.path)

    def _only(self, name: str, record: type[Record]) -> Record:
        found = self._records(name, record)
        if len(found) != 1:
            raise damaged(self.path, f"expected one record in the table {name}, found {len(found)}")
        return found[0]

    def _records(self, name: str, record: type[Record], equal: Mapping[str, str | None] = _ALL) -> tuple[Record, ...]:
        columns = self._columns.get(name)
        if columns is None:
            return ()
        wanted = {column: value for column, value in equal.items() if value is not None}
        where = " AND ".join(f'"{column}" = ?' for column in wanted) or "true"
        sql = f"{TABLES[name].select_some_sql(columns)} WHERE {where} ORDER BY rowid"
        rows = fetch(self._connection, self.path, sql, tuple(wanted.values()))
        if any(column.kind is datetime for column in columns):
            rows = [[revived(value) for value in row] for row in rows]
        fields = [column.field for column in columns]
        return tuple(record(**dict(zip(fields, row, strict=True))) for row in rows)


def revived(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
