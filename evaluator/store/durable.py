"""Small steps that survive a power cut: sync, protect, rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluator.errors import StoreError

ABANDONED_AFTER = 3600.0
"""Seconds after which an unfinished publication is taken to be dead."""


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(path: Path) -> None:
    """On the disk and read-only."""
    sync(path)
    path.chmod(0o444)


@contextmanager
def reserved(work: Path) -> Iterator[Path]:
    """A work folder that only its maker writes to; making a folder is what decides between two writers."""
    try:
        work.mkdir()
    except FileExistsError as error:
        raise StoreError(
            f"The run {work.stem} is being written by another program.", "Wait for it, or start a new evaluation."
        ) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def sweep(work: Path) -> None:
    """Remove what publications killed over an hour before `work` was made have left behind."""
    limit = work.stat().st_mtime - ABANDONED_AFTER
    for folder in work.parent.glob("*.tmp"):
        if folder != work and _older(folder, limit):
            shutil.rmtree(folder, ignore_errors=True)
    for rows in work.parent.glob("*.rows.duckdb"):
        run_id = rows.name.removesuffix(".rows.duckdb")
        if _older(rows, limit) and not rows.with_name(f"{run_id}.duckdb").exists():
            rows.unlink(missing_ok=True)


def _older(path: Path, limit: float) -> bool:
    try:
        return path.stat().st_mtime < limit
    except FileNotFoundError:
        return False
