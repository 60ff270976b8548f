"""Where things are in a store, and what a run may be called.

runs/<run_id>.duckdb    runs/<run_id>.rows.duckdb    runs/<run_id>.tmp/ while it is written    ledger/<run_id>/
models/<sha256>
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from evaluator.catalogue.settings import DEFAULT_STORE, STORE_VARIABLE
from evaluator.errors import StoreError, did_you_mean

_PLAN_ID = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{0,63}")
_RUN_ID = re.compile(rf"({_PLAN_ID.pattern})_[0-9]{{8}}T[0-9]{{6}}Z_[0-9a-f]{{8}}")
_HASH_START = re.compile(r"[0-9a-f]{8,}")


class FileStamp(NamedTuple):
    """What changes whenever a file is replaced; part of the key of everything cached by path."""

    inode: int
    modified_ns: int
    size: int


def store_folder(explicit: Path | None = None) -> Path:
    """The store in use: the one asked for, else PLUMBLINE_STORE, else data/store."""
    return explicit or Path(os.environ.get(STORE_VARIABLE) or DEFAULT_STORE)


def make_run_id(plan_id: str, started_at: datetime, content_hash: str) -> str:
    """`<plan>_<UTC time>_<first 8 of the hash>`; the parts are checked."""
    if started_at.tzinfo is None:
        raise StoreError(f"The start of a run needs a time zone, found {started_at.isoformat()}.")
    if not _PLAN_ID.fullmatch(plan_id):
        raise StoreError(
            f"Expected a plan id, found {_shown(plan_id)}.",
            "Plan ids have small letters, digits, dots and hyphens, at most 64.",
        )
    if not _HASH_START.fullmatch(content_hash):
        raise StoreError(f"Expected a hash in hexadecimal, found {_shown(content_hash)}.")
    return f"{plan_id}_{started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}_{content_hash[:8]}"


def check_run_id(text: str) -> str:
    """`text` if it is a run id; no path is built from anything else."""
    if not _RUN_ID.fullmatch(text):
        raise StoreError(
            f"Expected a run id such as loan_20260101T120000Z_0123abcd, found {_shown(text)}.",
            "Choose the run from the list of runs.",
        )
    return text


def plan_of(run_id: str) -> str:
    """The plan id that a run id begins with."""
    return check_run_id(run_id).rsplit("_", 2)[0]


def runs_folder(store: Path) -> Path:
    return store / "runs"


def models_folder(store: Path) -> Path:
    return store / "models"


def run_path(store: Path, run_id: str) -> Path:
    return runs_folder(store) / f"{check_run_id(run_id)}.duckdb"


def rows_path(store: Path, run_id: str) -> Path:
    return runs_folder(store) / f"{check_run_id(run_id)}.rows.duckdb"


def work_path(store: Path, run_id: str) -> Path:
    return runs_folder(store) / f"{check_run_id(run_id)}.tmp"


def ledger_folder(store: Path, run_id: str) -> Path:
    return store / "ledger" / check_run_id(run_id)


def run_files(store: Path) -> tuple[Path, ...]:
    """Every file in the store that claims to be a run, sorted by name."""
    try:
        found = [path for path in runs_folder(store).iterdir() if path.suffix == ".duckdb"]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(
            f"The store {store} cannot be read: {error.strerror}.", "Check the folder's rights."
        ) from error
    return tuple(sorted(path for path in found if not path.stem.endswith(".rows")))


def run_ids(store: Path) -> tuple[str, ...]:
    """The ids of the published runs, sorted."""
    return tuple(path.stem for path in run_files(store) if _RUN_ID.fullmatch(path.stem))


def find_run(store: Path, run_id: str) -> Path:
    """The file of a run that exists."""
    path = run_path(store, run_id)
    if not path.is_file():
        known = run_ids(store)
        hint = did_you_mean(run_id, known) if known else "Publish one with `python -m evaluator run PLAN`."
        raise StoreError(f"There is no run {run_id} in {store}.", hint)
    return path


def stamp_of(path: Path) -> FileStamp:
    try:
        status = path.stat()
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read: {error.strerror}.", "Check that it is still there.") from error
    return FileStamp(status.st_ino, status.st_mtime_ns, status.st_size)


def sha256_of(path: Path) -> str:
    """SHA-256 of a published file; computed once as long as the file stays as it is."""
    return _sha256_of(path, stamp_of(path))


@lru_cache(maxsize=512)
def _sha256_of(path: Path, stamp: FileStamp) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read: {error.strerror}.", "Check the file's rights.") from error


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:80] + "…")
