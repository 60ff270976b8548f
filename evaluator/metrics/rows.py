"""The arrays one measurement reads, with what several metrics share computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluator.metrics.cell_table import CellTable, CodeArray, cell_table
from evaluator.statistics.calibration import Bins, equal_mass_bins
from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.ranking import Ranking, rank
from evaluator.statistics.spread import FloatArray, IntArray, without_gaps


@dataclass(frozen=True, eq=False)
class BinaryRows:
    """Rows of one population as one subject sees them; every array has shape (n,).

    Attributes
    ----------
    label : the outcome is the positive one.
    decision : predicted positive, or None when the subject makes no decision.
    score : higher is more positive, or None. `probability` says that it is meant as a probability.
    weight : non-negative, or None for equal weights.
    cluster : integer per row, or None for independent rows.
    by_score : the rows come by descending score, so that ranking needs no sort.
    """

    label: BoolArray
    decision: BoolArray | None
    score: FloatArray | None
    probability: bool
    weight: FloatArray | None = None
    cluster: IntArray | None = None
    by_score: bool = False

    def take(self, index: npt.NDArray[np.intp] | BoolArray) -> BinaryRows:
        """The rows at `index`."""
        return BinaryRows(
            label=self.label[index],
            decision=None if self.decision is None else self.decision[index],
            score=None if self.score is None else self.score[index],
            probability=self.probability,
            weight=None if self.weight is None else self.weight[index],
            cluster=None if self.cluster is None else self.cluster[index],
        )

    def with_weight(self) -> BinaryRows:
        """The rows that weigh anything; a row of weight zero is no evidence and must not count as one."""
        return self if self.weight is None or self.weight.all() else self.take(self.weight > 0)

    @property
    def n(self) -> int:
        return self.label.size

    @cached_property
    def influences(self) -> dict[str, Influence | None]:
        """Influences computed so far, by metric; a measurement and a comparison of the same rows share them."""
        return {}

    @cached_property
    def positives(self) -> int:
        return int(np.count_nonzero(self.label))

    @cached_property
    def negatives(self) -> int:
        return self.n - self.positives

    @cached_property
    def cell_of_row(self) -> CodeArray:
        """2 * label + decision."""
        assert self.decision is not None
        return 2 * self.label.view(np.uint8) + self.decision.view(np.uint8)

    @cached_property
    def table(self) -> CellTable:
        """The decision table."""
        return cell_table(self.cell_of_row, 4, weight=self.weight, cluster=self.real_clusters)

    @cached_property
    def ranking(self) -> Ranking:
        assert self.score is not None
        return rank(self.label, self.score, self.weight, by_score=self.by_score)

    @cached_property
    def bins(self) -> Bins:
        """Groups of equal weight by score."""
        assert self.score is not None
        return equal_mass_bins(self.label, self.score, self.weight, order=self.ranking.order[::-1])

    @cached_property
    def real_clusters(self) -> IntArray | None:
        """The clusters numbered from 0 without gaps, or None when no two of these rows share one."""
        return without_gaps(self.cluster)
