"""Nested, overlapping and equal slices are told once, under the conditions that are true and the fewest that say as much."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.statistics import slices
from evaluator.statistics.slices.merging import Kept
from evaluator.statistics.slices.testing import SliceTests

CARDS = (3, 4, 5, 4, 6)
N = 30_000
Conditions = tuple[tuple[int, int], ...]


def codes_of(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(0, card, N).astype(np.uint8) for card in CARDS]


def planted(codes: list[np.ndarray], seed: int, rates: dict[Conditions, float]) -> np.ndarray:
    """Errors at one in ten, and at the given rates within slices; later ones go before earlier ones."""
    rate = np.full(N, 0.1)
    for conditions, value in rates.items():
        rate[np.all([codes[feature] == level for feature, level in conditions], axis=0)] = value
    return (np.random.default_rng(seed).random(N) < rate).astype(np.uint8)


def held(codes: list[np.ndarray], outcome: np.ndarray, cards: tuple[int, ...] = CARDS, **options: object) -> SliceTests:
    cube = slices.count_cube(codes, cards, outcome, 2)
    return slices.test_cube(cube, (1,), fewest=30, level=0.95, **options)  # type: ignore[arg-type]


def named(tests: SliceTests, kept: tuple[Kept, ...]) -> list[Conditions]:
    return [tests.cube.conditions(int(tests.slices[one.position])) for one in kept]


@pytest.mark.parametrize(
    "rates",
    [
        {((1, 2),): 0.2},
        {((1, 2), (3, 0)): 0.3},
        {((0, 1), (1, 2), (3, 0)): 0.4},
        {((0, 1),): 0.25, ((1, 2), (3, 0)): 0.45},
        {((0, 1),): 0.2, ((0, 1), (3, 0)): 0.4},
    ],
)
def test_true_conditions_are_named_and_nothing_else(rates: dict[Conditions, float]) -> None:
    codes = codes_of(40)
    tests = held(codes, planted(codes, 41, rates))
    kept = slices.redundant(tests, tests.confirmed)
    assert tests.confirmed.size > len(rates)
    assert set(named(tests, kept)) == set(rates)


def test_every_candidate_stands_under_one_kept_slice_at_most() -> None:
    codes = codes_of(42)
    tests = held(codes, planted(codes, 43, {((0, 1),): 0.25, ((1, 2), (3, 0)): 0.45}))
    kept = slices.redundant(tests, tests.confirmed)
    told = [position for one in kept for position in one.stands_for]
    assert len(told) == len(set(told))
    assert set(told) <= set(tests.confirmed.tolist())
    assert all(one.position in one.stands_for for one in kept)
    for one in kept:
        np.testing.assert_array_equal(one.rows, tests.cube.mask(int(tests.slices[one.position])))


def test_two_names_for_nearly_the_same_cases_are_one_slice() -> None:
    codes = codes_of(44)
    inside = (codes[0] == 1) & (codes[1] == 2)
    # A feature that is true of nearly the same cases as two others together.
    twin = (inside ^ (np.random.default_rng(45).random(N) < 0.005)).astype(np.uint8)
    outcome = planted(codes, 46, {((0, 1), (1, 2)): 0.35})
    tests = held([*codes, twin], outcome, (*CARDS, 2))
    assert named(tests, slices.redundant(tests, tests.confirmed)) == [((5, 1),)]


def test_rows_told_of_before_are_not_told_again() -> None:
    codes = codes_of(47)
    tests = held(codes, planted(codes, 48, {((1, 2),): 0.2}))
    (kept,) = slices.redundant(tests, tests.confirmed)
    others = np.setdiff1d(tests.confirmed, kept.stands_for)
    assert slices.redundant(tests, tests.confirmed, covered=kept.rows) == ()
    assert others.size == 0


def test_no_more_are_kept_than_asked() -> None:
    codes = codes_of(49)
    tests = held(codes, planted(codes, 50, {((0, 1),): 0.2, ((1, 2),): 0.3, ((2, 3),): 0.4}))
    assert len(slices.redundant(tests, tests.confirmed)) == 3
    assert named(tests, slices.redundant(tests, tests.confirmed, most=1)) == [((2, 3),)]
    assert slices.redundant(tests, tests.confirmed[:0]) == ()


@pytest.mark.parametrize("kind", ["loss", "weights", "clusters"])
def test_losses_weights_and_clusters_name_the_true_conditions(kind: str) -> None:
    codes, rng = codes_of(51), np.random.default_rng(52)
    conditions = ((1, 2), (3, 0))
    inside = (codes[1] == 2) & (codes[3] == 0)
    outcome = planted(codes, 53, {conditions: 0.45})
    weight = rng.gamma(2.0, 1.0, N) if kind == "weights" else None
    if kind == "loss":
        loss = rng.exponential(1.0 + inside)
        cube = slices.count_cube(codes, CARDS, np.zeros(N, np.uint8), 1, loss=loss)
        tests = slices.test_cube(cube, (), fewest=30, level=0.95)
    else:
        cluster = rng.integers(0, 3_000, N) if kind == "clusters" else None
        cube = slices.count_cube(codes, CARDS, outcome, 2, weight=weight)
        tests = slices.test_cube(cube, (1,), fewest=30, level=0.95, clusters=cluster)
    assert named(tests, slices.redundant(tests, tests.confirmed)) == [conditions]
