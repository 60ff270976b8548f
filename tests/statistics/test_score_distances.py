"""Distances between two distributions against scipy, and what is promised about them by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.distance_ranges import (
    chance_of_largest,
    chance_of_mean,
    dkw_margin,
    p_of_largest,
    range_of_largest,
    range_of_mean,
)
from evaluator.statistics.distances import Apart, Pooled, quantiles_of
from evaluator.statistics.spread import FloatArray, IntArray

Draw = Callable[[np.random.Generator], Apart]


def two(first: FloatArray, second: FloatArray) -> Apart:
    inside = np.arange(first.size + second.size) < first.size
    return Pooled(np.concatenate([first, second])).apart(inside)


@pytest.mark.parametrize("ties", [False, True])
def test_distances_agree_with_scipy(ties: bool) -> None:
    rng = np.random.default_rng(51)
    for _ in range(20):
        first, second = rng.normal(0, 1, rng.integers(2, 60)), rng.normal(0.3, 1.2, rng.integers(2, 90))
        if ties:
            first, second = np.round(first, 1), np.round(second, 1)
        found, oracle = two(first, second), stats.ks_2samp(first, second, method="exact")
        assert found.largest.value == pytest.approx(oracle.statistic)
        distance = np.mean(first <= found.largest.at) - np.mean(second <= found.largest.at)
        assert abs(distance) == pytest.approx(oracle.statistic)
        assert p_of_largest(found) == pytest.approx(oracle.pvalue)
        assert found.mean == pytest.approx(stats.wasserstein_distance(first, second))


def test_weights_agree_with_scipy_and_with_rows_repeated() -> None:
    rng = np.random.default_rng(52)
    value, inside, weight = rng.normal(0, 1, 200), rng.random(200) < 0.3, rng.integers(1, 4, 200).astype(float)
    found = Pooled(value, weight).apart(inside)
    oracle = stats.wasserstein_distance(value[inside], value[~inside], weight[inside], weight[~inside])
    assert found.mean == pytest.approx(oracle)
    times = weight.astype(int)
    repeated = Pooled(np.repeat(value, times)).apart(np.repeat(inside, times))
    assert found.largest.value == pytest.approx(repeated.largest.value)
    assert found.sizes.both < repeated.sizes.both


def test_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(53)
    value, inside, cluster = np.round(rng.normal(0, 1, 300), 1), rng.random(300) < 0.4, rng.integers(0, 60, 300)
    weight, turn = rng.uniform(0.2, 3, 300), rng.permutation(300)
    one = Pooled(value, weight, cluster).apart(inside)
    other = Pooled(value[turn], weight[turn], cluster[turn]).apart(inside[turn])
    assert one.largest.value == pytest.approx(other.largest.value)
    assert one.mean == pytest.approx(other.mean)
    assert one.sizes == pytest.approx(other.sizes)


def test_clusters_of_one_row_are_worth_their_rows() -> None:
    rng = np.random.default_rng(54)
    value, inside = rng.normal(0, 1, 400), np.arange(400) < 150
    alone = Pooled(value, None, rng.permutation(400)).apart(inside)
    plain = Pooled(value).apart(inside)
    assert alone.errors[2] == pytest.approx(plain.errors[2], rel=1e-2)
    assert 0.8 * plain.sizes.both < alone.sizes.both <= plain.sizes.both


def test_variance_of_clusters_by_brute_force() -> None:
    """The difference of cumulative shares, from sums over clusters written out."""
    rng = np.random.default_rng(55)
    value, cluster = rng.normal(0, 1, 120), rng.integers(0, 50, 120)
    inside = rng.random(120) < 0.5
    apart = Pooled(value, None, cluster).apart(inside)
    place = apart.pooled.places[apart.pooled.grid][7]
    total = 0.0
    for name in range(50):
        part = 0.0
        for side, sign in ((inside, 1), (~inside, -1)):
            below = (value <= place).astype(float)
            share = below[side].mean()
            own = (cluster == name) & side
            sizes = np.unique(cluster[side], return_counts=True)[1] / side.sum()
            # Shares of rows that are uneven enough for the correction of few clusters.
            factor = 1 / (1 - own.sum() / side.sum()) if (sizes**2).sum() * 40 > 1 else len(sizes) / (len(sizes) - 1)
            part += sign * float((below[own] - share).sum()) / side.sum() * math.sqrt(factor)
        total += part**2
    assert apart.errors[2][7] == pytest.approx(total)


def test_one_value_is_no_distance() -> None:
    apart = two(np.ones(40), np.ones(50))
    assert (apart.largest.value, apart.mean, p_of_largest(apart)) == (0.0, 0.0, 1.0)
    assert range_of_mean(apart, 0.95) == (0.0, 0.0)
    clustered = Pooled(np.ones(90), None, np.arange(90) // 3).apart(np.arange(90) < 40)
    assert p_of_largest(clustered) == 1.0


def test_values_wholly_apart() -> None:
    apart = two(np.arange(50.0), np.arange(100.0, 150.0))
    assert apart.largest.value == 1.0
    assert apart.mean == pytest.approx(100.0)
    assert range_of_largest(apart, 0.95)[1] == 1.0


def test_dkw_margin_beats_splitting_and_keeps_its_promise() -> None:
    """Never wider than both errors at half the level each; against drawn errors that meet both bounds exactly."""
    rng = np.random.default_rng(56)
    for n, m in ((40, 60), (100, 5000), (800, 900)):
        margin = dkw_margin(n, m, 0.95)
        assert margin <= math.sqrt(math.log(80) / (2 * n)) + math.sqrt(math.log(80) / (2 * m))
        error = [np.sqrt(np.log(2 / rng.random(200_000)) / (2 * size)) for size in (n, m)]
        assert np.mean(error[0] + error[1] > margin) == pytest.approx(0.05, abs=0.004)


def test_quantiles() -> None:
    value = np.array([3.0, 1.0, 2.0, 4.0])
    assert quantiles_of(value, None, [0.0, 0.25, 0.5, 0.51, 1.0]).tolist() == [1.0, 1.0, 2.0, 3.0, 4.0]
    assert quantiles_of(value, np.array([1.0, 1.0, 1.0, 7.0]), [0.3, 0.31]).tolist() == [3.0, 4.0]


# --- promises --------------------------------------------------------------------------------------------------------


def clusters_of(rng: np.random.Generator, n: int, homes: int) -> IntArray:
    return rng.integers(0, homes, n)


def independent(n: int, m: int, shift: float = 0.0) -> Draw:
    return lambda rng: two(rng.normal(shift, 1, n), rng.normal(0, 1, m))


def in_clusters(homes: int, *, between: float = 0.7, shift: float = 0.0, apart: bool = False) -> Draw:
    """Values that homes have in common; homes hold both sides, or (apart) one each."""

    def draw(rng: np.random.Generator) -> Apart:
        n = 4 * homes
        cluster = clusters_of(rng, n, homes)
        inside = (rng.random(homes) < 0.4)[cluster] if apart else rng.random(n) < 0.4
        noise = math.sqrt(between) * rng.normal(0, 1, homes)[cluster] + math.sqrt(1 - between) * rng.normal(0, 1, n)
        return Pooled(noise + shift * inside, None, cluster).apart(inside)

    return draw


def weighted(n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Apart:
        return Pooled(rng.normal(0, 1, n), rng.uniform(0.1, 4, n) ** 2).apart(rng.random(n) < 0.3)

    return draw


WORLDS: dict[str, Draw] = {
    "independent": independent(60, 900),
    "many": independent(400, 1200),
    "homes": in_clusters(80),
    "homes apart": in_clusters(80, apart=True),
    "few homes apart": in_clusters(24, apart=True),
    "weighted": weighted(300),
}
SHIFTED: dict[str, tuple[Draw, float, float]] = {
    "independent": (independent(60, 900, 0.5), 2 * stats.norm.cdf(0.25) - 1, 0.5),
    "homes": (in_clusters(80, shift=0.5), 2 * stats.norm.cdf(0.25) - 1, 0.5),
    "homes apart": (in_clusters(80, shift=0.5, apart=True), 2 * stats.norm.cdf(0.25) - 1, 0.5),
    "few homes apart": (in_clusters(24, shift=0.5, apart=True), 2 * stats.norm.cdf(0.25) - 1, 0.5),
}


def rejections(draw: Draw, replicates: int, seed: int) -> int:
    rng = np.random.default_rng(seed)
    return sum(p_of_largest(draw(rng)) <= 0.05 for _ in range(replicates))


def held(draw: Draw, largest: float, mean: float, replicates: int, seed: int) -> tuple[int, int]:
    """How often the ranges of both distances hold the true ones."""
    rng = np.random.default_rng(seed)
    found = [draw(rng) for _ in range(replicates)]
    ranges = [(range_of_largest(one, 0.95), range_of_mean(one, 0.95)) for one in found]
    return (
        sum(low <= largest <= high for (low, high), _ in ranges),
        sum(low <= mean <= high for _, (low, high) in ranges),
    )


def at_most(count: int, n: int, rate: float) -> bool:
    return bool(stats.binomtest(count, n, rate, alternative="greater").pvalue > 0.001)


def at_least(count: int, n: int, rate: float) -> bool:
    return bool(stats.binomtest(count, n, rate, alternative="less").pvalue > 0.001)


@pytest.mark.parametrize("world", WORLDS)
def test_false_alarms(world: str) -> None:
    assert at_most(rejections(WORLDS[world], 200, 61), 200, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_false_alarms_at_length(world: str) -> None:
    assert at_most(rejections(WORLDS[world], 4000, 62), 4000, 0.05)


@pytest.mark.parametrize("world", SHIFTED)
def test_ranges_hold(world: str) -> None:
    for count in held(*SHIFTED[world], 150, 63):
        assert at_least(count, 150, 0.95)


@pytest.mark.slow
@pytest.mark.parametrize("world", SHIFTED)
def test_ranges_hold_at_length(world: str) -> None:
    for count in held(*SHIFTED[world], 3000, 64):
        assert at_least(count, 3000, 0.95)


@pytest.mark.parametrize("world", ["independent", "many"])
def test_chance_values_are_means_without_a_difference(world: str) -> None:
    rng = np.random.default_rng(65)
    found = [WORLDS[world](rng) for _ in range(150)]
    largest, mean = np.mean([one.largest.value for one in found]), np.mean([one.mean for one in found])
    assert np.mean([chance_of_largest(one) for one in found]) == pytest.approx(largest, rel=0.12)
    assert np.mean([chance_of_mean(one) for one in found]) == pytest.approx(mean, rel=0.12)


def test_clusters_are_not_taken_for_independent_rows() -> None:
    """The same test without clusters raises far too many false alarms: the simulation can fail."""
    rng = np.random.default_rng(66)
    draws = [in_clusters(80, apart=True)(rng) for _ in range(100)]
    plain = sum(p_of_largest(Pooled(one.pooled.value).apart(one.inside)) <= 0.05 for one in draws)
    assert plain > 25
