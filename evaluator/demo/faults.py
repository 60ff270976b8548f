"""Faults in the records of the synthetic loans: what was true is one thing, what was written down another.

Each function returns a new table and touches only the rows and column it names. The faults of the world itself (who
applies, who repays) are drawn in `applications` and `repayment`. data/README.md lists them all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluator.demo.applications import Year
from evaluator.demo.streams import stream

NOISY_REGION = "north"
NOISE_SHARE = 0.06
YEARLY_INCOME_BRANCH = "B07"
MONTHS = 12
DUPLICATE_SHARE = 0.015


def flip_labels(year: Year, rows: pd.DataFrame) -> pd.DataFrame:
    """Record the wrong outcome for a random 6 % of the loans in one region."""
    flipped = (stream(f"{year.name}/label noise").random(len(rows)) < NOISE_SHARE) & (rows["region"] == NOISY_REGION)
    return rows.assign(repaid=np.where(flipped, 1 - rows["repaid"], rows["repaid"]))


def record_yearly_income(rows: pd.DataFrame) -> pd.DataFrame:
    """Record yearly income as if it were monthly, in one branch."""
    wrong = rows["branch"] == YEARLY_INCOME_BRANCH
    return rows.assign(monthly_income=rows["monthly_income"].where(~wrong, rows["monthly_income"] * MONTHS))


def copy_training_rows(test: pd.DataFrame, train: pd.DataFrame) -> pd.DataFrame:
    """Put copies of training rows in the place of 1.5 % of the test rows, under new numbers and dates."""
    rng = stream("train-test duplicates")
    count = round(len(test) * DUPLICATE_SHARE)
    places = np.sort(rng.choice(len(test), count, replace=False))
    origins = rng.choice(len(train), count, replace=False)
    copied = [name for name in test.columns if name not in ("application_id", "applied_on")]
    result = test.copy()
    result.loc[places, copied] = train.loc[origins, copied].to_numpy()
    return result.astype(test.dtypes.to_dict())
