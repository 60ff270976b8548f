"""Rows of one population whose outcome is one of several classes, as one subject sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.class_cells import class_cells
from evaluator.statistics.class_ranking import Ranked
from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.spread import FloatArray, IntArray, effective_n, without_gaps

BLOCK = 8_192
"""Rows looked at together, so that their scores stay near the processor."""


@dataclass(frozen=True, eq=False)
class ClassRows:
    """Rows of one population as one subject sees them.

    Attributes
    ----------
    label : position of the true class, in [0, k), shape (n,).
    chosen : position of the predicted class, or None when the subject chooses none.
    scores : score of every class, shape (n, k), higher is more likely, or None. `probability` says that each row is
        meant as probabilities that add up to 1.
    k : number of classes of the task, whether or not rows of each are here.
    ordered : the classes run from low to high.
    weight : non-negative, or None for equal weights.
    cluster : integer per row, or None for independent rows.
    """

    label: IntArray
    chosen: IntArray | None
    scores: FloatArray | None
    probability: bool
    k: int
    ordered: bool = False
    weight: FloatArray | None = None
    cluster: IntArray | None = None

    def take(self, index: npt.NDArray[np.intp] | BoolArray) -> ClassRows:
        """The rows at `index`."""
        return ClassRows(
            label=self.label[index],
            chosen=None if self.chosen is None else self.chosen[index],
            scores=None if self.scores is None else self.scores[index],
            probability=self.probability,
            k=self.k,
            ordered=self.ordered,
            weight=None if self.weight is None else self.weight[index],
            cluster=None if self.cluster is None else self.cluster[index],
        )

    def with_weight(self) -> ClassRows:
        """The rows that weigh anything; a row of weight zero is no evidence and must not count as one."""
        return self if self.weight is None or self.weight.all() else self.take(self.weight > 0)

    def one_class(self, position: int) -> BinaryRows:
        """The same rows asked about one class against the rest."""
        if position not in self._one_class:
            self._one_class[position] = BinaryRows(
                label=self.label == position,
                decision=None if self.chosen is None else self.chosen == position,
                score=None if self.scores is None else np.ascontiguousarray(self.scores[:, position]),
                probability=self.probability,
                weight=self.weight,
                cluster=self.cluster,
            )
        return self._one_class[position]

    @cached_property
    def _one_class(self) -> dict[int, BinaryRows]:
        return {}

    @property
    def n(self) -> int:
        return self.label.size

    @property
    def has_weight(self) -> bool:
        """Whether there is any evidence at all."""
        return self.n > 0 if self.weight is None else bool(self.weight.any())

    @cached_property
    def rows_of_class(self) -> IntArray:
        """Number of rows by true class, shape (k,)."""
        return np.bincount(self.label, minlength=self.k)

    @cached_property
    def rows_of_choice(self) -> IntArray:
        """Number of rows by chosen class, shape (k,)."""
        assert self.chosen is not None
        return np.bincount(self.chosen, minlength=self.k)

    @cached_property
    def cell_of_row(self) -> IntArray:
        """k * label + chosen."""
        assert self.chosen is not None
        return self.label * self.k + self.chosen

    @cached_property
    def cells(self) -> FloatArray:
        """Weight by true class (rows) and chosen class (columns), shape (k, k)."""
        assert self.chosen is not None
        return class_cells(self.label, self.chosen, self.k, self.weight)

    @cached_property
    def own_score(self) -> FloatArray:
        """Score of each row's true class."""
        assert self.scores is not None
        own: FloatArray = self.scores[np.arange(self.n), self.label]
        return own

    @cached_property
    def own_place(self) -> IntArray:
        """How many classes score higher than each row's true class, or as high and come before it."""
        assert self.scores is not None
        place = np.zeros(self.n, dtype=np.int64)
        for start in range(0, self.n, BLOCK):
            part = slice(start, start + BLOCK)
            own, label, before = self.own_score[part], self.label[part], place[part]
            for position, score in enumerate(self.scores[part].T):
                before += (score > own) | ((score == own) & (position < label))
        return place

    @cached_property
    def confidence(self) -> BinaryRows:
        """Whether each choice is right, scored with the score of the chosen class; without a choice, of the highest."""
        assert self.scores is not None
        chosen = self.scores.argmax(axis=1) if self.chosen is None else self.chosen
        score = self.scores[np.arange(self.n), chosen]
        return BinaryRows(chosen == self.label, None, score, self.probability, self.weight, self.cluster)

    @cached_property
    def influences(self) -> dict[str, Influence | None]:
        """Influences computed so far, by metric."""
        return {}

    @cached_property
    def ranked(self) -> dict[int | None, Ranked | None]:
        """Rankings found so far: of a class by its position, and of all pairs of row and class under None."""
        return {}

    @cached_property
    def class_shares(self) -> FloatArray:
        """Each true class's share of the weight, shape (k,)."""
        weight: FloatArray = np.bincount(self.label, self.weight, minlength=self.k).astype(np.float64)
        shares: FloatArray = weight / weight.sum()
        return shares

    @cached_property
    def real_clusters(self) -> IntArray | None:
        """The clusters numbered from 0 without gaps, or None when no two of these rows share one."""
        return without_gaps(self.cluster)

    @cached_property
    def n_effective(self) -> float:
        """Rows' worth of evidence under the weights; the number of rows without."""
        return float(self.n) if self.weight is None else effective_n(self.weight)
