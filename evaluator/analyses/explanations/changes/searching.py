"""Search for sets of one to three changes that turn a decision, for many cases at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.changes.allowed import Changeable
from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.mixing import ROWS_AT_ONCE, Mixer
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

MOST_CHANGES = 3
NONE = -1
EQUAL = 1e-12
"""Costs that differ by less than this part are the same."""


class Effort(NamedTuple):
    """How much is tried for each case: single changes, promising ones that are paired, and pairs that get a third."""

    singles: int
    pool: int
    beam: int

    def values(self, features: int) -> int:
        """How many values of each feature are tried at first; two at least, the smallest and the largest."""
        return max(2, self.singles // max(1, features))

    def questions(self, features: int) -> int:
        """At most so many changed cases are asked about for each case."""
        singles = self.values(features) * features
        pool = min(self.pool, singles)
        return singles + pool * (pool - 1) // 2 + self.beam * pool


class Moves(NamedTuple):
    """Every single change that is tried: the feature (by its place among the changeable ones) and which of its values."""

    feature: IntArray
    value: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Sets of changes that turn the decision.

    Attributes
    ----------
    case : which case each set is for, shape (m,).
    feature, value : the changes as places among the changeable features and their values, -1 for none; shape (m, 3).
    cost : of the whole set, shape (m,).
    """

    case: IntArray
    feature: IntArray
    value: IntArray
    cost: FloatArray

    @property
    def changes(self) -> IntArray:
        return np.asarray((self.feature != NONE).sum(axis=1), dtype=np.int64)

    def take(self, index: IntArray | BoolArray) -> Found:
        return Found(self.case[index], self.feature[index], self.value[index], self.cost[index])


class Asker:
    """Asks the model about cases with some values changed, and counts the questions by case."""

    def __init__(self, mixer: Mixer, features: tuple[Changeable, ...], position: IntArray) -> None:
        self._mixer, self.features, self.position = mixer, features, position
        self.asked = np.zeros(position.size, dtype=np.int64)

    def source(self, case: IntArray, feature: IntArray, value: IntArray) -> IntArray:
        """The rows that changed cases take each column from, shape (m, width)."""
        rows = np.repeat(self.position[case][:, None], self._mixer.width, axis=1)
        for slot in range(feature.shape[1]):
            for number, one in enumerate(self.features):
                here = np.flatnonzero(feature[:, slot] == number)
                rows[here, one.place] = one.rows[value[here, slot]]
        return rows

    def scores(self, case: IntArray, feature: IntArray, value: IntArray) -> FloatArray:
        """What the model says about cases with changes, shape (m,)."""
        if case.size == 0:
            return np.zeros(0)
        self.asked += np.bincount(case, minlength=self.asked.size)
        # Part by part: the table of where each value comes from takes much memory when a model reads many features.
        starts = range(0, case.size, ROWS_AT_ONCE)
        parts = [slice(start, start + ROWS_AT_ONCE) for start in starts]
        return np.concatenate([self._mixer.mixed(self.source(case[p], feature[p], value[p])) for p in parts])

    def unchanged(self) -> FloatArray:
        """What the model says about the cases as they are."""
        return self._mixer.mixed(np.repeat(self.position[:, None], self._mixer.width, axis=1))


def moves_of(features: tuple[Changeable, ...], effort: Effort) -> Moves:
    """For each feature all its values, or as many as the effort allows: quantities at equal steps of the cases, from
    the smallest to the largest; levels by how common they are."""
    chosen = [_spread_out(one, effort.values(len(features))) for one in features]
    number = np.repeat(np.arange(len(features)), [values.size for values in chosen])
    return Moves(number.astype(np.int64), np.concatenate(chosen).astype(np.int64))


def _spread_out(one: Changeable, most: int) -> IntArray:
    if one.values.size <= most:
        return np.arange(one.values.size)
    if not one.ordered:
        return np.sort(np.argsort(-one.mass, kind="stable")[:most])
    middle = np.cumsum(one.mass) - one.mass / 2
    marks = np.linspace(middle[0], middle[-1], most)
    return np.unique(np.searchsorted(middle, marks, side="left").clip(max=one.values.size - 1))


class Search:
    """One search: what single changes do, then pairs of the promising ones, then the best pairs with a third.

    With `cheapest_only`, a set is not asked about when a cheaper one already turns the decision.
    """

    def __init__(self, asker: Asker, turn: Turn, own: FloatArray, effort: Effort, *, cheapest_only: bool) -> None:
        self._asker, self._turn, self._own, self._effort = asker, turn, own, effort
        self._cheapest_only = cheapest_only
        self.moves = moves_of(asker.features, effort)
        self._cost, self._allowed = _costs(asker, self.moves)
        self._found: list[Found] = []
        self._least = np.full(own.size, np.inf)

    def run(self) -> Found:
        gain, turned = self._singles()
        pool = self._pool(gain, turned)
        third = self._pairs(pool)
        self._triples(pool, *third)
        return Found(*(np.concatenate([getattr(part, name) for part in self._found]) for name in _FIELDS))

    def gain_per_cost(self) -> FloatArray:
        """How far the best single change of each feature takes the score for what it costs, shape (cases, features)."""
        best = np.full((self._own.size, len(self._asker.features)), -np.inf)
        rate = np.where(self._allowed, self._gain / np.where(self._allowed, self._cost, 1.0), -np.inf)
        np.maximum.at(best.T, self.moves.feature, rate.T)
        return best

    def _singles(self) -> tuple[FloatArray, BoolArray]:
        case, move = np.nonzero(self._allowed)
        gain = np.full(self._allowed.shape, -np.inf)
        turned = np.zeros(self._allowed.shape, dtype=bool)
        gain[case, move], turned[case, move] = self._ask(case, move[:, None])
        self._gain = gain
        return gain, turned

    def _pool(self, gain: FloatArray, turned: BoolArray) -> IntArray:
        """For each case the single changes that promise most and do not turn the decision alone, -1 for none.

        Half are the best of all; half are taken from every feature in turn, for changes that do little by themselves
        and much together.
        """
        usable = self._allowed & ~turned
        place = _promise(usable, gain, self._cost)
        return _first(
            usable, _alternating(place, _in_turn(place, self.moves.feature)), min(self._effort.pool, gain.shape[1])
        )

    def _pairs(self, pool: IntArray) -> tuple[IntArray, FloatArray, BoolArray, FloatArray]:
        """Every pair of the pool: the pairs as shape (pairs, 2), and by case their gain, use and cost."""
        first, second = np.triu_indices(pool.shape[1], 1)
        a, b = pool[:, first], pool[:, second]
        usable = (a != NONE) & (b != NONE) & (self.moves.feature[a] != self.moves.feature[b])
        cost = np.where(usable, self._cost_of(a) + self._cost_of(b), np.inf)
        usable &= self._worth_asking(cost)
        case, pair = np.nonzero(usable)
        gain = np.full(usable.shape, -np.inf)
        turned = np.zeros(usable.shape, dtype=bool)
        gain[case, pair], turned[case, pair] = self._ask(case, np.stack([a[case, pair], b[case, pair]], axis=1))
        return np.stack([first, second], axis=1), gain, usable & ~turned, cost

    def _triples(self, pool: IntArray, pairs: IntArray, gain: FloatArray, usable: BoolArray, cost: FloatArray) -> None:
        """The most promising pairs with every further change of the pool."""
        beam = _first(usable, _promise(usable, gain, cost), min(self._effort.beam, gain.shape[1]))
        if beam.size == 0:
            return
        cases = np.arange(pool.shape[0])[:, None, None]
        a, b = (pool[cases[:, :, 0], pairs[beam, side]][:, :, None] for side in (0, 1))
        third = pool[:, None, :]
        feature = self.moves.feature
        allowed = (beam != NONE)[:, :, None] & (third != NONE)
        allowed = allowed & (feature[third] != feature[a]) & (feature[third] != feature[b])
        total = np.where(allowed, self._cost_of(a) + self._cost_of(b) + self._cost_of(third), np.inf)
        case, at, other = np.nonzero(allowed & self._worth_asking(total))
        moves = np.stack([a[case, at, 0], b[case, at, 0], third[case, 0, other]], axis=1)
        self._ask(case, moves)

    def _cost_of(self, move: IntArray) -> FloatArray:
        """Cost of a change for the case of each row."""
        case = np.arange(move.shape[0]).reshape(-1, *[1] * (move.ndim - 1))
        return np.asarray(self._cost[case, move])

    def _worth_asking(self, cost: FloatArray) -> BoolArray:
        if not self._cheapest_only:
            return np.isfinite(cost)
        least = self._least.reshape(-1, *[1] * (cost.ndim - 1))
        return np.asarray(np.isfinite(cost) & (cost < least * (1 - EQUAL)), dtype=bool)

    def _ask(self, case: IntArray, move: IntArray) -> tuple[FloatArray, BoolArray]:
        """Ask about changed cases, keep those that turn, and give how far each takes the score."""
        filled = np.full((case.size, MOST_CHANGES), NONE, dtype=np.int64)
        filled[:, : move.shape[1]] = move
        feature = np.where(filled == NONE, NONE, self.moves.feature[filled])
        value = np.where(filled == NONE, NONE, self.moves.value[filled])
        score = self._asker.scores(case, feature, value)
        turned = self._turn.reached(score)
        cost = self._cost[case[:, None], move].sum(axis=1)
        found = Found(case, feature, value, cost).take(turned)
        self._found.append(found)
        np.minimum.at(self._least, found.case, found.cost)
        return self._turn.gain(score - self._own[case]), turned


_FIELDS = ("case", "feature", "value", "cost")


def _costs(asker: Asker, moves: Moves) -> tuple[FloatArray, BoolArray]:
    """Cost of every single change for every case, and whether the case may make it; shapes (cases, moves)."""
    shape = (asker.position.size, moves.feature.size)
    cost, allowed = np.full(shape, np.inf), np.zeros(shape, dtype=bool)
    for number, one in enumerate(asker.features):
        here = np.flatnonzero(moves.feature == number)
        own, value = one.own[asker.position][:, None], one.values[moves.value[here]][None, :]
        allowed[:, here] = one.allows(own, value)
        cost[:, here] = one.cost(own, value)
    return np.where(allowed, cost, np.inf), allowed


def _promise(usable: BoolArray, gain: FloatArray, cost: FloatArray) -> IntArray:
    """By row, the place of every entry, usable ones first: taking turns, by gain and by gain for its cost."""
    rate = np.where(usable, gain / np.where(usable, cost, 1.0), -np.inf)
    by_gain, by_rate = (_rank(np.where(usable, key, -np.inf)) for key in (gain, rate))
    place = np.where(usable, _alternating(by_gain, by_rate), 4 * usable.shape[1])
    return _rank(-place.astype(np.float64))


def _alternating(first: IntArray, second: IntArray) -> IntArray:
    """Two orders in turns: the first of one, the first of the other, the second of one, ..."""
    return np.minimum(2 * first, 2 * second + 1)


def _in_turn(place: IntArray, feature: IntArray) -> IntArray:
    """The places when every feature gives its best entry, then every one its second best, ..."""
    within = np.zeros_like(place)
    for number in np.unique(feature):
        here = np.flatnonzero(feature == number)
        within[:, here] = _rank(-place[:, here].astype(np.float64))
    return _rank(-(within * place.shape[1] + place).astype(np.float64))


def _first(usable: BoolArray, place: IntArray, most: int) -> IntArray:
    """By row, the usable entries with the first places, -1 where there are no more."""
    order = np.argsort(np.where(usable, place, 4 * usable.shape[1]), axis=1, kind="stable")[:, :most]
    return np.where(np.take_along_axis(usable, order, axis=1), order, NONE).astype(np.int64)


def _rank(key: FloatArray) -> IntArray:
    """Place of each entry in its row, the largest first."""
    order = np.argsort(-key, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(key.shape[1]), key.shape), axis=1)
    return rank.astype(np.int64)
