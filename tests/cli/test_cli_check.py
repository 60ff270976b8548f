from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_samples import write_plan


def test_check_tells_rows_analyses_and_criteria(cli, plan: Path) -> None:
    result = cli("check", plan)
    assert result.code == 0
    assert "240 rows, 5 columns." in result.out
    assert "performance: How well does it work" in result.out
    assert "ranks: auc, applicants, 240 rows, blocking" in result.out
    assert "northern: accuracy, applicants whose region is north, 80 rows" in result.out
    assert "Cannot be judged" not in result.out


def test_check_writes_nothing(cli, plan: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_STORE", str(store))
    before = sorted(plan.parent.rglob("*"))
    cli("check", plan)
    assert sorted(plan.parent.rglob("*")) == before


def test_check_names_what_to_add_to_the_plan(cli, plan: Path) -> None:
    out = cli("check", plan).out
    assert "Change over time: the plan names no time column" in out
    assert "Add: data: {time:" in out
    assert "Comparison with the earlier model" not in out


def test_check_names_the_nearest_level(cli, tmp_path: Path) -> None:
    out = _check_criterion(cli, tmp_path, population={"region": "nort"})
    assert "No row has 'nort' in column 'region'. The nearest is 'north'." in out


def test_check_foresees_too_few(cli, tmp_path: Path) -> None:
    out = _check_criterion(cli, tmp_path, population={"id": ["r000", "r001"]})
    assert "Too few: 2 rows; at least 30 are needed." in out


def test_check_foresees_a_missing_probability(cli, tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["task"] |= {"score_kind": "rank"}
        content["criteria"] = [{"id": "promise", "metric": "brier_loss", "at_most": 0.2}]

    out = cli("check", write_plan(tmp_path, change)).out
    assert "Cannot be judged. The score is a ranking" in out


def test_check_foresees_what_a_baseline_lacks(cli, tmp_path: Path) -> None:
    out = _check_criterion(cli, tmp_path, metric="auc", against="baseline:majority", at_least=0.1)
    assert "Cannot be judged. There is no score to judge." in out


def test_check_warns_without_criteria(cli, tmp_path: Path) -> None:
    out = cli("check", write_plan(tmp_path, lambda content: content.update(criteria=[]))).out
    assert "Criteria\n  none" in out
    assert "there are none, so nothing can be held against a limit" in out


def _check_criterion(cli, folder: Path, **changes: Any) -> str:
    criterion = {"id": "asked", "metric": "accuracy", "at_least": 0.5} | changes
    result = cli("check", write_plan(folder, lambda content: content.update(criteria=[criterion])))
    assert result.code == 0
    return result.out
