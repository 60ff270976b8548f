"""Every cell of every one, two and three features, counted exactly in a few passes over the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.slices.covering import Block, covering_blocks
from evaluator.statistics.spread import FloatArray, IntArray

CodeArray = npt.NDArray[np.uint8]
KeyArray = npt.NDArray[Any]
Condition = tuple[int, int]
"""A feature and one of its levels."""

CHUNK = 2**17
"""Rows counted at a time, so that their keys stay near the processor."""
LARGEST_TOTAL = 2.0**52
"""Integers up to here add up without rounding in double precision, in any order."""
MOST_SLICES = 2**25


@dataclass(frozen=True, eq=False)
class Cube:
    """Counts of all slices of up to `most_way` features, and the rows they were counted from; made by `count_cube`.

    Attributes
    ----------
    cards : number of levels of each feature.
    sets : the sets of features, singles first, each ascending.
    first : number of the first slice of each set; slices of a set follow in order of their levels, last feature fastest.
    cells : rows by slice and outcome, shape (slices, k).
    sums : `sums_of_rows` by slice and outcome, shape (slices, k, 5); None for outcomes of rows that weigh alike.
    codes, outcome, row_weight, row_loss : what was counted.
    """

    cards: tuple[int, ...]
    sets: tuple[Block, ...]
    first: IntArray
    cells: IntArray
    sums: FloatArray | None
    codes: tuple[CodeArray, ...]
    outcome: CodeArray
    row_weight: FloatArray | None
    row_loss: FloatArray | None

    @property
    def k(self) -> int:
        return int(self.cells.shape[1])

    @property
    def everyone(self) -> IntArray:
        """Rows by outcome, shape (k,)."""
        return np.bincount(self.outcome, minlength=self.k)

    def counts(self, features: Block) -> IntArray:
        """Rows by the levels of a set of features and by outcome, shape (card, ..., k)."""
        return self.cells[self.part(features)].reshape(*self._shape(features), self.k)

    def loss(self, features: Block) -> tuple[FloatArray, FloatArray]:
        """Sum of the weighted loss by the levels of a set of features, and of its square, shape (card, ...) each."""
        if self.sums is None or self.row_loss is None:
            raise ValueError("The cube was counted without a loss.")
        both = self.sums[self.part(features)].sum(axis=1)[:, (2, 4)]
        return both[:, 0].reshape(self._shape(features)), both[:, 1].reshape(self._shape(features))

    def number(self, conditions: Sequence[Condition]) -> int:
        """Number of the slice that fits all conditions, in any order."""
        ordered = sorted(conditions)
        features = tuple(feature for feature, _ in ordered)
        within = 0
        for feature, level in ordered:
            within = within * self.cards[feature] + level
        return int(self.first[self.sets.index(features)]) + within

    def conditions(self, number: int) -> tuple[Condition, ...]:
        """The conditions of a slice, features ascending."""
        place = int(np.searchsorted(self.first, number, side="right")) - 1
        features = self.sets[place]
        levels = np.unravel_index(number - int(self.first[place]), self._shape(features))
        return tuple((feature, int(level)) for feature, level in zip(features, levels, strict=True))

    def mask(self, number: int) -> BoolArray:
        """Which rows fit the conditions of a slice, shape (n,)."""
        inside = np.ones(self.outcome.size, dtype=np.bool_)
        for feature, level in self.conditions(number):
            inside &= self.codes[feature] == level
        return inside

    def keys(self, features: Block, rows: IntArray | None = None) -> IntArray:
        """Number of the slice of each row within a set of features; of some rows only where they are given."""
        parts = [self.codes[feature] if rows is None else self.codes[feature][rows] for feature in features]
        return _keys(parts, self._shape(features)).astype(np.int64)

    def part(self, features: Block) -> slice:
        """Where the slices of a set of features stand."""
        start = int(self.first[self.sets.index(features)])
        return slice(start, start + math.prod(self._shape(features)))

    def _shape(self, features: Block) -> tuple[int, ...]:
        return tuple(self.cards[feature] for feature in features)


def count_cube(
    codes: Sequence[CodeArray], cards: Sequence[int], outcome: CodeArray, k: int, *,
    most_way: int = 3, weight: FloatArray | None = None, loss: FloatArray | None = None,
) -> Cube:  # fmt: skip
    """Count every slice of one up to `most_way` features.

    Parameters
    ----------
    codes : level of each row in [0, card), one array per feature, shape (n,) each.
    cards : number of levels of each feature, 1 to 256.
    outcome, k : what happened to each row, a code in [0, k), such as 2 * label + wrong; one cube then serves every loss.
    weight : what each row stands for, shape (n,), not negative; None for 1.
    loss : a continuous loss, shape (n,), finite.

    Raises
    ------
    ValueError : a code is outside its range, lengths differ, or there would be more than 2^25 slices.

    Notes
    -----
    Blocks of up to seven features are counted in one pass each by a mixed-radix key, and smaller sets summed out of
    them. Counts are exact. Weights and losses are added as whole multiples of a power of two, so that no order of
    addition shows; a value is off by at most 2^-53 of the total.
    """
    cards = tuple(int(card) for card in cards)
    _check(codes, cards, outcome, k)
    sets = _sets(len(cards), most_way)
    sizes = [math.prod(cards[feature] for feature in features) for features in sets]
    first = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
    if sum(sizes) > MOST_SLICES:
        raise ValueError(f"Expected at most {MOST_SLICES} slices, found {sum(sizes)}: use fewer features or levels.")
    spread = _Spread(cards, sets, first, sum(sizes), k)
    if weight is None and loss is None:
        cells = spread.filled(codes, outcome, [])[0]
        return Cube(cards, sets, first, cells, None, tuple(codes), outcome, None, None)
    cells, sums = _summed(spread, codes, outcome, sums_of_rows(outcome.size, weight, loss))
    return Cube(cards, sets, first, cells, sums, tuple(codes), outcome, weight, loss)


def sums_of_rows(n: int, weight: FloatArray | None, loss: FloatArray | None) -> FloatArray:
    """What is added up over the rows of a slice: w, w^2, w l, w^2 l, w^2 l^2, shape (5, n).

    From these follow the weighted mean of the loss and its linearised variance; without a loss l is 1.
    """
    w = np.ones(n) if weight is None else weight
    lost = np.ones(n) if loss is None else loss
    return np.stack((w, w * w, w * lost, w * w * lost, w * w * lost * lost))


def _summed(
    spread: _Spread, codes: Sequence[CodeArray], outcome: CodeArray, channels: FloatArray
) -> tuple[IntArray, FloatArray]:
    # Without weights, or without a loss, several of the sums are the same.
    place = [next(k for k, other in enumerate(channels) if np.array_equal(other, channel)) for channel in channels]
    distinct = sorted(set(place))
    scales = [_scale(channels[k]) for k in distinct]
    whole = [np.rint(channels[k] * scale) for k, scale in zip(distinct, scales, strict=True)]
    cells, *found = spread.filled(codes, outcome, whole)
    sums = [found[distinct.index(k)] / scales[distinct.index(k)] for k in place]
    return cells, np.stack(sums, axis=-1)


def _scale(channel: FloatArray) -> float:
    """The largest power of two by which all values can be multiplied without their sum leaving the exact integers."""
    total = float(np.abs(channel).sum()) + channel.size * np.finfo(np.float64).tiny
    return 2.0 ** min(900, math.floor(math.log2(LARGEST_TOTAL / total))) if total > 0 else 1.0


def _sets(features: int, most_way: int) -> tuple[Block, ...]:
    ways = range(1, min(most_way, features) + 1)
    return tuple(found for way in ways for found in combinations(range(features), way))


def _check(codes: Sequence[CodeArray], cards: Sequence[int], outcome: CodeArray, k: int) -> None:
    for position, (code, card) in enumerate(zip(codes, cards, strict=True)):
        if code.shape != outcome.shape:
            raise ValueError(f"Expected {outcome.size} codes of feature {position}, found {code.size}.")
        if not 1 <= card <= 256 or int(code.max(initial=0)) >= card:
            raise ValueError(f"Expected codes of feature {position} below {card}, at most 256.")
    if not 1 <= k <= 256 or int(outcome.max(initial=0)) >= k:
        raise ValueError(f"Expected outcomes below {k}, found {int(outcome.max(initial=0))}.")


def _keys(parts: Sequence[CodeArray], shape: Sequence[int]) -> KeyArray:
    """Mixed-radix number of each row, in the narrowest type that holds them all."""
    dtype = np.uint16 if math.prod(shape) <= 2**16 else np.uint32
    key: KeyArray = parts[0].astype(dtype)
    for part, size in zip(parts[1:], shape[1:], strict=True):
        key *= size
        key += part
    return key


@dataclass(frozen=True)
class _Spread:
    """Where the cells of every set go."""

    cards: tuple[int, ...]
    sets: tuple[Block, ...]
    first: IntArray
    slices: int
    k: int

    def filled(self, codes: Sequence[CodeArray], outcome: CodeArray, channels: Sequence[FloatArray]) -> list[Any]:
        """Rows, and sums of each channel, by slice and outcome, shape (slices, k) each."""
        largest = len(self.sets[-1]) if self.sets else 0
        tables: list[dict[Block, Any]] = [{} for _ in range(1 + len(channels))]
        for block in covering_blocks(self.cards, largest):
            wanted = [features for features in combinations(block, largest) if features not in tables[0]]
            for found, table in zip(tables, self._tables(block, codes, outcome, channels), strict=True):
                found.update({features: table.sum(axis=_others(block, features)) for features in wanted})
        return [self._laid_out(found) for found in tables]

    def _tables(
        self, block: Block, codes: Sequence[CodeArray], outcome: CodeArray, channels: Sequence[FloatArray]
    ) -> list[Any]:
        """Rows, and sums of each channel, by the levels of a block and by outcome."""
        shape = [*(self.cards[feature] for feature in block), self.k]
        size = math.prod(shape)
        totals: list[Any] = [np.zeros(size, np.int64), *(np.zeros(size) for _ in channels)]
        for start in range(0, outcome.size, CHUNK):
            rows = slice(start, start + CHUNK)
            key = _keys([*(codes[feature][rows] for feature in block), outcome[rows]], shape).astype(np.intp)
            totals[0] += np.bincount(key, minlength=size)
            for total, channel in zip(totals[1:], channels, strict=True):
                total += np.bincount(key, channel[rows], minlength=size)
        return [total.reshape(shape) for total in totals]

    def _laid_out(self, tables: dict[Block, Any]) -> Any:
        """The tables of the largest sets and those summed out of them, one after another."""
        found = np.zeros((self.slices, self.k), next(iter(tables.values())).dtype if tables else np.int64)
        for place in range(len(self.sets) - 1, -1, -1):
            features = self.sets[place]
            if features not in tables:
                wider = next(part for part in _wider(features, len(self.cards)) if part in tables)
                tables[features] = tables[wider].sum(axis=_others(wider, features))
            part = tables[features].reshape(-1, self.k)
            found[self.first[place] : self.first[place] + len(part)] = part
        return found


def _wider(features: Block, count: int) -> list[Block]:
    return [tuple(sorted((*features, other))) for other in range(count) if other not in features]


def _others(block: Block, features: Block) -> tuple[int, ...]:
    return tuple(axis for axis, feature in enumerate(block) if feature not in features)
