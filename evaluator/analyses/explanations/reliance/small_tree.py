"""A regression tree of a few levels on coded features, grown so that every leaf can be judged on other rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.reliance.coded_columns import CodedColumn
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

DEPTH = 3
LEAST_GAIN = 1e-3
"""Part of the spread of all scores that a split must take away."""
CHANCE = 20.0
"""So many rows' worth of the squared error in a node may go by chance, with the best of some hundred splits."""


class Split(NamedTuple):
    """A split of one column: codes that go to the left, shape (size,), and how much squared error it takes away."""

    place: int
    left: BoolArray
    gain: float


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Rows that fit all conditions: for each column, in order from the root, the codes that it allows."""

    rows: IntArray
    allowed: Mapping[int, BoolArray]


@dataclass(frozen=True, slots=True, eq=False)
class Grower:
    """Rows to grow on (`own`, shape (n,)) and to be judged by: every leaf must hold `least` rows of both."""

    columns: Sequence[CodedColumn]
    score: FloatArray
    weight: FloatArray
    own: BoolArray
    least: int

    def leaves(self) -> list[Leaf]:
        """The leaves of the whole tree, from left to right."""
        weight, score = self.weight[self.own], self.score[self.own]
        apart = score - weight @ score / weight.sum()
        enough = LEAST_GAIN * float(weight @ apart**2)
        return list(self._grown(Leaf(np.arange(self.score.size), {}), DEPTH, enough))

    def _grown(self, leaf: Leaf, depth: int, enough: float) -> Iterator[Leaf]:
        split = max(self._splits(leaf), key=lambda one: one.gain, default=None) if depth else None
        if split is None or split.gain <= max(enough, CHANCE * self._error_of_row(leaf)):
            yield leaf
            return
        for side in (split.left, ~split.left):
            inside = side[self.columns[split.place].codes[leaf.rows]]
            before = leaf.allowed.get(split.place, np.ones(side.size, dtype=np.bool_))
            yield from self._grown(
                Leaf(leaf.rows[inside], {**leaf.allowed, split.place: before & side}), depth - 1, enough
            )

    def _error_of_row(self, leaf: Leaf) -> float:
        """Squared error that a row grown on has in the node, on average, times its weight."""
        rows = leaf.rows[self.own[leaf.rows]]
        weight, score = self.weight[rows], self.score[rows]
        return float(weight @ (score - weight @ score / weight.sum()) ** 2) / rows.size

    def _splits(self, leaf: Leaf) -> Iterator[Split]:
        for place, column in enumerate(self.columns):
            found = self._best(leaf, place, column)
            if found is not None:
                yield found

    def _best(self, leaf: Leaf, place: int, column: CodedColumn) -> Split | None:
        left = candidates(column)
        code, own = column.codes[leaf.rows], self.own[leaf.rows]
        weight = np.where(own, self.weight[leaf.rows], 0.0)
        sums = np.stack(
            [
                np.bincount(code, part, column.size)
                for part in (own.astype(float), (~own).astype(float), weight, weight * self.score[leaf.rows])
            ],
            axis=1,
        )
        inside, total = left @ sums, sums.sum(axis=0)
        outside = total - inside
        usable = (np.minimum(inside[:, :2], outside[:, :2]) >= self.least).all(axis=1)
        if not usable.any():
            return None
        inside, outside, left = inside[usable], outside[usable], left[usable]
        gain = inside[:, 3] ** 2 / inside[:, 2] + outside[:, 3] ** 2 / outside[:, 2] - total[3] ** 2 / total[2]
        best = int(gain.argmax())
        return Split(place, left[best], float(gain[best]))


def candidates(column: CodedColumn) -> BoolArray:
    """Codes that may go to the left, one row for each way to split, shape (ways, size).

    Numbers: all below a cut, missing ones on either side; and the missing ones alone. Levels: each one by itself.
    """
    if column.cuts is None:
        return np.eye(column.size, dtype=np.bool_)
    below = np.tri(column.size, dtype=np.bool_)
    without = below.copy()
    without[:, 0] = False
    return np.concatenate([below[:-1], without[1:-1]])
