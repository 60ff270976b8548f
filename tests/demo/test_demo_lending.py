from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from evaluator.demo.applications import TEST_YEAR, draw_applications
from evaluator.demo.lending import CATEGORIES, NUMBERS, RECORDED, recorded_years, score_applications, train_models

Years = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def scored(recorded: Years) -> pd.DataFrame:
    train, test = recorded
    return score_applications(test, *train_models(train))


def test_tables_have_the_rows_asked_for_and_nothing_missing(recorded: Years) -> None:
    for table in recorded:
        assert list(table.columns) == list(RECORDED)
        assert len(table) == 60_000
        assert not table.isna().any(axis=None)
        assert table["application_id"].is_unique


def test_about_88_of_100_loans_are_repaid(recorded: Years) -> None:
    train, test = recorded
    assert 0.87 < test["repaid"].mean() < 0.89
    assert 0.88 < train["repaid"].mean() < 0.91
    assert set(test["repaid"]) == {0, 1}


def test_values_stay_in_their_ranges(recorded: Years) -> None:
    for table in recorded:
        assert table["loan_amount"].between(500, 10_000).all()
        assert table["age"].between(18, 79).all()
        assert table["debt_share"].between(0, 90).all()
        assert (table["years_in_job"] <= table["age"] - 18).all()
        assert (table["monthly_income"] > 0).all()


def test_dates_cover_the_two_years_and_do_not_overlap(recorded: Years) -> None:
    train, test = recorded
    assert (train["applied_on"].min(), train["applied_on"].max()) == (
        pd.Timestamp("2023-10-01"),
        pd.Timestamp("2024-09-30"),
    )
    assert (test["applied_on"].min(), test["applied_on"].max()) == (
        pd.Timestamp("2024-10-01"),
        pd.Timestamp("2025-09-30"),
    )


def test_households_have_one_to_four_members_who_share_what_they_should(true_test: pd.DataFrame) -> None:
    sizes = true_test.groupby("household_id").size()
    assert set(sizes) == {1, 2, 3, 4}
    assert 0.55 < (sizes == 1).mean() < 0.70
    shared = true_test.groupby("household_id")[["region", "branch", "ethnicity", "household_luck"]].nunique()
    assert (shared == 1).all(axis=None)


def test_outcomes_of_one_household_go_together(true_test: pd.DataFrame) -> None:
    pairs = true_test.groupby("household_id")["repaid"].agg(["first", "last", "size"])
    pairs = pairs[pairs["size"] > 1]
    assert np.corrcoef(pairs["first"], pairs["last"])[0, 1] > 0.02


def test_sex_is_balanced_and_says_nothing_about_the_loan(true_test: pd.DataFrame) -> None:
    women = true_test["sex"] == "F"
    assert 0.49 < women.mean() < 0.51
    for column in ("age", "loan_amount", "debt_share", "late_payments", "years_in_job"):
        assert abs(spearmanr(women, true_test[column]).statistic) < 0.02


def test_no_model_reads_a_sensitive_column() -> None:
    assert not {"sex", "ethnicity", "age", "region"} & {*NUMBERS, *CATEGORIES}


def test_both_versions_give_probabilities_and_the_new_one_ranks_better(scored: pd.DataFrame) -> None:
    assert ((scored[["score", "score_2_2"]] >= 0) & (scored[["score", "score_2_2"]] <= 1)).all(axis=None)
    new = roc_auc_score(scored["repaid"], scored["score"])
    old = roc_auc_score(scored["repaid"], scored["score_2_2"])
    assert 0.79 < new < 0.84
    assert 0.74 < old < new - 0.02
    assert 0.85 < (scored["score"] >= 0.78).mean() < 0.90


def test_the_score_promises_the_self_employed_more_than_happens(scored: pd.DataFrame) -> None:
    promised_too_much = scored["score"] - scored["repaid"]
    by_employment = promised_too_much.groupby(scored["employment"]).mean()
    assert 0.04 < by_employment["self_employed"] < 0.07
    assert abs(by_employment["employed"]) < 0.015


def test_the_same_size_gives_the_same_rows() -> None:
    first, second = recorded_years(3000), recorded_years(3000)
    pd.testing.assert_frame_equal(first[0], second[0])
    pd.testing.assert_frame_equal(first[1], second[1])


def test_any_small_size_can_be_drawn() -> None:
    for n in (10, 101):
        assert len(draw_applications(TEST_YEAR, n)) == n
