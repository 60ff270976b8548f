from __future__ import annotations

import numpy as np
import pytest

from evaluator.statistics.shared_clusters import FEW_SHARED, SharedClusters, correlation_to_use
from evaluator.statistics.spread import spread_of


def drawn(sizes: tuple[int, ...], n_clusters: int, seed: int = 3) -> tuple[list[np.ndarray], list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    clusters = [rng.integers(0, n_clusters, size) for size in sizes]
    return clusters, [rng.normal(size=size) for size in sizes]


def test_covariances_are_those_of_brute_force() -> None:
    clusters, influence = drawn((50, 80, 20), 25)
    found = SharedClusters(clusters).covariance(influence)
    for i in range(3):
        for j in range(3):
            total, counts = 0.0, [np.unique(part).size for part in clusters]
            for cluster in range(25):
                total += influence[i][clusters[i] == cluster].sum() * influence[j][clusters[j] == cluster].sum()
            factor = np.prod([np.sqrt(count / (count - 1)) for count in (counts[i], counts[j])])
            assert found[i, j] == pytest.approx(total * factor)


def test_the_diagonal_is_the_variance_of_each_group() -> None:
    clusters, influence = drawn((600, 400), 90)
    found = SharedClusters(clusters).covariance(influence)
    for position in range(2):
        assert found[position, position] == pytest.approx(spread_of(influence[position], clusters[position]).se ** 2)


def test_the_variance_of_a_difference_is_that_of_the_joined_influence() -> None:
    clusters = [np.arange(40).repeat(2), np.arange(40).repeat(3)]
    _, influence = drawn((80, 120), 1)
    found = SharedClusters(clusters).covariance(influence)
    joined = spread_of(np.concatenate([influence[0], -influence[1]]), np.concatenate(clusters)).se ** 2
    assert found[0, 0] + found[1, 1] - 2 * found[0, 1] == pytest.approx(joined)


def test_groups_without_a_common_cluster_share_nothing() -> None:
    shared = SharedClusters([np.arange(10), np.arange(10, 30)])
    assert not shared.any_shared
    assert shared.covariance([np.ones(10), np.ones(20)])[0, 1] == 0
    assert SharedClusters([np.array([4, 5]), np.array([5])]).any_shared


def test_a_positive_correlation_counts_only_with_enough_clusters_in_common() -> None:
    covariance, se = np.array([[1.0, 0.5], [0.5, 1.0]]), np.ones(2)
    for n, used in ((FEW_SHARED - 1, 0.0), (FEW_SHARED, 0.5)):
        assert correlation_to_use(covariance, se, np.full((2, 2), n))[0, 1] == used
        assert correlation_to_use(-covariance, se, np.full((2, 2), n))[0, 1] == -0.5


def test_a_group_that_does_not_vary_goes_together_with_nothing() -> None:
    used = correlation_to_use(np.zeros((2, 2)), np.array([0.0, 1.0]), np.full((2, 2), 99))
    assert used.tolist() == [[0.0, 0.0], [0.0, 0.0]]
