from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_samples import write_plan

from evaluator.catalogue.analyses import ANALYSES
from evaluator.store import has_rows, list_runs, run_ids


def unreachable(content: dict[str, Any]) -> None:
    content["criteria"][0]["at_least"] = 0.999


def other_id(content: dict[str, Any]) -> None:
    content["plan"] = "other"


def test_run_publishes_a_draft_and_says_how_to_go_on(cli, plan: Path, store: Path) -> None:
    result = cli("run", plan, "--store", store)
    (run_id,) = run_ids(store)
    assert result.code == 0
    assert f"Published {run_id}, a draft." in result.out
    assert "The evaluator recommends: approve." in result.out
    assert "Both requirements are met." in result.out
    assert f"show {run_id} --store {store}" in result.out
    assert list_runs(store).runs[0].state == "draft"


def test_json_names_run_recommendation_and_statuses(cli, plan: Path, store: Path) -> None:
    result = cli("run", plan, "--store", store, "--json")
    (run,) = json.loads(result.out)["runs"]
    assert run["run_id"] == run_ids(store)[0]
    assert run["recommendation"] == "approve"
    assert run["counts"] == {"met": 2}
    assert run["criteria"] == {"ranks": "met", "northern": "met"}
    assert run["failed_analyses"] == []


def test_quiet_prints_the_run_id_alone(cli, plan: Path, store: Path) -> None:
    result = cli("run", plan, "--store", store, "--quiet")
    assert result.out == f"{run_ids(store)[0]}\n"
    assert result.err == ""


def test_notes_go_to_the_error_stream(cli, plan: Path, store: Path) -> None:
    result = cli("run", plan, "--store", store)
    assert "Note on small: compare_with.threshold" in result.err
    assert "Note" not in result.out


def test_gate_passes_an_approval(cli, plan: Path, store: Path) -> None:
    assert cli("run", plan, "--gate", "--store", store).code == 0


def test_gate_exits_3_after_publishing_what_is_not_approved(cli, tmp_path: Path, store: Path) -> None:
    result = cli("run", write_plan(tmp_path, unreachable), "--gate", "--store", store)
    assert result.code == 3
    assert len(run_ids(store)) == 1
    assert "do not approve" in result.out


def test_without_gate_a_refusal_is_a_success(cli, tmp_path: Path, store: Path) -> None:
    assert cli("run", write_plan(tmp_path, unreachable), "--store", store).code == 0


def test_several_plans_make_several_runs(cli, tmp_path: Path, store: Path) -> None:
    other = write_plan(tmp_path, other_id, name="other.yaml")
    result = cli("run", write_plan(tmp_path), other, "--store", store, "--quiet")
    assert sorted(result.out.split()) == sorted(run_ids(store))
    assert len(run_ids(store)) == 2


def test_a_bad_plan_stops_the_good_ones_before_it(cli, plan: Path, tmp_path: Path, store: Path) -> None:
    bad = write_plan(tmp_path, _unknown_column, name="bad.yaml")
    result = cli("run", plan, bad, "--store", store)
    assert result.code == 1
    assert "Did you mean 'score'?" in result.err
    assert not store.exists()


def _unknown_column(content: dict[str, Any]) -> None:
    other_id(content)
    content["task"]["score"] = "scor"


def test_the_same_plan_twice_is_refused(cli, plan: Path, store: Path) -> None:
    result = cli("run", plan, plan, "--store", store)
    assert result.code == 1
    assert "'small' is the id of both" in result.err
    assert not store.exists()


def test_only_runs_what_is_named(cli, plan: Path, store: Path) -> None:
    assert cli("run", plan, "--only", " performance ", "--store", store).code == 0


@pytest.mark.parametrize(("only", "code"), [("performanse", 1), (",", 2)])
def test_only_refuses_what_is_no_analysis(cli, plan: Path, store: Path, only: str, code: int) -> None:
    result = cli("run", plan, "--only", only, "--store", store)
    assert result.code == code
    assert "Traceback" not in result.err
    assert not store.exists()


def test_rows_are_kept_only_when_the_plan_says_so(cli, tmp_path: Path, store: Path) -> None:
    cli("run", write_plan(tmp_path), "--store", store)
    cli("run", write_plan(tmp_path, _without_rows, name="bare.yaml"), "--store", store)
    kept = {run_id.split("_")[0]: has_rows(store, run_id) for run_id in run_ids(store)}
    assert kept == {"small": True, "bare": False}


def _without_rows(content: dict[str, Any]) -> None:
    content |= {"plan": "bare", "settings": {"resamples": 64, "keep_rows": False}}


def test_a_failed_analysis_is_told(cli, plan: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluator.pipeline.load_analysis", _broken)
    result = cli("run", plan, "--store", store, "--json")
    (run,) = json.loads(result.out)["runs"]
    assert run["failed_analyses"] == list(ANALYSES)
    assert "performance failed: the analysis stopped with ZeroDivisionError" in result.err


def _broken(name: str) -> Any:
    raise ZeroDivisionError(name)


def test_stopping_by_hand_leaves_no_run_and_one_plain_line(
    cli, plan: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluator.pipeline.load_analysis", _stopped)
    result = cli("run", plan, "--store", store)
    assert (result.code, result.out, result.err) == (130, "", "Stopped.\n")
    assert not store.exists()


def _stopped(name: str) -> Any:
    raise KeyboardInterrupt
