"""Strict YAML: one document of keys, lists and plain values, with the line of every field.

Tags, anchors, aliases and repeated keys are refused, so that a plan means what it says and reading it can neither run
code nor blow up. The document is built from the parser's events; nothing of PyYAML's own object construction is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from evaluator.errors import PlanError
from evaluator.plan.problems import FieldPath, Problem, plan_error
from evaluator.plan.scalars import PlainValue, plain_value
from evaluator.plan.yaml_words import syntax_error

LARGEST = 1024 * 1024
DEEPEST = 20
MOST_VALUES = 20_000
_MARKS = {"\ufeff": "a byte order mark", "\x00": "a NUL character"}


@dataclass(frozen=True, slots=True)
class Document:
    """A plan as read: its tree, the line of each field, and each value as written."""

    data: dict[str, object]
    lines: dict[FieldPath, int] = field(default_factory=dict)
    written: dict[FieldPath, str] = field(default_factory=dict)


def read_yaml(text: str, source: str = "plan") -> Document:
    """Read one mapping; everything else is a PlanError."""
    _check_text(text, source)
    reader = _Reader(source)
    try:
        data = reader.read(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise syntax_error(error, text, source) from None
    except (ValueError, OverflowError):  # PyYAML turns escapes and directives into numbers without checking them
        message = f"{source}: an escape such as \\U or a line starting with % holds a number that is not valid."
        raise PlanError(message, "Write the character itself, or put the text in single quotes.") from None
    if not isinstance(data, dict):
        message = f"{source}: expected keys with values at the top (plan_version: 1, plan: ...), found something else."
        raise PlanError(message, "Start from `python -m evaluator plan new DATA`.")
    return Document(data, reader.lines, reader.written)


def too_large(source: str) -> PlanError:
    """The error for more text than a plan may hold."""
    return PlanError(f"{source}: a plan may hold at most 1 MiB.", "Is this a data file? Give the plan instead.")


def _check_text(text: str, source: str) -> None:
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise too_large(source)
    for mark, words in _MARKS.items():
        if mark in text:
            line = text.count("\n", 0, text.index(mark)) + 1
            hint = "Save the plan as plain UTF-8 text, without a byte order mark."
            raise PlanError(f"{source} (line {line}): found {words}, which a plan cannot hold.", hint)
    if not text.strip():
        raise PlanError(f"{source}: the plan is empty.", "Start from `python -m evaluator plan new DATA`.")


class _Reader:
    """Builds the tree from parser events, counting as it goes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[FieldPath, int] = {}
        self.written: dict[FieldPath, str] = {}
        self._events: Iterator[yaml.Event] = iter(())
        self._count = 0

    def read(self, events: Iterator[yaml.Event]) -> object:
        self._events = events
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise PlanError(f"{self.source}: the plan holds only comments.", "Remove the '#' in front of its keys.")
        data = self._node(self._next(), ())
        self._next()
        if isinstance(event := self._next(), yaml.DocumentStartEvent):
            self._refuse((), event, "a second document starts here (---).", "Write one plan per file.")
        return data

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _refuse(self, path: FieldPath, event: yaml.Event, message: str, hint: str) -> NoReturn:
        raise plan_error([Problem(path, message, hint)], {**self.lines, path: _line(event)}, self.source)

    def _node(self, event: yaml.Event, path: FieldPath) -> object:
        self._admit(event, path)
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return self._sequence(path)

    def _admit(self, event: yaml.Event, path: FieldPath) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            self._refuse(path, event, f"a plan may hold at most {MOST_VALUES:,} values.", "Remove what is not a plan.")
        if len(path) > DEEPEST:
            self._refuse(path[:3], event, f"more than {DEEPEST} levels inside each other.", "Plans need about six.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            hint = "Write the value out in full; text that starts with & or * needs quotes."
            self._refuse(path, event, "anchors (&) and aliases (*) are not allowed in a plan.", hint)
        if getattr(event, "tag", None) is not None:
            message = "tags (words starting with !) are not allowed in a plan."
            self._refuse(path, event, message, "Remove the tag; text that starts with ! needs quotes.")

    def _scalar(self, event: yaml.ScalarEvent, path: FieldPath) -> PlainValue:
        self._check_characters(event, path)
        self.written[path] = event.value
        return plain_value(event.value) if event.implicit[0] else event.value

    def _check_characters(self, event: yaml.ScalarEvent, path: FieldPath) -> None:
        text: str = event.value
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            message = "the text holds a NUL or half a character (a surrogate), which cannot be stored."
            self._refuse(path, event, message, "Remove the escape, such as \\0 or \\ud800.")

    def _sequence(self, path: FieldPath) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: FieldPath) -> dict[str, object]:
        entries: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            here = (*path, key)
            if key in entries:
                message = f"the key is given twice, first on line {self.lines[here]}."
                self.lines.pop(here)
                self._refuse(here, event, message, "Keep one of the two.")
            self.lines[here] = _line(event)
            entries[key] = self._node(self._next(), here)
        return entries

    def _key(self, event: yaml.Event, path: FieldPath) -> str:
        self._admit(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            hint = "Text that starts with { or [ needs quotes."
            self._refuse(path, event, "a key must be a single word or text, not a list or keys.", hint)
        self._check_characters(event, path)
        return event.value


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1
