"""A model that can be asked for scores."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.subject.models.answers import Wanted, check_answer, check_class_answer
from evaluator.subject.models.estimators import Answer

ModelKind = Literal["skops", "call", "pickle", "joblib"]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A loaded model.

    Parameters
    ----------
    kind : how it was given.
    sha256 : of the model file, or of the source of the function.
    name : the estimator's class, or `module:function`.
    path : the file that the hash is of.
    written : that file or function as the plan writes it.
    estimator : the scikit-learn object, or None for a function.
    features : the names of its columns in order, or None when it does not say.
    n_features : how many columns it takes, 0 when it does not say.
    notes : sentences a reader should know, such as a version that differs.
    classes : of several classes, those that the model knows, in the order of its scores; None for other tasks.
    """

    kind: ModelKind
    sha256: str
    name: str
    path: Path
    written: str
    estimator: Any
    features: tuple[str, ...] | None
    n_features: int
    notes: tuple[str, ...]
    wanted: Wanted
    answer: Answer
    classes: tuple[str, ...] | None = None

    def scores(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """The model's scores for rows with its features as columns (see `feature_frame`).

        Returns
        -------
        Shape (n,): the probability of the positive label, its rank when the plan's scores are ranks, or the predicted
        number of a regression. With several classes, shape (n, k): the probability or rank of each of `classes`.

        Raises
        ------
        ModelError : the answer is not one usable number per row; the sentence says what it was.
        """
        if not len(frame):
            return np.zeros(0 if self.classes is None else (0, len(self.classes)))
        if self.classes is not None:
            return check_class_answer(self.answer(frame), len(frame), len(self.classes), self.name, self.wanted)
        fitted = self.estimator is not None
        return check_answer(self.answer(frame), len(frame), self.name, self.wanted, fitted=fitted)
