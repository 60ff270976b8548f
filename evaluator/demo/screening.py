"""Screening of job applicants, synthetic: two years of applicants and a tool that suggests whom to invite."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from evaluator.demo.applicants import (
    TEST_INTAKE,
    TRAINING_INTAKE,
    Intake,
    chance_of_doing_well,
    draw_applicants,
    draw_interviews,
    leave_unstated,
)
from evaluator.demo.files import write_model, write_plan, write_table

PLAN = "screening-1-0"
MODEL_FILE = "screening_1_0.skops"
APPLICANTS = 6_000
LABEL = "did_well"
THRESHOLD = 0.5
NUMBERS = ("age", "years_experience", "career_break_months", "test_score")
CATEGORIES = ("department", "school", "referral")
"""What the tool reads: age itself, and the career break that gives sex away; neither sex nor race or ethnicity."""


def true_intake(intake: Intake, n: int = APPLICANTS) -> pd.DataFrame:
    """Applicants of one year with their interviews, sex and race or ethnicity of everyone included."""
    rows = draw_applicants(intake, n)
    return rows.assign(did_well=draw_interviews(intake, chance_of_doing_well(intake, rows)))


def recorded_intakes(n: int = APPLICANTS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test tables of `n` applicants each, as they filled in the form."""
    train, test = (leave_unstated(intake, true_intake(intake, n)) for intake in (TRAINING_INTAKE, TEST_INTAKE))
    return train, test


def train_model(train: pd.DataFrame) -> Pipeline:
    """Version 1.0, learned from the training rows alone."""
    encoder = make_column_transformer(
        (OneHotEncoder(sparse_output=False), list(CATEGORIES)), (StandardScaler(), list(NUMBERS))
    )
    return make_pipeline(encoder, LogisticRegression(max_iter=500)).fit(train[[*NUMBERS, *CATEGORIES]], train[LABEL])


def score_applicants(test: pd.DataFrame, model: Pipeline) -> pd.DataFrame:
    """The test rows with the chance of doing well in the interview (`score`), to six digits."""
    chances = model.predict_proba(test[list(model.feature_names_in_)])[:, 1]
    return test.assign(score=chances.round(6))


def build(folder: Path) -> Path:
    """Write the training and test tables, the model and the plan; return the plan's path."""
    train, test = recorded_intakes()
    model = train_model(train)
    write_table(train, folder / "applicants_train.parquet")
    write_table(score_applicants(test, model), folder / "applicants_test.parquet")
    write_model(model, folder / MODEL_FILE)
    return write_plan(folder, PLAN)
