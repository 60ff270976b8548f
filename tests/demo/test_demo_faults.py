"""Every planted fault is where data/README.md says, as large as it says, and nowhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from scipy.stats import chi2_contingency
from sklearn.metrics import roc_auc_score

from evaluator.demo.applications import BRANCHES, TEST_YEAR, TRAINING_YEAR, Year
from evaluator.demo.faults import copy_training_rows, flip_labels, record_yearly_income
from evaluator.demo.lending import NUMBERS, RECORDED
from evaluator.demo.repayment import chance_of_repayment, is_weak, recorded_signal

SECOND_BRANCHES = [pair[1] for pair in BRANCHES.values()]
FEATURES = [*NUMBERS, "employment", "housing", "channel", "branch"]


def cramers_v(a: pd.Series, b: pd.Series) -> float:
    table = pd.crosstab(a, b)
    return float(np.sqrt(chi2_contingency(table).statistic / len(a) / (min(table.shape) - 1)))


@pytest.mark.parametrize("year", [TRAINING_YEAR, TEST_YEAR], ids=lambda year: year.name)
def test_six_percent_of_the_labels_are_wrong_in_the_north_and_none_elsewhere(
    year: Year, true_test: pd.DataFrame
) -> None:
    noisy = flip_labels(year, true_test)
    wrong = noisy["repaid"] != true_test["repaid"]
    north = true_test["region"] == "north"
    assert wrong[north].mean() == pytest.approx(0.06, abs=0.008)
    assert not wrong[~north].any()
    assert noisy.drop(columns="repaid").equals(true_test.drop(columns="repaid"))


def test_label_noise_does_not_prefer_an_outcome(true_test: pd.DataFrame) -> None:
    wrong = flip_labels(TEST_YEAR, true_test)["repaid"] != true_test["repaid"]
    north = true_test["region"] == "north"
    shares = wrong[north].groupby(true_test["repaid"]).mean()
    assert shares[0] == pytest.approx(shares[1], abs=0.02)


def test_branch_b07_records_twelve_times_the_income_and_no_other_does(true_test: pd.DataFrame) -> None:
    recorded = record_yearly_income(true_test)
    ratio = recorded["monthly_income"] / true_test["monthly_income"]
    assert (ratio[true_test["branch"] == "B07"] == 12).all()
    assert (ratio[true_test["branch"] != "B07"] == 1).all()
    assert recorded.drop(columns="monthly_income").equals(true_test.drop(columns="monthly_income"))


def test_the_training_table_has_monthly_incomes_everywhere(recorded: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    medians = recorded[0].groupby("branch")["monthly_income"].median()
    assert medians.max() < 1.3 * medians.min()


def test_one_and_a_half_percent_of_the_test_rows_are_training_rows(
    recorded: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    train, test = recorded
    keys = [name for name in RECORDED if name not in ("application_id", "applied_on")]
    copies = test.merge(train[keys].drop_duplicates(), on=keys)
    assert len(copies) == 900
    assert set(copies["household_id"]) <= set(train["household_id"])
    assert not set(test["application_id"]) & set(train["application_id"])


def test_years_share_no_rows_and_no_households_before_the_copies(
    true_train: pd.DataFrame, true_test: pd.DataFrame
) -> None:
    assert not set(true_train["household_id"]) & set(true_test["household_id"])
    assert len(true_test[FEATURES].merge(true_train[FEATURES], on=FEATURES)) < 10


def test_copying_leaves_the_other_rows_and_all_types_alone(true_train: pd.DataFrame, true_test: pd.DataFrame) -> None:
    result = copy_training_rows(true_test[list(RECORDED)], true_train[list(RECORDED)])
    changed = (result != true_test[list(RECORDED)]).any(axis=1)
    assert changed.sum() == 900
    assert result.dtypes.equals(true_test[list(RECORDED)].dtypes)


@pytest.mark.parametrize("name", ["true_train", "true_test"])
def test_the_branch_gives_ethnicity_away(name: str, request: pytest.FixtureRequest) -> None:
    rows: pd.DataFrame = request.getfixturevalue(name)
    second = rows["branch"].isin(SECOND_BRANCHES)
    shares = second.groupby(rows["ethnicity"] != "white").mean()
    assert shares[True] == pytest.approx(0.80, abs=0.015)
    assert shares[False] == pytest.approx(0.10, abs=0.015)


def test_neither_sex_nor_employment_goes_with_the_branch(true_test: pd.DataFrame) -> None:
    assert cramers_v(true_test["branch"], true_test["ethnicity"]) > 0.35
    assert cramers_v(true_test["branch"], true_test["sex"]) < 0.03
    assert cramers_v(true_test["branch"], true_test["employment"]) < 0.03
    assert cramers_v(true_test["region"], true_test["ethnicity"]) < 0.03


def test_ethnicity_moves_the_chance_by_what_no_column_records(true_train: pd.DataFrame) -> None:
    as_white = true_train.assign(ethnicity="white")
    drop = logit(chance_of_repayment(TRAINING_YEAR, true_train)) - logit(chance_of_repayment(TRAINING_YEAR, as_white))
    assert drop[true_train["ethnicity"] != "white"] == pytest.approx(-0.45)
    assert drop[true_train["ethnicity"] == "white"] == pytest.approx(0.0)


def test_only_the_self_employed_repay_less_often_than_the_year_before(true_test: pd.DataFrame) -> None:
    change = logit(chance_of_repayment(TEST_YEAR, true_test)) - logit(chance_of_repayment(TRAINING_YEAR, true_test))
    self_employed = (true_test["employment"] == "self_employed").to_numpy()
    assert change[self_employed] == pytest.approx(-0.60)
    assert change[~self_employed] == pytest.approx(0.0)


def test_the_columns_say_little_about_seasonal_workers_in_the_east(true_test: pd.DataFrame) -> None:
    weak = is_weak(true_test)
    signal = pd.Series(recorded_signal(true_test))
    assert 0.005 < weak.mean() < 0.015
    assert roc_auc_score(true_test["repaid"][weak], signal[weak]) < 0.65
    for rest in (
        (true_test["employment"] == "seasonal") & ~weak,
        (true_test["region"] == "east") & ~weak,
    ):
        assert roc_auc_score(true_test["repaid"][rest], signal[rest]) > 0.78


def test_the_last_quarter_of_the_test_year_has_lower_incomes_and_more_online(true_test: pd.DataFrame) -> None:
    late = true_test["applied_on"] >= "2025-07-01"
    incomes = true_test.groupby(late)["monthly_income"].mean()
    online = (true_test["channel"] == "online").groupby(late).mean()
    assert incomes[True] / incomes[False] == pytest.approx(0.80, abs=0.02)
    assert online[True] == pytest.approx(0.60, abs=0.02)
    assert online[False] == pytest.approx(0.35, abs=0.02)


def test_the_other_quarters_resemble_each_other_and_the_year_before(
    true_train: pd.DataFrame, true_test: pd.DataFrame
) -> None:
    usual = true_test[true_test["applied_on"] < "2025-07-01"]
    rows = pd.concat([true_train, usual])
    means = rows.groupby(rows["applied_on"].dt.to_period("Q"))["monthly_income"].mean()
    assert len(means) == 7
    assert means.max() / means.min() < 1.04


def test_applicants_under_21_are_too_few_to_judge(recorded: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    for table in recorded:
        young = table[table["age"] < 21]
        assert 10 <= len(young) < 30
        assert young["age"].min() >= 18
