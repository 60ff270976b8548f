"""What each requirement's range holds together with is part of what machines read."""

from __future__ import annotations

import json
from pathlib import Path

from cli_samples import write_plan

from evaluator.catalogue.families import FAMILIES


def test_show_as_json_names_the_family_of_every_requirement(cli, tmp_path: Path, store: Path) -> None:
    criteria = [
        {"id": "good", "metric": "accuracy", "at_least": 0.1},
        {"id": "even", "metric": "selection_rate", "gap": {"by": "region"}, "at_most": 0.9},
    ]
    cli("run", write_plan(tmp_path, lambda content: content.update(criteria=criteria)), "--store", store)
    shown = json.loads(cli("show", "small", "--json", "--store", store).out)
    alone, gap = shown["criteria"]
    assert (alone["family"], alone["family_size"]) == ("each requirement on its own", 1)
    assert gap["status"] in ("met", "not_met", "inconclusive"), gap["reason"]
    assert gap["family"].endswith("by region")
    assert gap["family_size"] >= 1


def test_methods_say_what_is_read_together(cli) -> None:
    told = json.loads(cli("methods", "--json").out)
    assert [rule["name"] for rule in told["families"]] == list(FAMILIES)
    written = cli("methods", "--markdown").out
    assert "## What is read together" in written
    assert all(rule.control.replace("|", "\\|") in written for rule in FAMILIES.values())
