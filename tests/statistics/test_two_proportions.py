"""Two shares: goldens, oracles (scipy, statsmodels), and what is promised about many shares and the highest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from evaluator.statistics.multiplicity import holm
from evaluator.statistics.pairs import Ends, koopman_ends
from evaluator.statistics.quantiles import normal_quantile
from evaluator.statistics.statutory_rates import above_median, impact_ratios, is_left_out, shortfall
from evaluator.statistics.two_proportions import (
    fisher_p_value,
    katz_ends,
    ratios_to_highest,
    score_p_values,
    smallest_expected,
)

Z = normal_quantile(0.95)


def one(*numbers: float) -> list[np.ndarray]:
    return [np.array([number], dtype=np.float64) for number in numbers]


def pair(x: float, m: float, y: float, n: float) -> list[np.ndarray]:
    return one(x / m, m, y / n, n)


def test_the_golden_numbers_of_the_worked_example() -> None:
    low, high = katz_ends(*pair(42, 120, 38, 73), np.array([Z]))
    assert (round(float(low[0]), 3), round(float(high[0]), 3)) == (0.484, 0.934)
    low, high = katz_ends(*pair(80, 196, 97, 204), np.array([Z]))
    assert (round(float(low[0]), 3), round(float(high[0]), 3)) == (0.688, 1.072)
    assert round(fisher_p_value(42, 120, 38, 73), 3) == 0.024
    assert round(fisher_p_value(80, 196, 97, 204), 3) == 0.191
    (p,) = score_p_values(*pair(42, 120, 38, 73), np.array([math.inf]))
    assert p == pytest.approx(2 * stats.norm.sf(2.33), abs=2e-4)


def tables(count: int, seed: int) -> list[tuple[int, int, int, int]]:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 60, (count, 2))
    return [(int(rng.integers(0, m + 1)), int(m), int(rng.integers(0, n + 1)), int(n)) for m, n in sizes]


def test_fishers_test_is_that_of_scipy() -> None:
    for x, m, y, n in tables(150, 11):
        expected = stats.fisher_exact([[x, m - x], [y, n - y]])[1]
        assert fisher_p_value(x, m, y, n) == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_the_score_test_is_that_of_statsmodels() -> None:
    for x, m, y, n in tables(100, 12):
        (found,) = score_p_values(*pair(x, m, y, n), np.array([math.inf]))
        if x + y in (0, m + n):
            assert found == 1
        else:
            assert found == pytest.approx(proportions_ztest([x, y], [m, n])[1], rel=1e-9)


def test_few_degrees_of_freedom_make_the_score_test_more_careful() -> None:
    many, few = (score_p_values(*pair(42, 120, 38, 73), np.array([df])) for df in (math.inf, 9.0))
    assert few[0] > many[0]
    assert few[0] == pytest.approx(2 * stats.t.sf(2.332346, 9), rel=1e-5)


def test_the_log_interval_is_that_of_statsmodels() -> None:
    for x, m, y, n in [row for row in tables(100, 13) if row[0] and row[2]]:
        low, high = katz_ends(*pair(x, m, y, n), np.array([Z]))
        expected = confint_proportions_2indep(x, m, y, n, compare="ratio", method="log")
        assert (low[0], high[0]) == pytest.approx(expected, rel=1e-9)
    assert np.isnan(katz_ends(*pair(0, 10, 3, 10), np.array([Z]))).all()


def test_expected_counts_are_those_of_the_chi_square_table() -> None:
    for x, m, y, n in [row for row in tables(100, 14) if 0 < row[0] + row[2] < row[1] + row[3]]:
        expected = stats.contingency.expected_freq(np.array([[x, m - x], [y, n - y]])).min()
        assert smallest_expected(*pair(x, m, y, n))[0] == pytest.approx(expected)


def all_pairs(k: int) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.triu_indices(k, 1)
    return first, second


def test_ranges_to_the_highest_are_the_smallest_over_all_groups() -> None:
    rng = np.random.default_rng(3)
    first, second = all_pairs(5)
    low = rng.uniform(0.2, 1.5, first.size)
    high = low * rng.uniform(1, 3, first.size)
    found = ratios_to_highest(Ends(low, high), first, second, 5)
    of = {(a, b): ends for a, b, *ends in zip(first, second, low, high, strict=True)}
    of |= {(b, a): [1 / end for end in reversed(ends)] for (a, b), ends in of.items()}
    for group in range(5):
        others = [of[group, other] for other in range(5) if other != group]
        assert found.low[group] == pytest.approx(min(1, *(low for low, _ in others)))
        assert found.high[group] == pytest.approx(min(1, *(high for _, high in others)))


def simulated(truth: np.ndarray, n: np.ndarray, replicates: int, seed: int) -> tuple[int, int]:
    """Samples in which some range to the highest misses, and in which Holm over all pairs rejects equal rates wrongly."""
    rng = np.random.default_rng(seed)
    first, second = all_pairs(truth.size)
    quantile = np.full(first.size, normal_quantile(1 - 0.05 / first.size))
    target, equal = truth / truth.max(), truth[first] == truth[second]
    share, size = rng.binomial(n, truth, (replicates, truth.size)) / n, np.tile(n.astype(float), (replicates, 1))
    sides = [part[:, side].ravel() for side in (first, second) for part in (share, size)]
    ends = koopman_ends(*sides, np.tile(quantile, replicates))
    tests = score_p_values(*sides, np.full(sides[0].size, math.inf)).reshape(replicates, -1)
    missed = rejected = 0
    for low, high, p in zip(*(end.reshape(replicates, -1) for end in ends), tests, strict=True):
        found = ratios_to_highest(Ends(low, high), first, second, truth.size)
        missed += bool(((target < found.low - 1e-9) | (target > found.high + 1e-9)).any())
        rejected += bool((holm(p)[equal] <= 0.05).any())
    return missed, rejected


WORLDS = {
    "equal": (np.full(6, 0.4), np.array([60, 80, 100, 120, 150, 200])),
    "at four fifths": (np.array([0.5, 0.5, 0.4, 0.4, 0.45]), np.full(5, 150)),
    "rare": (np.full(4, 0.06), np.array([150, 200, 300, 400])),
}


@pytest.mark.parametrize("world", WORLDS)
def test_ranges_and_tests_allow_for_the_choice_of_the_highest(world: str) -> None:
    replicates = 400
    for wrong in simulated(*WORLDS[world], replicates, 20261):
        assert stats.binom.sf(wrong - 1, replicates, 0.05) > 0.001


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_ranges_and_tests_allow_for_the_choice_of_the_highest_at_length(world: str) -> None:
    replicates = 10_000
    for wrong in simulated(*WORLDS[world], replicates, 20262):
        assert stats.binom.sf(wrong - 1, replicates, 0.05) > 0.001


def test_the_scoring_golden_counts_strictly_above_the_median() -> None:
    a, b = [88, 75, 70, 70, 64, 60], [90, 70, 70, 60, 55, 50]
    score = np.array([*a, *b], dtype=float)
    found = above_median(score, np.ones(12, dtype=bool))
    assert (found.median, found.tied, found.many_tied) == (70, 4, True)
    counted = [int(found.above[:6].sum()), int(found.above[6:].sum())]
    assert counted == [2, 1]
    assert impact_ratios(counted, [6, 6], [True, True]) == [1.0, 0.5]


def test_a_reversed_score_is_the_score_turned_round() -> None:
    score = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    everyone = np.ones(8, dtype=bool)
    turned = above_median(-score, everyone)
    found = above_median(score, everyone, reverse=True)
    assert (found.above == turned.above).all()
    assert found.median == -turned.median


def test_the_median_is_that_of_its_sample() -> None:
    score, sample = np.arange(10.0), np.arange(10) >= 5
    found = above_median(score, sample)
    assert (found.median, int(found.above.sum()), found.tied) == (7, 2, 1)


@pytest.mark.parametrize(
    ("n", "total", "below", "left_out"),
    [(7, 400, 0.02, True), (8, 400, 0.02, False), (41, 2584, 0.02, True), (41, 2584, None, False), (0, 400, 0.02, True), (3, 150, 0.02, False)],
)  # fmt: skip
def test_a_share_strictly_under_the_bound_is_left_out(n: int, total: int, below: float | None, left_out: bool) -> None:
    assert is_left_out(n, total, below) is left_out


def test_the_published_table_of_the_department_follows_from_its_counts() -> None:
    sex = impact_ratios([667, 555], [1390, 1181], [True, True])
    assert [round(ratio, 3) for ratio in sex if ratio] == [1.0, 0.979]
    counted, n = [204, 412, 170, 52, 302, 18, 96], [408, 797, 390, 119, 616, 41, 213]
    race = impact_ratios(counted, n, [True] * 7)
    assert [round(ratio, 2) for ratio in race if ratio] == [0.97, 1.0, 0.84, 0.85, 0.95, 0.85, 0.87]


def test_left_out_and_empty_categories_have_no_ratio_and_are_not_the_highest() -> None:
    assert impact_ratios([1, 2, 0], [1, 4, 0], [False, True, True]) == [None, 1.0, None]
    assert impact_ratios([0, 0], [4, 5], [True, True]) == [None, None]
    assert impact_ratios([], [], []) == []


def test_shortfalls_are_whole_people_rounded_up() -> None:
    assert shortfall(42, 120, 38, 73, fifths=4) == 8
    assert shortfall(42, 120, 38, 73, fifths=5) == 21
    assert shortfall(40, 100, 50, 100, fifths=4) == 0
    assert shortfall(39, 100, 50, 100, fifths=4) == 1
    assert shortfall(60, 100, 50, 100, fifths=5) == 0
    for x, m, y, n in tables(100, 15):
        short = shortfall(x, m, y, n, fifths=4)
        assert 5 * (x + short) * n >= 4 * y * m
        assert short == 0 or 5 * (x + short - 1) * n < 4 * y * m
