"""Publishing a run: both files are finished in a work folder, then renamed into place, the run file last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.errors import StoreError
from evaluator.records import RunContent
from evaluator.store.canonical import result_sha256
from evaluator.store.checks import check_content
from evaluator.store.database import open_for_writing
from evaluator.store.durable import reserved, seal, sweep, sync
from evaluator.store.layout import rows_path, run_path, runs_folder, sha256_of, work_path
from evaluator.store.rows import ScoredRows, check_rows, write_rows
from evaluator.store.tables import TABLES, Column, Table, records_by_table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

STEPS = (
    "reserved",
    "rows_written",
    "rows_sealed",
    "run_written",
    "run_sealed",
    "rows_published",
    "run_published",
    "synced",
)
"""The names given to `at_step`, in order; a run without rows skips the steps of the rows."""


def publish_run(
    store: Path, content: RunContent, rows: ScoredRows | None = None, *, at_step: Callable[[str], None] | None = None
) -> str:
    """Write a run that is never changed again.

    Killed at any moment, the run is absent or whole and earlier runs are as they were.

    Parameters
    ----------
    store : folder of the store; made when absent.
    content : everything the run file holds. `rows_sha256` and `result_sha256` are filled in here.
    rows : scored rows to keep beside the run, or None.
    at_step : called with the name of each step once it is done (STEPS).

    Returns
    -------
    The run id.
    """
    check_content(content)
    if rows is not None:
        check_rows(rows)
    run_id = content.run.run_id
    with _writing_errors(store, run_id):
        runs_folder(store).mkdir(parents=True, exist_ok=True)
        with reserved(work_path(store, run_id)) as work:
            _refuse_existing(store, run_id)
            sweep(work)
            _publish_from(work, store, content, rows, at_step or _unobserved)
    return run_id


def _unobserved(step: str) -> None:
    """The default for `at_step`."""


def _publish_from(
    work: Path, store: Path, content: RunContent, rows: ScoredRows | None, at_step: Callable[[str], None]
) -> None:
    run_id = content.run.run_id
    rows_file, run_file = work / "rows_file.duckdb", work / "run_file.duckdb"
    at_step("reserved")
    if rows is not None:
        write_rows(rows_file, rows)
        at_step("rows_written")
        seal(rows_file)
        at_step("rows_sealed")
    write_run(run_file, _with_hashes(content, rows_file if rows is not None else None))
    at_step("run_written")
    seal(run_file)
    at_step("run_sealed")
    if rows is not None:
        rows_file.rename(rows_path(store, run_id))
        at_step("rows_published")
    with _rows_follow_run(store, run_id):
        run_file.rename(run_path(store, run_id))
    at_step("run_published")
    sync(runs_folder(store))
    at_step("synced")


def write_run(path: Path, content: RunContent) -> None:
    """Create the run file with all its tables."""
    with open_for_writing(path) as connection:
        connection.execute("BEGIN")
        for name, records in records_by_table(content).items():
            connection.execute(TABLES[name].create_sql)
            if records:
                _insert(connection, TABLES[name], records)
        connection.execute("COMMIT")


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, records: tuple[Any, ...]) -> None:
    connection.register("incoming", _arrow_table(table, records))
    connection.execute(f'INSERT INTO "{table.name}" SELECT * FROM incoming')
    connection.unregister("incoming")


def _arrow_table(table: Table, records: tuple[Any, ...]) -> pa.Table:
    import pyarrow as pa

    types = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: pa.timestamp("us")}
    columns = {
        column.name: pa.array(
            [_stored(column, getattr(record, column.field)) for record in records], types[column.kind]
        )
        for column in table.columns
    }
    return pa.table(columns)


def _stored(column: Column, value: Any) -> Any:
    if value is None or column.kind is str or column.kind is bool:
        return value
    if column.kind is datetime:
        return value.astimezone(UTC).replace(tzinfo=None)
    return column.kind(value)


def _with_hashes(content: RunContent, rows_file: Path | None) -> RunContent:
    rows_sha256 = sha256_of(rows_file) if rows_file else None
    return replace(content, run=replace(content.run, rows_sha256=rows_sha256, result_sha256=result_sha256(content)))


def _refuse_existing(store: Path, run_id: str) -> None:
    if run_path(store, run_id).exists() or rows_path(store, run_id).exists():
        raise StoreError(f"The run {run_id} is already in {store}; published runs never change.", "Evaluate again.")


@contextmanager
def _rows_follow_run(store: Path, run_id: str) -> Iterator[None]:
    """Rows without their run are of no use: take them back when the run cannot be put in place."""
    try:
        yield
    except OSError:
        rows_path(store, run_id).unlink(missing_ok=True)
        raise


@contextmanager
def _writing_errors(store: Path, run_id: str) -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        detail = str(error).strip().splitlines()[0][:200]
        raise StoreError(
            f"The run {run_id} could not be written to {store}: {detail}",
            "Free disk space, check the folder's rights, or choose another folder with --store. "
            "Nothing was published and earlier runs are as they were.",
        ) from error
