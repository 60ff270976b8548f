from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.cli.which_run import existing_store, find_run_id
from evaluator.errors import StoreError

OLD = "loan_20260101T000000Z_ffffffff"
NEW = "loan_20260301T000000Z_00000000"
OTHER = "loan-next_20260201T000000Z_01234567"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A store whose files are only listed, never opened."""
    (tmp_path / "runs").mkdir()
    for run_id in (OLD, NEW, OTHER):
        (tmp_path / "runs" / f"{run_id}.duckdb").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [(OLD, OLD), ("loan", NEW), ("loan-next", OTHER), ("loan_202601", OLD), ("loan-", OTHER)],
)
def test_a_name_finds_its_run(listed: Path, name: str, found: str) -> None:
    assert find_run_id(listed, name) == found


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("loan_2026", f"Choose one: {OLD}, {NEW}."),
        ("laon", "Did you mean 'loan'?"),
        ("loan_20260101T000000Z_fffffff0", f"Did you mean '{OLD}'?"),
        ("../../etc/passwd", "Known names"),
        ("", "Known names"),
    ],
)
def test_an_unknown_or_ambiguous_name_is_explained(listed: Path, name: str, hint: str) -> None:
    with pytest.raises(StoreError) as refused:
        find_run_id(listed, name)
    assert hint in refused.value.hint


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There are no runs"):
        find_run_id(tmp_path, "loan")


def test_a_named_store_must_exist(tmp_path: Path) -> None:
    assert existing_store(tmp_path) == tmp_path
    with pytest.raises(StoreError, match="There is no store"):
        existing_store(tmp_path / "nowhere")
