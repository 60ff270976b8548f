"""What differs between two states of the criteria, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

_WHOLE_PLAN = {"level": "confidence level", "min_group": "smallest group"}
_EMPTY: tuple[object, ...] = (None, False, "", [], {})


@dataclass(frozen=True, slots=True)
class CriteriaChange:
    """One difference; `criterion_id` is '' for what holds for all criteria.

    `old` and `new` are the values as text, '' where there was none. `field` is '' when a criterion came or went.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    criterion_id: str
    field: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        """ "ranks-well: at least 0.7, was 0.75"."""
        if self.kind != "changed":
            return _WHOLE[self.kind].format(self.criterion_id)
        about = f"{self.criterion_id}: " if self.criterion_id else ""
        return f"{about}{self.field} {self.new or 'left out'}, was {self.old or 'not set'}"


_WHOLE = {"added": "{} was added", "removed": "{} was removed", "moved": "the order of the criteria"}


def criteria_changes(old: str, new: str) -> tuple[CriteriaChange, ...]:
    """Differences between two canonical JSON texts of criteria, those of all criteria first.

    A field that is absent counts as empty: a later release may know fields that an older one did not.
    """
    before, after = json.loads(old), json.loads(new)
    listed, now = _by_id(before), _by_id(after)
    found = [*_fields("", _settings(before), _settings(after)), *_came_and_went(listed, now)]
    for criterion_id in (name for name in now if name in listed):
        found += _fields(criterion_id, listed[criterion_id], now[criterion_id])
    return tuple(found)


def _by_id(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(criterion["id"]): criterion for criterion in content.get("criteria", ())}


def _settings(content: dict[str, Any]) -> dict[str, Any]:
    return {words: content.get(name) for name, words in _WHOLE_PLAN.items()}


def _came_and_went(before: dict[str, Any], after: dict[str, Any]) -> Iterator[CriteriaChange]:
    yield from (CriteriaChange("added", name) for name in after if name not in before)
    yield from (CriteriaChange("removed", name) for name in before if name not in after)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield CriteriaChange("moved", "")


def _fields(criterion_id: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[CriteriaChange]:
    for field in sorted({*old, *new}):
        before, after = old.get(field), new.get(field)
        if before != after and not (before in _EMPTY and after in _EMPTY):
            yield CriteriaChange("changed", criterion_id, field.replace("_", " "), _shown(before), _shown(after))


def _shown(value: object) -> str:
    """Text as it is, anything else as JSON; '' for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in _EMPTY:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
