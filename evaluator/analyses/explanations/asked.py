"""What the calculations read: the model, the rows it is asked about, and what each column is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.explanations.drawing import strata_of
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.plan.schema import Plan
from evaluator.records import Words
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.subject import ColumnInfo

SPACE_UNITS: dict[str, str] = {"chance": "points", "log_odds": "log-odds", "brier": ""}


@dataclass(frozen=True, eq=False)
class Asked:
    """A model and the rows of positive weight.

    Attributes
    ----------
    mixer : the rows as the model reads them, and the way to ask it about mixtures of them.
    estimator : the scikit-learn object behind the model, or None.
    label : outcomes as numbers (1 for the positive one), shape (n,).
    score : what the model says about each row, shape (n,). `wrong` : whether it is wrong about it, or more than usual.
    columns : what is known about each feature, in the model's order.
    class_ : the class whose score it is, of several; '' for other tasks.
    spread : what rows are spread over when some are drawn, shape (n,); None for the score. Several classes share one, so
        that the same rows are looked at for each of them.
    classes : how many classes are explained, 1 for other tasks.
    """

    plan: Plan
    words: Words
    mixer: Mixer
    estimator: object | None
    label: FloatArray
    score: FloatArray
    wrong: NDArray[np.bool_]
    weight: FloatArray | None
    cluster: IntArray | None
    columns: tuple[ColumnInfo, ...]
    class_: str = ""
    spread: FloatArray | None = None
    classes: int = 1

    @property
    def frame(self) -> pd.DataFrame:
        return self.mixer.frame

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def n(self) -> int:
        return self.label.size

    @property
    def seed(self) -> int:
        return self.plan.settings.seed

    @property
    def level(self) -> float:
        return self.plan.settings.level

    @property
    def probability(self) -> bool:
        """Whether the score is the chance of the positive outcome, or of the class."""
        return self.plan.task.kind != "regression" and self.plan.task.score_kind == "probability"

    @property
    def two_outcomes(self) -> bool:
        """Whether the label says yes or no, about the positive outcome or about one class."""
        return self.plan.task.kind == "binary" or bool(self.class_)

    @property
    def space(self) -> str:
        """The unit in which the model's score itself is read."""
        return "chance" if self.probability else "score"

    @property
    def loss_space(self) -> str:
        """The unit of the squared error."""
        return "brier" if self.probability else "squared_error"

    @property
    def order(self) -> FloatArray:
        """What rows are ordered by when they are drawn evenly."""
        return self.score if self.spread is None else self.spread

    @cached_property
    def strata(self) -> IntArray:
        return strata_of(self.order, self.wrong)

    def unit_of(self, space: str) -> str:
        """The unit of numbers in a space, as printed after them."""
        if space in SPACE_UNITS:
            return SPACE_UNITS[space]
        unit = self.plan.task.unit or ""
        return f"{unit} squared" if space == "squared_error" and unit else unit
