"""The arrays one measurement of predicted numbers reads, with what several metrics share computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.influence import BoolArray, Influence, mean
from evaluator.statistics.order_statistics import Ordered, in_order
from evaluator.statistics.spread import FloatArray, IntArray, effective_n, without_gaps


@dataclass(frozen=True, eq=False)
class NumberRows:
    """Rows of one population as one subject that predicts a number sees them; every array has shape (n,).

    Attributes
    ----------
    label : the true number, finite; `predicted` the subject's, finite, in the same unit.
    weight : non-negative, or None for equal weights.
    cluster : non-negative integer per row, or None for independent rows.
    """

    label: FloatArray
    predicted: FloatArray
    weight: FloatArray | None = None
    cluster: IntArray | None = None

    def take(self, index: npt.NDArray[np.intp] | BoolArray) -> NumberRows:
        """The rows at `index`."""
        return NumberRows(
            label=self.label[index],
            predicted=self.predicted[index],
            weight=None if self.weight is None else self.weight[index],
            cluster=None if self.cluster is None else self.cluster[index],
        )

    def with_weight(self) -> NumberRows:
        """The rows that weigh anything; a row of weight zero is no evidence and must not count as one."""
        return self if self.weight is None or self.weight.all() else self.take(self.weight > 0)

    @property
    def n(self) -> int:
        return self.label.size

    @property
    def has_weight(self) -> bool:
        """Whether there is any evidence at all."""
        return self.n > 0 if self.weight is None else bool(self.weight.any())

    @cached_property
    def influences(self) -> dict[str, Influence | None]:
        """Influences computed so far, by metric; a measurement and a comparison of the same rows share them."""
        return {}

    @cached_property
    def real_clusters(self) -> IntArray | None:
        """The clusters numbered from 0 without gaps, or None when no two of these rows share one."""
        return without_gaps(self.cluster)

    @cached_property
    def n_clusters(self) -> int | None:
        return None if self.real_clusters is None else int(self.real_clusters.max()) + 1

    @cached_property
    def n_effective(self) -> float:
        """Rows' worth of evidence under the weights; the number of rows without."""
        return float(self.n) if self.weight is None else effective_n(self.weight)

    @cached_property
    def error(self) -> FloatArray:
        """Predicted minus label: above 0 where the prediction is too high."""
        return self.predicted - self.label

    @cached_property
    def size_of_error(self) -> FloatArray:
        return np.abs(self.error)

    @cached_property
    def ordered(self) -> Ordered:
        """Sizes of the errors in ascending order: the one sort that every quantile shares."""
        return in_order(self.size_of_error, self.weight)

    @cached_property
    def squared_error(self) -> Influence:
        """Mean squared error."""
        return mean(self.error**2, self.weight)

    @cached_property
    def label_variance(self) -> Influence:
        """Mean squared distance of the labels from their mean."""
        return mean((self.label - mean(self.label, self.weight).value) ** 2, self.weight)


AnyRows = BinaryRows | NumberRows | ClassRows
"""Rows of any kind of task."""
