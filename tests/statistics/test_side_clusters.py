"""Contrasts of two sides whose clusters are alike: a side is no more certain than its own clusters make it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_ind

from evaluator.statistics.side_clusters import grown, part_of_cell, spread_of_sides
from evaluator.statistics.stratified import averaged_difference, levels_of_cases, mantel_haenszel_parts
from evaluator.statistics.stratified_odds import common_odds_ratio


def test_parts_are_counted_whatever_the_numbers_of_clusters() -> None:
    rng = np.random.default_rng(1)
    for most in (5, 40, 10_000):
        cell, cluster = rng.integers(0, 4, 300), rng.integers(0, most, 300)
        expected = [np.mean(cluster[cell == cell[i]] == cluster[i]) for i in range(300)]
        assert part_of_cell(cell, cluster) == pytest.approx(expected)
    assert grown(np.array([0.5, 0.2, 1.0])) == pytest.approx([math.sqrt(2), math.sqrt(1.25), 1.0])


def test_clusters_of_one_value_are_the_cases_of_welchs_test() -> None:
    """Every cluster is one number many times: means, standard errors and degrees of freedom are those of the numbers."""
    rng = np.random.default_rng(2)
    values = [rng.normal(0, 3, 6), rng.normal(0, 1, 50)]
    cluster = np.arange(56).repeat(7)
    first = cluster < 6
    every = np.concatenate(values).repeat(7)
    influence = np.where(first, (every - values[0].mean()) / 42, -(every - values[1].mean()) / 350)
    found = spread_of_sides(influence * grown(part_of_cell(first.astype(np.int64), cluster)), first, cluster)
    welch = ttest_ind(values[0], values[1], equal_var=False)
    assert (values[0].mean() - values[1].mean()) / found.se == pytest.approx(welch.statistic)
    assert found.df == pytest.approx(welch.df)


def test_a_side_of_one_cluster_has_no_spread() -> None:
    cluster = np.r_[np.zeros(20, dtype=np.int64), np.arange(1, 41)]
    assert math.isnan(spread_of_sides(np.ones(60), cluster == 0, cluster).se)
    assert math.isnan(spread_of_sides(np.ones(60), cluster >= 0, cluster).se)


def world(seed: int, times: int, few: int) -> tuple[int, int]:
    """A group of few clusters beside sixty, alike in three levels: ranges of the difference, and of the odds, that hold
    what is true."""
    rng, differences, odds = np.random.default_rng(seed), 0, 0
    cluster = np.arange(few + 60).repeat(20)
    for _ in range(times):
        level = rng.integers(0, 3, cluster.size)
        chance = 1 / (1 + np.exp(-rng.normal(0, 1, few + 60)[cluster] + 0.3 * level))
        levels = levels_of_cases(level, cluster < few, rng.random(cluster.size) < chance, 3, cluster=cluster)
        found = averaged_difference(levels, mantel_haenszel_parts(levels), 0.95)
        assert found.low is not None
        assert found.high is not None
        differences += found.low <= 0 <= found.high
        ratio = common_odds_ratio(levels, 0.95)
        odds += ratio is None or ratio.low <= 1 <= ratio.high
    return differences, odds


@pytest.mark.parametrize("few", [5, 10])
def test_few_clusters_of_a_group_are_not_made_up_for_by_others(few: int) -> None:
    for held in world(61, 300, few):
        assert binomtest(held, 300, 0.93, alternative="less").pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize("few", [5, 10])
def test_few_clusters_of_a_group_are_not_made_up_for_by_others_at_length(few: int) -> None:
    for held in world(62, 4000, few):
        assert binomtest(held, 4000, 0.93, alternative="less").pvalue > 0.001


def test_a_group_of_one_cluster_is_not_compared() -> None:
    rng = np.random.default_rng(7)
    cluster = np.r_[np.zeros(40, dtype=np.int64), np.arange(1, 61).repeat(4)]
    level = rng.integers(0, 2, cluster.size)
    levels = levels_of_cases(level, cluster == 0, rng.random(cluster.size) < 0.5, 2, cluster=cluster)
    assert averaged_difference(levels, mantel_haenszel_parts(levels), 0.95)[1:] == (None, None, "one_cluster")
    assert common_odds_ratio(levels, 0.95) is None
