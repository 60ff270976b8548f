"""What a job was asked: checked where it is asked, written down, and read back."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluator.errors import JobError
from evaluator.jobs.files import REQUEST, read_json
from evaluator.jobs.kinds import Field, JobKind
from evaluator.wording import format_count, join_words

LARGEST_PAYLOAD = 4096
LONGEST_SECONDS = 3600.0
MIB = range(64, 65_537)


@dataclass(frozen=True, slots=True)
class Request:
    """One piece of work; `started_at` is in seconds since 1970."""

    kind: str
    payload: dict[str, Any]
    seconds: float
    mib: int
    started_at: float

    @property
    def deadline(self) -> float:
        return self.started_at + self.seconds

    @property
    def overdue(self) -> bool:
        return time.time() >= self.deadline

    def asks_the_same(self, other: Request) -> bool:
        return (self.kind, self.payload) == (other.kind, other.payload)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make_request(
    kind: JobKind, payload: Mapping[str, object], *, seconds: float | None = None, mib: int | None = None
) -> Request:
    """A request that holds what its kind asks for; JobError for anything else."""
    limit = kind.seconds if seconds is None else float(seconds)
    memory = kind.mib if mib is None else mib
    if not 0 < limit <= LONGEST_SECONDS:
        raise JobError(f"The time limit must be above 0 and at most {LONGEST_SECONDS:.0f} seconds, found {limit:g}.")
    if memory not in MIB:
        raise JobError(f"The memory limit must be between {MIB[0]} and {MIB[-1]} MiB, found {memory}.")
    return Request(kind.name, _checked(kind, payload), limit, memory, time.time())


def read_request(folder: Path) -> Request | None:
    """The request of a job; None when it cannot be read."""
    found = read_json(folder / REQUEST)
    if found is None:
        return None
    try:
        return Request(
            str(found["kind"]), dict(found["payload"]), float(found["seconds"]), int(found["mib"]),
            float(found["started_at"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _checked(kind: JobKind, payload: Mapping[str, object]) -> dict[str, Any]:
    given, expected = sorted(map(str, payload)), sorted(kind.fields)
    if given != expected:
        raise JobError(
            f"A request for {kind.name} holds {join_words(expected)}; found {join_words(given) or 'nothing'}.",
            "Start the work from its page.",
        )
    for name, field in kind.fields.items():
        _check_value(f"{kind.name}.{name}", field, payload[name])
    size = len(json.dumps(payload).encode())
    if size > LARGEST_PAYLOAD:
        raise JobError(
            f"A request holds at most {format_count(LARGEST_PAYLOAD)} bytes, found {format_count(size)}.",
            "Ask about less at once.",
        )
    return dict(payload)


def _check_value(name: str, field: Field, value: object) -> None:
    if type(value) is not field.type:
        raise JobError(f"{name}: expected {field.type.__name__}, found {type(value).__name__}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise JobError(f"{name}: expected a finite number, found {value}.")
    if not isinstance(value, str):
        return
    if len(value) > field.longest:
        raise JobError(f"{name}: expected at most {field.longest} characters, found {len(value)}.")
    if field.check is not None:
        field.check(value)
