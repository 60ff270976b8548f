"""Look through every combination of up to three features for cases that fail more often, or worse, than the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evaluator.analyses.failures.features import Features
from evaluator.analyses.failures.losses import Loss, Outcomes
from evaluator.plan.schema import Plan
from evaluator.records.failures import SliceStatus
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.slices import (
    Cube,
    Kept,
    SliceTests,
    as_one_family,
    count_cube,
    ranges,
    redundant,
    shapley,
    shrunken,
    test_cube,
)
from evaluator.statistics.spread import FloatArray, IntArray, without_gaps
from evaluator.subject.terms import Term, population_id
from evaluator.wording.failures import MOST_KEPT

MOST_WAY = 3
TOLERATED = 0.1
"""Share of the leads that may be chance."""
Conditions = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Found:
    """One slice: its number among all of the cube, its conditions as (feature, level), and what was found about it."""

    status: SliceStatus
    conditions: Conditions
    position: int
    stands_for: int
    at_least: float | None
    at_most: float | None
    best_guess: float
    method: str
    contributions: FloatArray


@dataclass(frozen=True, eq=False)
class Searched:
    """All that was found about one loss, worst first, the confirmed before the leads."""

    loss: Loss
    tests: SliceTests
    found: tuple[Found, ...]


@dataclass(frozen=True, eq=False)
class Search:
    """The rows that weigh anything, as features and outcomes, counted into a cube."""

    plan: Plan
    features: Features
    outcomes: Outcomes

    @cached_property
    def kept(self) -> BoolArray:
        """Rows of weight zero are no evidence."""
        weight = self.outcomes.rows.weight
        return np.ones(self.outcomes.n, dtype=bool) if weight is None else np.asarray(weight > 0)

    @cached_property
    def clusters(self) -> IntArray | None:
        cluster = self.outcomes.rows.cluster
        return None if cluster is None else without_gaps(cluster[self.kept])

    @cached_property
    def cube(self) -> Cube:
        weight, size, kept = self.outcomes.rows.weight, self.outcomes.size, self.kept
        features = self.features.features
        return count_cube(
            [feature.codes[kept] for feature in features], [feature.card for feature in features],
            self.outcomes.code[kept], self.outcomes.k, most_way=MOST_WAY,
            weight=None if weight is None else weight[kept], loss=None if size is None else size[kept],
        )  # fmt: skip

    def mask(self, conditions: Conditions) -> BoolArray:
        """The rows that fit all conditions, shape (n,)."""
        inside = np.ones(self.outcomes.n, dtype=bool)
        for place, level in conditions:
            inside &= self.features.features[place].codes == level
        return inside

    def terms(self, conditions: Conditions) -> tuple[Term, ...]:
        return tuple(self.features.features[place].terms[level] for place, level in conditions)

    def slice_id(self, conditions: Conditions) -> str:
        return population_id(self.terms(conditions))


def look_through(search: Search) -> tuple[Searched, ...]:
    """Every loss tested on every combination, all as one family; overlapping combinations are merged.

    "confirmed" is what Holm's procedure finds at the level of the plan; "lead" what Benjamini and Hochberg's finds with a
    tenth of chance finds among them.
    """
    level, fewest = search.plan.settings.level, search.plan.data.min_group
    tests = [
        test_cube(
            search.cube, loss.events, loss.among if loss.is_share else None, fewest=fewest, level=level,
            clusters=search.clusters, tolerated=TOLERATED,
        )
        for loss in search.outcomes.losses
    ]  # fmt: skip
    pairs = zip(search.outcomes.losses, as_one_family(tests), strict=True)
    return tuple(Searched(loss, one, _found(search, loss, one)) for loss, one in pairs)


def _found(search: Search, loss: Loss, tests: SliceTests) -> tuple[Found, ...]:
    if not tests.examined:
        return ()
    confirmed = redundant(tests, tests.confirmed, most=MOST_KEPT)
    covered = np.zeros(int(search.kept.sum()), dtype=bool)
    for kept in confirmed:
        covered |= kept.rows
    leads = redundant(tests, tests.leads, most=MOST_KEPT, covered=covered)
    return (
        *_described(search, loss, tests, _worst_first(confirmed, tests), "confirmed"),
        *_described(search, loss, tests, _worst_first(leads, tests), "lead"),
    )


def _described(
    search: Search, loss: Loss, tests: SliceTests, kept: Sequence[Kept], status: SliceStatus
) -> Iterator[Found]:
    """The slices that stay with their ranges, best guesses and what each condition adds."""
    if not kept:
        return
    positions = np.array([one.position for one in kept], dtype=np.int64)
    ends, guesses = ranges(tests, positions), shrunken(tests, positions)
    for place, one in enumerate(kept):
        conditions = search.cube.conditions(int(tests.slices[one.position]))
        yield Found(
            status, conditions, one.position, len(one.stands_for), _known(ends.at_least[place]),
            _known(ends.at_most[place]), _between(guesses[place], ends.at_least[place], ends.at_most[place]), ends.method,
            shapley(search.cube, conditions, loss.events, loss.among if loss.is_share else None),
        )  # fmt: skip


def _worst_first(kept: Sequence[Kept], tests: SliceTests) -> list[Kept]:
    """By how many failures they explain."""
    return sorted(kept, key=lambda one: (-float(tests.excess[one.position]), one.position))


def _between(guess: float, low: float, high: float) -> float:
    """A best guess that fits what is known: not outside its range."""
    inside = guess if np.isnan(low) else max(guess, low)
    return float(inside if np.isnan(high) else min(inside, high))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
