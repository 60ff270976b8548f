from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.store import list_runs, read_events, run_ids


@pytest.fixture
def run_id(cli, plan: Path, store: Path) -> str:
    cli("run", plan, "--store", store)
    return run_ids(store)[0]


def state_in(store: Path) -> str:
    return list_runs(store).runs[0].state


def test_release_makes_a_draft_visible(cli, run_id: str, store: Path) -> None:
    result = cli("release", "small", "--by", "A. Reviewer", "--store", store)
    assert result.code == 0
    assert f"Released {run_id}, by A. Reviewer." in result.out
    assert state_in(store) == "released"


def test_release_takes_the_name_from_the_system(cli, run_id: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "somebody")
    cli("release", run_id, "--store", store)
    assert read_events(store, run_id)[0].by == "somebody"


def test_release_asks_for_a_name_when_the_system_has_none(
    cli, run_id: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", _nobody)
    result = cli("release", run_id, "--store", store)
    assert result.code == 1
    assert "Hint: Add --by NAME." in result.err
    assert state_in(store) == "draft"


def _nobody() -> str:
    raise KeyError("no such user")


def test_releasing_twice_is_refused(cli, run_id: str, store: Path) -> None:
    cli("release", run_id, "--by", "A", "--store", store)
    result = cli("release", run_id, "--by", "A", "--store", store)
    assert (result.code, result.out) == (1, "")
    assert "already released" in result.err


def test_withdraw_records_why(cli, run_id: str, store: Path) -> None:
    result = cli("withdraw", run_id, "--why", "wrong data", "--by", "A", "--store", store)
    assert result.code == 0
    assert state_in(store) == "withdrawn"
    assert read_events(store, run_id)[-1].body == {"why": "wrong data"}


def test_withdraw_needs_a_reason(cli, run_id: str, store: Path) -> None:
    result = cli("withdraw", run_id, "--why", " ", "--by", "A", "--store", store)
    assert result.code == 1
    assert "needs a reason" in result.err
    assert state_in(store) == "draft"
