from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, found, load, outcomes, plan_of, rows

from evaluator.analyses.data.declared import times_of
from evaluator.analyses.data.untested import what_was_not_tested


def moved(count: int, day: str) -> pd.DataFrame:
    test = applicants()
    test.loc[: count - 1, "applied"] = np.datetime64(day)
    return test


@pytest.mark.parametrize(
    ("day", "count"), [("2026-01-01", 25), ("2024-12-31", 25), ("2025-12-31", 0), ("2025-01-01", 0)]
)
def test_rows_outside_the_declared_year(tmp_path: Path, day: str, count: int) -> None:
    tables = analyse(tmp_path, moved(25, day))
    row = rows(tables, "outside_period")["applied", "all"]
    assert (row.count, row.n, row.words) == (count, 2_000, "2025")
    assert ("DATA11" in found(tables)) == (count > 0)


def test_the_last_evening_of_the_period_is_inside(tmp_path: Path) -> None:
    test = applicants().assign(applied=pd.Timestamp("2025-12-31T23:59:59"))
    assert rows(analyse(tmp_path, test), "outside_period")["applied", "all"].count == 0


def test_training_rows_outside_their_period(tmp_path: Path) -> None:
    train = applicants(name="train", seed=2)
    train.loc[:499, "applied"] = np.datetime64("2025-03-01")
    tables = analyse(tmp_path, applicants(), train)
    assert rows(tables, "training_outside_period")["applied", "all"].count == 500
    said = finding(tables, "DATA11").sentence
    assert said == "500 of 2,000 training rows are dated outside the period that the plan declares."


@pytest.mark.parametrize("changes", [{"time": None}, {"evaluation": {"path": "test.parquet"}}])
def test_without_dates_or_a_period_nothing_is_compared(tmp_path: Path, changes: dict) -> None:
    tables = analyse(tmp_path, applicants(), plan=plan_of(False, **changes))
    assert outcomes(tables)["DATA11"] == "not_tested"
    assert any(row.what == "Dates outside the period" and row.add_to_plan for row in tables.not_tested)


def test_dates_in_any_form() -> None:
    assert times_of(pd.Series(["2025-01-01T02:00+02:00", "soon"])).tolist()[1] is None
    assert times_of(pd.Series(["2025-01-01T02:00+02:00"]))[0] == np.datetime64("2025-01-01")
    assert np.isnat(times_of(pd.Series([1, 2]))).all()


def test_declared_fingerprints_are_clear_and_others_not_tested(tmp_path: Path) -> None:
    test = applicants()
    test.to_parquet(tmp_path / "test.parquet", index=False)
    sha256 = hashlib.sha256((tmp_path / "test.parquet").read_bytes()).hexdigest()
    declared = plan_of(False, evaluation={"path": "test.parquet", "period": "2025", "sha256": sha256})
    assert outcomes(analyse(tmp_path, test, plan=declared))["DATA12"] == "clear"
    tables = analyse(tmp_path, test)
    assert outcomes(tables)["DATA12"] == "not_tested"
    assert tables.not_tested[-1].add_to_plan == f"data: {{evaluation: {{sha256: {sha256}}}}}"


@pytest.mark.parametrize("changes", [{}, {"columns": {}}, {"time": None, "columns": {}}])
def test_what_the_plan_shows_beforehand_is_what_the_analysis_says(tmp_path: Path, changes: dict) -> None:
    plan, subject = load(tmp_path, applicants(), None, plan_of(False, **changes))
    beforehand = what_was_not_tested(plan, subject)
    assert len(beforehand) == 1 + len(changes)
    assert set(beforehand) <= set(analyse(tmp_path, applicants(), None, plan).not_tested)
