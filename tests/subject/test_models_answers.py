"""Every answer of a model is checked, and a bad one is said in a sentence with a next step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.errors import ModelError
from evaluator.subject.models.answers import as_array, check_answer

GOOD = np.linspace(0.01, 0.99, 40)


def refusal(answer: object, wanted: Any = "probability", n: int = 40) -> ModelError:
    with pytest.raises(ModelError) as caught:
        check_answer(as_array(answer), n, "scoring:score", wanted)
    assert caught.value.message.startswith("scoring:score answered with ")
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [GOOD, list(GOOD), pd.Series(GOOD), GOOD[:, None], GOOD.astype("float32"), pd.Series(GOOD).astype("Float64"),
     np.array(list(GOOD), dtype=object)],
)  # fmt: skip
def test_numbers_in_any_form_are_float64_in_one_dimension(answer: object) -> None:
    scores = check_answer(as_array(answer), 40, "m", "probability")
    assert (scores.dtype, scores.shape) == (np.dtype(np.float64), (40,))
    assert np.allclose(scores, GOOD, atol=1e-7)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "answered with nothing for 40 rows"),
        (0.5, "answered with a single value"),
        (GOOD[:39], "answered with 39 values for 40 rows"),
        (np.stack([1 - GOOD, GOOD], axis=1), "a table of 40 x 2 values"),
        (["yes"] * 40, "answered with text, such as 'yes'"),
        ([None, "no"] * 20, "answered with text, such as 'None'"),
        (GOOD > 0.5, "answered with true and false"),
        ((GOOD > 0.5).astype(int), "answered with labels alone (0, 1)"),
        (np.where(GOOD > 0.5, 1, -1), "answered with labels alone (-1, 1)"),
        (np.ones(40), "answered with labels alone (1)"),
        (GOOD.astype(complex), "values of type complex128"),
        (np.where(GOOD > 0.9, np.nan, GOOD), "no number for 4 of 40 rows, first for row 37"),
        (np.where(GOOD > 0.9, np.inf, GOOD), "an infinite number for 4 of 40 rows"),
        (np.where(GOOD > 0.9, np.inf, np.where(GOOD < 0.1, np.nan, GOOD)), "missing and infinite numbers for 8"),
        (GOOD * 100, "numbers outside 0 to 1, such as"),
        (GOOD - 0.5, "numbers outside 0 to 1, such as -0.49"),
    ],
)
def test_what_cannot_be_probabilities_is_said(answer: object, said: str) -> None:
    assert said in refusal(answer).message


@pytest.mark.parametrize("answer", [["yes", "no"] * 20, GOOD > 0.5, (GOOD > 0.5).astype(int)])
def test_labels_come_with_how_to_return_probabilities(answer: object) -> None:
    assert "model.predict_proba(rows)[:, 1]" in refusal(answer).hint


@pytest.mark.parametrize("wanted", ["rank", "number"])
def test_ranks_and_predicted_numbers_may_be_any_finite_numbers(wanted: Any) -> None:
    for answer in (GOOD * 100 - 7, (GOOD > 0.5).astype(int)):
        assert np.array_equal(check_answer(as_array(answer), 40, "m", wanted), answer)
    assert "no number" in refusal(np.full(40, np.nan), wanted).message


def test_two_answers_for_few_rows_or_from_a_fitted_tree_are_no_labels() -> None:
    few = np.array([0.0, 1.0, 1.0])
    assert np.array_equal(check_answer(few, 3, "m", "probability"), few)
    sure = np.array([0.0, 1.0] * 20)
    assert np.array_equal(check_answer(sure, 40, "m", "probability", fitted=True), sure)


def test_rounding_beyond_the_ends_is_put_right() -> None:
    scores = check_answer(np.array([-1e-12, 0.5, 1 + 1e-12]), 3, "m", "probability")
    assert (scores.min(), scores.max()) == (0.0, 1.0)
