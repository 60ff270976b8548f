"""Synthetic applications for consumer loans: who applies, for what, and what the lender records.

Nothing here comes from a real lender or a real person. Everything is drawn household by household: members share a
household_id, a region, an ethnicity, part of their income, and luck (`household_luck`), so their outcomes go together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.demo.streams import stream

Floats = NDArray[np.float64]

HOUSEHOLD_SIZES = (1, 2, 3, 4)
HOUSEHOLD_SHARES = (0.62, 0.23, 0.10, 0.05)
HOUSEHOLD_LUCK_SD = 0.6
REGIONS = ("north", "east", "south", "west", "centre")
REGION_SHARES = (0.20, 0.20, 0.26, 0.10, 0.24)
BRANCHES = {
    "north": ("B01", "B02"),
    "east": ("B03", "B04"),
    "south": ("B05", "B06"),
    "west": ("B07", "B08"),
    "centre": ("B09", "B10"),
}
"""Each region has two branches; `SECOND_BRANCH_SHARE` says who goes to the second."""
ETHNICITIES = ("white", "asian", "black", "other")
ETHNICITY_SHARES = (0.76, 0.10, 0.09, 0.05)
SECOND_BRANCH_SHARE = {"white": 0.10, "asian": 0.80, "black": 0.80, "other": 0.80}
"""Planted fault `branch-proxy`: the branch gives ethnicity away."""
EMPLOYMENT = ("employed", "self_employed", "retired", "seasonal")
EMPLOYMENT_SHARES = (0.68, 0.15, 0.12, 0.05)
UNDER_21_SHARE = 0.0004
LATE_INCOME_FACTOR = 0.80
LATE_ONLINE_SHARE = 0.60
USUAL_ONLINE_SHARE = 0.35
"""Planted fault `last-quarter-shift`: in the test year's last quarter incomes are lower and more apply online."""


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months of applications. `is_test` marks the year in which the planted changes of the world happen."""

    name: str
    first_day: str
    last_quarter: str
    days: int
    is_test: bool


TRAINING_YEAR = Year("training", "2023-10-01", "2024-07-01", 366, is_test=False)
TEST_YEAR = Year("test", "2024-10-01", "2025-07-01", 365, is_test=True)


def draw_applications(year: Year, n: int) -> pd.DataFrame:
    """Draw `n` applications of one year, without their outcomes.

    Returns
    -------
    One row per application. Beside the recorded columns it has `household_luck`, which nobody can observe.
    """
    return _with_requests(year, _with_people(year, _households(year, n)))


def is_late(year: Year, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Which applications fall into the last quarter of the test year; none do in other years."""
    late = rows["applied_on"].to_numpy() >= np.datetime64(year.last_quarter)
    return np.asarray(late & year.is_test, dtype=np.bool_)


def _households(year: Year, n: int) -> pd.DataFrame:
    """One row per application with what its household shares; the last household is cut to reach exactly `n`."""
    rng = stream(f"{year.name}/households")
    sizes = rng.choice(HOUSEHOLD_SIZES, n, p=HOUSEHOLD_SHARES)
    household = np.repeat(np.arange(n), sizes)[:n]
    count = household[-1] + 1
    shared = pd.DataFrame(
        {
            "household_id": [f"H{year.first_day[:4]}-{number:06d}" for number in range(count)],
            "region": rng.choice(REGIONS, count, p=REGION_SHARES),
            "ethnicity": rng.choice(ETHNICITIES, count, p=ETHNICITY_SHARES),
            "household_luck": rng.normal(0.0, HOUSEHOLD_LUCK_SD, count),
            "household_income": rng.normal(0.0, 0.22, count),
        }
    )
    shared["branch"] = _branches(shared, rng)
    rows = shared.iloc[household].reset_index(drop=True)
    rows.insert(0, "application_id", [f"A{year.first_day[:4]}-{number:06d}" for number in range(n)])
    return rows


def _branches(households: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    second_share = households["ethnicity"].map(SECOND_BRANCH_SHARE).to_numpy()
    second = (rng.random(len(households)) < second_share).astype(int)
    return [BRANCHES[region][position] for region, position in zip(households["region"], second, strict=True)]


def _with_people(year: Year, rows: pd.DataFrame) -> pd.DataFrame:
    """Add when they apply and who they are: date, sex, age, employment, years in the job, housing."""
    n = len(rows)
    rng = stream(f"{year.name}/people")
    days = rng.integers(0, year.days, n)
    employment = rng.choice(EMPLOYMENT, n, p=EMPLOYMENT_SHARES)
    age = _ages(employment, rng)
    working_life = np.clip(age - 19, 0.0, None)
    years = np.where(employment == "retired", 0.0, working_life * rng.beta(1.1, 2.6, n))
    years = np.where(employment == "seasonal", np.minimum(years, 3.0), years)
    return rows.assign(
        applied_on=np.datetime64(year.first_day, "s") + days.astype("timedelta64[D]"),
        sex=rng.choice(("F", "M"), n),
        age=age,
        employment=employment,
        years_in_job=years.round(1),
        housing=np.where(rng.random(n) < 0.15 + 0.008 * (age - 21), "owner", "tenant"),
    )


def _ages(employment: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Whole years, 18 to 79; a handful are under 21, because the lender sends students to another product."""
    n = len(employment)
    working = 21 + 43 * rng.beta(1.3, 1.9, n)
    age = np.where(employment == "retired", rng.uniform(62, 80, n), working).astype(np.int64)
    candidates = np.flatnonzero(employment != "retired")
    young = rng.choice(candidates, max(1, round(n * UNDER_21_SHARE)), replace=False)
    age[young] = rng.integers(18, 21, len(young))
    return age


def _with_requests(year: Year, rows: pd.DataFrame) -> pd.DataFrame:
    """Add what they ask for and how they stand: income, loan, debts, history, channel."""
    n = len(rows)
    rng = stream(f"{year.name}/requests")
    late = is_late(year, rows)
    income = _incomes(rows, rng) * np.where(late, LATE_INCOME_FACTOR, 1.0)
    amount = np.clip(np.exp(rng.normal(8.25, 0.55, n)), 500, 10_000)
    online = rng.random(n) < np.where(late, LATE_ONLINE_SHARE, USUAL_ONLINE_SHARE)
    return rows.assign(
        monthly_income=income.round(-1).astype(np.int64),
        loan_amount=((amount / 100).round() * 100).astype(np.int64),
        loan_months=rng.choice((12, 24, 36, 48, 60), n, p=(0.15, 0.25, 0.30, 0.18, 0.12)),
        debt_share=(90 * rng.beta(1.8, 3.6, n)).round(1),
        previous_defaults=np.minimum(rng.poisson(0.22, n), 4),
        late_payments=np.minimum(rng.negative_binomial(0.8, 0.5, n), 9),
        channel=np.where(online, "online", "branch"),
    )


def _incomes(rows: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """True monthly income in EUR; on average lower for women and for applicants who are not white. Not a fault: part of the world."""
    by_employment = {"employed": 0.0, "self_employed": 0.05, "retired": -0.25, "seasonal": -0.30}
    shift = rows["employment"].map(by_employment).to_numpy() + rows["household_income"].to_numpy()
    shift = shift + 0.08 * np.log1p(rows["years_in_job"].to_numpy()) - 0.08 * (rows["sex"] == "F").to_numpy()
    shift = shift - 0.10 * (rows["ethnicity"] != "white").to_numpy()
    return np.asarray(np.exp(7.70 + shift + rng.normal(0.0, 0.32, len(rows))), dtype=np.float64)
