"""Quantiles that hold together, against the multivariate distributions of scipy and the studentised range."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.simultaneous import DRAWS, bands, max_pair_quantile, max_t_quantile
from evaluator.statistics.streams import stream

LEVEL = 0.95
MONTE_CARLO = 4 * math.sqrt(LEVEL * (1 - LEVEL) / DRAWS)
"""Four standard errors of a simulated probability."""


def rng_of(unit: str) -> np.random.Generator:
    return stream(11, "test/simultaneous", unit)


def correlated(k: int, common: float) -> np.ndarray:
    return np.full((k, k), common) + (1 - common) * np.eye(k)


def all_pairs(k: int) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.triu_indices(k, 1)
    return first, second


@pytest.mark.parametrize("k", [2, 4, 7])
@pytest.mark.parametrize("common", [-0.1, 0.3, 0.9])
def test_the_level_is_that_of_the_multivariate_normal(k: int, common: float) -> None:
    correlation = correlated(k, common)
    quantile = max_t_quantile(correlation, LEVEL, rng=rng_of(f"{k}/{common}"))
    normal = stats.multivariate_normal(np.zeros(k), correlation, seed=np.random.default_rng(1))
    held = normal.cdf(np.full(k, quantile), lower_limit=np.full(k, -quantile))
    assert held == pytest.approx(LEVEL, abs=MONTE_CARLO)
    assert t_quantile(LEVEL, math.inf) < quantile < normal_quantile(1 - 0.05 / k)


def test_the_level_with_few_clusters_is_that_of_the_multivariate_t() -> None:
    correlation = correlated(4, 0.5)
    quantile = max_t_quantile(correlation, LEVEL, rng=rng_of("t"), df=9)
    student = stats.multivariate_t(np.zeros(4), correlation, df=9, seed=np.random.default_rng(2))
    held = student.cdf(np.full(4, quantile), lower_limit=np.full(4, -quantile), random_state=np.random.default_rng(2))
    assert held == pytest.approx(LEVEL, abs=MONTE_CARLO + 1e-3)
    assert t_quantile(LEVEL, 9) < quantile < t_quantile(1 - 0.05 / 4, 9)


@pytest.mark.parametrize("df", [math.inf, 12.0], ids=["normal", "t"])
def test_one_statistic_alone_is_exact(df: float) -> None:
    alone = pytest.approx(t_quantile(LEVEL, df), rel=1e-14)
    assert max_t_quantile(np.eye(1), LEVEL, rng=rng_of("one"), df=df) == alone
    assert max_t_quantile(np.zeros((0, 0)), LEVEL, rng=rng_of("none"), df=df) == alone


@pytest.mark.parametrize("k", [2, 10, 100])
def test_independent_statistics_are_exact(k: int) -> None:
    quantile = max_t_quantile(np.eye(k), LEVEL, rng=rng_of("independent"))
    assert (2 * stats.norm.cdf(quantile) - 1) ** k == pytest.approx(LEVEL, abs=1e-12)


def test_statistics_that_are_one_need_no_more_than_one() -> None:
    sign = np.array([1.0, -1.0, 1.0])
    assert max_t_quantile(np.outer(sign, sign), LEVEL, rng=rng_of("same")) == pytest.approx(1.96, abs=0.03)
    assert max_t_quantile(np.outer(sign, sign), LEVEL, rng=rng_of("same")) >= normal_quantile(LEVEL)


@pytest.mark.parametrize("df", [math.inf, 15.0], ids=["normal", "t"])
@pytest.mark.parametrize("k", [3, 8])
def test_equal_groups_give_the_studentised_range(k: int, df: float) -> None:
    quantile = max_pair_quantile(np.full(k, 0.02), np.eye(k), all_pairs(k), LEVEL, rng=rng_of(f"range/{k}"), df=df)
    freedom = 1e6 if math.isinf(df) else df
    assert stats.studentized_range.cdf(quantile * math.sqrt(2), k, freedom) == pytest.approx(LEVEL, abs=MONTE_CARLO)


def test_pairs_are_the_differences_written_down() -> None:
    """The same groups with their pairwise differences as statistics of their own."""
    se, correlation = np.array([1.0, 0.3, 2.0, 0.7]), correlated(4, 0.4)
    first, second = all_pairs(4)
    contrast = np.zeros((6, 4))
    contrast[np.arange(6), first], contrast[np.arange(6), second] = 1.0, -1.0
    covariance = contrast @ (correlation * np.outer(se, se)) @ contrast.T
    spread = np.sqrt(np.diag(covariance))
    written = max_t_quantile(covariance / np.outer(spread, spread), LEVEL, rng=rng_of("written"))
    assert max_pair_quantile(se, correlation, (first, second), LEVEL, rng=rng_of("pairs")) == pytest.approx(
        written, abs=0.05
    )


def test_one_group_against_the_others_is_dunnetts() -> None:
    pairs = (np.zeros(5, dtype=np.int64), np.arange(1, 6))
    quantile = max_pair_quantile(np.ones(6), np.eye(6), pairs, LEVEL, rng=rng_of("dunnett"))
    normal = stats.multivariate_normal(np.zeros(5), correlated(5, 0.5), seed=np.random.default_rng(3))
    held = normal.cdf(np.full(5, quantile), lower_limit=np.full(5, -quantile))
    assert held == pytest.approx(LEVEL, abs=MONTE_CARLO)


def test_pairs_without_spread_are_left_out() -> None:
    se, correlation = np.array([0.1, 0.1, 0.0, 0.0]), correlated(4, 0.0)
    correlation[0, 1] = correlation[1, 0] = 1.0
    nothing = (np.array([0, 2]), np.array([1, 3]))
    assert max_pair_quantile(se, correlation, nothing, LEVEL, rng=rng_of("none")) == normal_quantile(LEVEL)
    one = (np.array([0, 2, 0]), np.array([1, 3, 2]))
    assert max_pair_quantile(se, correlation, one, LEVEL, rng=rng_of("none")) == normal_quantile(LEVEL)


def test_a_higher_level_asks_for_more_and_a_seed_for_the_same() -> None:
    se = np.linspace(0.5, 2, 6)
    levels = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.99999]
    for quantile_at in (
        lambda level: max_pair_quantile(se, np.eye(6), all_pairs(6), level, rng=rng_of("levels")),
        lambda level: max_t_quantile(correlated(6, 0.3), level, rng=rng_of("levels")),
    ):
        found = [quantile_at(level) for level in levels]
        assert found == [quantile_at(level) for level in levels]
        assert all(low < high for low, high in pairwise(found))


@pytest.mark.parametrize("k", [2, 5, 20])
def test_pairs_lie_between_one_and_bonferroni(k: int) -> None:
    pairs = all_pairs(k)
    count = pairs[0].size
    quantile = max_pair_quantile(np.ones(k), np.eye(k), pairs, LEVEL, rng=rng_of(f"between/{k}"))
    assert normal_quantile(LEVEL) <= quantile
    assert quantile <= normal_quantile(1 - (1 - LEVEL) / count)


def test_nearly_singular_correlations_do_not_depend_on_rounding() -> None:
    """Twenty estimates of which two are almost the same: any eigenvectors of the equal eigenvalues give one root."""
    correlation = correlated(20, 0.2)
    correlation[1] = correlation[0]
    correlation[:, 1] = correlation[:, 0]
    correlation[0, 1] = correlation[1, 0] = correlation[1, 1] = 1.0
    noise = 1e-15 * np.random.default_rng(4).standard_normal((20, 20))
    first = max_t_quantile(correlation, LEVEL, rng=rng_of("root"))
    assert max_t_quantile(correlation + noise + noise.T, LEVEL, rng=rng_of("root")) == pytest.approx(first, rel=1e-9)


def test_bands_are_multiples_of_the_standard_errors() -> None:
    covariance = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, 0.0], [0.0, 0.0, 0.0]])
    found = bands(np.array([1.0, 2.0, 3.0]), covariance, LEVEL, rng=rng_of("bands"))
    assert found.high - found.low == pytest.approx(2 * found.quantile * np.array([0.2, 0.3, 0.0]))
    assert (found.low + found.high) / 2 == pytest.approx([1.0, 2.0, 3.0])
    wider = bands(np.array([1.0, 2.0, 3.0]), covariance, LEVEL, rng=rng_of("bands"), df=8)
    assert wider.quantile > found.quantile


def test_bands_hold_all_together_as_often_as_they_say() -> None:
    """Errors of five correlated estimates; no more misses than an exact test at 0.001 allows."""
    covariance = correlated(5, 0.6) * np.outer(*[np.array([1.0, 2.0, 0.5, 3.0, 1.0])] * 2)
    found = bands(np.zeros(5), covariance, LEVEL, rng=rng_of("coverage"))
    truth = rng_of("truth").multivariate_normal(np.zeros(5), covariance, size=2000)
    misses = int(((truth < found.low) | (truth > found.high)).any(axis=1).sum())
    assert stats.binomtest(misses, 2000, 1 - LEVEL, alternative="greater").pvalue > 0.001
