"""Intervals of differences and ratios against statsmodels and the textbook."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.records import Interval
from evaluator.statistics.comparison import (
    disagreements,
    newcombe_difference,
    paired_difference,
    paired_proportions,
    score_ratio,
)

TABLES = [(10, 60, 18, 60), (90, 100, 480, 500), (48, 80, 240, 300), (3, 50, 5, 40), (1, 30, 29, 30), (0, 30, 5, 40)]


def ends(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("table", TABLES)
def test_newcombe_difference_agrees_with_statsmodels(table: tuple[int, int, int, int], level: float) -> None:
    expected = confint_proportions_2indep(*table, method="newcomb", compare="diff", alpha=1 - level, correction=False)
    assert ends(newcombe_difference(*table, level)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("table", TABLES)
def test_score_ratio_agrees_with_statsmodels(table: tuple[int, int, int, int], level: float) -> None:
    expected = confint_proportions_2indep(*table, method="score", compare="ratio", alpha=1 - level, correction=False)
    assert ends(score_ratio(*table, level)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("table", TABLES)
def test_ratio_turned_around_is_the_inverse(table: tuple[int, int, int, int]) -> None:
    x, m, y, n = table
    low, high = ends(score_ratio(x, m, y, n, 0.95))
    turned_low, turned_high = ends(score_ratio(y, n, x, m, 0.95))
    assert turned_low == pytest.approx(1 / high, rel=1e-8)
    assert (turned_high == math.inf) if low == 0 else (turned_high == pytest.approx(1 / low, rel=1e-8))


def test_ratio_knows_nothing_without_any_success() -> None:
    assert ends(score_ratio(0, 50, 0, 60, 0.95)) == (0.0, math.inf)


@pytest.mark.parametrize("level", [0.3, 0.95, 0.9999])
@pytest.mark.parametrize("m", [1, 2, 30])
@pytest.mark.parametrize("n", [1, 7, 1000])
def test_differences_and_ratios_hold_the_observed_at_every_corner(m: int, n: int, level: float) -> None:
    for x in {0, 1, m // 2, m}:
        for y in {0, 1, n // 2, n}:
            low, high = ends(newcombe_difference(x, m, y, n, level))
            assert -1 <= low <= x / m - y / n <= high <= 1
            low, high = ends(score_ratio(x, m, y, n, level))
            assert 0 <= low <= high
            if y:
                assert low - 1e-9 <= (x / m) / (y / n) <= high + 1e-9


@pytest.mark.parametrize(("a_only", "b_only", "n"), [(0, 0, 50), (7, 3, 200), (19, 0, 40)])
def test_bonett_price_by_hand(a_only: int, b_only: int, n: int) -> None:
    first, second = (a_only + 1) / (n + 2), (b_only + 1) / (n + 2)
    half = stats.norm.ppf(0.975) * math.sqrt((first + second - (first - second) ** 2) / (n + 2))
    expected = (max(-1.0, first - second - half), min(1.0, first - second + half))
    low, high = ends(paired_proportions(a_only, b_only, n, 0.95))
    assert (low, high) == pytest.approx(expected, abs=1e-14)
    assert low < (a_only - b_only) / n < high


def test_no_disagreement_is_not_certainty() -> None:
    low, high = ends(paired_proportions(0, 0, 100, 0.95))
    assert low == pytest.approx(-high)
    assert 0.02 < high < 0.04


def test_disagreements_are_counted_on_each_side() -> None:
    first = np.array([True, True, True, False, False])
    second = np.array([True, False, False, True, False])
    assert disagreements(first, second) == (2, 1)


def test_paired_accuracy_difference_is_the_textbook_formula() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.random(300) < 0.8, rng.random(300) < 0.7
    b, c = np.sum(first & ~second), np.sum(second & ~first)
    difference = (b - c) / 300
    expected = math.sqrt((b + c - (b - c) ** 2 / 300) / 300 / 299)
    rows = [(right - right.mean()) / 300 for right in (first, second)]
    interval, se = paired_difference(first.mean(), second.mean(), rows[0], rows[1], 0.95, low=-1, high=1)
    assert se == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(stats.sem(first.astype(float) - second), rel=1e-12)
    half = stats.t.ppf(0.975, 299) * expected
    assert ends(interval) == pytest.approx((difference - half, difference + half), abs=1e-12)


def test_paired_difference_of_clusters_is_that_of_cluster_sums() -> None:
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(40), 5)
    first, second = rng.normal(size=200) / 200, rng.normal(size=200) / 200
    _, se = paired_difference(0.5, 0.4, first, second, 0.95, cluster=cluster)
    sums = np.array([(first - second)[cluster == g].sum() for g in range(40)])
    assert se == pytest.approx(math.sqrt(40 / 39 * np.sum(sums**2)), rel=1e-12)
