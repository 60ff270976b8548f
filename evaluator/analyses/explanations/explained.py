"""What every further look at a model reads: the plan, the rows, the model with its pace, and the parts of its scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.effects import Curve
from evaluator.analyses.explanations.pace import Clock
from evaluator.plan.schema import Plan
from evaluator.statistics.spread import IntArray
from evaluator.subject.subject import Subject


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """One model, or one class of it, that could be asked and whose answers can be relied on.

    Attributes
    ----------
    asked : the rows of positive weight and the model; for several classes, the score of one of them.
    rate : rows that the model answers in a second; `clock` measures seconds.
    parts : contributions that add up, or None where they are withheld; `withheld` says why.
    curves : what each feature does to the score, in the model's order.
    """

    plan: Plan
    subject: Subject
    asked: Asked
    rate: float
    clock: Clock
    parts: Contributions | None
    withheld: str
    curves: tuple[Curve | None, ...]

    @property
    def positions(self) -> IntArray:
        """Where the asked rows stand among all rows of the subject, shape (n,)."""
        weight = self.subject.weight
        kept = np.arange(self.subject.n) if weight is None else np.flatnonzero(weight > 0)
        return kept.astype(np.int64)
