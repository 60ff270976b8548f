"""Diabetes progression: the data that scikit-learn ships, half of them for the test, and two models of a number.

442 rows, one per patient: age, sex as a code, body mass index, blood pressure, six blood values, and how far the
disease had progressed a year later.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sklearn.base import RegressorMixin
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evaluator.demo.files import write_model, write_plan, write_table

PLAN = "diabetes-progression-2-0"
LABEL = "progression"
MODEL_FILE = "diabetes_2_0.skops"
FEATURES = ("age", "sex", "body_mass_index", "blood_pressure", "s1", "s2", "s3", "s4", "s5", "s6")
EARLIER_FEATURES = ("body_mass_index",)
"""What version 1.0 looked at; version 2.0 uses every measurement."""
TEST_SHARE = 0.5
SPLIT_SEED = 5


def load_patients() -> pd.DataFrame:
    """All 442 rows: `source_row`, the measurements as they were taken, and the label."""
    bunch = load_diabetes(as_frame=True, scaled=False)
    patients = pd.DataFrame(bunch.data).rename(columns={"bmi": "body_mass_index", "bp": "blood_pressure"})
    patients["age"], patients["sex"] = patients["age"].astype("int64"), patients["sex"].astype("int64")
    patients.insert(0, "source_row", range(len(patients)))
    patients[LABEL] = bunch.target.astype("float64")
    return patients


def split_patients(patients: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows, half of the patients each."""
    train, test = train_test_split(patients, test_size=TEST_SHARE, random_state=SPLIT_SEED)
    return train.sort_values("source_row", ignore_index=True), test.sort_values("source_row", ignore_index=True)


def build(folder: Path) -> Path:
    """Write the training and test tables, the model and the plan; return the plan's path."""
    train, test = split_patients(load_patients())
    current, earlier = _fitted(train, FEATURES), _fitted(train, EARLIER_FEATURES)
    scored = test.assign(
        predicted=current.predict(test[list(FEATURES)]).round(6),
        predicted_1_0=earlier.predict(test[list(EARLIER_FEATURES)]).round(6),
    )
    write_table(train, folder / "diabetes_train.parquet")
    write_table(scored, folder / "diabetes_test.parquet")
    write_model(current, folder / MODEL_FILE)
    return write_plan(folder, PLAN)


def _fitted(train: pd.DataFrame, columns: tuple[str, ...]) -> RegressorMixin:
    """A ridge regression on standardised measurements, learned from the training rows alone."""
    model = make_pipeline(StandardScaler(), Ridge(alpha=10.0))
    return model.fit(train[list(columns)], train[LABEL])
