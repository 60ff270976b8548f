"""Every slice held against everyone else: one-sided tests of all of them, read as one family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.multiplicity import benjamini_hochberg, holm
from evaluator.statistics.slices.clustered import clustered
from evaluator.statistics.slices.cube import Cube
from evaluator.statistics.slices.moments import Asked, Moments, asked_of, moments_of, moments_of_everyone, rows_of
from evaluator.statistics.slices.tails import binomial_tail, exact_tail, loss_curve, saddle_tail, welch_tail
from evaluator.statistics.spread import FloatArray, IntArray, without_gaps

MOST_RETESTED = 1_000
"""Slices of most evidence that are tested with whole clusters; where more stand out, the others repeat what these say."""


@dataclass(frozen=True, eq=False)
class SliceTests:
    """Every slice with enough cases, held against everyone else; made by `test_cube`. Arrays have shape (m,).

    Attributes
    ----------
    slices : numbers of the slices in the cube.
    part, everyone : moments of the slices and of all rows that count.
    p_value : one-sided, of a loss no higher than elsewhere.
    p_family : adjusted by Holm: below 1 - level, no false one among all with probability `level`.
    q_value : adjusted by Benjamini and Hochberg: the share of false ones among those as small.
    examined, too_small, same_rows : slices tested, with fewer cases than `fewest` in or outside them, and with exactly
        the rows of a slice of fewer conditions, which is tested instead.
    family_size : tests that are adjusted together.
    design, df : variance over that of independent rows, and degrees of freedom; 1 and the cases less one without clusters.
    retested : slices that were tested with whole clusters.
    clusters : cluster of every row, or None where no two rows share one.
    """

    cube: Cube
    asked: Asked
    fewest: int
    level: float
    tolerated: float
    slices: IntArray
    part: Moments
    everyone: Moments
    p_value: FloatArray
    p_family: FloatArray
    q_value: FloatArray
    too_small: int
    same_rows: int
    family_size: int
    design: FloatArray
    df: FloatArray
    retested: BoolArray
    clusters: IntArray | None

    @property
    def examined(self) -> int:
        return self.slices.size

    @property
    def n(self) -> IntArray:
        """Cases in each slice."""
        return self.part.n.astype(np.int64)

    @property
    def n_rest(self) -> IntArray:
        return (self.everyone.n - self.part.n).astype(np.int64)

    @property
    def total(self) -> FloatArray:
        """Weighted sum of the loss in each slice: the errors, where errors are counted."""
        return self.part.wl

    @property
    def value(self) -> FloatArray:
        """Mean loss in each slice."""
        return self.part.mean

    @property
    def others(self) -> Moments:
        """Moments of everyone else."""
        return self.everyone.minus(self.part)

    @property
    def rest(self) -> FloatArray:
        """Mean loss of everyone else."""
        return self.others.mean

    @property
    def difference(self) -> FloatArray:
        return self.value - self.rest

    @property
    def se(self) -> FloatArray:
        """Standard error of the difference, with half an error more on either side, so that none is 0."""
        return _standard_error(self.part, self.others, self.asked.binary) * np.sqrt(self.design)

    @property
    def excess(self) -> FloatArray:
        """Loss beyond what there would be with the mean of everyone else."""
        return self.difference * self.part.w

    @property
    def share(self) -> FloatArray:
        """Part of all loss that lies in the slice."""
        whole = float(self.everyone.wl)
        return self.total / whole if whole != 0 else np.zeros(self.examined)

    @property
    def confirmed(self) -> IntArray:
        """Positions of slices proven within the family, most excess first."""
        return self._worst_first(self.p_family <= 1 - self.level)

    @property
    def leads(self) -> IntArray:
        """Positions of slices not proven of which a tolerated share may be chance, most excess first."""
        return self._worst_first((self.q_value <= self.tolerated) & ~(self.p_family <= 1 - self.level))

    @property
    def method(self) -> str:
        if self.clusters is not None:
            return "cluster_t"
        if not self.asked.binary:
            return "saddlepoint"
        return "fisher" if self.cube.row_weight is None else "effective_binomial"

    def _worst_first(self, chosen: BoolArray) -> IntArray:
        found = np.flatnonzero(chosen & (self.difference > 0))
        return found[np.argsort(-self.excess[found], kind="stable")]


class _Chosen(NamedTuple):
    slices: IntArray
    too_small: int
    same_rows: int


def test_cube(
    cube: Cube, events: Sequence[int], among: Sequence[int] | None = None, *, fewest: int, level: float,  # noqa: PT028
    clusters: IntArray | None = None, family: int | None = None, tolerated: float = 0.1,  # noqa: PT028
) -> SliceTests:  # fmt: skip
    """Test every slice of a cube for a higher loss than everyone else.

    Parameters
    ----------
    events : outcomes that count as error; none for the loss the cube was counted with.
    among : outcomes of the rows that count at all, such as those of positives; None for all.
    fewest : cases a slice and everyone else must have.
    level : confidence of the family as a whole.
    clusters : non-negative integer per row of the cube, shape (n,); rows that share one are not independent.
    family : number of tests adjusted together, at least those made here; None for those. See `as_one_family`.
    tolerated : share of chance findings among leads.

    Notes
    -----
    Errors: Fisher's exact test, so that Holm's adjustment keeps its promise whatever the sizes. Weighted errors: the
    binomial tail at the effective number of cases. Losses: the larger of the tail of draws from everyone and of Welch's
    t test, so that neither few cases nor unequal spread makes a slice stand out. Clusters: slices that independent
    rows would show, at most `MOST_RETESTED`, are tested again with whole clusters and get the larger p-value; the
    others get 1.
    """
    asked = asked_of(cube, events, among)
    every = moments_of(cube, asked)
    everyone = moments_of_everyone(cube, asked)
    chosen = _chosen(cube, every.n, float(everyone.n), fewest)
    part = every.at(chosen.slices)
    p_value = _p_values(cube, asked, part, everyone)
    ones = np.ones(part.n.size)
    tests = SliceTests(
        cube, asked, fewest, level, tolerated, chosen.slices, part, everyone, p_value, ones, ones,
        chosen.too_small, chosen.same_rows, max(chosen.slices.size, family or 0), ones, part.n_effective - 1,
        np.zeros(ones.size, dtype=np.bool_), without_gaps(clusters),
    )  # fmt: skip
    return _adjusted(_with_clusters(tests), family)


def as_one_family(tests: Sequence[SliceTests]) -> tuple[SliceTests, ...]:
    """The tests of several losses, adjusted together."""
    sizes = np.cumsum([part.examined for part in tests])
    p_values = np.concatenate([part.p_value for part in tests]) if tests else np.zeros(0)
    by_holm, by_share = (np.split(adjust(p_values), sizes[:-1]) for adjust in (holm, benjamini_hochberg))
    return tuple(
        replace(part, p_family=proof, q_value=share, family_size=p_values.size)
        for part, proof, share in zip(tests, by_holm, by_share, strict=True)
    )


def _adjusted(tests: SliceTests, family: int | None) -> SliceTests:
    more = max(0, (family or 0) - tests.examined)
    # Tests made elsewhere are taken to have found nothing, which never helps those made here.
    p_values = np.concatenate((tests.p_value, np.ones(more)))
    own = slice(0, tests.examined)
    return replace(
        tests, p_family=holm(p_values)[own], q_value=benjamini_hochberg(p_values)[own], family_size=p_values.size
    )


def _p_values(cube: Cube, asked: Asked, part: Moments, everyone: Moments) -> FloatArray:
    if part.n.size == 0:
        return np.zeros(0)
    if asked.binary and cube.row_weight is None:
        return exact_tail(part, everyone)
    if asked.binary:
        return np.clip(binomial_tail(part, everyone), 0.0, 1.0)
    rows = rows_of(cube, asked)
    assert cube.row_loss is not None
    drawn = saddle_tail(part, everyone, loss_curve(cube.row_loss[rows.places], rows.moments[1]))
    return np.clip(np.maximum(drawn, welch_tail(part, everyone.minus(part))), 0.0, 1.0)


def _with_clusters(tests: SliceTests) -> SliceTests:
    if tests.clusters is None:
        return tests
    shown = np.flatnonzero(benjamini_hochberg(tests.p_value) <= tests.tolerated)
    shown = np.sort(shown[np.argsort(tests.p_value[shown], kind="stable")[:MOST_RETESTED]])
    rows = rows_of(tests.cube, tests.asked)
    again = clustered(tests.cube, tests.slices[shown], tests.part.at(shown), tests.everyone, rows, tests.clusters)
    p_value, design, df = np.ones(tests.examined), tests.design.copy(), tests.df.copy()
    p_value[shown] = np.maximum(tests.p_value[shown], again.p_value)
    design[shown], df[shown] = again.design, again.df
    retested = np.isin(np.arange(tests.examined), shown)
    return replace(tests, p_value=p_value, design=design, df=df, retested=retested)


def _standard_error(part: Moments, rest: Moments, binary: bool) -> FloatArray:
    if not binary:
        found: FloatArray = np.sqrt(part.variance + rest.variance)
        return found
    sides = []
    for side in (part, rest):
        n = side.n_effective
        share = (side.mean * n + 0.5) / (n + 1)
        sides.append(np.maximum(side.variance_about(side.mean), share * (1 - share) / n))
    both: FloatArray = np.sqrt(sides[0] + sides[1])
    return both


def _chosen(cube: Cube, n: FloatArray, everyone: float, fewest: int) -> _Chosen:
    least = max(2, fewest)
    enough = (n >= least) & (everyone - n >= least)
    same = enough & _same_as_parent(cube, n)
    small = int(np.count_nonzero((n > 0) & ~enough))
    return _Chosen(np.flatnonzero(enough & ~same), small, int(np.count_nonzero(same)))


def _same_as_parent(cube: Cube, n: FloatArray) -> BoolArray:
    """Slices that have as many cases as one with a condition less: the same cases, then."""
    tables = {
        features: n[cube.part(features)].reshape([cube.cards[feature] for feature in features])
        for features in cube.sets
    }
    found = np.zeros(n.size, dtype=np.bool_)
    for features, own in tables.items():
        same = np.zeros(own.shape, dtype=np.bool_)
        for axis in range(len(features) if len(features) > 1 else 0):
            parent = tables[features[:axis] + features[axis + 1 :]]
            same |= own == np.expand_dims(parent, axis)
        found[cube.part(features)] = same.ravel()
    return found
