from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, found, plan_of, rows


def test_constant_and_empty_columns_are_named(tmp_path: Path) -> None:
    tables = analyse(tmp_path, applicants().assign(country="DE", empty=np.nan, nearly=[1] * 1_999 + [2]))
    assert {column for column, _ in rows(tables, "constant")} == {"country", "empty"}
    assert rows(tables, "constant")["empty", "all"].words == "is empty"
    assert found(tables) == {"DATA09"}
    assert finding(tables, "DATA09").sentence == "Country is the same for all 2,000 applicants (and 1 more column)."


def test_one_value_and_gaps_is_not_constant(tmp_path: Path) -> None:
    tables = analyse(tmp_path, applicants().assign(flag=["yes", None] * 1_000))
    assert rows(tables, "constant") == {}


def test_text_that_tells_rows_apart_is_named(tmp_path: Path) -> None:
    test = applicants().assign(
        email=[f"{row}@example.org" for row in range(2_000)],
        letter=[f"{row}" + "x" * 1_000 for row in range(2_000)],
        half=[f"n{row // 2}" for row in range(2_000)],
        amount=np.arange(2_000.0),
    )
    tables = analyse(tmp_path, test)
    assert {column for column, _ in rows(tables, "almost_id")} == {"email", "letter"}
    assert found(tables) == {"DATA10"}
    said = finding(tables, "DATA10").sentence
    assert said == "Email has 2,000 different values for 2,000 applicants (and 1 more column)."


def test_limits_are_counted_like_pandas(tmp_path: Path) -> None:
    test = applicants()
    test.loc[:24, "debt"] = -1.0
    test.loc[25:29, "debt"] = np.inf
    test.loc[30:49, "debt"] = np.nan
    test.loc[:2, "loans"] = 99
    columns = {"debt": {"words": "debt share", "min": 0}, "loans": {"max": 20}, "income": {"min": 0}}
    tables = analyse(tmp_path, test, plan=plan_of(False, columns=columns))
    counts = {column: (row.count, row.n) for (column, _), row in rows(tables, "limits").items()}
    assert counts == {"debt": (30, 1_980), "loans": (3, 2_000), "income": (0, 2_000)}
    assert "DATA05" in found(tables)
    assert finding(tables, "DATA05").sentence == (
        "30 of 1,980 applicants have an impossible debt share (and 1 more column)."
    )


def test_the_limits_themselves_are_possible(tmp_path: Path) -> None:
    test = applicants()
    ends = {"min": float(test["debt"].min()), "max": float(test["debt"].max())}
    tables = analyse(tmp_path, test, plan=plan_of(False, columns={"debt": ends}))
    assert rows(tables, "limits")["debt", "all"].count == 0


def test_without_limits_nothing_is_said_to_be_possible(tmp_path: Path) -> None:
    tables = analyse(tmp_path, applicants(), plan=plan_of(False, columns={}))
    assert finding(tables, "DATA05").outcome == "not_tested"


@pytest.mark.parametrize("new", [25, 0])
def test_levels_the_model_never_saw(tmp_path: Path, new: int) -> None:
    test, train = applicants(), applicants(name="train", seed=2)
    test["branch"] = ["B9"] * new + test["branch"].tolist()[new:]
    test.loc[100:149, "branch"] = None
    tables = analyse(tmp_path, test, train)
    row = rows(tables, "new_levels")["branch", "all"]
    assert (row.count, row.n) == (new, 1_950)
    assert ("DATA06" in found(tables)) == (new > 0)


def test_levels_are_compared_in_one_spelling(tmp_path: Path) -> None:
    test = applicants().assign(code=np.random.default_rng(1).integers(1, 4, 2_000).astype(str))
    train = applicants(name="train", seed=2)
    train = train.assign(code=np.random.default_rng(2).integers(1, 4, 2_000))
    assert rows(analyse(tmp_path, test, train), "new_levels")["code", "all"].count == 0


def test_training_values_that_are_gone_are_not_new(tmp_path: Path) -> None:
    train = applicants(name="train", seed=2).assign(branch="B1")
    test = applicants().assign(branch=pd.Series(["B1", None] * 1_000))
    assert rows(analyse(tmp_path, test, train), "new_levels")["branch", "all"].count == 0
