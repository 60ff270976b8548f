"""What happens to a synthetic loan: the true chance of repayment within twelve months, and the outcome drawn from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluator.demo.applications import Floats, Year
from evaluator.demo.streams import stream

BASE_LOG_ODDS = 3.3
UNSEEN_DISADVANTAGE = -0.45
"""Part of the planted fault `branch-proxy`: applicants who are not white have fewer reserves, which no column records."""
SELF_EMPLOYED_CHANGE = -0.60
"""Planted fault `self-employed-change`: in the test year they repay less often than the training year taught."""
WEAK_REGION, WEAK_EMPLOYMENT = "east", "seasonal"
WEAK_SIGNAL = 0.15
WEAK_CENTRE = -1.5
"""Planted fault `weak-subgroup`: for seasonal applicants in the east the recorded columns say little."""


def is_weak(rows: pd.DataFrame) -> pd.Series[bool]:
    """The subgroup for which the recorded columns say little."""
    return (rows["region"] == WEAK_REGION) & (rows["employment"] == WEAK_EMPLOYMENT)


def chance_of_repayment(year: Year, rows: pd.DataFrame) -> Floats:
    """True probability that each loan is repaid, from the true columns and what nobody can observe."""
    signal = recorded_signal(rows)
    signal = np.where(is_weak(rows), WEAK_CENTRE + WEAK_SIGNAL * (signal - WEAK_CENTRE), signal)
    log_odds = BASE_LOG_ODDS + signal + rows["household_luck"].to_numpy()
    log_odds = log_odds + UNSEEN_DISADVANTAGE * (rows["ethnicity"] != "white").to_numpy()
    if year.is_test:
        log_odds = log_odds + SELF_EMPLOYED_CHANGE * (rows["employment"] == "self_employed").to_numpy()
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def draw_outcomes(year: Year, chance: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """1 where the loan was repaid after twelve months, else 0."""
    return (stream(f"{year.name}/outcomes").random(len(chance)) < chance).astype(np.int64)


def recorded_signal(rows: pd.DataFrame) -> Floats:
    """How far the recorded columns move the log-odds of repayment; about zero for a typical applicant."""
    instalment = rows["loan_amount"] / rows["loan_months"]
    room = np.log(rows["monthly_income"] / instalment) - 2.75
    debts = (rows["debt_share"] - 30.0) / 10.0
    history = rows["previous_defaults"] * 0.85 + rows["late_payments"] * 0.38
    strained = (rows["debt_share"] > 45) & (room < 0)
    employment = rows["employment"].map({"employed": 0.15, "self_employed": -0.25, "retired": 0.2, "seasonal": -0.35})
    signal = 1.2 * (
        0.80 * room - 0.35 * debts - history + 0.25 * np.log1p(rows["years_in_job"]) + employment
        - 0.9 * strained + 0.35 * (rows["housing"] == "owner") - 0.15 * (rows["channel"] == "online")
        + 0.35 * (rows["previous_defaults"] > 0) * (rows["years_in_job"] > 5)
    )  # fmt: skip
    return np.asarray(signal, dtype=np.float64)
