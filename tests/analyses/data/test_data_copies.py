from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from data_samples import analyse, applicants, finding, found, outcomes, plan_of, rows
from sklearn.metrics import accuracy_score, roc_auc_score

COMPARED = ["sex", "region", "branch", "income", "debt", "loans"]


@pytest.fixture
def train() -> pd.DataFrame:
    return applicants(name="train", seed=2)


def copied(train: pd.DataFrame, count: int, **changes: object) -> pd.DataFrame:
    """Clean applicants whose first rows describe training applicants, under ids, households and dates of their own."""
    test = applicants()
    names = [*COMPARED, "repaid"]
    test.loc[: count - 1, names] = train.loc[: count - 1, names].to_numpy()
    return test.assign(**changes).astype(applicants(2).dtypes.to_dict())


def test_clean_tables_share_nothing(tmp_path: Path, train: pd.DataFrame) -> None:
    tables = analyse(tmp_path, applicants(), train)
    assert found(tables) == set()
    assert outcomes(tables)["DATA01"] == outcomes(tables)["DATA02"] == outcomes(tables)["DATA03"] == "clear"


def test_copies_are_counted_like_a_merge(tmp_path: Path, train: pd.DataFrame) -> None:
    test = copied(train, 137)
    tables = analyse(tmp_path, test, train)
    merged = test.reset_index().merge(train[COMPARED].drop_duplicates(), on=COMPARED)
    assert rows(tables, "overlap")["", "all"].count == merged["index"].nunique() == 137
    assert found(tables) == {"DATA01"}
    assert "137 of 2,000 applicants are also in the training data." in finding(tables, "DATA01").sentence


def test_copies_are_found_in_other_spellings(tmp_path: Path, train: pd.DataFrame) -> None:
    train = train.assign(city="caf\u00e9", change=np.where(train["sex"] == "F", np.nan, 0.0))
    test = copied(train, 50).assign(city="cafe\u0301")
    test["change"] = np.where(test["sex"] == "F", np.nan, -0.0)
    test["loans"] = test["loans"].astype(float)
    assert rows(analyse(tmp_path, test, train), "overlap")["", "all"].count == 50


def test_how_many_copies_have_the_same_outcome(tmp_path: Path, train: pd.DataFrame) -> None:
    test = copied(train, 100)
    test.loc[:29, "repaid"] = 1 - test.loc[:29, "repaid"]
    row = rows(analyse(tmp_path, test, train), "overlap_same_label")["", "all"]
    assert (row.count, row.n) == (70, 100)


def test_what_copies_cost_is_the_difference_of_two_auc(tmp_path: Path, train: pd.DataFrame) -> None:
    test = copied(train, 300)
    test.loc[:299, "score"] = np.where(test.loc[:299, "repaid"] == 1, 0.9, 0.1)
    tables = analyse(tmp_path, test, train)
    costs = {row.metric: row for row in tables.paired}
    kept = test.iloc[300:]
    auc = roc_auc_score(test["repaid"], test["score"]) - roc_auc_score(kept["repaid"], kept["score"])
    right = [accuracy_score(part["repaid"], part["score"] >= 0.5) for part in (test, kept)]
    assert costs["auc"].difference == pytest.approx(auc, abs=1e-12)
    assert costs["accuracy"].difference == pytest.approx(right[0] - right[1], abs=1e-12)
    assert costs["auc"].low is not None
    assert 0 < costs["auc"].low < auc < costs["auc"].high
    assert "changes the pairs it ranks rightly by \u2212" in finding(tables, "DATA01").sentence


def test_the_standard_error_of_the_cost_is_that_of_two_nested_means(tmp_path: Path) -> None:
    """A mean of all rows minus the mean of a part of them is a weighted sum of independent rows."""
    test, train = copied(applicants(name="train", seed=2), 400), applicants(name="train", seed=2)
    plan = plan_of(cluster=None)
    row = next(row for row in analyse(tmp_path, test, train, plan).paired if row.metric == "accuracy")
    right = (test["repaid"] == (test["score"] >= 0.5)).astype(float)
    weights = np.where(np.arange(len(test)) < 400, 1 / 2000, 1 / 2000 - 1 / 1600)
    spread = np.sqrt((weights**2 * right.var()).sum())
    assert row.se == pytest.approx(spread, rel=0.1)


def test_ids_that_the_plan_does_not_name_do_not_hide_copies(tmp_path: Path, train: pd.DataFrame) -> None:
    row = rows(analyse(tmp_path, copied(train, 60), train, plan_of(cluster=None)), "overlap")["", "all"]
    assert row.count == 60
    assert row.words == "compared on " + ", ".join(COMPARED)


def test_members_of_training_households_are_counted_without_copies(tmp_path: Path, train: pd.DataFrame) -> None:
    test = copied(train, 40)
    test.loc[20:79, "household"] = train.loc[20:79, "household"]
    tables = analyse(tmp_path, test, train)
    assert rows(tables, "shared_clusters")["household", "all"].count == 40
    assert "40 of 2,000 applicants share their household with training rows" in finding(tables, "DATA02").sentence


def test_rows_recorded_twice_are_counted_like_pandas(tmp_path: Path) -> None:
    test = applicants()
    again = test.iloc[:30].assign(id=[f"again-{row}" for row in range(30)])
    test = pd.concat([test, again, again.iloc[:10].assign(id=[f"third-{row}" for row in range(10)])], ignore_index=True)
    tables = analyse(tmp_path, test)
    expected = test.drop(columns="id").duplicated(keep=False).sum()
    assert rows(tables, "twins")["", "all"].count == expected == 70
    assert finding(tables, "DATA03").sentence.startswith("70 of 2,040 applicants are alike another row")
    kept = test.drop_duplicates(subset=[name for name in test.columns if name != "id"])
    auc = roc_auc_score(test["repaid"], test["score"]) - roc_auc_score(kept["repaid"], kept["score"])
    assert tables.paired[0].difference == pytest.approx(auc, abs=1e-12)


def test_rows_alike_by_chance_are_not_called_copies(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    few = {name: rng.choice(["a", "b"], 500) for name in ("x", "y")}
    test = pd.DataFrame(few | {"repaid": rng.integers(0, 2, 500), "score": rng.choice([0.2, 0.8], 500)})
    train = test.drop(columns="score").sample(frac=1, random_state=1)
    plan = plan_of(id=None, cluster=None, time=None, sensitive=[], columns={})
    tables = analyse(tmp_path, test, train, plan)
    assert outcomes(tables)["DATA01"] == outcomes(tables)["DATA03"] == "not_tested"
    assert "alike by chance" in finding(tables, "DATA01").sentence
    assert tables.paired == ()


def test_a_few_copies_are_not_counted_for_everyone_to_see(tmp_path: Path, train: pd.DataFrame) -> None:
    tables = analyse(tmp_path, copied(train, 4), train)
    assert finding(tables, "DATA01").sentence.startswith("Fewer than 10 of 2,000 applicants are also")
    assert rows(tables, "overlap")["", "all"].count == 4


def test_one_copy_in_many_rows_is_of_low_severity(tmp_path: Path, train: pd.DataFrame) -> None:
    assert finding(analyse(tmp_path, copied(train, 1), train), "DATA01").severity == "low"
    assert finding(analyse(tmp_path, copied(train, 9), train), "DATA01").severity == "high"


def test_without_training_data_copies_are_not_tested(tmp_path: Path) -> None:
    tables = analyse(tmp_path, applicants())
    assert {code for code, outcome in outcomes(tables).items() if outcome == "not_tested"} == {
        "DATA01", "DATA02", "DATA06", "DATA12",
    }  # fmt: skip
    missing = {row.what: row for row in tables.not_tested}
    assert missing["Copies of training rows"].add_to_plan == "data: {training: {path: THE_TRAINING_FILE}}"


def test_training_data_without_shared_columns(tmp_path: Path) -> None:
    tables = analyse(tmp_path, applicants(), pd.DataFrame({"other": [1.0, 2.0]}))
    assert outcomes(tables)["DATA01"] == outcomes(tables)["DATA02"] == "not_tested"
