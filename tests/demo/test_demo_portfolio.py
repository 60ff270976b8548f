from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evaluator.demo.portfolio import build_portfolio
from evaluator.demo.streams import stream
from evaluator.errors import InputError
from evaluator.plan import criteria_sha256, load_plan

FILES = {
    "loan-approval-2-3.yaml",
    "loans_test.parquet",
    "loans_train.parquet",
    "loan-approval-2-2.yaml",
    "loan_2_3.skops",
    "loan_2_2.skops",
    "breast-cancer-2-0.yaml",
    "breast_cancer_2_0.skops",
    "diabetes-progression-2-0.yaml",
    "diabetes_test.parquet",
    "diabetes_train.parquet",
    "diabetes_2_0.skops",
    "digits-2-0.yaml",
    "digits_test.parquet",
    "digits_train.parquet",
    "digits_2_0.skops",
    "screening-1-0.yaml",
    "screening-1-0.lock.json",
    "applicants_test.parquet",
    "applicants_train.parquet",
    "screening_1_0.skops",
    "patients_test.parquet",
    "patients_train.parquet",
    "loan-approval-2-3.lock.json",
    "loan-approval-2-2.lock.json",
    "breast-cancer-2-0.lock.json",
    "digits-2-0.lock.json",
}


PLANS = [
    "loan-approval-2-3", "loan-approval-2-2", "breast-cancer-2-0", "diabetes-progression-2-0", "digits-2-0",
    "screening-1-0",
]  # fmt: skip


def test_a_build_writes_plans_and_tables_and_names_the_plans(small_portfolio: tuple[Path, ...]) -> None:
    assert [path.stem for path in small_portfolio] == PLANS
    assert {path.name for path in small_portfolio[0].parent.iterdir()} == FILES


def test_a_second_build_gives_the_same_files(small_portfolio: tuple[Path, ...], tmp_path: Path) -> None:
    again = build_portfolio(tmp_path / "new" / "folder", applications=4000)
    for name in FILES:
        first, second = small_portfolio[0].parent / name, again[0].parent / name
        if name.endswith(".parquet"):
            pd.testing.assert_frame_equal(pd.read_parquet(first), pd.read_parquet(second))
        elif name.endswith(".yaml"):
            assert first.read_bytes() == second.read_bytes()


def test_a_build_replaces_an_earlier_one(small_portfolio: tuple[Path, ...]) -> None:
    folder = small_portfolio[0].parent
    before = pd.read_parquet(folder / "loans_test.parquet")
    (folder / "loans_test.parquet").write_bytes(b"left over")
    build_portfolio(folder, applications=4000)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "loans_test.parquet"), before)


def test_limits_are_locked_at_the_build_and_stay_so_at_the_next(small_portfolio: tuple[Path, ...]) -> None:
    folder = small_portfolio[0].parent
    locks = {path: path.read_bytes() for path in folder.glob("*.lock.json")}
    loaded = [load_plan(path) for path in small_portfolio]
    assert [plan.plan.plan for plan in loaded if not plan.lock] == ["diabetes-progression-2-0"]
    assert all(plan.lock[-1].criteria_sha256 == criteria_sha256(plan.plan) for plan in loaded if plan.lock)
    build_portfolio(folder, applications=4000)
    assert {path: path.read_bytes() for path in folder.glob("*.lock.json")} == locks


def test_progress_counts_up_to_its_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_portfolio(tmp_path, lambda what, done, total: seen.append((done, total)), applications=1000)
    assert seen == [(done, 5) for done in range(6)]


def test_too_few_applications_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 1,000 loan applications"):
        build_portfolio(tmp_path / "demo", applications=10)
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    occupied = tmp_path / "taken"
    occupied.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="taken"):
        build_portfolio(occupied)


def test_streams_repeat_by_purpose_and_differ_between_purposes() -> None:
    assert stream("a").random(5).tolist() == stream("a").random(5).tolist()
    assert stream("a").random(5).tolist() != stream("b").random(5).tolist()
