from __future__ import annotations

import json

import jsonschema
import pytest

from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import SETTINGS
from evaluator.plan import json_schema
from evaluator.plan.descriptions import DESCRIPTIONS
from evaluator.plan.schema import CriterionPart, Part, Plan, SettingsPart
from evaluator.plan.shape import all_parts, annotations_of
from evaluator.plan.yaml_text import read_yaml


def test_the_smallest_plan_is_valid(smallest: str) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read_yaml(smallest).data, schema)


@pytest.mark.parametrize(
    ("old", "new"), [("metric: auc", "metric: aucc"), ("title: Loans", "titel: Loans"), ("kind: binary", "kind: any")]
)
def test_mistakes_are_seen_by_editors(smallest: str, old: str, new: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read_yaml(smallest.replace(old, new)).data, json_schema())


@pytest.mark.parametrize("part", sorted(set(all_parts()), key=lambda part: part.__name__))
def test_every_key_is_described_once(part: type[Part]) -> None:
    assert set(DESCRIPTIONS[part]) == set(annotations_of(part))
    assert all(text.endswith((".", ": 1.")) for text in DESCRIPTIONS[part].values())


def test_descriptions_name_no_other_part() -> None:
    assert set(DESCRIPTIONS) == set(all_parts(Plan))


def test_every_property_carries_its_description() -> None:
    schema = json_schema()
    parts = [schema, *schema["$defs"].values()]  # type: ignore[attr-defined]
    assert all(content["description"] for part in parts for content in part["properties"].values())  # type: ignore[index]


def test_reserved_keys_say_so() -> None:
    criterion = json_schema()["$defs"]["CriterionPart"]["properties"]  # type: ignore[index]
    assert criterion["under"]["description"].startswith("Reserved, not supported by this version")
    assert "class" in criterion
    assert set(METRICS) <= set(criterion["metric"]["enum"])


def test_the_schema_is_json_and_does_not_change_between_calls() -> None:
    assert json.dumps(json_schema()) == json.dumps(json_schema())


def test_settings_of_the_catalogue_are_those_of_the_plan() -> None:
    named = {name: setting.default for name, setting in SETTINGS.items() if setting.where == "plan"}
    defaults = {name: json.dumps(value) for name, value in SettingsPart().model_dump().items()}
    assert named == defaults
    assert "class_" not in annotations_of(CriterionPart)
