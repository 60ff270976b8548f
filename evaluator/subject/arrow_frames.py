"""Arrow tables as pandas frames with few, plain column types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluator.errors import InputError
from evaluator.subject.levels import nfc
from evaluator.subject.problems import listed

MAX_COLUMNS = 2_000
MAX_ROWS = 20_000_000
MAX_CELLS = 600_000_000
LARGEST_EXACT = 2**53


def check_columns(name: str, columns: Sequence[str]) -> list[str]:
    """The column names in NFC; refuses too many, empty or repeated ones."""
    names = [nfc(column) for column in columns]
    if len(names) > MAX_COLUMNS:
        raise InputError(
            f"{name} has {len(names):,} columns; at most {MAX_COLUMNS:,} are read.", "Keep only the columns needed."
        )
    empty = [str(position) for position, column in enumerate(names, start=1) if not column.strip()]
    if empty:
        raise InputError(
            f"{name} has columns without a name, at position {', '.join(empty[:3])}.", "Name every column."
        )
    repeated = sorted({column for column in names if names.count(column) > 1}) if len(set(names)) < len(names) else []
    if repeated:
        raise InputError(f"{name} has columns of the same name: {listed(repeated)}.", "Give every column its own name.")
    return names


def check_size(name: str, n_rows: int, n_columns: int) -> None:
    """Refuse tables without rows and tables too large for memory."""
    if n_rows == 0:
        raise InputError(f"{name} has a header but no rows.", "Check how the file was written.")
    if n_rows > MAX_ROWS or n_rows * n_columns > MAX_CELLS:
        raise InputError(
            f"{name} has {n_rows:,} rows and {n_columns:,} columns; at most {MAX_ROWS:,} rows and "
            f"{MAX_CELLS:,} cells are read.",
            "Keep only the columns needed, or a random part of the rows.",
        )


def to_frame(table: Any) -> pd.DataFrame:
    """The table with integers, floats, booleans, times and text as pandas columns.

    Integers with missing values become floats, unless that would change a value: then they become text.
    """
    columns = [_exact(column) for column in table.columns]
    plain = pa.table(columns, names=table.column_names)
    frame: pd.DataFrame = plain.to_pandas(ignore_metadata=True)
    return frame


def _exact(column: Any) -> Any:
    if column.null_count == len(column):
        return pa.nulls(len(column), pa.float64())
    if not (pa.types.is_integer(column.type) and column.null_count):
        return column
    ends = pc.min_max(column).as_py()
    too_large = max(abs(ends["min"]), abs(ends["max"])) > LARGEST_EXACT
    return column.cast(pa.string()) if too_large else column
