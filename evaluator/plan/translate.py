"""Schema errors in plain words: what was expected, what was found, what to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from evaluator.errors import nearest_name
from evaluator.plan.descriptions import DESCRIPTIONS
from evaluator.plan.problems import FieldPath, Problem, found_words
from evaluator.plan.scalars import quote_text
from evaluator.plan.schema import CALL_PATTERN, IDENTIFIER_PATTERN, SHA256_PATTERN, ArtifactPart, DataFile
from evaluator.plan.shape import part_at
from evaluator.plan.yaml_text import Document

_KINDS: dict[str, str] = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "date_type": "a date such as 2026-01-31",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "string_too_short": "text that is not empty",
    "string_too_long": "text of at most {max_length:,} characters",
    "greater_than": "a number above {gt:,.10g}",
    "greater_than_equal": "a number of at least {ge:,.10g}",
    "less_than_equal": "a number of at most {le:,.10g}",
    "too_long": "a list of at most {max_length:,}",
    "too_short": "a list of at least {min_length:,}",
}
_PATTERNS: dict[str, str] = {
    IDENTIFIER_PATTERN: "1 to 64 lower-case letters, digits, '.' and '-', starting with a letter or digit",
    CALL_PATTERN: "a module and a function in it, such as scoring:score",
    SHA256_PATTERN: "64 digits 0-9 and letters a-f, the SHA-256 of the file",
}
_Located = tuple[FieldPath, Mapping[str, Any]]


def schema_problems(error: ValidationError, tree: object, document: Document) -> list[Problem]:
    """One problem per field of a failed validation of `tree`."""
    located: list[_Located] = [
        (_real_path(item["loc"], tree, item["type"]), item) for item in error.errors(include_url=False)
    ]
    grouped: dict[FieldPath, list[Mapping[str, Any]]] = {}
    for path, item in _deepest(located):
        grouped.setdefault(path, []).append(item)
    return [_problem(path, items, tree, document) for path, items in grouped.items()]


def _real_path(location: Iterable[str | int], tree: object, kind: str) -> FieldPath:
    """The part of a location that exists in the plan, without the names of the alternatives that were tried."""
    steps = list(location)
    path: list[str | int] = []
    node: Any = tree
    for position, step in enumerate(steps):
        if _has(node, step):
            node = node[step]
        elif not (kind == "missing" and isinstance(node, dict) and position == len(steps) - 1):
            continue
        path.append(step)
    return tuple(path)


def _has(node: object, step: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(step, int) and step < len(node)
    return isinstance(node, dict) and step in node


def _deepest(located: list[_Located]) -> list[_Located]:
    """Without errors about a list or part when something inside it says more exactly what is wrong."""
    paths = {path for path, _ in located}
    inner = {path[:end] for path in paths for end in range(len(path))}
    return [(path, item) for path, item in located if path not in inner or item["type"] == "value_error"]


def _problem(path: FieldPath, items: list[Mapping[str, Any]], tree: object, document: Document) -> Problem:
    kinds = [item["type"] for item in items]
    value = _value_at(path, tree)
    if "value_error" in kinds:
        item = items[kinds.index("value_error")]
        return Problem(path, f"{item['ctx']['error']}.")
    if "missing" in kinds and not isinstance(value, list):
        return Problem(path, "is missing.", _missing_hint(path))
    expected = _either([phrase for item in items for phrase in _expected(item)])
    found = _found(value, kinds, document.written.get(path))
    return Problem(path, f"expected {expected}, found {found}.", _hint(path, value, items, document))


def _value_at(path: FieldPath, tree: object) -> object:
    node: Any = tree
    for step in path:
        if isinstance(node, dict) and step not in node:
            return None
        node = node[step]
    return node


def _expected(item: Mapping[str, Any]) -> list[str]:
    context = item.get("ctx", {})
    match item["type"]:
        case "literal_error":
            return _choices(item)
        case "string_pattern_mismatch":
            return [_PATTERNS[context["pattern"]]]
        case "missing":
            return ["a list of exactly two"]
        case kind:
            return [_KINDS.get(kind, "another kind of value").format(**context)]


def _either(phrases: list[str]) -> str:
    unique = list(dict.fromkeys(phrases))
    if "a number" in unique and "a whole number" in unique:
        unique.remove("a whole number")
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} or {unique[-1]}"


def _found(value: object, kinds: list[str], written: str | None) -> str:
    if "string_too_long" in kinds and isinstance(value, str):
        return f"{len(value):,} characters"
    if isinstance(value, list) and not {"too_long", "too_short", "missing"}.isdisjoint(kinds):
        return f"a list of {len(value)}"
    return found_words(value, written)


def _meaning(path: FieldPath) -> str:
    part = part_at(path[:-1])
    return DESCRIPTIONS.get(part, {}).get(str(path[-1]), "") if part else ""


def _missing_hint(path: FieldPath) -> str:
    meaning = _meaning(path)
    return f"Add '{path[-1]}': {meaning}" if meaning else f"Add '{path[-1]}'."


def _hint(path: FieldPath, value: object, items: list[Mapping[str, Any]], document: Document) -> str:
    kinds = {item["type"] for item in items}
    written = document.written.get(path)
    if isinstance(value, str) and "literal_error" in kinds:
        choices = [item for item in items if item["type"] == "literal_error"]
        known = [word.strip("'") for item in choices for word in _choices(item)]
        return f"Did you mean '{near}'?" if (near := nearest_name(value, known)) else ""
    if kinds & {"missing", "too_long"}:
        return _meaning(path)
    if written is None or not path:
        return ""
    if "string_type" in kinds and not isinstance(value, str):
        return f"Write {_entry(path, quote_text(written))} in quotes."
    if "bool_type" in kinds:
        return "Write true or false, without quotes."
    if {"float_type", "int_type", "date_type"} & kinds and isinstance(value, str):
        return "Write it without quotes, units or separators, such as 0.75, 1000 or 2026-01-31."
    return _wrapping_hint(path, written, kinds)


def _wrapping_hint(path: FieldPath, written: str, kinds: set[str]) -> str:
    if "tuple_type" in kinds:
        return f"Write {_entry(path, f'[{written}]')}."
    part = part_at(path)
    if "model_type" in kinds and part and issubclass(part, DataFile | ArtifactPart):
        return f"Write {_entry(path, '{path: ' + written + '}')}."
    return ""


def _choices(item: Mapping[str, Any]) -> list[str]:
    """The values a key can take, in quotes where they are text."""
    return str(item["ctx"]["expected"]).replace(" or ", ", ").split(", ")


def _entry(path: FieldPath, value: str) -> str:
    return f"{path[-1]}: {value}" if isinstance(path[-1], str) else value
