"""Synthetic applicants for jobs: who applies to which department, with what record, and how their interviews went.

Nothing here comes from a real employer or a real person. Each applicant is drawn alone; nobody applies twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.demo.applications import Floats
from evaluator.demo.streams import stream

SEXES, SEX_SHARES = ("F", "M"), (0.48, 0.52)
RACES = ("white", "black", "hispanic", "asian", "two_or_more", "pacific_islander", "native_american")
RACE_SHARES = (0.48, 0.17, 0.16, 0.11, 0.04, 0.029, 0.011)
"""The seven categories of the EEO-1 form; planted fault `few-of-a-category`: the last has 1.1 % of the applicants."""
NOT_STATED_SHARE = 0.08
"""Planted fault `not-stated`, of sex and of race or ethnicity, each at random: the form asks, nobody has to answer."""
DEPARTMENTS = ("logistics", "engineering", "sales", "finance", "design", "communications")
MEN_APPLY_TO = (0.30, 0.30, 0.17, 0.12, 0.06, 0.05)
WOMEN_APPLY_TO = (0.07, 0.08, 0.15, 0.18, 0.26, 0.26)
DEPARTMENT_LOG_ODDS = {
    "logistics": 1.1, "engineering": 0.8, "sales": 0.1, "finance": -0.3, "design": -1.2, "communications": -1.5,
}  # fmt: skip
"""Planted fault `department-mix`: women apply to the departments where few of either sex do well in the interview."""
WOMENS_TEST_LEAD = 8.0
"""Points by which women's tests are better on average; with it they are ahead within departments."""
SCHOOLS, SCHOOL_SHARES = ("state", "private", "community", "abroad"), (0.46, 0.22, 0.22, 0.10)
BREAK_SHARE = {"F": 0.40, "M": 0.06}
"""Planted fault `career-break-proxy`: who interrupted their career, which gives sex away."""
REFERRED_SHARE, BLACK_WOMEN_REFERRED_SHARE = 0.36, 0.04
"""Planted fault `few-referrals`: hardly any Black woman is recommended by somebody who works there."""
YOUNGEST, OLDEST = 18, 69


@dataclass(frozen=True, slots=True)
class Intake:
    """One year of applicants; `rated_blind` says that interviewers knew neither age nor career break nor referral."""

    name: str
    prefix: str
    rated_blind: bool


TRAINING_INTAKE = Intake("screening training", "T", rated_blind=False)
TEST_INTAKE = Intake("screening test", "S", rated_blind=True)
AGE_PENALTY, AGE_FROM = 0.085, 38
BREAK_PENALTY, REFERRAL_BONUS = 0.35, 1.5
"""Planted fault `rated-by-sight`: what the training year's interviewers added for a recommendation, and took off for a
career break and for each year of age above 38. In the test year interviews were rated without knowing any of it."""


def draw_applicants(intake: Intake, n: int) -> pd.DataFrame:
    """Draw `n` applicants of one year with everything true about them, sex and race or ethnicity included."""
    rng = stream(f"{intake.name}/people")
    sex, race = rng.choice(SEXES, n, p=SEX_SHARES), rng.choice(RACES, n, p=RACE_SHARES)
    women = sex == "F"
    age = (YOUNGEST + (OLDEST + 1 - YOUNGEST) * rng.beta(1.5, 2.6, n)).astype(np.int64)
    referred = rng.random(n) < np.where(women & (race == "black"), BLACK_WOMEN_REFERRED_SHARE, REFERRED_SHARE)
    return pd.DataFrame(
        {
            "applicant_id": [f"{intake.prefix}{number:05d}" for number in range(n)],
            "sex": sex.astype(object),
            "race_ethnicity": race.astype(object),
            "age": age,
            "department": _departments(women, rng),
            "years_experience": ((age - YOUNGEST) * rng.beta(2.0, 2.2, n)).round(1),
            "career_break_months": _breaks(sex, rng),
            "test_score": _test_scores(women, rng),
            "school": rng.choice(SCHOOLS, n, p=SCHOOL_SHARES).astype(object),
            "referral": np.where(referred, "yes", "no").astype(object),
        }
    )


def chance_of_doing_well(intake: Intake, rows: pd.DataFrame) -> Floats:
    """True probability that the interview is rated as good."""
    log_odds = rows["department"].map(DEPARTMENT_LOG_ODDS).to_numpy(dtype=np.float64) - 0.25
    log_odds = log_odds + 0.075 * (rows["test_score"].to_numpy() - 62) + 0.4 * np.log1p(rows["years_experience"]) - 0.9
    log_odds = log_odds + 0.15 * (rows["school"] == "private").to_numpy()
    if not intake.rated_blind:
        log_odds = log_odds - AGE_PENALTY * np.clip(rows["age"].to_numpy() - AGE_FROM, 0, None)
        log_odds = log_odds - BREAK_PENALTY * (rows["career_break_months"] > 0).to_numpy()
        log_odds = log_odds + REFERRAL_BONUS * (rows["referral"] == "yes").to_numpy()
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def draw_interviews(intake: Intake, chance: Floats) -> NDArray[np.int64]:
    """1 where the interview was rated as good, else 0."""
    return (stream(f"{intake.name}/interviews").random(len(chance)) < chance).astype(np.int64)


def leave_unstated(intake: Intake, rows: pd.DataFrame) -> pd.DataFrame:
    """Take out the sex of some applicants and the race or ethnicity of some, independently and at random."""
    rng = stream(f"{intake.name}/not stated")
    unstated = {name: rng.random(len(rows)) < NOT_STATED_SHARE for name in ("sex", "race_ethnicity")}
    return rows.assign(**{name: rows[name].where(~missing, None) for name, missing in unstated.items()})


def _departments(women: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.object_]:
    n = len(women)
    mens, womens = (rng.choice(DEPARTMENTS, n, p=shares) for shares in (MEN_APPLY_TO, WOMEN_APPLY_TO))
    return np.where(women, womens, mens).astype(object)


def _breaks(sex: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Months away from work, 3 to 60, of those who had a career break; 0 for the others."""
    n = len(sex)
    shares = np.where(sex == "F", BREAK_SHARE["F"], BREAK_SHARE["M"])
    months = np.clip(3 + rng.gamma(2.0, 8.0, n), 3, 60).astype(np.int64)
    return np.where(rng.random(n) < shares, months, 0)


def _test_scores(women: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    points = rng.normal(62, 14, len(women)) + WOMENS_TEST_LEAD * women
    return np.clip(points.round(), 0, 100).astype(np.int64)
