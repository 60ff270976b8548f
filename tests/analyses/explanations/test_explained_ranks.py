"""Rank sets: as narrow as the data allow, and right together."""

from __future__ import annotations

import numpy as np
from scipy import stats

from evaluator.analyses.explanations.ranks import REPEATS, ranks_of
from evaluator.analyses.explanations.weighting import Means
from evaluator.statistics.streams import stream


def of(value: list[float], se: float, correlation: float = 0.0) -> Means:
    k = len(value)
    covariance = se**2 * (np.full((k, k), correlation) + (1 - correlation) * np.eye(k))
    return Means(np.array(value), covariance, 500.0)


def test_means_far_apart_have_one_rank_each() -> None:
    found = ranks_of(of([1.0, 3.0, 2.0], 0.01), 0.95, stream(7, "test"))
    assert found.low.tolist() == found.high.tolist() == [3, 1, 2]
    assert found.times_first is not None
    assert found.times_first.tolist() == [0, REPEATS, 0]


def test_means_that_cannot_be_told_apart_share_their_ranks() -> None:
    found = ranks_of(of([3.0, 2.95, 1.0, 0.0], 0.1), 0.95, stream(7, "test"))
    assert found.low.tolist() == [1, 1, 3, 4]
    assert found.high.tolist() == [2, 2, 3, 4]


def test_means_that_rise_and_fall_together_are_told_apart_sooner() -> None:
    alone, together = (ranks_of(of([1.0, 0.8], 0.1, r), 0.95, stream(7, "test")) for r in (0.0, 0.95))
    assert alone.high.tolist() == [2, 2]
    assert together.high.tolist() == [1, 2]


def test_equal_zeros_share_their_ranks_and_unknown_ranges_leave_all_open() -> None:
    zero = ranks_of(Means(np.array([1.0, 0.0, 0.0]), np.diag([1e-4, 0.0, 0.0]), 100.0), 0.95, stream(7, "test"))
    assert (zero.low.tolist(), zero.high.tolist()) == ([1, 2, 2], [1, 3, 3])
    unknown = ranks_of(Means(np.array([1.0, 0.0]), np.full((2, 2), np.nan), 1.0), 0.95, stream(7, "test"))
    assert (unknown.low.tolist(), unknown.high.tolist(), unknown.times_first) == ([1, 1], [2, 2], None)


def test_all_rank_sets_hold_together() -> None:
    truth = np.array([1.0, 0.9, 0.85, 0.5, 0.1])
    rng, tries, held = np.random.default_rng(6), 500, 0
    for attempt in range(tries):
        seen = of(list(truth + rng.normal(0, 0.05, 5)), 0.05)
        found = ranks_of(seen, 0.95, stream(7, "test", str(attempt)))
        held += bool(((found.low <= np.arange(1, 6)) & (np.arange(1, 6) <= found.high)).all())
    assert stats.binomtest(held, tries, 0.95, alternative="less").pvalue > 0.001


def test_few_clusters_do_not_order_what_is_equal() -> None:
    """Equal means of six columns over eight clusters: hardly any sample may tell two of them apart."""
    apart = 0
    for seed in range(200):
        rng = np.random.default_rng([8, seed])
        totals = rng.normal(size=(8, 6))
        means = Means(totals.mean(axis=0), np.cov(totals, rowvar=False) / 8, 7)
        ranks = ranks_of(means, 0.95, rng)
        apart += bool((ranks.low > 1).any())
    assert stats.binomtest(apart, 200, 0.05, alternative="greater").pvalue > 0.001
