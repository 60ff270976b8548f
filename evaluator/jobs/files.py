"""The files of one job in `store/jobs/<job_id>/`: small JSON documents, each written whole or not at all.

request.json    process.json    progress.json    cancelled    result.json or error.json    log.txt
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NewType

from evaluator.errors import JobError

JobId = NewType("JobId", str)

REQUEST, PROCESS, PROGRESS, CANCELLED = "request.json", "process.json", "progress.json", "cancelled"
RESULT, ERROR, LOG = "result.json", "error.json", "log.txt"
LARGEST_FILE = 4 * 1024 * 1024
_JOB_ID = re.compile(r"[0-9a-f]{32}")


def make_job_id() -> JobId:
    """An id that nobody can guess."""
    return JobId(secrets.token_hex(16))


def jobs_folder(store: Path) -> Path:
    return store / "jobs"


def job_folder(store: Path, job_id: str) -> Path:
    """The folder of a job; no path is built from anything but a job id."""
    if not _JOB_ID.fullmatch(job_id):
        raise JobError(f"Expected the id of a job, found {job_id[:80]!r}.", "Start the work again from its page.")
    return jobs_folder(store) / job_id


def job_folders(store: Path) -> list[Path]:
    """The folders of all jobs, in no order."""
    return [path for path in jobs_folder(store).iterdir() if _JOB_ID.fullmatch(path.name)]


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file; None when there is no file, or it is damaged or larger than any of ours."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Put an object in place of whatever the file held; readers see the one or the other."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        unfinished.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def writing_errors(store: Path, what: str) -> Iterator[None]:
    """Failures of the disk become a JobError that begins with `what`."""
    try:
        yield
    except OSError as error:
        raise JobError(
            f"{what}: {jobs_folder(store)} could not be written ({error.strerror}).",
            "Free disk space, or check the rights of the store's folder.",
        ) from error
