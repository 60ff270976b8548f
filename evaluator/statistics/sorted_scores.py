"""Very many rows by descending score, cut into parts that fit the processor's cache."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from evaluator.statistics.calibration import BINS, log_odds
from evaluator.statistics.influence import BoolArray, log_loss_rows
from evaluator.statistics.spread import FloatArray, IntArray

PART = 65_536
"""Rows per part; parts end where a group of equal scores ends."""


@dataclass(frozen=True, eq=False)
class SortedScores:
    """All rows of a subject by descending score, with what does not depend on which rows are asked about."""

    label: BoolArray
    score: FloatArray
    probability: bool

    @cached_property
    def edges(self) -> IntArray:
        """First row of each part, and the number of rows."""
        n, found = self.score.size, [0]
        for near in range(PART, n, PART):
            if near > found[-1]:
                found.append(self._next_group(near))
        return np.unique([*found, n])

    def _next_group(self, near: int) -> int:
        """The first row from here on that is the first of its equal scores."""
        value = self.score[near]
        return near if value < self.score[near - 1] else bisect_right(self.score, -value, near, key=lambda one: -one)

    @cached_property
    def log_loss(self) -> FloatArray:
        return self._row_by_row(log_loss_rows)

    @cached_property
    def log_odds(self) -> FloatArray:
        return self._row_by_row(lambda _, score: log_odds(score))

    def _row_by_row(self, function: Callable[[BoolArray, FloatArray], FloatArray]) -> FloatArray:
        """Part by part, because what a function needs in between is several times its result."""
        found = np.empty(self.score.size)
        for low in range(0, found.size, PART):
            part = slice(low, low + PART)
            found[part] = function(self.label[part], self.score[part])
        return found

    def prepare(self) -> None:
        """Compute what every pass needs, before the first question."""
        assert self.edges.size
        if self.probability:
            assert self.log_loss.size == self.log_odds.size


def equal_mass_starts(scores: SortedScores, mask: BoolArray, n: int, bins: int = BINS) -> IntArray:
    """First row of each bin of equal size by descending score, as a place among all rows; ties stay together.

    The cut of `calibration.equal_mass_bins`: a group of equal scores belongs to the bin that its middle falls into,
    counted from the lowest score.
    """
    counts = [int(np.count_nonzero(mask[low:high])) for low, high in pairwise(scores.edges)]
    before: IntArray = np.cumsum([0, *counts])
    starts = {0}
    for number in range(1, bins):
        near = min(n - 1, n - math.ceil(n * number / bins))
        part, place = _part_of(scores, mask, before, near)
        score = scores.score[place]
        tied = np.flatnonzero(score == score[near - before[part]])
        first, after = int(before[part] + tied[0]), int(before[part] + tied[-1]) + 1
        higher = int((n - (first + after) / 2) / n * bins) >= number
        starts.add(after if higher else first)
    places = []
    for start in sorted(starts - {n}):
        part, place = _part_of(scores, mask, before, start)
        places.append(place[start - before[part]])
    return np.array(places, dtype=np.int64)


def _part_of(scores: SortedScores, mask: BoolArray, before: IntArray, position: int) -> tuple[int, IntArray]:
    """The part that holds the row at this position among those in `mask`, and the places of its rows."""
    part = int(np.searchsorted(before, position, side="right")) - 1
    return part, np.flatnonzero(mask[scores.edges[part] : scores.edges[part + 1]]) + scores.edges[part]
