"""Scored rows kept beside a run for what-if questions: writing them and reading them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from evaluator.errors import StoreError, did_you_mean
from evaluator.store.database import fetch, open_for_reading, open_for_writing, store_errors
from evaluator.store.layout import FileStamp, rows_path, sha256_of, stamp_of
from evaluator.store.reader import open_run
from evaluator.store.stamped import StampedCache
from evaluator.store.tables import table_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

BASE_COLUMNS = ("row_id", "label", "score", "prediction", "weight", "cluster", "time")
BATCH = 131_072
"""Rows of a column that are read at once."""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """What the stored column `c<position>` is: its name in the data, role, type, levels (JSON), words and unit."""

    position: int
    name: str
    role: str
    type: str
    levels: str
    words: str
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class ScoredRows:
    """One row per case: BASE_COLUMNS, then `c0` ... `cN` described by `columns` in order."""

    frame: pd.DataFrame
    columns: tuple[ColumnRow, ...]


class ColumnSpan(NamedTuple):
    """Smallest and largest value, None where all are missing, and the number of missing values."""

    low: Any
    high: Any
    missing: int


COLUMN_TABLE = table_of("column", ColumnRow)


def check_rows(rows: ScoredRows) -> None:
    """Raise StoreError unless the frame has exactly the columns described and one id per row."""
    if [column.position for column in rows.columns] != list(range(len(rows.columns))):
        raise StoreError("The columns of scored rows must be numbered 0, 1, 2 ... in order.")
    expected = [*BASE_COLUMNS, *(f"c{column.position}" for column in rows.columns)]
    found = [str(name) for name in rows.frame.columns]
    if sorted(found) != sorted(expected):
        missing, unknown = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
        raise StoreError(f"Scored rows have the wrong columns: missing {missing}, unknown or repeated {unknown}.")
    ids = rows.frame["row_id"]
    if bad := int(ids.isna().sum() + ids.duplicated().sum()):
        raise StoreError(f"Scored rows need one id per row; {bad} of {len(ids)} are missing or repeated.")


def write_rows(path: Path, rows: ScoredRows) -> None:
    """Create the rows file, by descending score, then row_id: ranking metrics then need no sort."""
    described = [tuple(getattr(column, field.name) for field in fields(ColumnRow)) for column in rows.columns]
    with open_for_writing(path) as connection:
        connection.register("incoming", _arrow(rows))
        connection.execute("CREATE TABLE rows AS SELECT * FROM incoming ORDER BY score DESC NULLS LAST, row_id")
        connection.unregister("incoming")
        connection.execute(COLUMN_TABLE.create_sql)
        if described:
            connection.executemany('INSERT INTO "column" VALUES (?, ?, ?, ?, ?, ?, ?)', described)


def _arrow(rows: ScoredRows) -> pa.Table:
    import pyarrow as pa

    ordered = rows.frame[[*BASE_COLUMNS, *(f"c{column.position}" for column in rows.columns)]]
    try:
        table = pa.Table.from_pandas(ordered, preserve_index=False)
    except pa.ArrowException as error:
        raise StoreError(f"Scored rows hold values of mixed types: {error}.", "Give each column one type.") from error
    filled = [pa.float64() if pa.types.is_null(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, filled, strict=True))))


class RowsReader:
    """Reads the scored rows of one run."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self._path = path
        self._connection = connection
        (self.n,) = fetch(connection, path, "SELECT count(*) FROM rows")[0]
        self._columns = tuple(ColumnRow(*row) for row in fetch(connection, path, COLUMN_TABLE.select_sql))

    def columns(self) -> tuple[ColumnRow, ...]:
        """What `c0` ... `cN` are."""
        return self._columns

    def frame(self, columns: Sequence[str]) -> pd.DataFrame:
        """The stored columns asked for (BASE_COLUMNS, `c0` ...), by descending score, then row_id."""
        listed = ", ".join(self._quoted(name) for name in columns)
        with store_errors(self._path), closing(self._connection.cursor()) as cursor:
            return cursor.execute(f"SELECT {listed} FROM rows").df()

    def batches(self, column: str) -> Iterator[pa.Array]:
        """One stored column in the order of `frame`, a batch of rows at a time, so that it is never held twice."""
        sql = f"SELECT {self._quoted(column)} FROM rows"
        with store_errors(self._path), closing(self._connection.cursor()) as cursor:
            for batch in cursor.sql(sql).to_arrow_reader(BATCH):
                yield batch.column(0)

    def spans(self, columns: Sequence[str]) -> dict[str, ColumnSpan]:
        """Smallest and largest value of stored columns of numbers, and how many values are missing."""
        quoted = [self._quoted(name) for name in columns]
        if not quoted:
            return {}
        asked = ", ".join(f"min({name}), max({name}), count({name})" for name in quoted)
        (found,) = fetch(self._connection, self._path, f"SELECT {asked} FROM rows")
        parts = (found[place : place + 3] for place in range(0, len(found), 3))
        return {
            name: ColumnSpan(low, high, self.n - known) for name, (low, high, known) in zip(columns, parts, strict=True)
        }

    def _quoted(self, name: str) -> str:
        """A known column for SQL; no text of a caller gets into a query."""
        known = [*BASE_COLUMNS, *(f"c{column.position}" for column in self._columns)]
        if name not in known:
            raise StoreError(f"Scored rows have no column {name!r}.", did_you_mean(name, known))
        return f'"{known[known.index(name)]}"'


_OPEN: StampedCache[RowsReader] = StampedCache(4)


def has_rows(store: Path, run_id: str) -> bool:
    """Whether the scored rows of a run are at hand."""
    return open_run(store, run_id).run().rows_sha256 is not None and rows_path(store, run_id).is_file()


def rows_stamp(store: Path, run_id: str) -> FileStamp | None:
    """What changes whenever the scored rows of a run are replaced; None when they are missing."""
    path = rows_path(store, run_id)
    return stamp_of(path) if path.is_file() else None


def open_rows(store: Path, run_id: str) -> RowsReader:
    """The scored rows of a run, after checking that they are the ones it was computed from."""
    expected = open_run(store, run_id).run().rows_sha256
    path = rows_path(store, run_id)
    if expected is None:
        raise StoreError(
            f"The run {run_id} kept no scored rows, so it cannot answer what-if questions.",
            "Set `keep_rows: true` under `settings` in the plan and evaluate again.",
        )
    if not path.is_file():
        raise StoreError(
            f"The scored rows of {run_id} are missing: {path.name} is not in the store.",
            "Put the file back beside the run file, or evaluate the plan again with `keep_rows: true`.",
        )
    if sha256_of(path) != expected:
        raise StoreError(
            f"{path.name} is not the file this run was published with.", "Put the original back, or evaluate again."
        )
    stamp = stamp_of(path)
    return _OPEN.get(path, stamp) or _OPEN.put(path, stamp, RowsReader(path, open_for_reading(path)))
