"""The demo's planted faults are found where data/README.md says, as large as it says; without them nothing is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import found, rows

from evaluator.analyses.data.run import run
from evaluator.demo import lending
from evaluator.demo.applications import TEST_YEAR, TRAINING_YEAR
from evaluator.demo.files import write_plan, write_table
from evaluator.plan.loading import load_plan
from evaluator.records import AnalysisTables
from evaluator.subject.loading import load_subject

COMPARED = [
    name for name in lending.RECORDED if name not in ("application_id", "household_id", "applied_on", lending.LABEL)
]


def scored(test: pd.DataFrame) -> pd.DataFrame:
    """Any scores will do for checks of the data."""
    rng = np.random.default_rng(4)
    return test.assign(score=rng.random(len(test)).round(9), score_2_2=rng.random(len(test)).round(9))


def analysed(folder: Path, train: pd.DataFrame, test: pd.DataFrame) -> AnalysisTables:
    write_table(train, folder / "loans_train.parquet")
    write_table(scored(test), folder / "loans_test.parquet")
    loaded = load_plan(write_plan(folder, lending.PLAN))
    return run(loaded.plan, load_subject(loaded.plan, folder, with_model=False), lambda what, done, total: None)


@pytest.fixture(
    scope="module", params=[4_000, pytest.param(60_000, marks=pytest.mark.slow)], ids=lambda n: f"{n} applications"
)
def spoiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    train, test = lending.recorded_years(request.param)
    return analysed(tmp_path_factory.mktemp("spoiled"), train, test), train, test


def test_copies_and_the_wrong_unit_are_found_and_nothing_else(spoiled) -> None:
    assert found(spoiled[0]) == {"DATA01", "DATA04"}


def test_the_copies_are_counted_exactly(spoiled) -> None:
    tables, train, test = spoiled
    row = rows(tables, "overlap")["", "all"]
    merged = test.reset_index().merge(train[COMPARED], on=COMPARED)
    assert row.count == merged["index"].nunique() == round(0.015 * len(test))
    assert row.n == len(test)
    assert row.words == "compared on " + ", ".join(COMPARED)
    assert rows(tables, "overlap_same_label")["", "all"].count == row.count


def test_copies_alone_share_a_household_with_the_training_data(spoiled) -> None:
    tables, train, test = spoiled
    assert test["household_id"].isin(train["household_id"]).sum() == rows(tables, "overlap")["", "all"].count
    assert rows(tables, "shared_clusters")["household_id", "all"].count == 0


def test_the_wrong_unit_is_found_in_its_branch(spoiled) -> None:
    tables, _, test = spoiled
    (row,) = rows(tables, "units").values()
    assert (row.column, row.population_id) == ("monthly_income", "branch=B07")
    assert row.count == (test["branch"] == "B07").sum()
    assert "about 12 times larger" in row.words or "about 11 times larger" in row.words


@pytest.mark.parametrize("n", [4_000, pytest.param(60_000, marks=pytest.mark.slow)])
def test_the_same_world_without_faults_in_its_records_is_clean(n: int, tmp_path: Path) -> None:
    train, test = (lending.true_year(year, n)[list(lending.RECORDED)] for year in (TRAINING_YEAR, TEST_YEAR))
    tables = analysed(tmp_path, train, test)
    assert found(tables) == set()
    assert {row.code for row in tables.findings if row.outcome == "not_tested"} == {"DATA12"}
