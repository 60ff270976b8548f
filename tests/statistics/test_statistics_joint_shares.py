"""Shares of all cases follow from the rates that a run records: held against the same share measured on the rows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from evaluator.records import Estimate, Interval
from evaluator.records.vocabulary import EstimateStatus
from evaluator.statistics import influence
from evaluator.statistics.joint_shares import Cell, JointShare, cell_variances, joint_share
from evaluator.statistics.proportions import clopper_pearson, proportion
from evaluator.statistics.spread import FloatArray, IntArray, spread_of

LEVEL = 0.95


def estimate(
    metric: str, value: float, se: float | None, n: int, *, successes: int | None, clusters: int | None
) -> Estimate:
    return Estimate(
        analysis="performance", metric=metric, class_="", subject="model", population_id="all", value=value,
        low=None, high=None, se=se, level=LEVEL, method="logit_influence", coverage="nominal", n=n, relevant_count=n,
        successes=successes, n_clusters=clusters, n_effective=None, weighted=successes is None, family="", family_size=1,
        unit="fraction", status="ok", reason="",
    )  # fmt: skip


def measured(
    label: np.ndarray, decided: np.ndarray, cluster: IntArray | None = None, weight: FloatArray | None = None
) -> dict[str, Estimate]:
    """Every rate with the standard error that its influence on the rows gives."""
    everyone = np.ones(label.size, dtype=bool)
    of = {
        "accuracy": (label == decided, everyone),
        "selection_rate": (decided, everyone),
        "true_positive_rate": (decided & label, label),
        "false_negative_rate": (~decided & label, label),
        "false_positive_rate": (decided & ~label, ~label),
        "precision": (decided & label, decided),
        "negative_predictive_value": (~decided & ~label, ~decided),
    }
    found = {}
    for metric, (part, among) in of.items():
        share = influence.share(part.astype(float), among.astype(float), weight)
        spread = spread_of(share.rows, cluster)
        counted = int(part.sum()) if weight is None else None
        clusters = None if cluster is None else int(np.unique(cluster).size)
        found[metric] = estimate(metric, share.value, spread.se, label.size, successes=counted, clusters=clusters)
    return found


def clustered_rows(seed: int, households: int = 900) -> tuple[np.ndarray, np.ndarray, IntArray]:
    """Households of one to four rows whose outcomes and decisions go together."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(households), rng.integers(1, 5, households))
    shared = rng.normal(size=households)[cluster]
    latent = shared + rng.normal(size=cluster.size)
    label = latent > -1.0
    decided = latent + 0.8 * shared + rng.normal(size=cluster.size) > -0.8
    return label, decided, cluster


def direct(part: np.ndarray, cluster: IntArray | None, weight: FloatArray | None = None) -> tuple[float, float]:
    found = influence.mean(part.astype(float), weight)
    return found.value, spread_of(found.rows, cluster).se


@pytest.mark.parametrize("weighted", [False, True])
def test_the_variances_are_those_of_the_rows(weighted: bool) -> None:
    label, decided, cluster = clustered_rows(11)
    weight = np.random.default_rng(12).uniform(0.5, 2.0, label.size) if weighted else None
    found = cell_variances(measured(label, decided, cluster, weight))
    assert found is not None
    for variance, part in zip(found, (label & ~decided, ~label & decided, label & decided), strict=True):
        assert math.sqrt(variance) == pytest.approx(direct(part, cluster, weight)[1], rel=0.01)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("cell", ["false_negative", "false_positive"])
def test_the_share_and_its_range_are_those_of_the_rows(cell: Cell, weighted: bool) -> None:
    label, decided, cluster = clustered_rows(21)
    weight = np.random.default_rng(22).uniform(0.5, 2.0, label.size) if weighted else None
    share = joint_share(cell, measured(label, decided, cluster, weight))
    assert share is not None
    part = label & ~decided if cell == "false_negative" else ~label & decided
    value, se = direct(part, cluster, weight)
    assert share.value == pytest.approx(value, rel=1e-9)
    low, high = ends(share)
    assert low < value < high
    assert (high - low) / 2 == pytest.approx(1.96 * se, rel=0.03)


def test_rows_of_one_household_widen_the_range() -> None:
    label, decided, cluster = clustered_rows(31)
    together, alone = (joint_share("false_negative", measured(label, decided, who)) for who in (cluster, None))
    assert together is not None
    assert alone is not None
    wide, narrow = (end[1] - end[0] for end in (ends(together), ends(alone)))
    assert wide > narrow
    assert together.value == pytest.approx(alone.value)


def test_independent_cases_are_counted() -> None:
    label, decided, _ = clustered_rows(41)
    share = joint_share("false_positive", measured(label, decided))
    assert share is not None
    wrong = int((~label & decided).sum())
    assert share.value == wrong / label.size
    assert share.interval == proportion(wrong, label.size, LEVEL)
    assert share.source.metric == "false_positive_rate"


def test_where_the_rates_do_not_fix_it_the_range_takes_its_largest_width() -> None:
    label, decided, cluster = clustered_rows(51)
    rates = measured(label, decided, cluster)
    exact = joint_share("false_negative", rates)
    without = {name: row for name, row in rates.items() if name != "accuracy"}
    loose = joint_share("false_negative", without)
    assert exact is not None
    assert loose is not None
    assert cell_variances(without) is None
    assert loose.value == exact.value
    assert ends(loose)[0] < ends(exact)[0] < ends(exact)[1] < ends(loose)[1]


def test_nothing_seen_in_clusters_is_bounded_by_their_number() -> None:
    label, decided, cluster = clustered_rows(61)
    share = joint_share("false_negative", measured(label, label | decided, cluster))
    assert share is not None
    assert share.value == 0
    assert ends(share) == ends_of(clopper_pearson(0, int(np.unique(cluster).size), LEVEL))


def test_nothing_seen_under_weights_is_bounded_by_what_they_are_worth() -> None:
    label, decided, _ = clustered_rows(62)
    weight = np.random.default_rng(63).uniform(0.1, 4.0, label.size)
    rates = measured(label, label | decided, None, weight)
    rates["false_negative_rate"] = replace(rates["false_negative_rate"], n_effective=300.5)
    share = joint_share("false_negative", rates)
    assert share is not None
    assert ends(share) == ends_of(clopper_pearson(0, 300.5, LEVEL))


def test_a_share_that_is_the_same_in_every_cluster_stays_within_its_range() -> None:
    label = np.tile([True, True, False, False], 50)
    decided = np.tile([True, False, True, False], 50)
    cluster = np.repeat(np.arange(50), 4)
    rates = measured(label, decided, cluster)
    share = joint_share("false_positive", {name: replace(row, se=0.0) for name, row in rates.items()})
    assert share is not None
    assert share.value == 0.25
    assert ends(share)[0] < 0.25 < ends(share)[1]


def test_few_in_clusters_are_taken_exactly_at_what_they_are_worth() -> None:
    label, decided, cluster = clustered_rows(71)
    missed = np.flatnonzero(label & ~decided)
    decided = decided.copy()
    decided[missed[3:]] = True
    share = joint_share("false_negative", measured(label, decided, cluster))
    assert share is not None
    assert share.interval.method == "clopper_pearson"
    assert share.interval.coverage == "nominal"


@pytest.mark.parametrize("status", ["too_few", "undefined", "not_tested"])
def test_a_rate_without_a_value_leaves_the_share_open(status: EstimateStatus) -> None:
    label, decided, _ = clustered_rows(81)
    rates = measured(label, decided)
    rates["false_negative_rate"] = replace(rates["false_negative_rate"], value=None, status=status)
    assert joint_share("false_negative", rates) is None
    assert joint_share("false_positive", {}) is None


def ends(share: JointShare) -> tuple[float, float]:
    return ends_of(share.interval)


def ends_of(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high
