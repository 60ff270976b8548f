"""Outcomes of a group beside everyone else when whole clusters are alike: no side is more certain than its clusters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, t, ttest_ind

from evaluator.analyses.fairness.label_gaps import Sides, difference


def sides_of(member: np.ndarray, cluster: np.ndarray | None = None) -> Sides:
    return Sides(member, None, cluster)


@pytest.mark.parametrize("share", [True, False])
def test_a_group_of_one_cluster_shows_no_spread_to_tell_by(share: bool) -> None:
    rng = np.random.default_rng(3)
    cluster = np.r_[np.zeros(60, dtype=np.int64), 1 + np.repeat(np.arange(50), 4)]
    values = rng.random(cluster.size).round() if share else rng.normal(0, 1, cluster.size)
    assert difference(values, sides_of(cluster == 0, cluster), 0.95, share=share) is None
    assert difference(values, sides_of(cluster > 0, cluster), 0.95, share=share) is None


def test_a_small_group_has_its_own_degrees_of_freedom() -> None:
    rng = np.random.default_rng(4)
    values, member = rng.normal(0, 1, 5000), np.arange(5000) < 12
    values[member] *= 5
    found = difference(values, sides_of(member), 0.95, share=False)
    welch = ttest_ind(values[member], values[~member], equal_var=False).confidence_interval(0.95)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((welch.low, welch.high), rel=0.02)


def test_what_nobody_varies_in_has_no_range() -> None:
    member = np.arange(200) < 80
    assert difference(np.where(member, 1.0, 2.0), sides_of(member), 0.95, share=False) is None


def test_pairs_split_between_both_sides_do_not_narrow_a_range_of_means() -> None:
    rng = np.random.default_rng(5)
    shared = rng.normal(0, 1, 300).repeat(2)
    values, member = shared + rng.normal(0, 0.1, 600), np.tile([True, False], 300)
    found = difference(values, sides_of(member, np.arange(300).repeat(2)), 0.95, share=False)
    alone = [values[side].std(ddof=1) / np.sqrt(300) * t.ppf(0.975, 299) for side in (member, ~member)]
    assert found is not None
    assert found.high - found.low == pytest.approx(2 * np.hypot(*alone), rel=1e-6)


def covered(seed: int, times: int, *, share: bool) -> int:
    """A group of five clusters, beside everyone else in sixty: how often the range holds the true difference, 0."""
    rng, count = np.random.default_rng(seed), 0
    cluster = np.arange(65).repeat(20)
    member = cluster < 5
    for _ in range(times):
        level = rng.normal(0, 1, 65)[cluster]
        values = (
            rng.random(cluster.size) < 1 / (1 + np.exp(-level)) if share else level + rng.normal(0, 1, cluster.size)
        )
        found = difference(values.astype(float), sides_of(member, cluster), 0.95, share=share)
        assert found is not None
        count += found.low <= 0 <= found.high
    return count


@pytest.mark.parametrize("share", [True, False])
def test_few_clusters_on_one_side_widen_the_range(share: bool) -> None:
    assert binomtest(covered(41, 300, share=share), 300, 0.93, alternative="less").pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize("share", [True, False])
def test_few_clusters_on_one_side_widen_the_range_at_length(share: bool) -> None:
    assert binomtest(covered(42, 4000, share=share), 4000, 0.93, alternative="less").pvalue > 0.001
