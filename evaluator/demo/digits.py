"""Handwritten digits: the images that scikit-learn ships, half of them for the test, and two models of ten classes.

1,797 rows, one per image of 8 by 8 pixels, and the digit it shows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from evaluator.demo.files import write_model, write_plan, write_table

PLAN = "digits-2-0"
LABEL = "digit"
MODEL_FILE = "digits_2_0.skops"
STROKES = "strokes"
INK_EDGES = (0.0, 295.0, 330.0, float("inf"))
"""Ink is the sum of the pixels, each from 0 to 16; the edges cut the images into about equal thirds."""
STROKE_LEVELS = ("light", "medium", "heavy")
SIDE = 8
TEST_SHARE = 0.5
SPLIT_SEED = 4
LANDMARKS = 200
"""Training images that every image is compared with by version 2.0."""


def load_images() -> pd.DataFrame:
    """All 1,797 rows: `image_id`, 64 pixels, `strokes` (bands of the ink on the image) and the label."""
    bunch = load_digits(as_frame=True)
    images = pd.DataFrame(bunch.data).astype("int64")
    images.insert(0, "image_id", range(len(images)))
    ink = images[pixels_of(images)].sum(axis=1)
    images[STROKES] = pd.cut(ink, INK_EDGES, right=False, labels=STROKE_LEVELS).astype("str")
    images[LABEL] = bunch.target.astype("int64")
    return images


def split_images(images: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows, half of the images each, with the same share of every digit in both."""
    train, test = train_test_split(images, test_size=TEST_SHARE, stratify=images[LABEL], random_state=SPLIT_SEED)
    return train.sort_values("image_id", ignore_index=True), test.sort_values("image_id", ignore_index=True)


def pixels_of(table: pd.DataFrame) -> list[str]:
    """What version 2.0 looks at."""
    return [str(name) for name in table.columns if str(name).startswith("pixel_")]


def ink_by_line(table: pd.DataFrame) -> NDArray[np.float64]:
    """What version 1.0 looks at: the ink in each row and each column of the image, shape (n, 16)."""
    square = table[pixels_of(table)].to_numpy(dtype=np.float64).reshape(-1, SIDE, SIDE)
    return np.column_stack([square.sum(axis=2), square.sum(axis=1)])


def fit_current(train: pd.DataFrame) -> ClassifierMixin:
    """Version 2.0, learned from the training rows alone: how alike an image is to known ones, then a linear model."""
    alike = Nystroem(gamma=0.05, n_components=LANDMARKS, random_state=1)
    model = make_pipeline(MinMaxScaler(), alike, LogisticRegression(C=20.0, max_iter=2000))
    return model.fit(train[pixels_of(train)], train[LABEL])


def score_images(train: pd.DataFrame, test: pd.DataFrame, current: ClassifierMixin) -> pd.DataFrame:
    """The test rows with the probability of each digit by version 2.0 (`p_0` ...) and version 1.0 (`p_1_0_0` ...)."""
    earlier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    earlier.fit(ink_by_line(train), train[LABEL])
    new = _named("p_", current.predict_proba(test[pixels_of(test)]), test.index)
    old = _named("p_1_0_", earlier.predict_proba(ink_by_line(test)), test.index)
    return pd.concat([test, new, old], axis=1)


def build(folder: Path) -> Path:
    """Write the training and test tables, the model and the plan; return the plan's path."""
    train, test = split_images(load_images())
    current = fit_current(train)
    write_table(train, folder / "digits_train.parquet")
    write_table(score_images(train, test, current), folder / "digits_test.parquet")
    write_model(current, folder / MODEL_FILE)
    return write_plan(folder, PLAN)


def _named(prefix: str, chances: NDArray[np.float64], index: pd.Index) -> pd.DataFrame:
    """One column per digit, to six digits, which hides the last bits that machines disagree about."""
    return pd.DataFrame(chances.round(6), index=index, columns=[f"{prefix}{digit}" for digit in range(10)])
