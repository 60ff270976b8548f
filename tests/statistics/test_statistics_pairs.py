"""Many pairs at once agree with one pair at a time, and with statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.statistics.comparison import newcombe_difference, score_ratio
from evaluator.statistics.pairs import (
    Ends,
    koopman_ends,
    largest_difference,
    mover_difference,
    quantiles,
    smallest_ratio,
    wilson_ends,
)
from evaluator.statistics.quantiles import normal_quantile, t_quantile

LEVELS = (0.9, 0.95, 1 - 0.05 / 300)
COUNTS = [(7, 30, 11, 45), (0, 30, 4, 40), (4, 40, 0, 30), (30, 30, 20, 40), (930, 7100, 827, 8740), (1, 5000, 3, 4000)]


def arrays(*numbers: float) -> list[np.ndarray]:
    return [np.array([number], dtype=np.float64) for number in numbers]


def newcombe(x: int, m: int, y: int, n: int, level: float) -> Ends:
    z = quantiles(level, np.full(1, np.inf))
    first, m_, second, n_ = arrays(x / m, m, y / n, n)
    return mover_difference(first, wilson_ends(first, m_, z), second, wilson_ends(second, n_, z), np.zeros(1))


def koopman(x: int, m: int, y: int, n: int, level: float) -> Ends:
    return koopman_ends(*arrays(x / m, m, y / n, n), quantiles(level, np.full(1, np.inf)))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("counts", COUNTS)
def test_differences_are_those_of_statsmodels(counts: tuple[int, int, int, int], level: float) -> None:
    found = newcombe(*counts, level)
    expected = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=1 - level)
    assert (found.low[0], found.high[0]) == pytest.approx(expected, abs=1e-9)
    one = newcombe_difference(*counts, level)
    assert (found.low[0], found.high[0]) == pytest.approx((one.low, one.high), abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("counts", [row for row in COUNTS if 0 < row[0] < row[1] and row[2]])
def test_ratios_are_those_of_statsmodels(counts: tuple[int, int, int, int], level: float) -> None:
    found = koopman(*counts, level)
    expected = confint_proportions_2indep(*counts, method="score", compare="ratio", alpha=1 - level, correction=False)
    assert (found.low[0], found.high[0]) == pytest.approx(expected, rel=1e-5)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    m=st.integers(10, 4000),
    n=st.integers(10, 4000),
    a=st.floats(0, 1),
    b=st.floats(0, 1),
    level=st.sampled_from(LEVELS),
)
def test_ratios_are_those_of_one_pair_at_a_time(m: int, n: int, a: float, b: float, level: float) -> None:
    x, y = round(a * m), round(b * n)
    found, one = koopman(x, m, y, n, level), score_ratio(x, m, y, n, level)
    assert (found.low[0], found.high[0]) == pytest.approx((one.low, one.high), rel=1e-7)


def test_pairs_are_computed_side_by_side() -> None:
    counts = np.array(COUNTS, dtype=np.float64)
    x, m, y, n = counts.T
    together = koopman_ends(x / m, m, y / n, n, np.full(len(COUNTS), normal_quantile(0.95)))
    alone = [koopman(*row, 0.95) for row in COUNTS]
    np.testing.assert_allclose(together.low, [one.low[0] for one in alone], rtol=1e-8)
    np.testing.assert_allclose(together.high, [one.high[0] for one in alone], rtol=1e-8)


def test_nothing_seen_on_either_side_says_nothing_of_the_ratio() -> None:
    found = koopman(0, 40, 0, 50, 0.95)
    assert (found.low[0], found.high[0]) == (0.0, np.inf)


def test_quantiles_are_those_of_t_and_of_the_normal() -> None:
    found = quantiles(0.99, np.array([3.0, 40.0, np.inf]))
    assert found == pytest.approx([t_quantile(0.99, 3), t_quantile(0.99, 40), normal_quantile(0.99)])


def test_estimates_that_go_together_leave_a_narrower_difference() -> None:
    first, second = arrays(0.30, 0.25)
    ends = [Ends(value - 0.05, value + 0.05) for value in (first, second)]
    widths = []
    for correlation in (-0.5, 0.0, 0.5, 1.0):
        found = mover_difference(first, ends[0], second, ends[1], np.array([correlation]))
        widths.append(float(found.high[0] - found.low[0]))
    assert widths == sorted(widths, reverse=True)
    assert widths[1] == pytest.approx(2 * np.hypot(0.05, 0.05))
    assert widths[3] == pytest.approx(0.0, abs=1e-9)


@settings(derandomize=True)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=8))
def test_the_largest_difference_lies_where_brute_force_says(pairs: list[tuple[float, float]]) -> None:
    low, high = np.array([low for low, _ in pairs]), np.array([low + width for low, width in pairs])
    found = largest_difference(Ends(low, high))
    sizes = [(0.0 if a <= 0 <= b else min(abs(a), abs(b)), max(abs(a), abs(b))) for a, b in zip(low, high, strict=True)]
    assert found.at_least == pytest.approx(max(least for least, _ in sizes))
    assert found.at_most == pytest.approx(max(most for _, most in sizes))


@settings(derandomize=True)
@given(st.lists(st.tuples(st.floats(0.05, 3), st.floats(0, 3)), min_size=1, max_size=8))
def test_the_smallest_ratio_lies_where_brute_force_says(pairs: list[tuple[float, float]]) -> None:
    low, high = np.array([low for low, _ in pairs]), np.array([low + width for low, width in pairs])
    found = smallest_ratio(Ends(low, high))
    sizes = [
        (min(a, 1 / b), 1.0 if a <= 1 <= b else max(min(a, 1 / a), min(b, 1 / b)))
        for a, b in zip(low, high, strict=True)
    ]
    assert found.at_least == pytest.approx(min(least for least, _ in sizes))
    assert found.at_most == pytest.approx(min(most for _, most in sizes))
