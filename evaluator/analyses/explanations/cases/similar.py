"""How the most similar other cases ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.cases.distance import Likeness
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import Interval
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.proportions import proportion
from evaluator.statistics.spread import FloatArray, IntArray, spread_of

WANTED = 20
ROUNDING = 12
"""Decimals of a distance; what differs by less is equally far."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The most similar cases, the nearest first.

    `distance` is that of the farthest, in parts of the median distance between two cases; None without any.
    """

    index: IntArray
    distance: float | None

    @property
    def enough(self) -> bool:
        return self.index.size >= MIN_RELEVANT


class Search:
    """Finds the cases most similar to one."""

    def __init__(self, likeness: Likeness, row_id: np.ndarray) -> None:
        self._likeness = likeness
        # Equally far cases are taken in the order of a hash of their id, which neither the order of the rows nor, as
        # running numbers would, the time of the case decides.
        self._turn = pd.util.hash_array(np.array([str(one) for one in row_id], dtype=object), categorize=False)

    def of(self, position: int) -> Neighbours:
        """The nearest cases, at most 20 and no farther than two cases usually are, and one of each cluster.

        The case itself and its own cluster are left out: its luck is theirs.
        """
        distance = np.round(self._likeness.to_row(position), ROUNDING)
        usable = self._others(position) & (distance <= self._likeness.usual + 10.0**-ROUNDING)
        found = self._nearest(distance, usable)
        if not found.size:
            return Neighbours(found, None)
        farthest, usual = float(distance[found].max()), self._likeness.usual
        return Neighbours(found, farthest / usual if farthest > 0 else 0.0)

    def _others(self, position: int) -> BoolArray:
        cluster = self._likeness.asked.cluster
        others = np.ones(self._likeness.asked.n, dtype=np.bool_) if cluster is None else cluster != cluster[position]
        others[position] = False
        return others

    def _nearest(self, distance: FloatArray, usable: BoolArray) -> IntArray:
        """Looks at few cases first, and at more of them while too many share a cluster."""
        rows, looked = np.flatnonzero(usable), 5 * WANTED
        while True:
            near = rows
            if rows.size > looked:
                near = rows[distance[rows] <= np.partition(distance[rows], looked)[looked]]
            near = near[np.lexsort((self._turn[near], distance[near]))]
            found = self._one_of_each_cluster(near)[:WANTED]
            if found.size == WANTED or near.size == rows.size:
                return found.astype(np.int64)
            looked *= 10

    def _one_of_each_cluster(self, rows: IntArray) -> IntArray:
        cluster = self._likeness.asked.cluster
        return rows if cluster is None else rows[np.sort(np.unique(cluster[rows], return_index=True)[1])]


def share_range(count: int, n: int, level: float) -> Interval:
    """Range of the mean chance of the outcome among the similar cases.

    Notes
    -----
    Each of the n cases has a chance of its own, so their count is a sum of unequal coins; its tails are no heavier
    than those of a binomial with their mean chance (Hoeffding 1956), and the exact interval keeps its level: of 1,000
    samples it held their mean chance in 975 to 1,000. It speaks for them and not for the case itself. Where two
    features count it held the case's own chance in 912 to 998, where ten do and chances change fast in 45.
    """
    return proportion(count, n, level)


def mean_range(labels: FloatArray, level: float) -> Interval | None:
    """Range of the mean of what is expected of the similar cases; None where all have the same label."""
    if np.ptp(labels) == 0:
        return None
    mean = float(labels.mean())
    return t_interval(mean, spread_of(labels / labels.size - mean / labels.size), level)
