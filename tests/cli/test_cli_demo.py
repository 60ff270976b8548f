from __future__ import annotations

import socket
from pathlib import Path

from evaluator.store import list_runs, read_events

PLANS = [
    "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0", "loan-approval-2-2", "loan-approval-2-3",
    "screening-1-0",
]  # fmt: skip


def test_demo_builds_evaluates_and_releases_both_plans(cli, tmp_path: Path) -> None:
    store, folder = tmp_path / "store", tmp_path / "demo"
    result = cli("demo", "--no-serve", "--applications", 1000, "--store", store, "--folder", folder)
    assert result.code == 0
    runs, damaged = list_runs(store)
    assert damaged == ()
    assert sorted(run.plan_id for run in runs) == PLANS
    assert {run.state for run in runs} == {"released"}
    assert {read_events(store, run.run_id)[0].by for run in runs} == {"demo"}
    assert all(f"Released {run.run_id}." in result.out for run in runs)
    assert (folder / "loans_test.parquet").is_file()


def test_demo_checks_the_port_before_it_builds(cli, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = cli("demo", "--port", port, "--store", tmp_path / "store", "--folder", tmp_path / "demo")
    assert result.code == 1
    assert "is in use" in result.err
    assert list(tmp_path.iterdir()) == []


def test_demo_needs_a_folder_it_can_write_to(cli, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    result = cli("demo", "--no-serve", "--store", tmp_path / "store", "--folder", blocked)
    assert result.code == 1
    assert "needs a folder" in result.err
    assert not (tmp_path / "store").exists()
