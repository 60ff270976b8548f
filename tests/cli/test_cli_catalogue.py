from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.findings import FINDINGS
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import SETTINGS
from evaluator.catalogue.statuses import RECOMMENDATIONS, STATUSES
from evaluator.cli.app import app
from evaluator.cli.methods_document import RECOMMENDATION_RULES, STATUS_MEANINGS

DOCS = Path(__file__).parents[2] / "docs"


def commands() -> Iterator[str]:
    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        yield from (f"{name} {sub}" for sub in inner) if inner else (name,)


def test_metrics_tells_name_definition_direction_and_caveat(cli) -> None:
    out = cli("metrics").out
    for metric in METRICS.values():
        assert f"{metric.name}: {metric.label}" in out
        assert metric.definition in out
        assert metric.caveat in out
    assert "The closer to 1 the better." in out
    assert "Neither high nor low is better by itself." in out


def test_metrics_as_json(cli) -> None:
    found = json.loads(cli("metrics", "--json").out)["metrics"]
    assert [metric["name"] for metric in found] == list(METRICS)
    assert {"definition", "direction", "caveat"} <= set(found[0])


def test_methods_as_json_holds_the_whole_catalogue(cli) -> None:
    found = json.loads(cli("methods", "--json").out)
    assert [entry["name"] for entry in found["settings"]] == list(SETTINGS)
    assert [entry["code"] for entry in found["findings"]] == list(FINDINGS)
    assert [entry["code"] for entry in found["statuses"]] == list(STATUSES)
    assert len(found["metrics"]) == len(METRICS)


def test_methods_to_read(cli) -> None:
    out = cli("methods").out
    assert "Statuses of a criterion" in out
    assert "###" not in out


def test_the_methods_document_is_what_the_command_prints(cli) -> None:
    assert (DOCS / "methods.md").read_text(encoding="utf-8") == cli("methods", "--markdown").out


def test_the_methods_document_holds_every_entry(cli) -> None:
    out = cli("methods", "--markdown").out
    names = [*METRICS, *STATUSES, *RECOMMENDATIONS, *ANALYSES, *SETTINGS]
    assert [name for name in names if f"`{name}`" not in out] == []
    assert [code for code in FINDINGS if f"| {code} |" not in out] == []


def test_every_status_and_recommendation_is_explained() -> None:
    assert set(STATUS_MEANINGS) == set(STATUSES)
    assert set(RECOMMENDATION_RULES) == set(RECOMMENDATIONS)


def test_the_command_table_lists_exactly_the_commands() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    listed = [match.strip() for match in re.findall(r"^\| `([a-z ]+)", text, flags=re.MULTILINE)]
    assert sorted(listed) == sorted(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself(cli, name: str) -> None:
    result = cli(*name.split(), "--help")
    assert result.code == 0
    usage, _, rest = result.out.partition("\n\n")
    assert f"evaluator {name}" in usage or name in usage
    assert re.match(r"  [A-Z].+\.", rest)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_has_help(name: str) -> None:
    command = get_command(app)
    for part in name.split():
        command = command.commands[part]
    assert [parameter.name for parameter in command.params if not getattr(parameter, "help", "")] == []
