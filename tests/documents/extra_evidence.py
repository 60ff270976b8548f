"""Evidence beside the tables of numbers: the run, the plan, its lock, files, groups, and the ledger."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from figure_oracle import Placed, Records, agrees, day, number, printed

from evaluator.records import LedgerEvent
from evaluator.store import RunReader

Check = Callable[[Placed, Records, RunReader, Sequence[LedgerEvent]], bool]


def _run(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
    value = getattr(records.run, place.figure.evidence.partition(":")[2])
    if isinstance(value, datetime):
        return place.figure.text == day(value.astimezone(UTC).date())
    return value is not None and abs(printed(place.figure.text) - value) <= 0.05 + 1e-6


def _plan(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
    field = place.figure.evidence.partition(":")[2]
    if field == "first_result_at":
        first = reader.plan().first_result_at
        return first is not None and (day(first.date()) in place.figure.text or f"{first:%H:%M}" in place.figure.text)
    if field.startswith("lock"):
        return _lock(place, field, json.loads(reader.plan().lock_history), reader.plan().first_result_at)
    value: Any = records.plan
    for name in field.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return agrees(place.figure.text, float(value) * (100 if place.figure.role == "level" else 1))


def _lock(place: Placed, field: str, entries: Sequence[dict[str, Any]], first: datetime | None) -> bool:
    """When an entry of the lock was made, how many changes there are, and how many of them came after a result."""
    if "/" in field:
        at = datetime.fromisoformat(str(entries[int(field.partition("/")[2]) - 1]["at"]).replace("Z", "+00:00"))
        return place.figure.text in {f"{day(at.date())}, {at:%H:%M} UTC", f"{day(at.date())}, {at:%H:%M:%S} UTC"}
    late = [entry for entry in entries[1:] if entry["after_results"]]
    return number(place.figure.text) in {len(entries) - 1, len(late)}


def _provenance(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
    files = [row for row in reader.provenance() if row.role != "model"]
    return printed(place.figure.text) in {len(files), sum(row.declared_sha256 is not None for row in files)}


def _population(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
    name = place.figure.evidence.partition(":")[2]
    if name:
        return number(place.figure.text) == records.populations[name].n
    groups = [row for row in records.populations.values() if row.kind == "group"]
    return printed(place.figure.text) <= len(groups)


def _count_of(rows: Callable[[Records, RunReader], set[int]]) -> Check:
    def holds(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
        return printed(place.figure.text) in rows(records, reader)

    return holds


def _findings(records: Records, reader: RunReader) -> set[int]:
    """So many checks of one analysis or of all, by their outcome."""
    found: set[int] = set()
    for analysis in {row.analysis for row in reader.findings()} | {""}:
        rows = [row for row in reader.findings() if analysis in ("", row.analysis)]
        by = {outcome: sum(row.outcome == outcome for row in rows) for outcome in ("found", "clear", "not_tested")}
        found |= {*by.values(), len(rows), len(rows) - by["not_tested"]}
    return found


def _untested(records: Records, reader: RunReader) -> set[int]:
    open_rows = [row for row in reader.criteria() if row.status in ("not_tested", "too_few")]
    return {len(reader.not_tested()), len(reader.not_tested()) + len(open_rows)}


def _ledger(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
    """A day or a number that the last decision holds."""
    last = next((event for event in reversed(events) if event.kind == "decision"), None)
    if last is None:
        return False
    if place.figure.role == "date":
        days = {day(last.at.date()), *(day(date.fromisoformat(text)) for text in _strings(last.body) if _is_day(text))}
        return place.figure.text in days
    return printed(place.figure.text) in set(_numbers(last.body))


def _strings(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [text for inner in content.values() for text in _strings(inner)]
    if isinstance(content, list | tuple):
        return [text for inner in content for text in _strings(inner)]
    return [content] if isinstance(content, str) else []


def _numbers(content: Any) -> list[float]:
    if isinstance(content, dict):
        return [value for inner in content.values() for value in _numbers(inner)]
    if isinstance(content, list | tuple):
        return [len(content), *(value for inner in content for value in _numbers(inner))]
    return [content] if isinstance(content, int | float) and not isinstance(content, bool) else []


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _document(place: Placed, records: Records, reader: RunReader, events: Sequence[LedgerEvent]) -> bool:
    """What a document counts of itself; a test of its own adds it up."""
    return place.figure.role == "count" and math.isfinite(number(place.figure.text))


EVIDENCE: dict[str, Check] = {
    "run": _run,
    "plan": _plan,
    "provenance": _provenance,
    "population": _population,
    "timing": _count_of(lambda records, reader: {len(reader.timings())}),
    "finding": _count_of(_findings),
    "not_tested": _count_of(_untested),
    "ledger": _ledger,
    "document": _document,
}
"""What stands before the colon of an id -> how a figure is held against it."""
