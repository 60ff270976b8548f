"""Consumer lending, synthetic: two years of applications and two scoring models that rank them by chance of repayment."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from evaluator.demo.applications import TEST_YEAR, TRAINING_YEAR, Year, draw_applications
from evaluator.demo.faults import copy_training_rows, flip_labels, record_yearly_income
from evaluator.demo.files import write_model, write_plan, write_table
from evaluator.demo.repayment import chance_of_repayment, draw_outcomes

PLAN = "loan-approval-2-3"
EARLIER_PLAN = "loan-approval-2-2"
MODEL_FILE, EARLIER_MODEL_FILE = "loan_2_3.skops", "loan_2_2.skops"
APPLICATIONS = 60_000
LABEL = "repaid"
NUMBERS = (
    "monthly_income", "loan_amount", "loan_months", "debt_share", "years_in_job", "previous_defaults", "late_payments",
)  # fmt: skip
CATEGORIES = ("employment", "housing", "channel", "branch")
EARLIER_NUMBERS = ("monthly_income", "loan_amount", "loan_months", "debt_share", "previous_defaults", "late_payments")
EARLIER_CATEGORIES = ("employment", "housing")
"""Version 2.2 knows neither the branch nor the years in the job. No version sees sex, ethnicity, age or region."""
RECORDED = (
    "application_id", "household_id", "applied_on", "sex", "ethnicity", "age", "region", "branch", "employment",
    "monthly_income", "loan_amount", "loan_months", "debt_share", "years_in_job", "previous_defaults", "late_payments",
    "housing", "channel", LABEL,
)  # fmt: skip


def true_year(year: Year, n: int) -> pd.DataFrame:
    """Applications of one year with their true outcomes, before anything is recorded wrongly."""
    rows = draw_applications(year, n)
    return rows.assign(repaid=draw_outcomes(year, chance_of_repayment(year, rows)))


def recorded_years(n: int = APPLICATIONS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test tables of `n` rows each, as the lender recorded them."""
    train = flip_labels(TRAINING_YEAR, true_year(TRAINING_YEAR, n))[list(RECORDED)]
    test = flip_labels(TEST_YEAR, record_yearly_income(true_year(TEST_YEAR, n)))[list(RECORDED)]
    return train, copy_training_rows(test, train)


def train_models(train: pd.DataFrame) -> tuple[Pipeline, Pipeline]:
    """Version 2.3 and version 2.2, learned from the training rows alone."""
    current = _current_model().fit(train[[*NUMBERS, *CATEGORIES]], train[LABEL])
    earlier = _earlier_model().fit(train[[*EARLIER_NUMBERS, *EARLIER_CATEGORIES]], train[LABEL])
    return current, earlier


def score_applications(test: pd.DataFrame, current: Pipeline, earlier: Pipeline) -> pd.DataFrame:
    """The test rows with the chance of repayment by version 2.3 (`score`) and version 2.2 (`score_2_2`)."""
    return test.assign(score=_scores(current, test), score_2_2=_scores(earlier, test))


def build(folder: Path, n: int = APPLICATIONS) -> tuple[Path, Path]:
    """Write the training and test tables, both models and their plans; return the plans' paths, version 2.3 first."""
    train, test = recorded_years(n)
    current, earlier = train_models(train)
    write_table(train, folder / "loans_train.parquet")
    write_table(score_applications(test, current, earlier), folder / "loans_test.parquet")
    write_model(current, folder / MODEL_FILE)
    write_model(earlier, folder / EARLIER_MODEL_FILE)
    return write_plan(folder, PLAN), write_plan(folder, EARLIER_PLAN)


def _scores(model: Pipeline, test: pd.DataFrame) -> pd.Series[float]:
    """Probability of repayment to six digits, which hides the last bits that machines disagree about."""
    columns = list(model.feature_names_in_)
    return pd.Series(model.predict_proba(test[columns])[:, 1], index=test.index).round(6)


def _current_model() -> Pipeline:
    encoder = make_column_transformer(
        (OneHotEncoder(sparse_output=False), list(CATEGORIES)), ("passthrough", list(NUMBERS))
    )
    booster = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.08, max_leaf_nodes=16, min_samples_leaf=100, early_stopping=False, random_state=3
    )
    return make_pipeline(encoder, booster)


def _earlier_model() -> Pipeline:
    encoder = make_column_transformer(
        (OneHotEncoder(sparse_output=False), list(EARLIER_CATEGORIES)), (StandardScaler(), list(EARLIER_NUMBERS))
    )
    return make_pipeline(encoder, LogisticRegression(max_iter=500))
