"""Shares of groups and of everyone else from sums: the same as measuring the rows of each set by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.statistics.group_shares import GroupShares, Shares, joint_correlation
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.rows_by_group import GroupedRows
from evaluator.statistics.shared_clusters import SharedClusters, correlation_to_use
from evaluator.statistics.spread import FloatArray, IntArray, all_alone, effective_n, spread_of

KINDS = ("plain", "weighted", "clustered", "few clusters", "alone in each group", "both")


class Rows:
    """Rows at random, with one row left out of every group."""

    def __init__(self, kind: str, seed: int, n: int = 400, k: int = 4) -> None:
        rng = np.random.default_rng(seed)
        self.k = k
        self.group = rng.choice(k, n, p=[0.5, 0.3, 0.15, 0.05])
        self.group[0] = -1
        self.among = rng.random(n) < 0.7
        self.cluster: IntArray | None = None
        self.weight: FloatArray | None = None
        lean = np.zeros(n)
        if kind in ("clustered", "both"):
            self.cluster = rng.integers(0, 150, n)
        if kind == "few clusters":
            self.cluster = rng.integers(0, 14, n) ** 2 // 13
        if kind == "alone in each group":
            self.cluster = np.empty(n, dtype=np.int64)
            for group in (-1, *range(k)):
                inside = np.flatnonzero(self.group == group)
                self.cluster[inside] = rng.permutation(inside.size)
        if self.cluster is not None:
            lean = rng.normal(0, 0.2, int(self.cluster.max()) + 1)[self.cluster]
        if kind in ("weighted", "both"):
            self.weight = rng.uniform(0.2, 3, n)
        self.counted = self.among & (rng.random(n) < np.clip(0.4 + lean, 0, 1))
        self.grouped = GroupedRows(self.group, k, weight=self.weight, cluster=self.cluster)

    def share(self) -> tuple[Shares, Shares]:
        found = GroupShares(self.grouped, self.counted, self.among)
        return found.groups, found.rests

    def members(self, group: int, *, rest: bool) -> BoolArray:
        return np.asarray((self.group >= 0) & ((self.group == group) != rest))

    def influence(self, members: BoolArray) -> FloatArray:
        weight = np.ones(self.group.size) if self.weight is None else self.weight
        a = weight * (self.among & members)
        value = float((a * self.counted).sum() / a.sum())
        return np.asarray(a * (self.counted - value) / a.sum())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rest", [False, True], ids=["groups", "rests"])
def test_each_set_is_as_measured_by_itself(kind: str, rest: bool) -> None:
    rows = Rows(kind, seed=11)
    found = rows.share()[rest]
    for group in range(rows.k):
        members = rows.members(group, rest=rest)
        inside = members & rows.among
        weight = None if rows.weight is None else rows.weight[inside]
        value = float(np.average(rows.counted[inside], weights=weight))
        assert found.value[group] == pytest.approx(value, abs=1e-12)
        assert (found.rows[group], found.cases[group]) == (members.sum(), inside.sum())
        n = float(inside.sum())
        cluster = None if rows.cluster is None else rows.cluster[inside]
        cluster = None if cluster is None or all_alone(cluster) else cluster
        if weight is None and cluster is None:
            assert (found.size[group], found.df[group]) == (n, np.inf)
            continue
        whole = None if rows.cluster is None or all_alone(rows.cluster[members]) else rows.cluster[members]
        se = spread_of(rows.influence(members)[members], whole).se
        assert found.size[group] == pytest.approx(max(1.0, min(n, value * (1 - value) / se**2)), rel=1e-9)
        n_clusters = n if cluster is None else np.unique(cluster).size
        assert found.df[group] == n_clusters - 1
        assert found.clusters[group] == n_clusters


@pytest.mark.parametrize("kind", KINDS)
def test_sets_go_together_as_their_influence_says(kind: str) -> None:
    rows = Rows(kind, seed=12, n=900)
    found = GroupShares(rows.grouped, rows.counted, rows.among)
    if rows.cluster is None:
        assert not found.correlation.any()
        assert not found.correlation_with_rest.any()
        return
    groups = [rows.members(group, rest=False) for group in range(rows.k)]
    shared = SharedClusters([rows.cluster[members] for members in groups])
    covariance = shared.covariance([rows.influence(members)[members] for members in groups])
    se = np.sqrt(np.diag(covariance))
    expected = correlation_to_use(covariance, se, shared.in_both)
    np.fill_diagonal(expected, 0.0)
    assert found.correlation == pytest.approx(expected, abs=1e-10)
    for group, members in enumerate(groups):
        others = rows.members(group, rest=True)
        pair = SharedClusters([rows.cluster[members], rows.cluster[others]])
        both = pair.covariance([rows.influence(members)[members], rows.influence(others)[others]])
        alike = correlation_to_use(both, np.sqrt(np.diag(both)), pair.in_both)[0, 1]
        assert found.correlation_with_rest[group] == pytest.approx(alike, abs=1e-10)


def test_two_shares_go_together_as_their_clusters_do() -> None:
    rows = Rows("clustered", seed=13, n=900)
    first, second = (GroupShares(rows.grouped, rows.counted, among) for among in (rows.among, ~rows.among))
    joint = joint_correlation(first, second, rows.grouped)
    assert joint[:4, :4] == pytest.approx(first.correlation, abs=1e-12)
    assert joint == pytest.approx(joint.T)
    assert joint.shape == (8, 8)
    plain = Rows("plain", seed=13)
    one, other = (GroupShares(plain.grouped, plain.counted, among) for among in (plain.among, ~plain.among))
    assert not joint_correlation(one, other, plain.grouped).any()


def test_where_nothing_varies_weights_and_clusters_alone_say_how_many_cases_there_are() -> None:
    rng = np.random.default_rng(14)
    group, cluster = np.repeat([0, 1], 60), np.repeat(np.arange(60), 2)
    weight = rng.uniform(0.5, 2, 120)
    every, none = np.ones(120, dtype=bool), np.zeros(120, dtype=bool)
    clustered = GroupShares(GroupedRows(group, 2, cluster=cluster), none, every).groups
    assert clustered.size.tolist() == [30.0, 30.0]
    weighted = GroupShares(GroupedRows(group, 2, weight=weight), every, every).groups
    assert weighted.size == pytest.approx([effective_n(weight[:60]), effective_n(weight[60:])])
    assert (weighted.variance > 0).all()


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans(), st.integers(0, 5)), min_size=1, max_size=30))
def test_any_rows_have_an_answer(rows: list[tuple[int, bool, bool, int]]) -> None:
    group, counted, among, cluster = (np.array(column) for column in zip(*rows, strict=True))
    found = GroupShares(GroupedRows(group.astype(np.int64), 3, cluster=cluster.astype(np.int64)), counted, among)
    for shares in (found.groups, found.rests):
        assert (np.isnan(shares.value) == (shares.cases == 0)).all()
        assert np.isfinite(shares.size).all()
        assert ((shares.size >= 1) & (shares.size <= np.maximum(1, shares.cases) + 1e-9)).all()
    assert np.isfinite(found.correlation).all()
    assert (np.abs(found.correlation_with_rest) <= 1).all()
