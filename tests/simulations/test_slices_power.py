"""Planted slices are confirmed as often as their power says, named by their conditions, with honest sizes and ranges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from slices_planted import BASE, PLANTED, PROMISED, Conditions, N, rate_with_power, share_of
from slices_worlds import CARDS, FEWEST, LEVEL, above, below

from evaluator.statistics import slices
from evaluator.statistics.slices.testing import SliceTests

QUICK, LONG = 12, 400


class Draw(NamedTuple):
    """The tests of one draw, the rates that were true in each tested slice and elsewhere."""

    tests: SliceTests
    truth: np.ndarray
    planted: int


def draw(rng: np.random.Generator, conditions: Conditions) -> Draw:
    codes = [rng.integers(0, card, N).astype(np.uint8) for card in CARDS]
    inside = np.all([codes[feature] == level for feature, level in conditions], axis=0)
    rate = np.where(inside, rate_with_power(share_of(conditions)), BASE)
    cube = slices.count_cube(codes, CARDS, (rng.random(N) < rate).astype(np.uint8), 2)
    tests = slices.test_cube(cube, (1,), fewest=FEWEST, level=LEVEL)
    expected = slices.count_cube(codes, CARDS, np.zeros(N, np.uint8), 1, loss=rate)
    truth = slices.test_cube(expected, (), fewest=FEWEST, level=LEVEL)
    assert np.array_equal(truth.slices, tests.slices)
    planted = int(np.flatnonzero(tests.slices == cube.number(conditions))[0])
    return Draw(tests, truth.difference, planted)


class Found(NamedTuple):
    confirmed: int
    named: int
    raw_error: float
    shrunken_error: float
    missed: int


def look(conditions: Conditions, times: int, seed: int) -> Found:
    """How often the slice was confirmed and named first, how far off the picked ones were, how often a range missed."""
    rng = np.random.default_rng(seed)
    confirmed = named = missed = 0
    raw, best = [], []
    for _ in range(times):
        tests, truth, planted = draw(rng, conditions)
        confirmed += planted in tests.confirmed
        kept = slices.redundant(tests, tests.confirmed)
        named += bool(kept) and kept[0].position == planted
        picked = np.argsort(-tests.difference / tests.se, kind="stable")[:10]
        raw.append(np.square(tests.difference[picked] - truth[picked]).mean())
        best.append(np.square(slices.shrunken(tests, picked) - truth[picked]).mean())
        every = slices.ranges(tests, np.arange(tests.examined))
        missed += bool(((every.at_least > truth) | (every.at_most < truth)).any())
    return Found(confirmed, named, float(np.mean(raw)), float(np.mean(best)), missed)


def check(found: Found, times: int) -> None:
    assert not below(found.confirmed, times, PROMISED), found
    assert not below(found.named, times, 0.8), found
    assert found.shrunken_error < 0.75 * found.raw_error, found
    assert not above(found.missed, times, 1 - LEVEL), found


def test_planted_slices_are_found_quick() -> None:
    check(look(PLANTED["two conditions"], QUICK, seed=20_263), QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_planted_slices_are_found(name: str) -> None:
    check(look(PLANTED[name], LONG, seed=20_264), LONG)


@pytest.mark.slow
def test_little_stays_of_picked_slices_of_pure_noise() -> None:
    rng = np.random.default_rng(20_265)
    raw, best = [], []
    for _ in range(100):
        codes = [rng.integers(0, card, N).astype(np.uint8) for card in CARDS]
        cube = slices.count_cube(codes, CARDS, (rng.random(N) < BASE).astype(np.uint8), 2)
        tests = slices.test_cube(cube, (1,), fewest=FEWEST, level=LEVEL)
        picked = np.argsort(-tests.difference / tests.se, kind="stable")[:10]
        raw.append(tests.difference[picked].mean())
        best.append(slices.shrunken(tests, picked).mean())
    # Measured: .014 of .101 stay.
    assert np.mean(best) < 0.2 * np.mean(raw)
