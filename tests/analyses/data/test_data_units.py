from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, found, rows

from evaluator.statistics.unit_factors import is_unit, off_levels


def scaled(factor: float, branch: str = "B3", column: str = "income") -> pd.DataFrame:
    test = applicants()
    return test.assign(**{column: test[column].where(test["branch"] != branch, test[column] * factor)})


@pytest.mark.parametrize("factor", [12, 52, 100, 365, 1_000, 1 / 12, 0.01, 1e-6])
@pytest.mark.parametrize("column", ["income", "debt"])
def test_a_unit_of_its_own_is_found_in_its_place(tmp_path: Path, factor: float, column: str) -> None:
    test = scaled(factor, column=column)
    tables = analyse(tmp_path, test)
    (row,) = rows(tables, "units").values()
    assert (row.column, row.population_id) == (column, "branch=B3")
    assert row.count == (test["branch"] == "B3").sum()
    assert found(tables) == {"DATA04"}
    side = "larger" if factor > 1 else "smaller"
    assert f"times {side} than elsewhere" in finding(tables, "DATA04").sentence


@pytest.mark.parametrize("factor", [1, 1.5, 3, 1 / 3, 6])
def test_groups_that_differ_as_people_do_stay_quiet(tmp_path: Path, factor: float) -> None:
    assert rows(analyse(tmp_path, scaled(factor)), "units") == {}


def test_another_shape_is_not_another_unit(tmp_path: Path) -> None:
    """The median is twelve times larger, but the lower incomes are as elsewhere."""
    test, rng = applicants(), np.random.default_rng(2)
    skewed = np.exp(rng.normal(7.7 + math.log(12), 2.0, len(test)))
    test["income"] = test["income"].where(test["branch"] != "B3", skewed)
    assert rows(analyse(tmp_path, test), "units") == {}


def test_two_places_of_five(tmp_path: Path) -> None:
    test = applicants()
    test["income"] = test["income"].where(~test["branch"].isin(["B2", "B5"]), test["income"] * 12)
    assert {population for _, population in rows(analyse(tmp_path, test), "units")} == {"branch=B2", "branch=B5"}


def test_the_place_that_holds_the_fault_is_named_not_a_part_of_it(tmp_path: Path) -> None:
    test = scaled(12)
    rng = np.random.default_rng(6)
    test["clerk"] = test["branch"] + rng.choice(["-a", "-b"], len(test))
    assert {population for _, population in rows(analyse(tmp_path, test), "units")} == {"branch=B3"}


def test_counts_and_zeros_are_left_out(tmp_path: Path) -> None:
    test = applicants()
    test["loans"] = test["loans"].where(test["branch"] != "B3", 0)
    assert rows(analyse(tmp_path, test), "units") == {}


def test_few_values_say_nothing() -> None:
    logs, places = np.r_[np.zeros(100), np.full(29, math.log(12))], np.r_[np.full(100, 1), np.full(29, 2)]
    assert off_levels(logs, places) == {}
    logs, places = np.r_[logs, math.log(12)], np.r_[places, 2]
    assert off_levels(logs, places) == {2: pytest.approx(math.log(12))}
    assert off_levels(np.zeros(0), np.zeros(0, dtype=np.int64)) == {}


@pytest.mark.parametrize(
    ("ratio", "expected"), [(12, True), (1 / 12, True), (14, True), (8, False), (100, True), (1, False), (200, False)]
)
def test_which_ratios_are_units(ratio: float, expected: bool) -> None:
    assert is_unit([math.log(ratio)] * 5) is expected


def test_ratios_that_spread_are_no_unit() -> None:
    assert is_unit([math.log(ratio) for ratio in (11, 12, 12, 12, 13)])
    assert not is_unit([math.log(ratio) for ratio in (6, 9, 12, 15, 18)])
