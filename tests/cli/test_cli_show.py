from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_samples import write_plan

from evaluator.store import open_run, run_ids


def test_runs_lists_id_state_and_recommendation(cli, published: tuple[Path, str]) -> None:
    store, run_id = published
    heading, line = cli("runs", "--store", store).out.splitlines()
    assert heading.startswith("RUN ")
    assert line.split("  ")[0] == run_id
    assert "draft" in line
    assert "Approve" in line
    assert line.endswith("Small plan")


def test_runs_as_json(cli, published: tuple[Path, str]) -> None:
    store, run_id = published
    listing = json.loads(cli("runs", "--json", "--store", store).out)
    assert [run["run_id"] for run in listing["runs"]] == [run_id]
    assert listing["runs"][0]["counts"] == {"met": 2}
    assert listing["damaged"] == []


def test_runs_of_a_store_not_made_yet(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_STORE", str(tmp_path / "later"))
    result = cli("runs")
    assert result.code == 0
    assert "There are no runs in" in result.out


def test_runs_names_files_that_cannot_be_read(cli, plan: Path, store: Path) -> None:
    cli("run", plan, "--store", store)
    damaged = store / "runs" / "other_20260101T000000Z_01234567.duckdb"
    damaged.write_bytes(b"no database")
    result = cli("runs", "--store", store)
    assert result.code == 0
    assert run_ids(store)[1] in result.out
    assert damaged.name in result.err


def test_show_says_recommendation_decision_criteria_and_figures(cli, published: tuple[Path, str]) -> None:
    store, run_id = published
    out = cli("show", run_id, "--store", store).out
    assert f"Small plan ({run_id})" in out
    assert "Draft, not for decision." in out
    assert "The evaluator recommends: approve." in out
    assert "The committee has not decided yet." in out
    assert "[Met] ranks:" in out
    assert "Met: the whole range is within the limit." in out
    assert "Headline figures\n  It was right for" in out
    assert "Change over time: the plan names no time column" in out


def test_show_as_json_holds_the_records(cli, published: tuple[Path, str]) -> None:
    store, run_id = published
    shown = json.loads(cli("show", "small", "--json", "--store", store).out)
    reader = open_run(store, run_id)
    assert shown["run"]["run_id"] == run_id
    assert shown["decision"] is None
    assert shown["run_file_sha256"] == reader.file_sha256()
    assert [row["value"] for row in shown["criteria"]] == [row.value for row in reader.criteria()]
    assert all(row["sentences"] for row in shown["criteria"])
    assert {row["metric"] for row in shown["headline"]} >= {"accuracy", "auc", "true_positive_rate"}
    assert all(row["subject"] == "model" and row["population_id"] == "all" for row in shown["headline"])


def test_show_names_the_compared_version(cli, tmp_path: Path, store: Path) -> None:
    criterion = {"id": "better", "metric": "auc", "against": "previous", "at_least": 0.0}
    cli("run", write_plan(tmp_path, lambda content: content.update(criteria=[criterion])), "--store", store)
    assert "version 1.0" in cli("show", "small", "--store", store).out


def test_show_says_why_a_criterion_was_not_tested(cli, tmp_path: Path, store: Path) -> None:
    criterion = {"id": "lost", "metric": "accuracy", "at_least": 0.5, "population": {"region": "nort"}}
    cli("run", write_plan(tmp_path, lambda content: content.update(criteria=[criterion])), "--store", store)
    out = cli("show", "small", "--store", store).out
    assert "[Not tested] lost" in out
    assert "The nearest is 'north'" in out


def test_text_of_the_plan_cannot_steer_the_terminal(cli, tmp_path: Path, store: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["title"] = "[bold]Red[/bold] \u202e ok"
        content["criteria"][0]["why"] = "plain"

    cli("run", write_plan(tmp_path, change), "--store", store)
    out = cli("show", "small", "--store", store).out + cli("runs", "--store", store).out
    assert "[bold]Red[/bold]" in out
    assert "\u202e" not in out


@pytest.mark.parametrize("name", ["smal", "small_", ""])
def test_show_takes_a_beginning_only_when_it_is_unique(cli, published: tuple[Path, str], name: str) -> None:
    store, run_id = published
    result = cli("show", name, "--store", store)
    assert result.code == (0 if name else 1)
    assert run_id in result.out + result.err
