"""Nested and overlapping slices told once: each under the simplest conditions that say as much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.slices.cube import Condition
from evaluator.statistics.slices.moments import AskedRows, Moments, rows_of
from evaluator.statistics.slices.tails import exact_tail, welch_tail
from evaluator.statistics.slices.testing import SliceTests
from evaluator.statistics.spread import FloatArray, IntArray

ALIKE = 0.8
"""Two slices that share this part of the cases of either are one (Jaccard's index)."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A slice that stays.

    Attributes
    ----------
    position : which of the tests it is.
    stands_for : positions of the slices it was merged from, itself included, ascending.
    rows : the rows of the cube that fit its conditions, shape (n,).
    """

    position: int
    stands_for: tuple[int, ...]
    rows: BoolArray


def redundant(
    tests: SliceTests, positions: IntArray, *, most: int = 12, covered: BoolArray | None = None
) -> tuple[Kept, ...]:
    """Merge slices that tell of the same cases.

    Parameters
    ----------
    positions : the slices to be merged, such as all that are confirmed, shape (m,).
    most : slices kept.
    covered : rows that were told of before, shape (n,); slices that say nothing beyond them are left out.

    Returns
    -------
    The slices that stay, most evident first.

    Notes
    -----
    One after another, with the cases of those kept left out: the slice with the largest likelihood ratio of two shares
    against one is the likeliest to be the true one (Kulldorff 1997). Its parents, slices with some of its conditions,
    come first where it does not provably beat them: a parent whose cases are all alike is replaced by any of the slices
    within it with probability below 1 - level. Of slices with nearly the same cases the one with fewest conditions is
    kept. The others must stand out by their remaining cases against everyone that is left, as clearly as a slice had to
    in order to be a candidate; those that do not are merged.
    """
    if positions.size == 0:
        return ()
    merging = _Merging(tests, np.sort(positions), covered)
    kept: list[Kept] = []
    while len(kept) < most and merging.alive.any():
        kept.append(merging.keep_one())
    return tuple(kept)


class _Merging:
    """The candidates, and what is left of each without the rows already told of."""

    def __init__(self, tests: SliceTests, candidates: IntArray, covered: BoolArray | None) -> None:
        self.tests, self.candidates = tests, candidates
        self.design, self.bar = tests.design[candidates], _bar(tests, candidates)
        self.counted = tests.asked.binary and tests.cube.row_weight is None
        self.rows = rows_of(tests.cube, tests.asked)
        self.conditions = [tests.cube.conditions(int(number)) for number in tests.slices[candidates]]
        self.place_of = {conditions: place for place, conditions in enumerate(self.conditions)}
        self.part, self.whole = tests.part.at(candidates), tests.everyone
        self.told = np.zeros(tests.cube.outcome.size, dtype=np.bool_)
        self.alive = np.ones(candidates.size, dtype=np.bool_)
        if covered is not None and covered.any():
            self._leave_out(covered)

    def keep_one(self) -> Kept:
        """Keep the most evident slice or the simpler one that says as much, and merge what no longer stands out."""
        before = self.alive.copy()
        place = self._nearly_the_same(self._simplest(self._most_evident(self.alive)))
        inside = self.tests.cube.mask(int(self.tests.slices[self.candidates[place]]))
        self._leave_out(inside)
        self.alive[place] = False
        merged = self.candidates[before & ~self.alive]
        return Kept(int(self.candidates[place]), tuple(int(other) for other in merged), inside)

    def _leave_out(self, chosen: BoolArray) -> None:
        """Take rows away from every candidate and from everyone, and see which candidates still stand out."""
        new = self.rows.only(chosen & ~self.told)
        self.told |= chosen
        self.part = self.part.minus(self._within_candidates(new))
        self.whole = self.whole.minus(Moments(*new.moments.sum(axis=1)))
        least = self.tests.fewest
        enough = self.alive & (self.part.n >= least) & (self.whole.n - self.part.n >= least)
        some = np.flatnonzero(enough)
        self.alive[:] = False
        p_values = self._tail(self.part.at(some), self.whole, self.design[some])
        self.alive[some] = p_values <= self.bar

    def _within_candidates(self, rows: AskedRows) -> Moments:
        """What some rows add to each candidate."""
        found = np.zeros((6, self.candidates.size))
        # Counted errors have two sums that differ: of cases and of errors.
        same = (0, 0, 0, 3, 3, 3) if self.counted else tuple(range(6))
        cube, numbers = self.tests.cube, self.tests.slices[self.candidates]
        sets = np.searchsorted(cube.first, numbers, side="right") - 1
        for place in np.unique(sets):
            inside = np.flatnonzero(sets == place)
            part = cube.part(cube.sets[place])
            key = cube.keys(cube.sets[place], rows.places)
            for channel in sorted(set(same)):
                sums = np.bincount(key, rows.moments[channel], minlength=part.stop - part.start)
                found[channel, inside] = sums[numbers[inside] - part.start]
        return Moments(*found[list(same)])

    def _tail(self, part: Moments, whole: Moments, design: FloatArray) -> FloatArray:
        found = welch_tail(part, whole.minus(part), design)
        if self.counted:
            alone = design <= 1
            found[alone] = exact_tail(_where(part, alone), _where(whole, alone))
        return found

    def _most_evident(self, among: BoolArray) -> int:
        # Those of which no case is left have no mean.
        places = np.flatnonzero(among)
        ratio = _likelihood_ratio(self.part.at(places), self.whole, self.tests.asked.binary)
        ways = np.array([len(self.conditions[place]) for place in places])
        return int(places[np.lexsort((places, ways, -ratio / self.design[places]))[0]])

    def _simplest(self, place: int) -> int:
        """The most evident parent that the slice does not provably beat, and so on; itself where it beats them all."""
        while True:
            parents = [
                self.place_of[part]
                for size in range(1, len(self.conditions[place]))
                for part in combinations(self.conditions[place], size)
                if part in self.place_of and self.alive[self.place_of[part]]
            ]
            as_good = [parent for parent in parents if not self._beats(place, parent)]
            if not as_good:
                return place
            place = self._most_evident(np.isin(np.arange(self.candidates.size), as_good))

    def _beats(self, child: int, parent: int) -> bool:
        one = np.array([child])
        part, whole = self.part.at(one), self.part.at(np.array([parent]))
        if whole.n[0] - part.n[0] < 1:
            return False
        family = _slices_within(self.tests, self.conditions[parent])
        design = np.maximum(self.design[one], 1.0)
        return bool(self._tail(part, whole, design)[0] * family <= 1 - self.tests.level)

    def _nearly_the_same(self, place: int) -> int:
        """The slice of fewest conditions among those with nearly the same cases."""
        fewer = [other for other, own in enumerate(self.conditions) if len(own) < len(self.conditions[place])]
        simpler = self.alive & np.isin(np.arange(self.candidates.size), fewer)
        if not simpler.any():
            return place
        inside = self.tests.cube.mask(int(self.tests.slices[self.candidates[place]]))
        shared = self._within_candidates(self.rows.only(inside & ~self.told)).n
        index = shared / (self.part.n + self.part.n[place] - shared)
        alike = simpler & (index >= ALIKE)
        if not alike.any():
            return place
        ways = np.array([len(conditions) for conditions in self.conditions])
        return self._most_evident(alike & (ways == ways[alike].min()))


def _bar(tests: SliceTests, candidates: IntArray) -> float:
    """The p-value that makes a candidate: of a proof where all are proven, else of a lead.

    Not that of the candidates alone: they stand out because of cases they share, and of chance beyond those.
    """
    if np.all(tests.p_family[candidates] <= 1 - tests.level):
        return (1 - tests.level) / tests.family_size
    return float(tests.p_value[tests.q_value <= tests.tolerated].max(initial=0.0))


def _where(part: Moments, chosen: BoolArray) -> Moments:
    """Some of the entries; one entry for all stays."""
    return part if np.ndim(part.n) == 0 or part.n.size == 1 else part.at(np.flatnonzero(chosen))


def _slices_within(tests: SliceTests, parent: Sequence[Condition]) -> int:
    """How many tested slices have all conditions of a parent and more."""
    cube = tests.cube
    tested = np.zeros(len(cube.cells), dtype=np.bool_)
    tested[tests.slices] = True
    level_of, found = dict(parent), 0
    for features in cube.sets:
        if len(features) > len(parent) and set(level_of) <= set(features):
            table = tested[cube.part(features)].reshape([cube.cards[feature] for feature in features])
            found += int(table[tuple(level_of.get(feature, slice(None)) for feature in features)].sum())
    return max(1, found)


def _likelihood_ratio(part: Moments, whole: Moments, binary: bool) -> FloatArray:
    """Logarithm of the likelihood of two means over that of one, at the effective number of cases."""
    rest = whole.minus(part)
    n, n_rest = part.n_effective, rest.n_effective
    if binary:
        common = (part.mean * n + rest.mean * n_rest) / (n + n_rest)
        found: FloatArray = n * _divergence(part.mean, common) + n_rest * _divergence(rest.mean, common)
        return found
    spread = whole.variance_about(whole.mean) * whole.n_effective * (1 / n + 1 / np.maximum(n_rest, 1e-9))
    squared: FloatArray = (part.mean - rest.mean) ** 2 / np.where(spread > 0, spread, np.inf) / 2
    return squared


def _divergence(share: FloatArray, common: FloatArray) -> FloatArray:
    inside = np.clip(common, 1e-300, 1 - 1e-16)
    found: FloatArray = special.rel_entr(share, inside) + special.rel_entr(1 - share, 1 - inside)
    return found
