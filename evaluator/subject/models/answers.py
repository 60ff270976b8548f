"""Check what a model answers: one finite number per row, a probability where one was asked for."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import ModelError
from evaluator.subject.problems import listed, shown

Wanted = Literal["probability", "rank", "number"]

ROUNDING = 1e-9
FEWEST_TO_TELL = 20
"""Rows below which two different answers do not show that they are labels."""
PROBABILITY_HINT = (
    "Return the probability of the positive label, such as model.predict_proba(rows)[:, 1]; if the model only ranks, "
    "write score_kind: rank."
)
CLASS_HINT = (
    "Save a classifier that gives every class a number, by predict_proba or a decision_function of shape 'ovr'."
)
NUMBER_HINT = "Return one number per row, in the order of the rows."


def as_array(answer: object) -> NDArray[Any]:
    """An answer as an array of numbers where it can be one, of text otherwise; text is refused by its checks."""
    array = np.asarray(answer)
    if array.dtype != object:
        return array
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        return array.astype(str)


def check_answer(
    answer: NDArray[Any], n: int, who: str, wanted: Wanted, *, fitted: bool = False
) -> NDArray[np.float64]:
    """The scores, shape (n,), float64.

    Parameters
    ----------
    answer : what the model gave for `n` rows.
    who : the model's name in messages.
    wanted : a probability from 0 to 1, a number that ranks, or a predicted number.
    fitted : the answer is known to be no label, as with scikit-learn's `predict_proba`.

    Raises
    ------
    ModelError : in one sentence, with the next step.
    """
    scores = _numbers(_one_per_row(answer, n, who), who, wanted)
    if wanted == "probability" and not fitted:
        _check_no_labels(scores, who)
    _check_finite(scores, ~np.isfinite(scores), who)
    return _probabilities(scores, n, who) if wanted == "probability" else scores


def check_class_answer(answer: NDArray[Any], n: int, k: int, who: str, wanted: Wanted) -> NDArray[np.float64]:
    """The scores of `k` classes, shape (n, k), float64; ModelError when they are not one usable number for each."""
    if answer.shape != (n, k):
        size = " x ".join(f"{length:,}" for length in answer.shape) or "a single"
        message = f"{who} answered with {size} values for {n:,} rows; expected {k:,} for each row, one for each class."
        raise ModelError(message, CLASS_HINT)
    scores = _numbers(answer, who, wanted)
    _check_finite(scores, np.asarray(~np.isfinite(scores).all(axis=1)), who)
    return _probabilities(scores, n * k, who) if wanted == "probability" else scores


def _check_finite(scores: NDArray[np.float64], wrong: NDArray[np.bool_], who: str) -> None:
    """`wrong` marks the rows with an answer that is no finite number."""
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        rows = f"{wrong.sum():,} of {len(scores):,} rows, first for row {first + 1:,}"
        message = f"{who} answered with {_what(scores[wrong])} for {rows}."
        raise ModelError(message, "Fill in what is missing inside the model, so that every row has a number.")


def _one_per_row(answer: NDArray[Any], n: int, who: str) -> NDArray[Any]:
    if answer.ndim == 0:
        found = "nothing" if str(answer) in ("nan", "None") else "a single value"
        raise ModelError(f"{who} answered with {found} for {n:,} rows.", NUMBER_HINT)
    if answer.ndim == 2 and answer.shape[1] == 1:
        answer = answer[:, 0]
    if answer.ndim > 1:
        size = " x ".join(f"{length:,}" for length in answer.shape)
        message = f"{who} answered with a table of {size} values; expected one number per row."
        raise ModelError(message, "Return the column of the positive label alone, such as answer[:, 1].")
    if len(answer) != n:
        raise ModelError(f"{who} answered with {len(answer):,} values for {n:,} rows.", NUMBER_HINT)
    return answer


def _numbers(answer: NDArray[Any], who: str, wanted: Wanted) -> NDArray[np.float64]:
    hint = PROBABILITY_HINT if wanted == "probability" else NUMBER_HINT
    if answer.dtype.kind in "US":
        raise ModelError(f"{who} answered with text, such as {shown(str(answer[0]))}; expected numbers.", hint)
    if answer.dtype.kind == "b":
        raise ModelError(f"{who} answered with true and false; expected numbers.", hint)
    if answer.dtype.kind not in "fiu":
        raise ModelError(f"{who} answered with values of type {answer.dtype}; expected numbers.", hint)
    return answer.astype(np.float64)


def _check_no_labels(scores: NDArray[np.float64], who: str) -> None:
    found = np.unique(scores)
    if len(scores) >= FEWEST_TO_TELL and len(found) < 3 and np.isin(found, (-1.0, 0.0, 1.0, 2.0)).all():
        said = listed([f"{value:g}" for value in found]).replace("'", "")
        raise ModelError(f"{who} answered with labels alone ({said}); expected probabilities.", PROBABILITY_HINT)


def _probabilities(scores: NDArray[np.float64], n: int, who: str) -> NDArray[np.float64]:
    wrong = (scores < -ROUNDING) | (scores > 1 + ROUNDING)
    if wrong.any():
        message = (
            f"{who} answered with {wrong.sum():,} of {n:,} numbers outside 0 to 1, such as {scores[wrong][0]:.6g}; "
            f"expected probabilities."
        )
        raise ModelError(message, PROBABILITY_HINT)
    return np.clip(scores, 0.0, 1.0)


def _what(values: NDArray[np.float64]) -> str:
    missing, infinite = bool(np.isnan(values).any()), bool(np.isinf(values).any())
    return "missing and infinite numbers" if missing and infinite else "no number" if missing else "an infinite number"
