"""Read Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from evaluator.errors import InputError
from evaluator.subject.arrow_frames import check_columns, check_size, to_frame
from evaluator.subject.problems import listed


def read_parquet(path: Path) -> pd.DataFrame:
    """The whole file as a table; nested and binary columns are refused."""
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            names = check_columns(path.name, schema.names)
            check_size(path.name, file.metadata.num_rows, len(names))
            _check_types(path.name, schema)
            table = file.read()
            table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{path.name} is not a whole Parquet file: {reason}", "It may be cut short; copy or write it again."
        ) from error
    return to_frame(pa.table([_plain(column) for column in table.columns], names=names))


def _value_type(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _check_types(name: str, schema: Any) -> None:
    refused = [f"{field.name} ({field.type})" for field in schema if not _is_plain(_value_type(field.type))]
    if refused:
        raise InputError(
            f"{name} has columns that hold neither numbers, text, booleans nor times: {listed(refused)}.",
            "Leave them out, or store one plain value per row.",
        )


def _is_plain(kind: Any) -> bool:
    tests = [
        "is_boolean",
        "is_integer",
        "is_floating",
        "is_decimal",
        "is_string",
        "is_large_string",
        "is_string_view",
        "is_date",
        "is_timestamp",
        "is_null",
    ]
    return any(getattr(pa.types, test)(kind) for test in tests)


def _plain(column: Any) -> Any:
    kind = _value_type(column.type)
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(kind).cast(pa.float64())
    if pa.types.is_date(kind):
        return column.cast(kind).cast(pa.timestamp("ms"))
    return column.cast(kind)
