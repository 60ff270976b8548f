"""What a plan may say about the model itself."""

from __future__ import annotations

from collections.abc import Callable

import jsonschema
import pytest

from evaluator.errors import PlanError
from evaluator.plan import json_schema, parse_plan, plan_warnings
from evaluator.plan.yaml_text import read_yaml

HASH = "0" * 64
Change = Callable[..., str]
Read = Callable[[str], PlanError]


def with_model(changed: Change, text: str) -> str:
    return changed('"1"', f'"1", {text}')


@pytest.mark.parametrize(
    "text",
    [
        "artifact: {path: models/m.skops}",
        f"artifact: {{path: m.pkl}}, trust_sha256: '{HASH}'",
        f"artifact: {{call: 'scoring:score', source_sha256: '{HASH}'}}",
        "artifact: {call: 'package.inner:score'}",
        "artifact: null, trust_sha256: null",
    ],
)
def test_a_file_or_a_function_is_accepted(changed: Change, text: str) -> None:
    plan = with_model(changed, text)
    parse_plan(plan)
    jsonschema.validate(read_yaml(plan).data, json_schema())


@pytest.mark.parametrize(
    ("text", "where", "message", "hint"),
    [
        (f"artifact: {{source_sha256: '{HASH}'}}", "model.artifact", "found neither", "Write 'artifact: {path: FILE}'"),
        ("artifact: {path: m.skops, call: 'a:b'}", "model.artifact", "found both", "Write 'artifact: {path: FILE}'"),
        (f"artifact: {{path: m.skops, source_sha256: '{HASH}'}}", "model.artifact.source_sha256", "a function's", "Write"),
        (f"trust_sha256: '{HASH}'", "model.trust_sha256", "the plan names none", "Add 'artifact: {path: FILE}'"),
        (f"artifact: {{call: 'a:b'}}, trust_sha256: '{HASH}'", "model.trust_sha256", "names none", "Write the hash of"),
        ("artifact: {call: scoring.py}", "model.artifact.call", "a module and a function in it", ""),
        ("artifact: {call: '../scoring:score'}", "model.artifact.call", "such as scoring:score", ""),
        ("artifact: m.skops", "model.artifact", "expected keys with values", "Write artifact: {path: m.skops}."),
        ("artifact: {file: m.skops}", "model.artifact.file", "unknown", ""),
        ("artifact: {path: m.pkl}, trust_sha256: abc", "model.trust_sha256", "64 digits", ""),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_line_to_write(
    changed: Change, error_of: Read, text: str, where: str, message: str, hint: str
) -> None:
    error = error_of(with_model(changed, text))
    assert error.message.startswith(f"{where} (line 4): ")
    assert message in error.message
    assert error.hint.startswith(hint)


def test_editors_see_a_function_that_is_not_one(changed: Change) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read_yaml(with_model(changed, "artifact: {call: scoring.py}")).data, json_schema())


def test_keeping_a_model_that_is_not_named_is_worth_a_look(changed: Change) -> None:
    kept = "settings: {keep_model: true}\n"
    caution = "settings.keep_model: the plan names no model.artifact, so there is nothing to keep."
    assert caution in plan_warnings(parse_plan(changed(add=kept)))
    named = parse_plan(changed('"1"', '"1", artifact: {path: m.skops}', add=kept))
    assert caution not in plan_warnings(named)
