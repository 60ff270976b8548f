"""Exact contributions for single tree models of scikit-learn, by shap's tree explainer."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions, held_against_model, typical_rows
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.statistics.spread import FloatArray
from evaluator.subject.levels import canonical_level, find_level

BACKGROUNDS = 5
BACKGROUND = 100
"""Cases in each background."""
TREES = frozenset(
    f"{name}{kind}"
    for name in ("HistGradientBoosting", "GradientBoosting", "RandomForest", "ExtraTrees", "DecisionTree", "ExtraTree")
    for kind in ("Classifier", "Regressor")
)


def is_tree_model(asked: Asked) -> bool:
    """Whether shap may know how to read the model, and every column is a number."""
    kind = type(asked.estimator)
    numbers = all(pd.api.types.is_numeric_dtype(dtype) for dtype in asked.frame.dtypes)
    return kind.__name__ in TREES and kind.__module__.startswith("sklearn.") and numbers


class TreeWay:
    """Shap's reading of the trees, set up once for each background; none of its own checks is relied on."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._matrix = asked.frame.to_numpy(dtype=np.float64, na_value=np.nan)
        typical = typical_rows(asked, BACKGROUNDS * BACKGROUND)
        self._backgrounds = [typical[start::BACKGROUNDS] for start in range(BACKGROUNDS)]
        self._explainers: dict[int, Any] = {}

    def contributions(self, drawn: Drawn) -> Contributions | None:
        """The parts of the drawn rows, or None for a model that shap does not know after all.

        The rows take turns with the backgrounds, so that what a background leaves to chance is part of the range.
        """
        which = np.arange(drawn.n) % len(self._backgrounds)
        values, base = np.zeros((drawn.n, self._matrix.shape[1])), np.zeros(drawn.n)
        try:
            for place in np.unique(which):
                rows = which == place
                values[rows], base[rows] = self._explained(int(place), self._matrix[drawn.index[rows]])
        except self._refusals():
            return None
        counted = int(np.unique(np.concatenate(self._backgrounds)).size)
        return held_against_model(
            self._asked, drawn, values, base, how="tree", space=self._asked.space, background=counted
        )

    def _explained(self, place: int, rows: FloatArray) -> tuple[FloatArray, float]:
        with _silence():
            if place not in self._explainers:
                self._explainers[place] = self._set_up(self._matrix[self._backgrounds[place]])
            explainer = self._explainers[place]
            values = np.asarray(explainer.shap_values(rows, check_additivity=False), dtype=np.float64)
            base = np.asarray(explainer.expected_value, dtype=np.float64)
        return _of_positive(values, np.ravel(base), self._asked)

    def _set_up(self, rows: FloatArray) -> Any:
        import shap

        # Shap would cut the background to 100 rows by itself; a masker keeps as many as it is given.
        background = shap.maskers.Independent(rows, max_samples=len(rows))
        output = "probability" if hasattr(self._asked.estimator, "classes_") else "raw"
        return shap.TreeExplainer(
            self._asked.estimator, data=background, model_output=output, feature_perturbation="interventional"
        )

    @staticmethod
    def _refusals() -> tuple[type[Exception], ...]:
        """What shap raises about models that it cannot read; it has no error of its own for all of them."""
        from shap.utils._exceptions import InvalidModelError

        return (InvalidModelError, AssertionError, NotImplementedError, TypeError, ValueError, AttributeError)


def _of_positive(values: FloatArray, base: FloatArray, asked: Asked) -> tuple[FloatArray, float]:
    """The parts of the predicted number, or of the positive label's chance.

    Shap gives classifiers one set of parts for each class, or a single one that is about the second class.
    """
    classes = getattr(asked.estimator, "classes_", None)
    if classes is None:
        return values, float(base[-1])
    levels = [canonical_level(value) or "" for value in np.asarray(classes).tolist()]
    position = levels.index(find_level(asked.plan.task.positive, levels) or "")
    if values.ndim == 3:
        return values[..., position], float(base[position])
    return (values, float(base[-1])) if position else (-values, 1 - float(base[-1]))


@contextlib.contextmanager
def _silence() -> Any:
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield
