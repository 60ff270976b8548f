"""Breast-cancer diagnosis: the Wisconsin data that scikit-learn ships, an honest split and two models.

569 rows, one per patient of one clinic: thirty measurements of cell nuclei, and what the diagnosis turned out to be.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from evaluator.demo.files import write_model, write_plan, write_table

PLAN = "breast-cancer-2-0"
LABEL = "malignant"
MODEL_FILE = "breast_cancer_2_0.skops"
SIZE = "nucleus_size"
SIZE_EDGES = (0.0, 12.0, 15.0, float("inf"))
SIZE_LEVELS = ("small", "medium", "large")
EARLIER_FEATURES = ("mean_radius", "mean_texture", "mean_smoothness")
"""What version 1.0 looked at; version 2.0 uses every measurement."""
TEST_SHARE = 0.4
SPLIT_SEED = 11


def load_patients() -> pd.DataFrame:
    """All 569 rows: `source_row`, the measurements, `nucleus_size` (bands of the mean radius) and the label."""
    bunch = load_breast_cancer(as_frame=True)
    patients = pd.DataFrame(bunch.data).rename(columns=lambda name: str(name).replace(" ", "_"))
    patients.insert(0, "source_row", range(len(patients)))
    bands = pd.cut(patients["mean_radius"], SIZE_EDGES, right=False, labels=SIZE_LEVELS)
    patients[SIZE] = bands.astype("str")
    patients[LABEL] = (bunch.target == list(bunch.target_names).index("malignant")).astype("int64")
    return patients


def split_patients(patients: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows, 60 and 40 %, with the same share of cancers in both."""
    train, test = train_test_split(patients, test_size=TEST_SHARE, stratify=patients[LABEL], random_state=SPLIT_SEED)
    return train.sort_values("source_row", ignore_index=True), test.sort_values("source_row", ignore_index=True)


def measurements_of(table: pd.DataFrame) -> list[str]:
    """What version 2.0 looks at."""
    return [str(name) for name in table.columns if name not in ("source_row", SIZE, LABEL)]


def fit_current(train: pd.DataFrame) -> ClassifierMixin:
    """Version 2.0, learned from the training rows alone."""
    return _fitted(train, measurements_of(train))


def score_patients(train: pd.DataFrame, test: pd.DataFrame, current: ClassifierMixin) -> pd.DataFrame:
    """The test rows with the probability of cancer by version 2.0 (`score`) and version 1.0 (`score_1_0`)."""
    earlier_columns = list(EARLIER_FEATURES)
    earlier = _fitted(train, earlier_columns)
    return test.assign(
        score=current.predict_proba(test[measurements_of(test)])[:, 1].round(6),
        score_1_0=earlier.predict_proba(test[earlier_columns])[:, 1].round(6),
    )


def build(folder: Path) -> Path:
    """Write the training and test tables, the model and the plan; return the plan's path."""
    train, test = split_patients(load_patients())
    current = fit_current(train)
    write_table(train, folder / "patients_train.parquet")
    write_model(current, folder / MODEL_FILE)
    write_table(score_patients(train, test, current), folder / "patients_test.parquet")
    return write_plan(folder, PLAN)


def _fitted(train: pd.DataFrame, columns: list[str]) -> ClassifierMixin:
    """A logistic regression on standardised measurements, learned from the training rows alone."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return model.fit(train[columns], train[LABEL])
