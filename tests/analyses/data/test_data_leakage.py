from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, found, plan_of, rows
from sklearn.metrics import roc_auc_score


def with_column(values: object) -> pd.DataFrame:
    return applicants().assign(extra=values)


def near(test: pd.DataFrame, noise: float, *, sign: int = 1) -> np.ndarray:
    return sign * (test["repaid"].to_numpy() + noise * np.random.default_rng(3).normal(size=len(test)))


def test_numbers_are_read_in_their_better_direction(tmp_path: Path) -> None:
    test = applicants()
    counts = rows(analyse(tmp_path, test), "telling")
    for column in ("income", "debt", "loans"):
        auc = roc_auc_score(test["repaid"], test[column])
        row = counts[column, "all"]
        assert row.share == pytest.approx(max(auc, 1 - auc))
        assert row.low <= row.share <= row.high
        assert row.n == test["repaid"].sum() * (1 - test["repaid"]).sum()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_column_that_gives_the_outcome_away_is_found(tmp_path: Path, sign: int) -> None:
    test = with_column(near(applicants(), 0.3, sign=sign))
    tables = analyse(tmp_path, test)
    row = rows(tables, "telling")["extra", "all"]
    assert row.low > 0.95
    assert row.share == pytest.approx(roc_auc_score(test["repaid"], sign * test["extra"]))
    assert found(tables) == {"DATA07"}
    assert finding(tables, "DATA07").severity == "critical"
    assert finding(tables, "DATA07").sentence.startswith("Extra alone orders 99")


def test_a_strong_column_is_not_enough(tmp_path: Path) -> None:
    tables = analyse(tmp_path, with_column(near(applicants(), 0.5)))
    assert 0.9 < rows(tables, "telling")["extra", "all"].share < 0.95
    assert found(tables) == set()


def test_few_rows_prove_nothing(tmp_path: Path) -> None:
    test = applicants(60)
    tables = analyse(tmp_path, test.assign(extra=near(test, 0.3)))
    assert rows(tables, "telling")["extra", "all"].share > 0.95
    assert "DATA07" not in found(tables)


def test_levels_are_ordered_by_their_share_of_positives(tmp_path: Path) -> None:
    test = applicants()
    test["extra"] = np.where(test["repaid"] == 1, "closed", "collected")
    tables = analyse(tmp_path, test)
    assert rows(tables, "telling")["extra", "all"].share == 1.0
    assert found(tables) == {"DATA07"}
    shares = test.groupby("branch")["repaid"].mean()
    auc = roc_auc_score(test["repaid"], test["branch"].map(shares))
    assert rows(tables, "telling")["branch", "all"].share == pytest.approx(auc)


def test_being_missing_can_give_the_outcome_away(tmp_path: Path) -> None:
    test = applicants()
    test["extra"] = np.where(test["repaid"] == 1, np.nan, np.random.default_rng(2).normal(size=len(test)))
    tables = analyse(tmp_path, test)
    assert rows(tables, "telling")["extra", "all"].share == 1.0
    assert "DATA07" in found(tables)


def test_columns_the_model_does_not_read_are_left_out(tmp_path: Path) -> None:
    test = with_column(near(applicants(), 0.1))
    tables = analyse(tmp_path, test, plan=plan_of(False, features=["income", "branch"]))
    assert {column for column, _ in rows(tables, "telling")} == {"income", "branch"}
    assert found(tables) == set()
