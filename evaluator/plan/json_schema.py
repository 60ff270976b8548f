"""The plan format as JSON Schema, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.metrics import ALIASES, METRICS
from evaluator.plan.criteria_checks import comparisons
from evaluator.plan.descriptions import DESCRIPTIONS
from evaluator.plan.schema import Part, Plan
from evaluator.plan.shape import all_parts, reserved_words

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, object]:
    """The schema of a plan file, with a description for every key and the names the catalogue knows."""
    schema: dict[str, Any] = Plan.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = schema["$defs"]
    for part in set(all_parts()):
        _describe(part, schema if part is Plan else definitions[part.__name__])
    criterion = definitions["CriterionPart"]["properties"]
    criterion["metric"]["enum"] = [*METRICS, *ALIASES]
    _add_choices(criterion["against"], list(comparisons(None)))
    _add_choices(schema["properties"]["analyses"], list(ANALYSES))
    return {"$schema": DIALECT, **schema, "title": "Plumbline plan"}


def _describe(part: type[Part], schema: dict[str, Any]) -> None:
    schema.pop("title", None)
    schema.pop("description", None)
    for key, content in schema["properties"].items():
        content.pop("title", None)
        content["description"] = _description(part, key)


def _description(part: type[Part], key: str) -> str:
    meaning = DESCRIPTIONS[part][key]
    words = reserved_words(part, key)
    return f"Reserved, not supported by this version: {words}. {meaning}" if words else meaning


def _add_choices(content: dict[str, Any], names: list[str]) -> None:
    """Names for the text, or the texts of a list, among the alternatives of a key."""
    for option in content["anyOf"]:
        if option.get("type") == "string" and "const" not in option:
            option["enum"] = names
        elif option.get("type") == "array":
            option["items"]["enum"] = names
