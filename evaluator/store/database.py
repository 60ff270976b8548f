"""The only place that opens DuckDB files: one configuration, one mapping of errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.errors import StoreError

if TYPE_CHECKING:
    import duckdb

READ_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "threads": 2,
    "async_threads": 0,
    "memory_limit": "1GB",
    "max_execution_time": 30_000,  # milliseconds
    "temp_directory": "",  # a reader never writes beside the runs
    "lock_configuration": "true",
}
"""The same for every reader: DuckDB refuses a second configuration of one path in one process."""

_CUT_SHORT = "Could not read enough bytes"
"""What DuckDB says when a block that its header names lies beyond the end of the file."""


def open_for_reading(path: Path) -> duckdb.DuckDBPyConnection:
    """A locked-down, read-only connection."""
    import duckdb

    with store_errors(path):
        return duckdb.connect(path.absolute(), read_only=True, config=READ_SETTINGS)


@contextmanager
def attached(paths: Sequence[Path]) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[Path, StoreError]]]:
    """Many files read-only on one connection, as run0, run1 ...; ten times faster than opening each.

    Also gives the errors of the files that could not be attached. What READ_SETTINGS locks is locked once all files
    are attached, before anything is read from them.
    """
    import duckdb

    locks = ("enable_external_access", "lock_configuration")
    refused: dict[Path, StoreError] = {}
    settings = {name: value for name, value in READ_SETTINGS.items() if name not in locks}
    with closing(duckdb.connect(":memory:", config=settings)) as connection:
        for number, path in enumerate(paths):
            try:
                with store_errors(path):
                    connection.execute(f"ATTACH ? AS run{number} (READ_ONLY)", [str(path.absolute())])
            except StoreError as error:
                refused[path] = error
        for name in locks:
            connection.execute(f"SET {name} = {READ_SETTINGS[name]}")
        yield connection, refused


@contextmanager
def open_for_writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new file, checkpointed and closed at the end; spills beside the file."""
    import duckdb

    settings = READ_SETTINGS | {
        "memory_limit": "2GB",
        "max_execution_time": 0,
        "temp_directory": str(path.parent / "spill"),
        "default_block_size": 16_384,  # small files: most tables of a run hold a few records
    }
    with closing(duckdb.connect(path.absolute(), config=settings)) as connection:
        yield connection
        connection.execute("CHECKPOINT")


def fetch(connection: duckdb.DuckDBPyConnection, path: Path, sql: str, values: tuple[object, ...] = ()) -> list[Any]:
    """All rows of one query. Each query has its own cursor: a connection shared by threads gives wrong answers."""
    with store_errors(path), closing(connection.cursor()) as cursor:
        return cursor.execute(sql, values).fetchall()


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Say what DuckDB or the system could not do with a published file as a StoreError."""
    import duckdb

    try:
        yield
    except duckdb.InterruptException as error:
        raise StoreError(f"Reading {path.name} took too long and was stopped.", "Ask for less at once.") from error
    except (duckdb.Error, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> StoreError:
    detail = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    if "Conflicting lock" in str(error):
        return StoreError(f"{path.name} is busy: another program has it open for writing.", "Close it and try again.")
    what = (
        "is damaged: its end is missing"
        if _CUT_SHORT in str(error)
        else f"is damaged or not a file of this store ({detail})"
    )
    return StoreError(f"{path.name} {what}.", "Put a good copy back, or evaluate the plan again.")
