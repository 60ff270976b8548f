"""The lock file beside a plan: read with every hash checked, and only ever lengthened by one entry."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from evaluator.errors import PlanError
from evaluator.plan.canonical import criteria_json, criteria_sha256
from evaluator.plan.lock_chain import LockEntry, file_text, parse_entries, sealed
from evaluator.plan.lock_changes import CriteriaChange, criteria_changes
from evaluator.plan.schema import Plan

LARGEST_LOCK = 8 * 1024 * 1024
LONGEST_NAME, LONGEST_REASON = 200, 1000
_FROM_A_COPY = "Put the original file back from a copy. Limits are changed in the plan, then with `plan lock`."


class Locked(NamedTuple):
    """What locking did: `written` is False when the last entry already held the same criteria."""

    entries: tuple[LockEntry, ...]
    changes: tuple[CriteriaChange, ...]
    written: bool


def lock_path(plan: Path) -> Path:
    """Where the lock of a plan is: loan.lock.json beside loan.yaml, beside the file itself when `plan` is a link."""
    real = plan.resolve()
    return real.with_name(f"{real.stem}.lock.json")


def read_lock(plan: Path, plan_id: str) -> tuple[LockEntry, ...]:
    """The entries of a plan's lock, oldest first; none without a lock file. PlanError when the file does not hold."""
    path = lock_path(plan)
    content = _content_of(path)
    if content is None:
        return ()
    try:
        text = content.decode("utf-8")
        entries = parse_entries(text)
        if not entries or file_text(entries) != text:
            raise ValueError("its text is not as it was written")
    except ValueError as error:
        what = "it is not UTF-8 text" if isinstance(error, UnicodeError) else str(error)
        raise PlanError(f"{path.name}: the lock was changed: {what}.", _FROM_A_COPY) from None
    if entries[0].plan != plan_id:
        message = f"{path.name}: this is the lock of the plan '{entries[0].plan}', not of '{plan_id}'."
        raise PlanError(message, "Give this plan a file name of its own, or move the other plan's lock back to it.")
    return entries


def lock_plan(
    path: Path, plan: Plan, *, at: datetime, by: str, why: str = "", first_result_at: datetime | None = None
) -> Locked:
    """Fix the criteria of a plan, or record that they were changed.

    Parameters
    ----------
    path : the plan file; the lock file stands beside it.
    at : now, with its zone.
    by, why : who does this and for what reason; an amendment needs a reason.
    first_result_at : when the store first held a result of this plan, or None when it holds none.
    """
    _check_words(by, why)
    if not plan.criteria:
        raise PlanError("criteria: the plan sets no criteria, so there is nothing to lock.", "Add criteria first.")
    with _writing(path):
        before = read_lock(path, plan.plan)
        changes = criteria_changes(before[-1].criteria, criteria_json(plan)) if before else ()
        if before and not changes:
            return Locked(before, (), written=False)
        entry = _next_entry(before, plan, at.astimezone(UTC).replace(microsecond=0), by, why, first_result_at)
        _write(lock_path(path), file_text((*before, entry)))
        return Locked((*before, entry), changes, written=True)


def _next_entry(
    before: tuple[LockEntry, ...], plan: Plan, at: datetime, by: str, why: str, first_result_at: datetime | None
) -> LockEntry:
    if before and not why.strip():
        raise PlanError("criteria: they differ from the locked ones, and no reason is given.", "Add --why TEXT.")
    if before and at < before[-1].at:
        message = f"The clock says {at:%Y-%m-%d %H:%M:%S}, before the last entry of the lock ({before[-1].at:%Y-%m-%d %H:%M:%S})."
        raise PlanError(message, "Set the clock of this machine right.")
    return sealed(
        LockEntry(
            n=len(before) + 1, plan=plan.plan, at=at, by=by, why=why.strip(), criteria_sha256=criteria_sha256(plan),
            criteria=criteria_json(plan), after_results=first_result_at is not None, first_result_at=first_result_at,
            previous_sha256=before[-1].sha256 if before else "",
        )
    )  # fmt: skip


def _check_words(by: str, why: str) -> None:
    if not by.strip() or len(by) > LONGEST_NAME or not by.isprintable():
        raise PlanError(
            f"A lock needs the name of a person, at most {LONGEST_NAME} printable characters.", "Add --by NAME."
        )
    if len(why) > LONGEST_REASON or not why.isprintable():
        raise PlanError(f"A reason has at most {LONGEST_REASON} printable characters, on one line.", "Shorten --why.")


def _content_of(path: Path) -> bytes | None:
    """The bytes of a plain file of usual size, or None when there is no file."""
    try:
        # Not through links and without waiting for a pipe: what is hashed is this very file.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return _all_bytes(path, descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as error:
        what = "a link" if path.is_symlink() else error.strerror
        raise PlanError(f"{path.name}: the lock cannot be read ({what}).", _FROM_A_COPY) from None


def _all_bytes(path: Path, descriptor: int) -> bytes:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise PlanError(f"{path.name}: expected a lock file, found a folder, device or pipe.", _FROM_A_COPY)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        content = file.read(LARGEST_LOCK + 1)
    if len(content) > LARGEST_LOCK:
        raise _too_large(path, _FROM_A_COPY)
    return content


def _too_large(path: Path, hint: str) -> PlanError:
    return PlanError(f"{path.name}: a lock holds at most {LARGEST_LOCK // 1024**2} MiB.", hint)


@contextmanager
def _writing(plan: Path) -> Iterator[None]:
    """One writer at a time, by a lock on the plan file itself; what the disk cannot do is a PlanError."""
    try:
        with plan.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise PlanError(
            f"{lock_path(plan).name} cannot be written: {error.strerror}.", "Check the folder's rights."
        ) from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk before it takes its name."""
    content = text.encode()
    if len(content) > LARGEST_LOCK:
        raise _too_large(path, "Give the plan a new id and a new file.")
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.unlink(missing_ok=True)
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
