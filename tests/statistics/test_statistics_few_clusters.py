"""Few and unequal clusters: how often intervals hold, and what equal clusters reduce to; two kinds of clusters at once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from evaluator.metrics.cell_table import cell_table
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.ranking import auc, rank
from evaluator.statistics.spread import (
    FEW_CLUSTERS,
    cluster_totals,
    cluster_variance,
    spread_of,
)
from evaluator.statistics.streams import stream
from evaluator.statistics.two_way import two_way_spread

LEVEL = 0.95
PROMISE = 0.93
SHARED = 0.25
"""Variance of what the rows of a cluster have in common; that of each row is 1."""


@pytest.mark.parametrize("groups", [2, 8, 39, 300])
def test_equal_clusters_keep_the_linearised_variance(groups: int) -> None:
    totals = np.random.default_rng(groups).normal(size=groups)
    variance, df = cluster_variance(totals, np.full(groups, 3.0))
    assert variance == pytest.approx(groups / (groups - 1) * float((totals**2).sum()), rel=1e-12)
    assert df == pytest.approx(groups - 1, rel=1e-9)


def test_unequal_clusters_agree_with_the_matrices_of_bell_and_mccaffrey() -> None:
    """Trace of K squared, K the covariance of the adjusted residuals under a working model of rows that are alike."""
    rng = np.random.default_rng(4)
    share = rng.dirichlet(np.full(12, 0.8))
    totals = rng.normal(size=12)
    working = np.diag(share) - np.outer(share, share)
    scale = 1 / np.sqrt(1 - share)
    adjusted = working * np.outer(scale, scale)
    variance, df = cluster_variance(totals, 1000 * share)
    assert variance == pytest.approx(float((totals**2 / (1 - share)).sum()), rel=1e-12)
    assert df == pytest.approx(np.trace(adjusted) ** 2 / np.trace(adjusted @ adjusted), rel=1e-9)


def test_kinds_of_clusters_count_as_often_as_they_occur() -> None:
    totals, rows, times = np.array([0.2, -0.1, 0.5]), np.array([1.0, 2.0, 4.0]), np.array([5.0, 3.0, 1.0])
    spelt = cluster_variance(np.repeat(totals, times.astype(int)), np.repeat(rows, times.astype(int)))
    assert cluster_variance(totals, rows, times) == pytest.approx(spelt, rel=1e-12)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_counted_cells_and_rows_agree_on_few_clusters(weighted: bool) -> None:
    rng = np.random.default_rng(6)
    code, cluster = rng.integers(0, 4, 300).astype(np.uint8), np.sort(rng.integers(0, 12, 300))
    weight = rng.uniform(0.5, 2, 300) if weighted else None
    table = cell_table(code, 4, weight=weight, cluster=cluster)
    slope = np.array([0.1, -0.4, 0.2, 0.3])
    by_row = slope[code] if weight is None else slope[code] * weight
    assert table.spread(slope) == pytest.approx(spread_of(by_row, cluster), rel=1e-10)


def test_one_cluster_with_all_the_evidence_is_not_precise() -> None:
    totals, rows = np.array([1e-17, 0.0, 0.0]), np.array([9.0, 0.0, 0.0])
    variance, df = cluster_variance(totals, rows)
    assert 0 <= variance < 1e-30
    assert df == pytest.approx(1, abs=0.01)
    assert cluster_variance(np.zeros(3), np.zeros(3)) == (0.0, 2.0)


def sizes_of(rng: np.random.Generator, groups: int) -> np.ndarray:
    """Rows per cluster; the largest of thirty is some twenty times the median."""
    return np.maximum(2, np.round(14 * np.exp(rng.normal(0, 1, groups)))).astype(np.int64)


def mean_holds(rng: np.random.Generator, groups: int) -> bool:
    cluster = np.repeat(np.arange(groups), sizes_of(rng, groups))
    values = rng.normal(0, math.sqrt(SHARED), groups)[cluster] + rng.normal(size=cluster.size)
    return holds(values.mean(), 0.0, (values - values.mean()) / cluster.size, cluster)


def area_holds(rng: np.random.Generator, groups: int) -> bool:
    cluster = np.repeat(np.arange(groups), sizes_of(rng, groups))
    label = rng.random(cluster.size) < 0.4
    score = label + rng.normal(0, math.sqrt(SHARED), groups)[cluster] + rng.normal(size=cluster.size)
    found = auc(rank(label, score))
    return holds(found.value, float(special.ndtr(1 / math.sqrt(2 + 2 * SHARED))), found.rows, cluster)


def holds(value: float, truth: float, influence: np.ndarray, cluster: np.ndarray) -> bool:
    spread = spread_of(influence, cluster)
    return abs(value - truth) <= t_quantile(LEVEL, spread.df) * spread.se


@pytest.mark.parametrize("groups", [10, 20, 30])
@pytest.mark.parametrize("holding", [mean_holds, area_holds], ids=["mean", "auc"])
def test_intervals_from_few_unequal_clusters_hold(holding, groups: int) -> None:
    """At least .93, judged by an exact one-sided test at .001; the linearised variance covers .87 to .92 here."""
    rng = stream(3, "test/few_clusters", f"{holding.__name__}/{groups}")
    held = sum(holding(rng, groups) for _ in range(600))
    assert stats.binomtest(held, 600, PROMISE, alternative="less").pvalue > 0.001


def test_the_linearised_variance_misses_the_promise_with_ten_unequal_clusters() -> None:
    """What the correction is for."""
    rng, held = stream(3, "test/few_clusters", "linearised"), 0
    for _ in range(1000):
        cluster = np.repeat(np.arange(10), sizes_of(rng, 10))
        values = rng.normal(0, math.sqrt(SHARED), 10)[cluster] + rng.normal(size=cluster.size)
        totals = cluster_totals((values - values.mean()) / cluster.size, cluster)
        held += abs(values.mean()) <= t_quantile(LEVEL, 9) * math.sqrt(10 / 9 * float((totals**2).sum()))
    assert stats.binomtest(held, 1000, PROMISE, alternative="less").pvalue < 0.001


def test_rows_repeated_are_as_good_as_one_each() -> None:
    """Clusters of equal size are a sample of independent units, however unlike their influence."""
    influence = np.random.default_rng(12).exponential(size=20) ** 2
    influence -= influence.mean()
    repeated = spread_of(np.repeat(influence / 5, 5), np.repeat(np.arange(20), 5))
    assert repeated.se == pytest.approx(spread_of(influence).se, rel=1e-12)
    assert repeated.df == pytest.approx(19)


def test_rows_without_influence_do_not_count_for_their_cluster() -> None:
    """A rate among positive rows: the negative ones of a cluster say nothing of it."""
    rng = np.random.default_rng(13)
    cluster = np.repeat(np.arange(12), 10)
    positive = rng.random(120) < rng.beta(1, 2, 12)[cluster]
    influence = np.where(positive, rng.normal(size=120), 0.0)
    assert spread_of(influence, cluster) == pytest.approx(
        spread_of(influence[positive], cluster[positive])._replace(
            n_clusters=12, design_effect=spread_of(influence, cluster).design_effect
        )
    )


def test_many_alike_clusters_are_left_as_they_are() -> None:
    rng = np.random.default_rng(8)
    cluster = np.arange(4000) % 400
    influence = rng.normal(size=4000)
    totals = cluster_totals(influence, cluster)
    spread = spread_of(influence, cluster)
    assert spread.df == 399 > FEW_CLUSTERS
    assert spread.se == pytest.approx(math.sqrt(400 / 399 * float((totals**2).sum())), rel=1e-12)


def test_two_kinds_of_clusters_add_and_take_off_their_crossings() -> None:
    rng = np.random.default_rng(9)
    first, second = rng.integers(0, 60, 5000), rng.integers(0, 60, 5000)
    values = rng.normal(size=60)[first] + rng.normal(size=60)[second] + rng.normal(size=5000)
    influence = (values - values.mean()) / 5000
    found = two_way_spread(influence, first, second)
    crossed = first * 60 + second
    each = [spread_of(influence, cluster).se ** 2 for cluster in (first, second)]
    assert found.se**2 == pytest.approx(sum(each) - spread_of(influence, crossed).se ** 2, rel=1e-12)
    assert found.n_clusters == 60
    assert found.se**2 > max(each)


def test_two_way_is_never_below_either_way_alone() -> None:
    rng = np.random.default_rng(10)
    first, second = np.arange(600) // 2, rng.integers(0, 50, 600)
    influence = rng.normal(size=600)
    influence -= influence.mean()
    found = two_way_spread(influence, first, second)
    assert found.se >= max(spread_of(influence, first).se, spread_of(influence, second).se)
    same = two_way_spread(influence, second, second)
    assert same.se == pytest.approx(spread_of(influence, second).se, rel=1e-12)


def test_two_way_needs_two_clusters_of_each_kind() -> None:
    influence = np.array([0.5, -0.5, 0.2, -0.2])
    found = two_way_spread(influence, np.zeros(4, dtype=np.int64), np.arange(4))
    assert math.isnan(found.se)
    assert found.n_clusters == 1


def test_two_way_intervals_hold() -> None:
    """Means with effects of 60 customers and 60 branches, 3000 rows; at least .93 by the exact test at .001."""
    rng, held = stream(5, "test/two_way", "mean"), 0
    for _ in range(600):
        first, second = rng.integers(0, 60, 3000), rng.integers(0, 60, 3000)
        values = rng.normal(0, 0.5, 60)[first] + rng.normal(0, 0.5, 60)[second] + rng.normal(size=3000)
        spread = two_way_spread((values - values.mean()) / 3000, first, second)
        held += abs(values.mean()) <= t_quantile(LEVEL, spread.df) * spread.se
    assert stats.binomtest(held, 600, PROMISE, alternative="less").pvalue > 0.001
    assert stats.binomtest(held, 600, 0.97, alternative="greater").pvalue > 0.001
