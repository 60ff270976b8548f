"""Find, hash and read data files: CSV and Parquet, nothing that can run code."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from evaluator.errors import InputError

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")
MAX_BYTES = 4 * 2**30
SUPPORTED = "Save the table as CSV (UTF-8) or Parquet."


def find_file(folder: Path, written: str, *, allow_outside: bool = False) -> Path:
    """The file a plan names, relative to its folder, with links followed; must stay inside unless allowed."""
    if "\0" in written:
        raise InputError(f"the path {written!r} holds a NUL character.", "Write the path as plain text.")
    root = folder.resolve()
    try:
        path = (root / written).resolve()
        is_file, exists = path.is_file(), path.exists()
    except (OSError, RuntimeError) as error:
        raise InputError(f"the path {written} cannot be followed: {error}.", "Check the path.") from error
    if not allow_outside and not path.is_relative_to(root):
        raise InputError(
            f"path outside: {written} leads out of the plan's folder.",
            "Move the file beside the plan, or run with --allow-outside.",
        )
    if not is_file:
        reason = "is not a file" if exists else "does not exist"
        raise InputError(f"{written} {reason}.", "Paths are relative to the folder of the plan.")
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of the whole content, as 64 hexadecimal digits."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def read_table(path: Path) -> pd.DataFrame:
    """A CSV or Parquet file as a table of numbers, booleans, times and text.

    In CSV files an empty field and an unquoted NA, N/A, NaN, nan, null or NULL is a missing value; columns whose
    numbers have leading zeros, or more digits than a number keeps, stay text.

    Raises
    ------
    InputError : the file is missing, damaged, of another kind, too large, or not a table.
    """
    head, size = _head(path)
    kind = _kind(path, head, size)
    if kind == "parquet":
        from evaluator.subject.parquet_files import read_parquet

        return read_parquet(path)
    from evaluator.subject.csv_files import read_csv

    return read_csv(path)


def _head(path: Path) -> tuple[bytes, int]:
    try:
        if not path.is_file():
            reason = "is not a file" if path.exists() else "does not exist"
            raise InputError(f"{path.name} {reason}.", "Check the path.")
        with path.open("rb") as stream:
            return stream.read(8), path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _kind(path: Path, head: bytes, size: int) -> str:
    name, suffix = path.name, path.suffix.lower()
    if head.startswith(b"PK\x03\x04"):
        raise InputError(f"{name} is a zip archive or an Excel workbook, which are not read.", SUPPORTED)
    if head.startswith(b"\x1f\x8b") or suffix == ".gz":
        raise InputError(f"{name} is compressed; .csv.gz is not supported.", "Unpack it, or save it as Parquet.")
    if suffix not in CSV_SUFFIXES + PARQUET_SUFFIXES:
        expected = ", ".join(CSV_SUFFIXES + PARQUET_SUFFIXES)
        raise InputError(f"{name} ends in '{suffix}'; expected one of {expected}.", SUPPORTED)
    if size == 0:
        raise InputError(f"{name} is empty (0 bytes).", "Check how the file was written.")
    if size > MAX_BYTES:
        raise InputError(f"{name} has {size / 2**30:.1f} GiB; at most 4 GiB are read.", "Keep only the columns needed.")
    is_parquet = head.startswith(b"PAR1")
    if is_parquet and suffix in CSV_SUFFIXES:
        raise InputError(f"{name} holds Parquet although it ends in '{suffix}'.", "Rename it to end in .parquet.")
    if suffix in PARQUET_SUFFIXES and not is_parquet:
        raise InputError(f"{name} is not a Parquet file: it does not begin with PAR1.", SUPPORTED)
    return "parquet" if is_parquet else "csv"


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path.name} cannot be read: {error.strerror or error}.", "Check that you may read it.")
