"""What is wrong with a plan: one problem per field, gathered, so that a plan is mended in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evaluator.errors import PlanError

FieldPath = tuple[str | int, ...]

MOST_LISTED = 50
LONGEST_QUOTE = 60
_PLAIN_KEY = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where, what was expected and found, and the next step."""

    path: FieldPath
    message: str
    hint: str = ""


def field_name(path: FieldPath) -> str:
    """A path as people write it: ``criteria[1].at_least``."""
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            name += f".{step}" if name else step
        else:
            name += f"[{quoted(step)}]"
    return name


def quoted(text: str) -> str:
    """Text as it stands in a message: shortened, in quotes, without control characters."""
    shown = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "..."
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + "'"


def found_words(value: object, written: str | None = None) -> str:
    """What stands in the plan, in words; `written` is a scalar as the plan spells it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {written or value}"
        case date():
            return f"the date {value.isoformat()}"
        case str():
            return f"the text {quoted(value)}" if value else "empty text"
        case Mapping():
            return "keys with values"
        case _:
            return "a list"


def line_of(path: FieldPath, lines: Mapping[FieldPath, int]) -> int | None:
    """The line of a field, or of the nearest part around it."""
    for end in range(len(path), -1, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def plan_error(problems: Iterable[Problem], lines: Mapping[FieldPath, int], source: str) -> PlanError:
    """One error out of all problems, in the order of the plan's lines."""
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: line_of(problem.path, lines) or 0)
    if len(ordered) == 1:
        return PlanError(_sentence(ordered[0], lines, source), ordered[0].hint)
    listed = [f"{_sentence(problem, lines, source)} {problem.hint}".strip() for problem in ordered[:MOST_LISTED]]
    if len(ordered) > MOST_LISTED:
        listed.append(f"... and {len(ordered) - MOST_LISTED} more.")
    return PlanError("\n".join(listed), f"Mend these {len(ordered)} places in {source}, then check the plan again.")


def _sentence(problem: Problem, lines: Mapping[FieldPath, int], source: str) -> str:
    line = line_of(problem.path, lines)
    where = field_name(problem.path) or source
    return f"{where} (line {line}): {problem.message}" if line else f"{where}: {problem.message}"
