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
        """Whether the score is the chance of the positive outcome."""
        return self.plan.task.kind == "binary" and self.plan.task.score_kind == "probability"

    @property
    def space(self) -> str:
        """The unit in which the model's score itself is read."""
        return "chance" if self.probability else "score"

    @cached_property
    def strata(self) -> IntArray:
        return strata_of(self.score, self.wrong)

    def unit_of(self, space: str) -> str:
        """The unit of numbers in a space, as printed after them."""
        if space in SPACE_UNITS:
            return SPACE_UNITS[space]
        unit = self.plan.task.unit or ""
        return f"{unit} squared" if space == "squared_error" and unit else unit
