"""What resampling gives: totals per group and replicate, and the metrics that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.statistics.spread import FloatArray, IntArray

Totals = npt.NDArray[Any]
"""Whole numbers for rows that weigh alike, else sums of weights."""


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Totals per group and replicate, each of shape (groups, replicates).

    Attributes
    ----------
    negatives, positives : rows drawn of each outcome.
    false_positives, true_positives : of them predicted positive; all zero without decisions.
    wrong_pairs : twice the pairs of a positive and a negative row that are ranked wrongly, ties half.
    precision : sum over positive rows of the precision down to their score.
    losses : sum of each loss, shape (losses, groups, replicates).
    """

    negatives: Totals
    positives: Totals
    false_positives: Totals
    true_positives: Totals
    wrong_pairs: Totals
    precision: FloatArray
    losses: FloatArray
    ranked: bool = True
    decided: bool = True

    @property
    def total(self) -> Totals:
        """Rows drawn."""
        return self.negatives + self.positives

    @property
    def missing(self) -> IntArray:
        """Replicates of each group that lack an outcome, shape (groups,); ranking metrics are NaN in them."""
        absent: IntArray = np.count_nonzero((self.negatives == 0) | (self.positives == 0), axis=1)
        return absent

    def auc(self) -> FloatArray:
        """Area under the ROC curve, 1 - wrong pairs / all pairs; NaN where an outcome is missing."""
        _need(self.ranked, "scores")
        pairs = self.negatives.astype(np.float64) * self.positives
        return 1.0 - _ratio(self.wrong_pairs, 2.0 * pairs)

    def average_precision(self) -> FloatArray:
        """Mean over positive rows of the precision down to their score; NaN where an outcome is missing."""
        _need(self.ranked, "scores")
        return _ratio(self.precision, np.where(self.negatives > 0, self.positives, 0))

    def accuracy(self) -> FloatArray:
        """Share of right decisions; NaN where no row is drawn."""
        _need(self.decided, "decisions")
        return _ratio(self.true_positives + self.negatives - self.false_positives, self.total)

    def f1(self) -> FloatArray:
        """2 TP / (2 TP + FP + FN); NaN where no row is positive or predicted positive."""
        _need(self.decided, "decisions")
        twice = 2 * self.true_positives
        return _ratio(twice, self.true_positives + self.false_positives + self.positives)

    def mean_loss(self, position: int = 0) -> FloatArray:
        """Mean of the loss at `position`; the Brier loss for squared differences. NaN where no row is drawn."""
        return _ratio(self.losses[position], self.total)


def _need(present: bool, what: str) -> None:
    if not present:
        raise ValueError(f"The rows were prepared without {what}.")


def _ratio(numerator: Totals, denominator: Totals) -> FloatArray:
    """Element by element, NaN where the denominator is 0."""
    found = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=found, where=denominator > 0)
    return found
