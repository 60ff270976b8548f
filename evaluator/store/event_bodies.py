"""Reading the bodies of ledger events: what is left out is as if nobody had said it, the wrong type is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluator.errors import StoreError
from evaluator.records import LedgerEvent


def text_in(body: Mapping[str, Any], name: str) -> str:
    """A text, '' when there is none; TypeError for anything else."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def list_in(body: Mapping[str, Any], name: str) -> list[Any]:
    """A list, empty when there is none; TypeError for anything else."""
    value = body.get(name, [])
    if not isinstance(value, list):
        raise TypeError(name)
    return value


def link_in(body: Mapping[str, Any]) -> dict[str, str]:
    """The parts of an address that stand for a question."""
    return {str(name): str(value) for name, value in body.get("link", {}).items()}


def damaged_event(event: LedgerEvent) -> StoreError:
    """The error for an event whose body does not hold what its kind needs."""
    return StoreError(
        f"Event {event.n} of the ledger is a {event.kind} that cannot be read.",
        "Put the original files back from a copy.",
    )
