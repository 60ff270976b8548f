"""Several metrics at once: values, covariance, differences and gaps, against sklearn's weighted metrics and other ways."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from metric_oracles import ORACLES, drawn_rows, reweighted
from scipy import stats

from evaluator.metrics.influence_table import BLOCK, InfluenceTable, group_gap, influence_table
from evaluator.metrics.measure import measure
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.power import rows_needed
from evaluator.statistics.quantiles import normal_quantile

METRICS = ("auc", "average_precision", "accuracy", "f1", "brier_loss", "log_loss", "mcc")
NUMBERS = ("mean_error", "mean_absolute_error", "root_mean_squared_error", "r2")


def table_of(rows: BinaryRows, metrics: tuple[str, ...] = METRICS) -> InfluenceTable:
    return influence_table(metrics, rows)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("ties", [False, True], ids=["apart", "tied"])
def test_influence_is_the_derivative_of_sklearns_weighted_metrics(weighted: bool, ties: bool) -> None:
    rows = drawn_rows(60, seed=31, weighted=weighted, ties=ties)
    table = table_of(rows)
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    assert table.metrics == METRICS
    for metric, value in zip(METRICS, table.values, strict=True):
        assert value == pytest.approx(ORACLES[metric](rows), rel=1e-12)
        influence = table.influence(metric)
        assert float(influence.sum()) == pytest.approx(0, abs=1e-13)
        for row in range(0, rows.n, 7):
            step = 1e-4 * weight[row]
            moved = [weight + sign * step * (np.arange(rows.n) == row) for sign in (1, -1)]
            above, below = (ORACLES[metric](reweighted(rows, one)) for one in moved)
            assert influence[row] == pytest.approx(weight[row] * (above - below) / (2 * step), abs=1e-7)


@pytest.mark.parametrize("kind", ["plain", "weighted", "clustered", "few"])
def test_standard_errors_are_those_of_one_metric_measured_alone(kind: str) -> None:
    rows = drawn_rows(900, seed=32, weighted=kind == "weighted")
    if kind in ("clustered", "few"):
        rows = replace(rows, cluster=np.random.default_rng(3).integers(0, 150 if kind == "clustered" else 12, rows.n))
    joint = table_of(rows).joint
    for metric, se in zip(joint.names, joint.se, strict=True):
        alone = measure(metric, rows, level=0.95, min_group=30, seed=1)
        assert alone.se == pytest.approx(se, rel=1e-12)
    assert joint.df == {"clustered": 149, "few": pytest.approx(10.8, abs=0.1)}.get(kind, 899)


def test_covariance_agrees_with_numpys_over_more_than_one_block() -> None:
    rows = drawn_rows(BLOCK + 500, seed=33)
    table = table_of(rows, ("accuracy", "brier_loss", "log_loss", "f1"))
    influence = np.array([table.influence(metric) for metric in table.metrics])
    assert table.joint.covariance == pytest.approx(np.cov(influence) * rows.n, rel=1e-10)
    assert np.array_equal(table.joint.covariance, table.joint.covariance.T)


def test_clusters_are_summed_before_their_products() -> None:
    rows = drawn_rows(2000, seed=34)
    cluster = np.random.default_rng(4).integers(0, 250, rows.n) * 3
    table = table_of(replace(rows, cluster=cluster))
    names = np.unique(cluster)
    totals = np.array([[table.influence(metric)[cluster == name].sum() for name in names] for metric in METRICS])
    factor = names.size / (names.size - 1)
    assert table.joint.covariance == pytest.approx(factor * np.einsum("ig,jg->ij", totals, totals), rel=1e-10)
    assert table.totals.cluster.tolist() == names.tolist()


def test_weight_two_is_the_row_twice_in_one_cluster() -> None:
    rows = drawn_rows(300, seed=35)
    twice = np.arange(300) % 3 == 0
    index = np.concatenate((np.arange(300), np.flatnonzero(twice)))
    weighted = table_of(replace(rows, weight=1.0 + twice, cluster=np.arange(300)))
    repeated = table_of(replace(rows.take(index), cluster=index))
    assert repeated.values == pytest.approx(weighted.values, rel=1e-12)
    assert repeated.joint.covariance == pytest.approx(weighted.joint.covariance, rel=1e-9)


def test_paired_difference_of_areas_is_delongs() -> None:
    first = drawn_rows(500, seed=36)
    noise = np.random.default_rng(5).normal(0, 0.3, 500)
    assert first.score is not None
    second = replace(first, score=first.score + noise)
    joint = table_of(first, ("auc", "brier_loss")).minus(table_of(second, ("auc", "brier_loss")))
    by_positive, by_negative = (np.array(part) for part in zip(*map(placements, (first, second)), strict=True))
    variance = 0.0
    for part in (by_positive, by_negative):
        variance += float(np.var(part[0] - part[1], ddof=1)) / part.shape[1]
    assert joint.values[0] == pytest.approx(float(by_positive[0].mean() - by_positive[1].mean()), rel=1e-10)
    assert joint.se[0] == pytest.approx(math.sqrt(variance), rel=1e-10)
    losses = [(one.score - one.label) ** 2 for one in (first, second) if one.score is not None]
    assert joint.se[1] == pytest.approx(stats.sem(losses[0] - losses[1]), rel=1e-10)


def placements(rows: BinaryRows) -> tuple[np.ndarray, np.ndarray]:
    assert rows.score is not None
    up, down = rows.score[rows.label], rows.score[~rows.label]
    wins = (up[:, None] > down) + (up[:, None] == down) / 2
    return wins.mean(axis=1), wins.mean(axis=0)


def test_a_model_does_not_differ_from_itself() -> None:
    rows = drawn_rows(200, seed=37)
    same = table_of(rows).minus(table_of(rows))
    assert not same.values.any()
    assert not same.se.any()
    with pytest.raises(ValueError, match="same metrics"):
        table_of(rows).minus(table_of(rows, ("auc",)))


def test_gap_of_independent_groups_adds_their_variances() -> None:
    rows = drawn_rows(700, seed=38)
    group = np.arange(700) % 3 == 0
    gap = group_gap(METRICS, rows, group, ~group)
    first, second = (table_of(rows.take(side)).joint for side in (group, ~group))
    assert gap.values == pytest.approx(first.values - second.values, rel=1e-12)
    assert gap.covariance == pytest.approx(first.covariance + second.covariance, rel=1e-12)
    with pytest.raises(ValueError, match="share rows"):
        group_gap(METRICS, rows, group, group)


def test_gap_with_shared_clusters_is_that_of_influence_with_the_groups_sign() -> None:
    rows = replace(drawn_rows(800, seed=39), cluster=np.arange(800) % 90)
    assert rows.cluster is not None
    group = np.arange(800) // 90 % 2 == 0
    gap = group_gap(("accuracy", "auc"), rows, group, ~group)
    signed = np.zeros((2, 800))
    for side, sign in ((group, 1), (~group, -1)):
        table = table_of(rows.take(side), ("accuracy", "auc"))
        signed[:, side] = [sign * table.influence(metric) for metric in table.metrics]
    totals = np.array([np.bincount(rows.cluster, one) for one in signed])
    assert gap.covariance == pytest.approx(90 / 89 * np.einsum("ig,jg->ij", totals, totals), rel=1e-9)
    assert gap.df == 89


def test_a_gap_leaves_out_what_one_group_cannot_say() -> None:
    rows = drawn_rows(300, seed=40)
    group = rows.label & (np.arange(300) % 2 == 0)
    gap = group_gap(METRICS, rows, group, ~group)
    assert gap.names == ("average_precision", "accuracy", "f1", "brier_loss", "log_loss")
    assert group_gap(METRICS, rows, np.zeros(300, dtype=bool), ~group).names == ()


@pytest.mark.parametrize("clustered", [False, True], ids=["rows", "clusters"])
def test_acceleration_is_a_sixth_of_the_skewness(clustered: bool) -> None:
    rows = drawn_rows(240, seed=41)
    if clustered:
        rows = replace(rows, cluster=np.arange(240) // 4)
    influence = table_of(rows).influence("log_loss")
    sums = influence.reshape(-1, 4).sum(axis=1) if clustered else influence
    expected = float((sums**3).sum()) / (6 * float((sums**2).sum()) ** 1.5)
    assert table_of(rows).acceleration("log_loss") == pytest.approx(expected, rel=1e-12)


def test_rows_needed_and_bands_follow_from_the_standard_errors() -> None:
    joint = table_of(drawn_rows(600, seed=42)).joint
    value, se = float(joint.values[0]), float(joint.se[0])
    assert joint.rows_needed("auc", value - 0.01, 0.95) == rows_needed(value, value - 0.01, se, 600, 0.95)
    found = joint.bands(0.95, seed=3)
    assert found.quantile == joint.bands(0.95, seed=3).quantile
    assert normal_quantile(0.95) < found.quantile < normal_quantile(1 - 0.05 / 7)
    assert (found.high - found.low) / 2 == pytest.approx(found.quantile * joint.se)
    assert np.abs(joint.correlation).max() <= 1


def test_metrics_of_numbers_have_tables_too() -> None:
    rng = np.random.default_rng(8)
    label = rng.normal(10, 3, 500)
    rows = NumberRows(label, label + rng.normal(0.2, 1, 500), rng.uniform(0.5, 2, 500))
    table = influence_table(NUMBERS, rows)
    for metric, value, se in zip(NUMBERS, table.values, table.joint.se, strict=True):
        alone = measure(metric, rows, level=0.95, min_group=30, seed=1)
        assert (alone.value, alone.se) == (pytest.approx(value), pytest.approx(se))


def test_rows_of_weight_zero_count_for_nothing() -> None:
    rows = drawn_rows(200, seed=43, weighted=True)
    assert rows.weight is not None
    weight = np.where(np.arange(200) % 5 == 0, 0.0, rows.weight)
    table, without = table_of(reweighted(rows, weight)), table_of(reweighted(rows, weight).take(weight > 0))
    assert table.rows.n == 160
    assert np.array_equal(table.joint.covariance, without.joint.covariance)
    assert table_of(reweighted(rows, np.zeros(200))).undefined == METRICS


def test_one_class_leaves_only_metrics_that_need_no_other() -> None:
    rows = drawn_rows(100, seed=44)
    table = table_of(rows.take(~rows.label))
    assert table.undefined == ("auc", "average_precision", "mcc")
    assert table.metrics == ("accuracy", "f1", "brier_loss", "log_loss")
    assert np.isfinite(table.joint.covariance).all()


def test_one_row_and_one_cluster_have_no_standard_error() -> None:
    rows = drawn_rows(50, seed=45)
    alone = table_of(rows.take(np.array([3])), ("accuracy", "brier_loss")).joint
    together = table_of(replace(rows, cluster=np.zeros(50, dtype=np.int64))).joint
    assert np.isnan(alone.se).all()
    assert np.isnan(together.se).all()
    assert alone.df == together.df == 1


def test_equal_scores_and_perfect_separation_are_no_trouble() -> None:
    label = np.arange(80) % 4 == 0
    equal = table_of(BinaryRows(label, np.ones(80, dtype=bool), np.full(80, 0.4), True))
    assert equal.values[:2] == pytest.approx([0.5, 0.25])
    assert equal.joint.se[0] == 0
    assert equal.undefined == ("mcc",)
    perfect = table_of(BinaryRows(label, label, np.where(label, 0.9, 0.1), True))
    assert perfect.values[[0, 1, 2, 3, 6]].tolist() == [1.0, 1.0, 1.0, 1.0, 1.0]
    assert perfect.joint.se == pytest.approx(np.zeros(7), abs=0)


def test_what_cannot_be_asked_is_refused_or_left_out() -> None:
    rows = drawn_rows(60, seed=46)
    with pytest.raises(ValueError, match="expected_calibration_error"):
        influence_table(("auc", "expected_calibration_error"), rows)
    ranked = replace(rows, probability=False, decision=None)
    assert table_of(ranked).metrics == ("auc", "average_precision")
