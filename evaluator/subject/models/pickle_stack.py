"""The stack a pickle works on, with names and shapes in place of real objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Value = Any
"""A constant, a tuple, `Named`, `Made`, a `Filled` mapping or `UNKNOWN`."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something imported by its full name."""

    name: str


@dataclass(slots=True, eq=False)
class Made:
    """What calling `maker` would give, with the state it would be given afterwards."""

    maker: Value
    arguments: Value
    state: Value = None


@dataclass(slots=True, eq=False)
class Filled:
    """A mapping, of which only entries under a text are kept."""

    entries: dict[str, Value] = field(default_factory=dict)


class _Mark:
    """Where a group of values on the stack begins."""


UNKNOWN = object()
MARK = _Mark()


class Stack:
    """Values and remembered values. Taking from an empty stack is an IndexError: such a pickle is damaged."""

    def __init__(self) -> None:
        self._values: list[Value] = []
        self._remembered: dict[int, Value] = {}

    def push(self, value: Value) -> None:
        self._values.append(value)

    def pop(self) -> Value:
        return self._values.pop()

    @property
    def top(self) -> Value:
        return self._values[-1]

    def pop_group(self) -> list[Value]:
        """The values down to the last mark, which goes too."""
        group: list[Value] = []
        while (value := self._values.pop()) is not MARK:
            group.append(value)
        return group[::-1]

    def remember(self, place: int | None) -> None:
        self._remembered[len(self._remembered) if place is None else place] = self.top

    def recall(self, place: int) -> Value:
        return self._remembered.get(place, UNKNOWN)


def fill(target: Value, values: list[Value]) -> None:
    """Put keys and values that follow each other into a mapping."""
    if isinstance(target, Filled):
        pairs = zip(values[::2], values[1::2], strict=False)
        target.entries.update({key: value for key, value in pairs if isinstance(key, str)})
