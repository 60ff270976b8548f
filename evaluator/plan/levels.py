"""Levels of a label as text, and whether two ways of writing a level mean the same."""

from __future__ import annotations

from datetime import date

from evaluator.plan.schema import Level


def level_text(level: Level) -> str:
    """A level as sentences print it: integers without ``.0``, true and false in lower case."""
    match level:
        case None:
            return "missing"
        case bool():
            return "true" if level else "false"
        case float() if level.is_integer():
            return str(int(level))
        case date():
            return level.isoformat()
        case _:
            return str(level)


def same_level(first: Level, second: Level) -> bool:
    """Whether two levels mean the same value of a column: 1, 1.0, true and "1" do."""
    return first == second or level_text(_plain(first)) == level_text(_plain(second))


def _plain(level: Level) -> Level:
    if isinstance(level, str) and level.lower() in {"true", "false"}:
        level = level.lower() == "true"
    return int(level) if isinstance(level, bool) else level
