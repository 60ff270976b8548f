"""The keys of a plan against the schema: unknown ones, and those reserved for later versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from evaluator.errors import did_you_mean, nearest_name
from evaluator.plan.problems import FieldPath, Problem, field_name
from evaluator.plan.schema import (
    RESERVED,
    CriterionPart,
    DataPart,
    Part,
    Plan,
)

_RESERVED_UNDER: dict[type[Part], str] = {
    Plan: "", DataPart: "data.", CriterionPart: "criteria.",
}  # fmt: skip


def reserved_words(part: type[Part], key: str) -> str | None:
    """What a reserved key will do, in words; None for keys in use."""
    prefix = _RESERVED_UNDER.get(part)
    return None if prefix is None else RESERVED.get(prefix + key)


def annotations_of(part: type[Part]) -> dict[str, Any]:
    """The keys of a part, as written in a plan, with their types."""
    return {field.alias or name: field.annotation for name, field in part.model_fields.items()}


def nested_part(annotation: Any) -> type[Part] | None:
    """The part inside a type such as ``tuple[CriterionPart, ...]``; None for plain values."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((found for inner in get_args(annotation) if (found := nested_part(inner))), None)


def part_at(path: FieldPath) -> type[Part] | None:
    """The part of the schema that describes the keys at `path`."""
    part: type[Part] | None = Plan
    names_next = False
    for step in path:
        if isinstance(step, int) or part is None:
            continue
        if names_next:
            names_next = False
            continue
        annotation = annotations_of(part).get(step)
        part, names_next = nested_part(annotation), get_origin(annotation) is dict
    return part


def all_parts(part: type[Part] = Plan) -> Iterator[type[Part]]:
    """A part and every part inside it."""
    yield part
    for annotation in annotations_of(part).values():
        if nested := nested_part(annotation):
            yield from all_parts(nested)


def check_keys(tree: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """The tree without empty, unknown and reserved keys, and the problems with the latter two."""
    problems: list[Problem] = []
    return _checked(Plan, tree, (), problems), problems


def _checked(
    part: type[Part], entries: Mapping[str, object], path: FieldPath, problems: list[Problem]
) -> dict[str, object]:
    known = annotations_of(part)
    kept: dict[str, object] = {}
    for key, value in entries.items():
        here = (*path, key)
        if key not in known:
            problems.append(_unknown(part, here))
        elif words := reserved_words(part, key):
            problems.extend([] if _says_nothing(part, key, value) else [_not_supported(here, words)])
        elif value is not None:
            kept[key] = _inside(known[key], value, here, problems)
    return kept


def _inside(annotation: Any, value: object, path: FieldPath, problems: list[Problem]) -> object:
    part = nested_part(annotation)
    if part is None:
        return value
    if isinstance(value, list):
        return [_inside(part, item, (*path, i), problems) for i, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if get_origin(annotation) is dict:
        return {name: _inside(part, item, (*path, name), problems) for name, item in value.items()}
    return _checked(part, value, path, problems)


def _says_nothing(part: type[Part], key: str, value: object) -> bool:
    field = part.model_fields.get(key)
    return _is_empty(value) or (value is False and field is not None and field.default is False)


def _is_empty(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(item) for item in value.values())
    return value is None or value == "" or value == []


def _unknown(part: type[Part], path: FieldPath) -> Problem:
    key = str(path[-1])
    known = annotations_of(part)
    if key.isdigit():
        return Problem(path, "this key is unknown.", "Write numbers without commas: 40000.")
    if nearest_name(key, known) is None and (hint := _hint_elsewhere(key)):
        return Problem(path, "this key is unknown here.", hint)
    return Problem(path, "this key is unknown.", did_you_mean(key, known, limit=12))


def _hint_elsewhere(key: str) -> str:
    """For a key that stands in the wrong part: where it, or the key most like it, belongs."""
    nested = {name: nested_part(annotation) for name, annotation in annotations_of(Plan).items()}
    keys = {name: annotations_of(part) for name, part in nested.items() if part}
    meant = nearest_name(key, {inner for inside in keys.values() for inner in inside})
    places = " or ".join(f"'{name}'" for name, inside in keys.items() if meant in inside)
    return f"'{meant}' belongs under {places}." if meant else ""


def _not_supported(path: FieldPath, words: str) -> Problem:
    hint = f"Remove the key '{path[-1]}' from {field_name(path[:-1]) or 'the plan'}."
    verb = "is" if words.split()[0].endswith("ing") else "are"
    return Problem(path, f"{words} {verb} not supported by this version of Plumbline.", hint)
