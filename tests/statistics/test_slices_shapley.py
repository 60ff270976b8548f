"""Contributions of conditions add up and are the mean over all orders in which the conditions can be added."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from evaluator.statistics import slices

CARDS = (3, 4, 2, 5)


def by_permutations(
    codes: list[np.ndarray], conditions: list[tuple[int, int]], values: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """The mean change over all orders, from the rows."""
    total, orders = np.zeros(len(conditions)), list(permutations(range(len(conditions))))
    for order in orders:
        inside, before = np.ones(values.size, dtype=bool), np.average(values, weights=weight)
        for place in order:
            feature, level = conditions[place]
            inside = inside & (codes[feature] == level)
            after = np.average(values[inside], weights=weight[inside])
            total[place] += after - before
            before = after
    return total / len(orders)


@pytest.mark.parametrize("conditions", [[(1, 2)], [(3, 4), (0, 1)], [(2, 1), (0, 0), (1, 3)]])
@pytest.mark.parametrize("kind", ["errors", "errors among positives", "weights", "loss", "weighted loss"])
def test_contributions_are_those_of_all_orders(conditions: list[tuple[int, int]], kind: str) -> None:
    rng = np.random.default_rng(30)
    n = 4_000
    codes = [rng.integers(0, card, n).astype(np.uint8) for card in CARDS]
    outcome = rng.integers(0, 4, n).astype(np.uint8)
    weight = rng.gamma(2.0, 1.0, n) if "weight" in kind else None
    loss = rng.exponential(1.0 + codes[0]) if "loss" in kind else None
    events = () if loss is not None else (3,) if "positives" in kind else (1, 3)
    among = (2, 3) if "positives" in kind else None
    cube = slices.count_cube(codes, CARDS, outcome, 4, weight=weight, loss=loss)
    found = slices.shapley(cube, conditions, events, among)
    counted = np.isin(outcome, (2, 3)) if among else np.ones(n, dtype=bool)
    values = loss if loss is not None else np.isin(outcome, events).astype(float)
    w = np.ones(n) if weight is None else weight
    expected = by_permutations([code[counted] for code in codes], conditions, values[counted], w[counted])
    np.testing.assert_allclose(found, expected, atol=1e-9)
    inside = counted & cube.mask(cube.number(conditions))
    apart = np.average(values[inside], weights=w[inside]) - np.average(values[counted], weights=w[counted])
    assert found.sum() == pytest.approx(apart, abs=1e-9)


def test_a_condition_that_says_nothing_contributes_nothing() -> None:
    rng = np.random.default_rng(31)
    first = rng.integers(0, 2, 2_000).astype(np.uint8)
    cube = slices.count_cube([first, np.zeros(2_000, np.uint8)], (2, 1), first, 2)
    np.testing.assert_allclose(slices.shapley(cube, [(0, 1), (1, 0)], (1,)), [1 - first.mean(), 0.0], atol=1e-12)


def test_a_slice_without_cases_has_no_contributions() -> None:
    zeros = np.zeros(100, np.uint8)
    cube = slices.count_cube([zeros, zeros], (2, 2), zeros, 2)
    assert np.isnan(slices.shapley(cube, [(0, 1)], (1,))).all()
