"""The entries of a criteria lock: each holds the criteria themselves and names the hash of the entry before it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import NoReturn

_KINDS: dict[str, type | tuple[type, ...]] = {
    "n": int, "plan": str, "at": str, "by": str, "why": str, "criteria_sha256": str, "criteria": dict,
    "after_results": bool, "first_result_at": (str, type(None)), "previous_sha256": str, "sha256": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LockEntry:
    """The first entry locks the criteria of a plan; each later one amends them.

    Attributes
    ----------
    at : when, in UTC, to the second.
    criteria : what decides the statuses, as canonical JSON (`plan.canonical.criteria_json`).
    after_results : whether the store held a result of this plan then; `first_result_at` is the earliest of them.
    sha256 : over everything else in the entry, `previous_sha256` included.
    """

    n: int
    plan: str
    at: datetime
    by: str
    why: str
    criteria_sha256: str
    criteria: str
    after_results: bool
    first_result_at: datetime | None
    previous_sha256: str
    sha256: str = ""


def sealed(entry: LockEntry) -> LockEntry:
    """The entry with the hash of its content."""
    return replace(entry, sha256=_content_sha256(entry))


def history_json(entries: Sequence[LockEntry]) -> str:
    """The entries as one line of JSON, as a run keeps them."""
    return _line([_as_data(entry) for entry in entries])


def file_text(entries: Sequence[LockEntry]) -> str:
    """The entries as the lock file holds them; there is one such text for given entries."""
    return json.dumps([_as_data(entry) for entry in entries], sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def parse_entries(text: str) -> tuple[LockEntry, ...]:
    """The entries of a JSON text; ValueError says what does not hold."""
    try:
        found = json.loads(text, parse_constant=_no_such_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"it is not JSON ({error})") from None
    if not isinstance(found, list):
        raise ValueError("it is not a list of entries")
    entries = tuple(_entry(position, item) for position, item in enumerate(found, start=1))
    _check_chain(entries)
    return entries


def _no_such_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def _entry(position: int, found: object) -> LockEntry:
    if not isinstance(found, dict) or set(found) != set(_KINDS):
        raise ValueError(f"entry {position} does not have the fields of an entry")
    wrong = [name for name, kind in _KINDS.items() if not isinstance(found[name], kind)]
    if wrong or isinstance(found["n"], bool):
        raise ValueError(f"entry {position} has another kind of value in {', '.join(wrong) or 'n'}")
    _check_criteria(position, found["criteria"])
    first = found["first_result_at"]
    times = {"at": _time(position, found["at"]), "first_result_at": _time(position, first) if first else None}
    return LockEntry(**{**found, **times, "criteria": _line(found["criteria"])})


def _check_criteria(position: int, found: dict[str, object]) -> None:
    listed = found.get("criteria")
    named = isinstance(listed, list) and all(
        isinstance(item, dict) and isinstance(item.get("id"), str) for item in listed
    )
    if not named:
        raise ValueError(f"entry {position} does not list criteria with their ids")


def _time(position: int, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        found = time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"entry {position} holds a time that cannot be read") from None
    if time.tzinfo is None:
        raise ValueError(f"entry {position} holds a time without its zone")
    return found


def _check_chain(entries: Sequence[LockEntry]) -> None:
    before: LockEntry | None = None
    for position, entry in enumerate(entries, start=1):
        if problem := _problem(entry, position, before):
            raise ValueError(f"entry {position} {problem}")
        before = entry


def _problem(entry: LockEntry, position: int, before: LockEntry | None) -> str:
    """What is wrong with an entry in its place, or ''."""
    tests = (
        (entry.sha256 != _content_sha256(entry), "does not hold what its hash says"),
        (entry.criteria_sha256 != _sha256(entry.criteria), "holds other criteria than its hash says"),
        (entry.n != position, f"has the number {entry.n}"),
        (entry.previous_sha256 != (before.sha256 if before else ""), "does not follow the entry before it"),
        (before is not None and entry.plan != before.plan, "is of another plan than the entry before it"),
        (before is not None and entry.at < before.at, "is older than the entry before it"),
        (before is not None and not entry.why.strip(), "changes the criteria without a reason"),
    )
    return next((words for broken, words in tests if broken), "")


def _content_sha256(entry: LockEntry) -> str:
    return _sha256(_line({name: value for name, value in _as_data(entry).items() if name != "sha256"}))


def _as_data(entry: LockEntry) -> dict[str, object]:
    first = entry.first_result_at
    return {
        "n": entry.n, "plan": entry.plan, "at": entry.at.isoformat(), "by": entry.by, "why": entry.why,
        "criteria_sha256": entry.criteria_sha256, "criteria": json.loads(entry.criteria),
        "after_results": entry.after_results, "first_result_at": first.isoformat() if first else None,
        "previous_sha256": entry.previous_sha256, "sha256": entry.sha256,
    }  # fmt: skip


def _line(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
