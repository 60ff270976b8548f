"""Read CSV files: UTF-8, separated by commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from evaluator.errors import InputError
from evaluator.subject.arrow_frames import LARGEST_EXACT, check_columns, check_size, to_frame

DELIMITERS = (",", ";", "\t")
MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"]
CHUNK = 2**20
PROBE = 1_000
BLOCK = 16 * 2**20
TRUTH = pa.array(["true", "True", "TRUE", "false", "False", "FALSE"])
FALSE = pa.array(["false", "False", "FALSE"])


def read_csv(path: Path) -> pd.DataFrame:
    """The whole file as a table; every column becomes the narrowest of whole number, number, boolean or text."""
    n_quotes = _check_text(path)
    delimiter, header = _header(path)
    names = check_columns(path.name, header)
    if n_quotes % 2:
        _check_quotes(path, delimiter)
    try:
        table = _parse(path, delimiter, header, n_quotes > 0)
    except pa.ArrowException as error:
        raise _not_a_table(path, delimiter, len(header), str(error)) from error
    if table.column_names != header:
        raise InputError(f"{path.name} has an unreadable first line.", "Check its quotes.")
    check_size(path.name, table.num_rows, len(names))
    return to_frame(pa.table([_typed(column) for column in table.columns], names=names))


def _check_text(path: Path) -> int:
    """Refuse NUL bytes and anything that is not UTF-8, naming the first bad byte; returns the number of quotes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done, lines, quotes = 0, 1, 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _wrong_encoding(path, error, done - pending, lines) from error
            if b"\0" in chunk:
                raise InputError(
                    f"{path.name} holds a NUL byte at position {done + chunk.index(0):,}.",
                    "It may be binary or UTF-16; save it as CSV in UTF-8.",
                )
            if not chunk:
                return quotes
            done, lines = done + len(chunk), lines + chunk.count(b"\n")
            quotes += chunk.count(b'"')


def _wrong_encoding(path: Path, error: UnicodeDecodeError, before: int, lines: int) -> InputError:
    line = lines + error.object[: error.start].count(b"\n")
    return InputError(
        f"{path.name} is not UTF-8: byte 0x{error.object[error.start]:02x} at position {before + error.start:,} "
        f"(line {line:,}).",
        "Save it again as CSV in UTF-8 (in Excel: 'CSV UTF-8').",
    )


def _header(path: Path) -> tuple[str, list[str]]:
    """The separator that splits the first line into most fields, and those fields."""
    candidates = [(delimiter, _first_records(path, delimiter)) for delimiter in DELIMITERS]
    delimiter, records = max(candidates, key=lambda candidate: len(candidate[1][0]) if candidate[1] else 0)
    if not records:
        raise InputError(f"{path.name} is empty.", "The first line must name the columns.")
    if len(records) == 1:
        check_size(path.name, 0, len(records[0]))
    return delimiter, records[0]


def _first_records(path: Path, delimiter: str) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        try:
            return list(islice((record for record in csv.reader(stream, delimiter=delimiter) if record), 2))
        except csv.Error as error:
            raise InputError(f"{path.name} has an unreadable first line: {error}.", "Check its quotes.") from error


def _check_quotes(path: Path, delimiter: str) -> None:
    """An odd number of quotes may be a quote that never ends and swallows the rest of the file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        line = 1
        try:
            for _ in reader:
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputError(
                f"{path.name} has a quote that does not end, or a stray one, in the record of line {line:,}.",
                'Close the quote, or double a quote that belongs to the value ("").',
            ) from error


def _parse(path: Path, delimiter: str, header: list[str], has_quotes: bool) -> Any:
    return arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(block_size=BLOCK),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=has_quotes),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            null_values=MISSING,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _not_a_table(path: Path, delimiter: str, n_columns: int, reason: str) -> InputError:
    """Name the first lines that do not have as many fields as the header."""
    try:
        ragged = _ragged_lines(path, delimiter, n_columns)
    except csv.Error:
        ragged = []
    if ragged:
        found = ", ".join(f"line {line:,} has {count:,}" for line, count in ragged)
        return InputError(
            f"{path.name}: expected {n_columns:,} fields in every line, as in the header; {found}.",
            "Put quotes around values that hold the separator.",
        )
    return InputError(f"{path.name} cannot be read as a table: {reason.splitlines()[0]}", "Check its quotes.")


def _ragged_lines(path: Path, delimiter: str, n_columns: int) -> list[tuple[int, int]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        odd = ((reader.line_num, len(record)) for record in reader if record and len(record) != n_columns)
        return list(islice(odd, 3))


def _typed(column: Any) -> Any:
    column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    if column.null_count == len(column):
        return column
    for converted in (_whole_numbers, _numbers, _booleans):
        result = converted(column)
        if result is not None:
            return result
    return column


def _cast(column: Any, kind: Any) -> Any:
    """The column as numbers, blanks around them dropped; None when any value is something else."""
    trimmed = pc.utf8_trim_whitespace(column)
    try:
        # Failing on a whole column is slow, so the first values are tried alone.
        trimmed.slice(0, PROBE).cast(kind)
        return trimmed.cast(kind)
    except pa.ArrowInvalid:
        return None


def _any_match(column: Any, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, pattern)).as_py())


def _whole_numbers(column: Any) -> Any:
    """Whole numbers, unless a leading zero says that they are codes."""
    numbers = _cast(column, pa.int64())
    return column if numbers is not None and _any_match(column, r"^\s*[+-]?0\d") else numbers


def _numbers(column: Any) -> Any:
    """Numbers, unless digits would be lost."""
    numbers = _cast(column, pa.float64())
    if numbers is None:
        return None
    largest = pc.max(pc.abs(numbers)).as_py()
    loses_digits = largest > LARGEST_EXACT and _any_match(column, r"^\s*[+-]?\d{16,}\s*$")
    return column if loses_digits else numbers


def _booleans(column: Any) -> Any:
    is_truth = pc.or_(pc.is_null(column), pc.is_in(column, value_set=TRUTH))
    if not pc.all(is_truth).as_py():
        return None
    return pc.if_else(pc.is_null(column), pa.scalar(None, pa.bool_()), pc.invert(pc.is_in(column, value_set=FALSE)))
