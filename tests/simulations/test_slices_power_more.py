"""Planted slices are confirmed as often as their power says where rows share a household, weigh unequally, or lose a number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from slices_planted import (
    BASE,
    PLANTED,
    PROMISED,
    Conditions,
    N,
    factor_with_power,
    rate_with_power,
    rate_with_power_of_households,
    share_of,
)
from slices_worlds import CARDS, FEWEST, LEVEL, above, below

from evaluator.statistics import slices
from evaluator.statistics.slices.cube import Cube
from evaluator.statistics.slices.testing import SliceTests

QUICK, LONG = 12, 400
"""Draws; both seeds were fixed before the first run."""
ALIKE = 3
"""Rows of a household: all have the same features, and errors that go together."""
WITHIN = 0.25
"""Correlation of errors inside a household, for a design effect of 1.5."""
DESIGN = 1.5
SPREAD = float(np.sqrt(np.log(DESIGN)))
"""Of the logarithm of weights, for the same design effect after Kish."""
Codes = list[np.ndarray]
World = Callable[[np.random.Generator, Conditions], tuple[SliceTests, np.ndarray]]


def codes_of(rng: np.random.Generator, n: int) -> Codes:
    return [rng.integers(0, card, n).astype(np.uint8) for card in CARDS]


def inside_of(codes: Codes, conditions: Conditions) -> np.ndarray:
    return np.all([codes[feature] == level for feature, level in conditions], axis=0)


def truth_of(codes: Codes, mean: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
    """The difference from everyone else that is true in each tested slice."""
    cube = slices.count_cube(codes, CARDS, np.zeros(N, np.uint8), 1, weight=weight, loss=mean)
    return slices.test_cube(cube, (), fewest=FEWEST, level=LEVEL).difference


def households(rng: np.random.Generator, conditions: Conditions) -> tuple[SliceTests, np.ndarray]:
    cluster = np.repeat(np.arange(N // ALIKE), ALIKE)
    codes = [code[cluster] for code in codes_of(rng, N // ALIKE)]
    planted = rate_with_power_of_households(share_of(conditions), ALIKE, WITHIN)
    rate = np.where(inside_of(codes, conditions), planted, BASE)
    own = rate[::ALIKE]
    size = 1 / WITHIN - 1
    drawn = rng.beta(own * size, (1 - own) * size)[cluster]
    cube = slices.count_cube(codes, CARDS, (rng.random(N) < drawn).astype(np.uint8), 2)
    return slices.test_cube(cube, (1,), fewest=FEWEST, level=LEVEL, clusters=cluster), truth_of(codes, rate, None)


def weighted(rng: np.random.Generator, conditions: Conditions) -> tuple[SliceTests, np.ndarray]:
    codes, weight = codes_of(rng, N), np.exp(rng.normal(0, SPREAD, N))
    rate = np.where(inside_of(codes, conditions), rate_with_power(share_of(conditions), DESIGN), BASE)
    cube = slices.count_cube(codes, CARDS, (rng.random(N) < rate).astype(np.uint8), 2, weight=weight)
    return slices.test_cube(cube, (1,), fewest=FEWEST, level=LEVEL), truth_of(codes, rate, weight)


def numbers(rng: np.random.Generator, conditions: Conditions) -> tuple[SliceTests, np.ndarray]:
    """The absolute error of a predicted number, normal about the truth."""
    codes = codes_of(rng, N)
    mean, sd = float(np.sqrt(2 / np.pi)), float(np.sqrt(1 - 2 / np.pi))
    factor = np.where(inside_of(codes, conditions), factor_with_power(share_of(conditions), mean, sd), 1.0)
    loss = factor * np.abs(rng.normal(0, 1, N))
    cube: Cube = slices.count_cube(codes, CARDS, np.zeros(N, np.uint8), 1, loss=loss)
    return slices.test_cube(cube, (), fewest=FEWEST, level=LEVEL), truth_of(codes, factor * mean, None)


WORLDS: dict[str, World] = {"households of three": households, "weights": weighted, "predicted numbers": numbers}


def look(world: World, conditions: Conditions, times: int, seed: int) -> tuple[int, int, int]:
    """How often the slice was confirmed, and named first, and how often any range that may be shown missed what is true.

    With clusters, ranges hold for slices that were tested with whole clusters; no other is ever shown.
    """
    rng = np.random.default_rng(seed)
    confirmed = named = missed = 0
    for _ in range(times):
        tests, truth = world(rng, conditions)
        assert truth.size == tests.examined
        planted = int(np.flatnonzero(tests.slices == tests.cube.number(conditions))[0])
        confirmed += planted in tests.confirmed
        kept = slices.redundant(tests, tests.confirmed)
        named += bool(kept) and kept[0].position == planted
        shown = np.arange(tests.examined) if tests.clusters is None else np.flatnonzero(tests.retested)
        range_of = slices.ranges(tests, shown)
        missed += bool(((range_of.at_least > truth[shown]) | (range_of.at_most < truth[shown])).any())
    return confirmed, named, missed


def check(found: tuple[int, int, int], times: int) -> None:
    confirmed, named, missed = found
    assert not below(confirmed, times, PROMISED), found
    assert not below(named, times, 0.8), found
    assert not above(missed, times, 1 - LEVEL), found


@pytest.mark.parametrize("world", WORLDS)
def test_planted_slices_are_found_quick(world: str) -> None:
    check(look(WORLDS[world], PLANTED["two conditions"], QUICK, seed=20_281), QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("world", WORLDS)
def test_planted_slices_are_found(world: str, name: str) -> None:
    check(look(WORLDS[world], PLANTED[name], LONG, seed=20_282), LONG)
