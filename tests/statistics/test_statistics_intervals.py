"""Intervals from an estimate and its spread, against SciPy, grid searches and hand calculation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from evaluator.records import Interval
from evaluator.statistics.intervals import (
    constant_mean,
    dirichlet_mcc,
    fisher_z_interval,
    logit_interval,
    newcombe_auc,
    skewed_interval,
    t_interval,
)
from evaluator.statistics.spread import Spread, skewness_of, spread_of

INDEPENDENT = Spread(0.03, 199.0, None, 1.0)


def ends(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_t_interval_of_a_mean_agrees_with_scipy(level: float) -> None:
    values = np.random.default_rng(1).exponential(size=80)
    found = t_interval(values.mean(), spread_of((values - values.mean()) / 80), level)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(level)
    assert ends(found) == pytest.approx(tuple(expected), abs=1e-12)


def test_t_interval_stays_among_possible_values() -> None:
    assert ends(t_interval(0.01, INDEPENDENT, 0.95, low=0.0, high=1.0))[0] == 0.0
    assert ends(t_interval(0.99, INDEPENDENT, 0.95, low=0.0, high=1.0))[1] == 1.0


def test_logit_interval_is_a_t_interval_of_the_log_odds() -> None:
    value, quantile = 0.83, stats.t.ppf(0.975, 199)
    half = quantile * 0.03 / (value * (1 - value))
    expected = [1 / (1 + math.exp(-(math.log(value / (1 - value)) + sign * half))) for sign in (-1, 1)]
    assert ends(logit_interval(value, INDEPENDENT, 0.95)) == pytest.approx(tuple(expected), abs=1e-14)


def test_fisher_z_interval_is_a_t_interval_of_the_inverse_hyperbolic_tangent() -> None:
    half = stats.t.ppf(0.975, 199) * 0.03 / (1 - 0.6**2)
    expected = tuple(math.tanh(math.atanh(0.6) + sign * half) for sign in (-1, 1))
    assert ends(fisher_z_interval(0.6, INDEPENDENT, 0.95)) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("clusters", [39, 40])
def test_few_clusters_make_every_promise_approximate(clusters: int) -> None:
    spread = Spread(0.03, clusters - 1.0, clusters, 2.0)
    expected = "approximate" if clusters < 40 else "nominal"
    for found in (
        t_interval(0.6, spread, 0.95),
        logit_interval(0.6, spread, 0.95),
        fisher_z_interval(0.6, spread, 0.95),
        skewed_interval(0.6, spread, 0.1, 0.95),
    ):
        assert found.coverage == expected


@pytest.mark.parametrize("skewness", [-0.4, -0.1, 0.05, 0.2, 0.6])
def test_skewed_interval_inverts_halls_cubic(skewness: float) -> None:
    def cubic(t: float) -> float:
        return t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6

    quantile = stats.t.ppf(0.975, 199)
    roots = [optimize.brentq(lambda t, q=q: cubic(t) - q, -80, 80) for q in (quantile, -quantile)]
    expected = tuple(0.4 - 0.03 * root for root in roots)
    assert ends(skewed_interval(0.4, INDEPENDENT, skewness, 0.95)) == pytest.approx(expected, abs=1e-10)


def test_skewed_interval_reaches_further_to_the_long_side_and_ends_at_t() -> None:
    values = np.random.default_rng(2).exponential(size=100)
    influence = (values - values.mean()) / 100
    low, high = ends(skewed_interval(values.mean(), spread_of(influence), skewness_of(influence), 0.95))
    assert high - values.mean() > values.mean() - low
    assert skewed_interval(0.4, INDEPENDENT, 0.0, 0.95) == t_interval(0.4, INDEPENDENT, 0.95)
    nearly = skewed_interval(0.4, INDEPENDENT, 2e-6, 0.95)
    assert ends(nearly) == pytest.approx(ends(t_interval(0.4, INDEPENDENT, 0.95)), abs=1e-6)


def test_rows_that_are_all_alike_are_not_certainty() -> None:
    low, high = ends(constant_mean(0.25, 100, 0.95, largest=1.0))
    differ = 1 - 0.025**0.01
    assert (low, high) == pytest.approx((0.25 - 0.25 * differ, 0.25 + 0.75 * differ), abs=1e-15)
    assert ends(constant_mean(0.0, 100, 0.95, largest=1.0)) == pytest.approx((0.0, stats.beta.ppf(0.975, 1, 100)))


@pytest.mark.parametrize(("area", "p", "n"), [(0.75, 20, 80), (0.97, 50, 400), (0.5, 12, 12), (0.04, 40, 30)])
def test_newcombe_auc_agrees_with_a_grid_search(area: float, p: int, n: int) -> None:
    grid = np.linspace(0, 1, 400_001)
    half_sum = (p + n) / 2
    variance = grid * (1 - grid) * (1 + (half_sum - 1) * ((1 - grid) / (2 - grid) + grid / (1 + grid))) / (p * n)
    inside = grid[np.abs(area - grid) <= stats.norm.ppf(0.975) * np.sqrt(variance)]
    assert ends(newcombe_auc(area, p, n, 0.95)) == pytest.approx((inside[0], inside[-1]), abs=5e-6)


@pytest.mark.parametrize("smaller", [1, 10, 60])
def test_perfect_separation_is_bounded_by_disjoint_pairs(smaller: int) -> None:
    low, high = ends(newcombe_auc(1.0, smaller, 500, 0.95))
    assert (low, high) == (pytest.approx(0.025 ** (1 / smaller)), 1.0)
    assert ends(newcombe_auc(0.0, 500, smaller, 0.95)) == pytest.approx((0.0, 1 - low))


@settings(derandomize=True)
@given(
    part=st.floats(0, 1), p=st.integers(1, 300), n=st.integers(1, 300), level=st.sampled_from([0.8, 0.9, 0.95, 0.99])
)
def test_newcombe_auc_holds_the_area_and_mirrors(part: float, p: int, n: int, level: float) -> None:
    area = round(part * 2 * p * n) / (2 * p * n)
    low, high = ends(newcombe_auc(area, p, n, level))
    assert 0 <= low <= area + 1e-12
    assert area - 1e-12 <= high <= 1
    assert low < high
    mirrored = ends(newcombe_auc(1 - area, p, n, level))
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_perfect_separation_up_to_rounding_is_perfect_separation() -> None:
    assert newcombe_auc(1 - 2e-16, 20, 30, 0.95).method == "perfect_separation"
    assert newcombe_auc(1 - 1e-9, 20, 30, 0.95).method == "newcombe_5"


@pytest.mark.parametrize("cells", [(48, 0, 0, 52), (46, 2, 2, 50), (0, 50, 50, 0), (80, 40, 3, 877)])
def test_posterior_of_mcc_holds_the_observed_and_is_never_a_point(cells: tuple[int, int, int, int]) -> None:
    tp, fp, fn, tn = cells
    observed = (tp * tn - fp * fn) / math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    low, high = ends(dirichlet_mcc(cells, 0.95, np.random.default_rng(3)))
    assert -1 <= low <= observed <= high <= 1
    assert high - low > 0.02


def test_posterior_of_mcc_comes_close_to_fisher_z_when_errors_are_common() -> None:
    cells = (350, 100, 50, 500)
    value = 0.7005
    found = ends(dirichlet_mcc(cells, 0.95, np.random.default_rng(4)))
    assert found == pytest.approx((value - 0.0446, value + 0.0422), abs=0.006)
