"""Models of the same kind that were trained on shuffled outcomes."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.errors import ModelError
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.levels import nfc
from evaluator.subject.models.estimators import estimator_answer, estimator_classes, estimator_features
from evaluator.subject.models.foreign import Raised, attempt

OWN_FUNCTION = "FunctionTransformer"
NOT_TRAINED = "the model could not be trained again on these rows"
TYPES_OF = ("numpy", "builtins")


class Lessons(NamedTuple):
    """Rows to fit on, with their outcomes as the data spell them."""

    frame: pd.DataFrame
    label: NDArray[Any]


def may_be_refitted(explained: Explained) -> bool:
    """Whether the model came as a file without code, and every part of it is scikit-learn's own."""
    model = explained.subject.model
    if model is None or model.kind != "skops" or not hasattr(model.estimator, "get_params"):
        return False
    parts = [model.estimator, *model.estimator.get_params(deep=True).values()]
    return all(_own_code(part) for part in parts if hasattr(part, "get_params") or callable(part))


def _own_code(part: Any) -> bool:
    """Estimators and functions must be scikit-learn's; a type such as the one of encoded numbers may be NumPy's."""
    if isinstance(part, type):
        return part.__module__ in TYPES_OF or part.__module__.startswith("sklearn.")
    kind = type(part) if hasattr(part, "get_params") else part
    module = str(getattr(kind, "__module__", ""))
    return module.startswith("sklearn.") and getattr(kind, "__name__", "") != OWN_FUNCTION


def lessons(explained: Explained, half: IntArray, most: int) -> Lessons:
    """At most `most` rows of the training data, else of the given half of the asked rows."""
    asked, training = explained.asked, explained.subject.training
    label = nfc(explained.plan.task.label)
    names = [str(name) for name in asked.frame.columns]
    rng = stream(asked.seed, "explanations/shuffled/rows")
    if training is not None and {*names, label} <= {str(name) for name in training.columns}:
        rows = np.sort(rng.permutation(np.flatnonzero(training[label].notna().to_numpy()))[:most])
        return Lessons(training.iloc[rows][names], training[label].iloc[rows].to_numpy())
    rows = np.sort(rng.permutation(half)[:most])
    outcome = explained.subject.frame[label].iloc[explained.positions[rows]]
    return Lessons(asked.frame.iloc[rows], outcome.to_numpy())


def shuffled_model(explained: Explained, taught: Lessons, number: int) -> Asked | str:
    """The same rows with a clone of the model that was fitted on shuffled outcomes; why there is none, as words.

    Chance inside the estimator is fixed, so that the same run gives the same model. It is trained within this process, so
    that the time it takes is seen, and writes nothing to disk.
    """
    from sklearn.base import clone

    asked = explained.asked
    rng = stream(asked.seed, "explanations/shuffled/labels", str(number))
    estimator = clone(asked.estimator)
    estimator.set_params(**_settled(estimator.get_params(deep=True), number))
    rows = taught.frame if estimator_features(asked.estimator) is not None else taught.frame.to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = attempt(lambda: estimator.fit(rows, rng.permutation(taught.label)))
    if isinstance(done, Raised):
        return NOT_TRAINED
    try:
        return _asked_about(explained, estimator)
    except ModelError:  # the rows to train on lack a class
        return NOT_TRAINED


def _settled(params: dict[str, Any], number: int) -> dict[str, object]:
    """Settings that are not left as they are."""
    fixed: dict[str, object] = {"n_jobs": 1, "memory": None}
    settled = {name: fixed[name.rpartition("__")[2]] for name in params if name.rpartition("__")[2] in fixed}
    loose = [name for name, value in params.items() if value is None and name.rpartition("__")[2] == "random_state"]
    return settled | dict.fromkeys(loose, number)


def _asked_about(explained: Explained, estimator: Any) -> Asked | str:
    asked, task = explained.asked, explained.plan.task
    classes = estimator_classes(estimator, task)
    if classes is not None and asked.class_ not in classes:
        return NOT_TRAINED
    answer = estimator_answer(estimator, task, type(estimator).__name__)
    column = None if classes is None else classes.index(asked.class_)

    def scores(frame: pd.DataFrame) -> FloatArray:
        said = np.asarray(answer(frame), dtype=np.float64)
        return said if column is None else said[:, column]

    return replace(asked, estimator=estimator, mixer=Mixer(asked.frame, scores))
