"""What counts as failing: which cases a loss is about, and how much each of them loses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.analyses.seen import TaskRows, rows_as_seen
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.records import MODEL
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray
from evaluator.subject.subject import Subject

CodeArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Loss:
    """One way to fail.

    Attributes
    ----------
    among : outcome codes of the cases it is about. `events` : those of them that count as failed; none for a size.
    metric : the number of the catalogue that is its mean, or 1 less its mean where it is `turned`.
    """

    name: str
    among: tuple[int, ...]
    events: tuple[int, ...]
    metric: str
    turned: bool = False

    @property
    def is_share(self) -> bool:
        """Whether a case either fails or does not; else it loses so much."""
        return bool(self.events)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How the model did on every case.

    Attributes
    ----------
    code : outcome of every case below `k`, shape (n,). `size` : how much each case loses, where that is a quantity.
    """

    losses: tuple[Loss, ...]
    rows: TaskRows
    code: CodeArray
    k: int
    size: FloatArray | None = None

    @property
    def n(self) -> int:
        return self.code.size

    def among(self, loss: Loss) -> BoolArray:
        """The cases that a loss is about."""
        return np.isin(self.code, loss.among)

    def values(self, loss: Loss) -> FloatArray:
        """The loss of every case: 1 for a failure, else the size."""
        if loss.is_share:
            return np.isin(self.code, loss.events).astype(np.float64)
        assert self.size is not None
        return self.size


ERROR = Loss("error", (0, 1, 2, 3), (1, 3), "accuracy", turned=True)
FALSE_NEGATIVE = Loss("false_negative", (2, 3), (3,), "false_negative_rate")
FALSE_POSITIVE = Loss("false_positive", (0, 1), (1,), "false_positive_rate")
WRONG_CLASS = Loss("wrong_class", (0, 1), (1,), "accuracy", turned=True)
SQUARED_ERROR = Loss("squared_error", (0,), (), "brier_loss")
ABSOLUTE_ERROR = Loss("absolute_error", (0,), (), "mean_absolute_error")


def outcomes_of(subject: Subject) -> Outcomes | None:
    """What the model's answers are held against; None for a score that neither decides nor promises a chance."""
    scores = next(scores for scores in subject.scores if scores.subject == MODEL)
    rows = rows_as_seen(subject, scores)
    if isinstance(rows, ClassRows):
        return Outcomes((WRONG_CLASS,), rows, (rows.label != rows.chosen).astype(np.uint8), 2)
    if isinstance(rows, NumberRows):
        return _sized(ABSOLUTE_ERROR, rows, np.abs(rows.label - rows.predicted))
    return _decided(rows)


def _decided(rows: BinaryRows) -> Outcomes | None:
    if rows.decision is not None:
        code = 2 * rows.label.astype(np.uint8) + (rows.label != rows.decision)
        losses = (ERROR, FALSE_NEGATIVE, FALSE_POSITIVE)
        known = code if rows.weight is None else code[rows.weight > 0]
        there = tuple(loss for loss in losses if np.isin(known, loss.among).any())
        return Outcomes(there, rows, code.astype(np.uint8), 4)
    if rows.score is None or not rows.probability:
        return None
    return _sized(SQUARED_ERROR, rows, (rows.score - rows.label) ** 2)


def _sized(loss: Loss, rows: TaskRows, size: FloatArray) -> Outcomes:
    return Outcomes((loss,), rows, np.zeros(size.size, dtype=np.uint8), 1, size)
