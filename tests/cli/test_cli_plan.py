from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from cli_samples import small_frame

from evaluator.cli.column_summaries import summarise
from evaluator.plan import load_plan


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "loans.csv"
    small_frame().to_csv(path, index=False)
    return path


def test_new_writes_a_plan_that_can_be_checked(cli, data: Path) -> None:
    result = cli("plan", "new", data)
    assert result.code == 0
    assert f"check {data.with_suffix('.yaml')}" in result.out
    loaded = load_plan(data.with_suffix(".yaml"))
    assert (loaded.plan.task.label, loaded.plan.task.score) == ("label", "score")
    assert cli("check", data.with_suffix(".yaml")).code == 0


def test_new_refuses_to_overwrite(cli, data: Path) -> None:
    target = data.with_suffix(".yaml")
    target.write_text("mine")
    result = cli("plan", "new", data)
    assert result.code == 1
    assert "not overwritten" in result.err
    assert target.read_text() == "mine"


def test_new_writes_paths_relative_to_the_plan(cli, data: Path) -> None:
    target = data.parent / "start.yaml"
    assert cli("plan", "new", data, "--out", target).code == 0
    assert load_plan(target).plan.data.evaluation.path == "loans.csv"


def test_new_says_when_the_data_are_outside(cli, data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "plans"
    elsewhere.mkdir()
    result = cli("plan", "new", data, "--out", elsewhere / "loans.yaml")
    assert result.code == 0
    assert "--allow-outside" in result.err
    assert cli("check", elsewhere / "loans.yaml", "--allow-outside").code == 0


def test_new_prints_when_asked(cli, data: Path) -> None:
    result = cli("plan", "new", data, "--out", "-")
    assert "plan_version: 1" in result.out
    assert not data.with_suffix(".yaml").exists()


@pytest.mark.parametrize("out", ["nowhere/plan.yaml", "."])
def test_new_explains_where_it_cannot_write(cli, data: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(data.parent)
    result = cli("plan", "new", data, "--out", out)
    assert result.code == 1
    assert "\nHint: Name another file" in result.err


def test_new_explains_missing_data(cli, tmp_path: Path) -> None:
    result = cli("plan", "new", tmp_path / "nothing.csv")
    assert result.code == 1
    assert "nothing.csv does not exist" in result.err
    assert list(tmp_path.iterdir()) == []


def test_schema_is_json(cli) -> None:
    schema = json.loads(cli("plan", "schema").out)
    assert schema["title"] == "Plumbline plan"
    assert "criteria" in schema["properties"]


def test_summaries_tell_kinds_ranges_and_examples() -> None:
    frame = pd.DataFrame(
        {
            "flag": [True, False, True],
            "size": [1.5, None, 3.0],
            "endless": [1.0, float("inf"), 2.0],
            "day": ["2026-01-01", "2026-01-02", None],
            "moment": pd.to_datetime(["2026-01-01 10:00", "2026-01-02 00:00", None]),
            "kind": ["a", "b", None],
            "empty": [None, None, None],
        }
    )
    found = {summary.name: summary for summary in summarise(frame)}
    kinds = {name: summary.kind for name, summary in found.items()}
    assert kinds == {
        "flag": "boolean", "size": "number", "endless": "number", "day": "time", "moment": "time",
        "kind": "category", "empty": "category",
    }  # fmt: skip
    assert (found["size"].low, found["size"].high, found["size"].distinct) == (1.5, 3.0, 2)
    assert (found["endless"].low, found["endless"].high) == (1.0, None)
    assert found["kind"].examples == ("a", "b")
    assert [str(day) for day in found["moment"].examples] == ["2026-01-01", "2026-01-02"]


def test_summaries_call_many_different_texts_text() -> None:
    (summary,) = summarise(pd.DataFrame({"name": [f"person {number}" for number in range(51)]}))
    assert (summary.kind, summary.distinct, len(summary.examples)) == ("text", 51, 5)
