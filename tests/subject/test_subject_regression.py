"""Loading the subject of a model that predicts a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.subject.subject import Subject

Load = Callable[..., Subject]
TASK = {
    "kind": "regression",
    "label": "price",
    "score": "predicted",
    "positive": None,
    "threshold": None,
    "unit": "EUR",
}


def houses(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"price": [100, 250, 100, 300], "predicted": [110.5, 240.0, 90.0, 300.0]} | columns)


def test_the_label_is_a_number_and_the_prediction_stands_beside_it(load: Load) -> None:
    subject = load(houses(before=[1.0, 2.0, 3.0, 4.0]), task=TASK, compare_with={"version": "1", "score": "before"})
    assert subject.label.dtype == np.float64
    assert subject.label.tolist() == [100.0, 250.0, 100.0, 300.0]
    model, earlier = subject.scores
    assert model.score is not None
    assert model.score.tolist() == [110.5, 240.0, 90.0, 300.0]
    assert (model.prediction, model.probability, model.threshold, model.recorded) == (None, False, None, False)
    assert earlier.score is not None
    assert earlier.score.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_a_label_with_few_values_is_a_quantity_in_the_unit_of_the_task(load: Load) -> None:
    subject = load(houses(), task=TASK)
    label = next(column for column in subject.columns if column.name == "price")
    assert (label.type, label.role, label.unit, label.levels) == ("number", "label", "EUR", ())


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"price": ["a", "b", "c", "d"]}, "task.label: 'price' is not a column of numbers"),
        ({"price": [1.0, None, 2.0, 3.0]}, "task.label: 'price' is missing in"),
        ({"price": [1.0, np.inf, 2.0, 3.0]}, "task.label: 'price' is infinite in"),
        ({"predicted": [1.0, 2.0, None, 3.0]}, "task.prediction: 'predicted' is missing in"),
        ({"predicted": ["1,5", "2", "3", "4"]}, "task.prediction: 'predicted' is not a column of numbers"),
        ({"price": [True, False, True, True]}, "task.label: 'price' is not a column of numbers"),
    ],
)
def test_what_is_no_number_is_named(refused: Callable[..., str], columns: dict[str, Any], said: str) -> None:
    assert said in refused(houses(**columns), task=TASK)


def test_the_label_cannot_be_the_prediction(refused: Callable[..., str]) -> None:
    assert "both the label and the model's answer" in refused(houses(), task=TASK | {"score": "price"})
