"""Quantiles, their ranks and their density, and the intervals of ratios."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.influence import Influence, mean
from evaluator.statistics.intervals import farther_ends, ratio_interval, t_interval
from evaluator.statistics.order_statistics import ends_of_quantile, in_order, quantile, slope_at
from evaluator.statistics.spread import Spread, correlation_of, spread_of, without_gaps, without_rounding


@pytest.mark.parametrize("n", [1, 2, 9, 10, 30, 101])
@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_quantiles_are_those_of_numpy(n: int, share: float) -> None:
    values = np.random.default_rng(n).normal(size=n)
    expected = np.quantile(values, share, method="averaged_inverted_cdf")
    assert quantile(in_order(values), share) == pytest.approx(expected, abs=1e-15)
    assert quantile(in_order(values, np.full(n, 0.1)), share) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("n", [40, 99, 1000])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_ends_hold_a_quantile_with_at_least_the_level_and_no_closer_ones_do(n: int, share: float) -> None:
    found = ends_of_quantile(in_order(np.arange(1.0, n + 1)), share, n, 0.95)
    assert found is not None
    low, high = found
    assert stats.binom.cdf(low - 1, n, share) <= 0.025 < stats.binom.cdf(low, n, share)
    assert stats.binom.sf(high - 1, n, share) <= 0.025 < stats.binom.sf(high - 2, n, share)


def test_weights_are_shares_of_the_effective_size() -> None:
    values, weight = np.arange(100.0), np.ones(100)
    plain = ends_of_quantile(in_order(values), 0.5, 100, 0.95)
    assert ends_of_quantile(in_order(values, weight * 7), 0.5, 100, 0.95) == plain
    fewer = ends_of_quantile(in_order(values, weight), 0.5, 40.5, 0.95)
    assert plain is not None
    assert fewer is not None
    assert fewer[0] < plain[0] < plain[1] < fewer[1]
    assert ends_of_quantile(in_order(values), 0.5, 4, 0.95) is None


def test_the_slope_is_one_over_the_density() -> None:
    values = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    assert slope_at(in_order(values), 0.9, 100_000) == pytest.approx(1 / stats.norm.pdf(stats.norm.ppf(0.9)), rel=5e-3)
    assert slope_at(in_order(np.zeros(50)), 0.9, 50) == 0
    assert slope_at(in_order(np.zeros(1)), 0.9, 1) == 0


def test_a_ratio_holds_what_the_t_test_does_not_reject() -> None:
    rng = np.random.default_rng(3)
    above, below = rng.normal(4, 2, 50), rng.normal(8, 1, 50)
    found = ratio_interval(mean(above), mean(below), 0.95)
    for end in (found.low, found.high):
        assert stats.ttest_1samp(above - end * below, 0).pvalue == pytest.approx(0.05, rel=1e-6)
    centre = above.mean() / below.mean()
    assert found.low < centre < found.high


def test_a_ratio_by_clusters_counts_each_cluster_once() -> None:
    rng = np.random.default_rng(4)
    above, below = rng.normal(4, 2, 50), rng.normal(8, 1, 50)
    once = ratio_interval(mean(above), mean(below), 0.95)
    cluster = np.repeat(np.arange(50), 3)
    thrice = ratio_interval(mean(np.repeat(above, 3)), mean(np.repeat(below, 3)), 0.95, cluster=cluster)
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


def test_a_ratio_to_what_may_be_zero_has_no_ends() -> None:
    found = ratio_interval(mean(np.ones(20)), mean(np.r_[40.0, np.zeros(19)]), 0.95)
    assert (found.low, found.high, found.method, found.coverage) == (None, None, "denominator_near_zero", "none")


def test_the_farther_ends_of_two_intervals() -> None:
    first, second = (t_interval(value, Spread(1.0, 9.0, None, 1.0), 0.95) for value in (0.0, 0.5))
    found = farther_ends(first, second, method="both")
    assert (found.low, found.high, found.method) == (first.low, second.high, "both")


def test_correlation_is_that_of_the_totals() -> None:
    rng = np.random.default_rng(5)
    first, second = (mean(rng.normal(size=60)).rows for _ in range(2))
    assert correlation_of(first, second) == pytest.approx(np.corrcoef(first, second)[0, 1])
    cluster = np.arange(60) // 3
    totals = [part.reshape(20, 3).sum(axis=1) for part in (first, second)]
    assert correlation_of(first, second, cluster) == pytest.approx(np.corrcoef(*totals)[0, 1])
    assert correlation_of(first, np.zeros(60)) == 0


def test_clusters_without_gaps() -> None:
    assert without_gaps(None) is None
    assert without_gaps(np.array([4, 7, 9])) is None
    assert without_gaps(np.array([9, 4, 9])).tolist() == [1, 0, 1]


def test_rounding_is_relative_to_the_unit() -> None:
    tiny = Spread(1e-14, 9.0, None, 1.0)
    assert without_rounding(tiny, 1e-13).se == 0
    assert without_rounding(tiny, 1e-13, unit=0.0).se == 1e-14
    assert without_rounding(Spread(1e-26, 9.0, None, 1.0), 1e-13, unit=0.0).se == 0


def test_means_are_weighted_sums() -> None:
    values, weight = np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 2.0])
    assert mean(values) == Influence(3.0, pytest.approx((values - 3) / 3))
    assert mean(values, weight) == Influence(3.75, pytest.approx(weight * (values - 3.75) / 4))
    assert spread_of(mean(values).rows).se == pytest.approx(stats.sem(values))
