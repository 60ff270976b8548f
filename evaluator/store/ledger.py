"""What people do with a run: append-only events, one file each, each naming the hash of the one before.

An event's SHA-256 is that of its file, whose name is `<n>-<first 12 of it>.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from evaluator.errors import StoreError, did_you_mean
from evaluator.records import LedgerEvent
from evaluator.store.canonical import canonical_json
from evaluator.store.durable import seal, sync
from evaluator.store.file_lock import locked
from evaluator.store.layout import find_run, ledger_folder

STATE_KINDS = ("released", "superseded", "withdrawn")
MEETING_KINDS = ("decision", "question")
SAVED_KIND = "saved_slice"
EVENT_KINDS = (*STATE_KINDS, *MEETING_KINDS, "comment", SAVED_KIND, "register_entry")
LARGEST_EVENT = 256 * 1024


class Chain(NamedTuple):
    """The events of one run as far as they can be read, and everything wrong with their files."""

    events: tuple[LedgerEvent, ...]
    problems: tuple[str, ...]


def append_event(
    store: Path, run_id: str, kind: str, body: Mapping[str, object], *, by: str, checked: bool, at: datetime
) -> LedgerEvent:
    """Record one event of a kind that needs no check of its own.

    States go through release_run and withdraw_run, decisions and questions through record_decision and keep_question,
    saved questions through save_question.

    Parameters
    ----------
    by : who, as they gave it; `checked` says whether a sign-in vouched for it.
    at : when, with its time zone.
    """
    if kind in STATE_KINDS:
        raise StoreError(f"A run is not {kind} by an event alone.", "Use release_run or withdraw_run.")
    if kind in MEETING_KINDS:
        raise StoreError(f"A {kind} is not recorded by an event alone.", "Use record_decision or keep_question.")
    if kind == SAVED_KIND:
        raise StoreError(f"A {kind} is not recorded by an event alone.", "Use save_question.")
    with ledger_writing(store):
        return add_event(store, run_id, kind, body, by=by, checked=checked, at=at)


def read_events(store: Path, run_id: str) -> tuple[LedgerEvent, ...]:
    """The events of a run, oldest first; StoreError when the chain of hashes does not hold."""
    chain = read_chain(store, run_id)
    if chain.problems:
        raise StoreError(
            f"The ledger of {run_id} was changed: {chain.problems[0]}.", "Put the original files back from a copy."
        )
    return chain.events


@contextmanager
def ledger_writing(store: Path) -> Iterator[None]:
    """The right to write to the ledger; failures of the disk become StoreErrors."""
    try:
        folder = store / "ledger"
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / ".lock"):
            yield
    except OSError as error:
        raise StoreError(
            f"The ledger of {store} could not be written: {error.strerror}.", "Free disk space or check the rights."
        ) from error


def add_event(
    store: Path, run_id: str, kind: str, body: Mapping[str, object], *, by: str, checked: bool, at: datetime
) -> LedgerEvent:
    """Write the next event of a run; the caller holds `ledger_writing`."""
    find_run(store, run_id)
    _check_event(kind, by, at)
    before = read_events(store, run_id)
    event = LedgerEvent(
        n=len(before) + 1, kind=kind, at=at.astimezone(UTC), by=by, checked=checked, body=dict(body),
        previous_sha256=before[-1].sha256 if before else "",
    )  # fmt: skip
    content = _event_bytes(event)
    digest = sha256(content).hexdigest()
    _write_event(ledger_folder(store, run_id), f"{event.n}-{digest[:12]}.json", content)
    return _parsed_event(content, digest)


def read_chain(store: Path, run_id: str) -> Chain:
    """Read every event file in order and hold it against its name and its neighbour."""
    events: list[LedgerEvent] = []
    problems: list[str] = []
    for position, path in enumerate(_event_files(ledger_folder(store, run_id)), start=1):
        try:
            content = path.read_bytes()
            event = _parsed_event(content, sha256(content).hexdigest())
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            problems.append(f"{path.name} cannot be read ({type(error).__name__})")
            continue
        problems += _event_problems(path, event, position, events[-1].sha256 if events else "")
        events.append(event)
    return Chain(tuple(events), tuple(problems))


def _event_problems(path: Path, event: LedgerEvent, position: int, previous: str) -> Iterator[str]:
    if path.name != f"{event.n}-{event.sha256[:12]}.json":
        yield f"{path.name} does not hold what its name says"
    if event.n != position:
        yield f"{path.name} is event {event.n} where event {position} was expected"
    if event.previous_sha256 != previous:
        yield f"{path.name} does not follow the event before it"


def _event_files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.json"), key=_file_order)
    except OSError as error:
        raise StoreError(f"The ledger {folder} cannot be read: {error.strerror}.", "Check its rights.") from error


def _file_order(path: Path) -> tuple[int, str]:
    number = path.name.partition("-")[0]
    return (int(number) if number.isascii() and number.isdigit() else 0, path.name)


def _check_event(kind: str, by: str, at: datetime) -> None:
    if kind not in EVENT_KINDS:
        raise StoreError(f"There is no ledger event {kind!r}.", did_you_mean(kind, EVENT_KINDS))
    if not by.strip() or len(by) > 200 or not by.isprintable():
        raise StoreError("An event needs the name of the person, at most 200 printable characters.", "Give a name.")
    if at.tzinfo is None:
        raise StoreError(f"An event needs a time with its zone, found {at.isoformat()}.")


def _event_bytes(event: LedgerEvent) -> bytes:
    try:
        text = canonical_json(
            {
                "n": event.n,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "by": event.by,
                "checked": event.checked,
                "body": event.body,
                "previous_sha256": event.previous_sha256,
            }
        )
        content = text.encode()
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"The event {event.kind} cannot be written as JSON: {error}.", "Use text and numbers."
        ) from error
    if len(content) > LARGEST_EVENT:
        raise StoreError(f"The event {event.kind} has {len(content)} bytes, more than {LARGEST_EVENT}.", "Shorten it.")
    return content


def _parsed_event(content: bytes, digest: str) -> LedgerEvent:
    found = json.loads(content)
    return LedgerEvent(
        n=int(found["n"]),
        kind=str(found["kind"]),
        at=datetime.fromisoformat(found["at"]),
        by=str(found["by"]),
        checked=bool(found["checked"]),
        body=dict(found["body"]),
        previous_sha256=str(found["previous_sha256"]),
        sha256=digest,
    )


def _write_event(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "event.tmp"
    unfinished.unlink(missing_ok=True)
    try:
        unfinished.write_bytes(content)
        seal(unfinished)
        unfinished.rename(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(folder)
