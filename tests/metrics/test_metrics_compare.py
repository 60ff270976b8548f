"""Two subjects on the same rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from metric_oracles import ORACLES, drawn_rows, reweighted
from scipy import stats

from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.influences import INFLUENCES
from evaluator.metrics.rows import BinaryRows

BY_SKLEARN = sorted(set(INFLUENCES) - {"calibration_slope", "calibration_intercept"})


def compared(metric: str, a: BinaryRows, b: BinaryRows) -> Difference:
    return compare(metric, a, b, level=0.95, min_group=30)


def two_subjects(n: int = 50, *, weighted: bool = False) -> tuple[BinaryRows, BinaryRows]:
    """The second sees the same rows through a noisier score."""
    a = drawn_rows(n, seed=21, weighted=weighted)
    assert a.score is not None
    noise = np.random.default_rng(22).normal(0, 1, n)
    score = 1 / (1 + np.exp(-(np.log(a.score / (1 - a.score)) + noise)))
    return a, BinaryRows(a.label, score >= 0.5, score, True, a.weight)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", BY_SKLEARN)
def test_differences_agree_with_the_delta_method_on_scikit_learn(metric: str, weighted: bool) -> None:
    a, b = two_subjects(weighted=weighted)
    weight = np.ones(a.n) if a.weight is None else a.weight

    def difference(moved: np.ndarray) -> float:
        return ORACLES[metric](reweighted(a, moved)) - ORACLES[metric](reweighted(b, moved))

    variance = 0.0
    for i in range(a.n):
        up, down = weight.copy(), weight.copy()
        up[i], down[i] = weight[i] * 1.0001, weight[i] * 0.9999
        variance += ((difference(up) - difference(down)) / 0.0002) ** 2
    found = compared(metric, a, b)
    assert found.value == pytest.approx(difference(weight), abs=1e-12)
    assert found.se == pytest.approx(math.sqrt(variance * a.n / (a.n - 1)), rel=1e-5)


def test_accuracy_difference_is_the_textbook_formula() -> None:
    a, b = two_subjects(400)
    right_a, right_b = a.label == a.decision, b.label == b.decision
    only_a, only_b = np.sum(right_a & ~right_b), np.sum(right_b & ~right_a)
    se = math.sqrt((only_a + only_b - (only_a - only_b) ** 2 / 400) / 400 / 399)
    half = stats.t.ppf(0.975, 399) * se
    found = compared("accuracy", a, b)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx(
        ((only_a - only_b) / 400 - half, (only_a - only_b) / 400 + half), abs=1e-12
    )


@pytest.mark.parametrize("metric", sorted(INFLUENCES))
def test_exchanging_the_subjects_changes_the_sign(metric: str) -> None:
    a, b = two_subjects(200)
    first, second = compared(metric, a, b), compared(metric, b, a)
    assert first.interval is not None
    assert second.interval is not None
    assert first.interval.low is not None
    assert first.value == pytest.approx(-(second.value or 0.0), abs=1e-12)
    assert second.interval.high == pytest.approx(-first.interval.low, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", sorted(INFLUENCES))
def test_a_subject_against_itself_differs_by_zero_without_certainty(metric: str, weighted: bool) -> None:
    a, _ = two_subjects(weighted=weighted)
    found = compared(metric, a, a)
    assert (found.status, found.value) == ("ok", 0.0)
    assert found.interval is not None
    assert found.interval.low is not None
    assert found.interval.high is not None
    assert found.interval.low < 0 < found.interval.high


def changed(rows: BinaryRows, places: list[int]) -> BinaryRows:
    assert rows.decision is not None
    decision = rows.decision.copy()
    decision[places] = ~decision[places]
    return BinaryRows(rows.label, decision, rows.score, True, rows.weight, rows.cluster)


def test_few_disagreements_are_counted() -> None:
    rows = drawn_rows(400, seed=23)
    few, many = changed(rows, list(range(19))), changed(rows, list(range(20)))
    methods = [
        found.interval.method for found in (compared("accuracy", rows, b) for b in (few, many)) if found.interval
    ]
    assert methods == ["bonett_price", "paired_influence"]


def test_counts_are_among_the_cases_the_metric_is_about() -> None:
    rows = drawn_rows(400, seed=24)
    positive = np.flatnonzero(rows.label)[:6].tolist()
    found = compared("true_positive_rate", changed(rows, positive), rows)
    none = compared("true_negative_rate", changed(rows, positive), rows)
    assert found.interval is not None
    assert none.interval is not None
    assert found.value is not None
    assert none.value == 0
    assert (found.interval.method, none.interval.method) == ("bonett_price", "bonett_price")
    assert none.interval.high == pytest.approx(-(none.interval.low or 0.0))


def test_disagreements_within_clusters_count_as_fewer() -> None:
    label = np.arange(400) % 2 == 0
    rows = BinaryRows(label, label, None, False)
    other = changed(rows, list(range(15)))
    clustered = [
        BinaryRows(each.label, each.decision, each.score, True, cluster=np.arange(400) // 5) for each in (rows, other)
    ]
    alone, together = compared("accuracy", rows, other), compared("accuracy", *clustered)
    assert alone.interval is not None
    assert together.interval is not None
    width = (alone.interval.high or 0.0) - (alone.interval.low or 0.0)
    assert (together.interval.high or 0.0) - (together.interval.low or 0.0) > 1.2 * width


@pytest.mark.parametrize("metric", sorted(INFLUENCES))
def test_one_cluster_with_all_the_rows_has_no_range(metric: str) -> None:
    a, b = (
        BinaryRows(rows.label, rows.decision, rows.score, True, cluster=np.zeros(rows.n, dtype=np.int64))
        for rows in two_subjects()
    )
    found = compared(metric, a, b)
    assert (found.status, found.se) == ("ok", None)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high, found.interval.coverage) == (None, None, "none")


def test_too_few_missing_and_undefined_are_said() -> None:
    a, b = two_subjects()
    assert compared("accuracy", a.take(np.arange(29)), b.take(np.arange(29))).status == "too_few"
    assert compared("accuracy", a, BinaryRows(b.label, None, b.score, True)).status == "not_tested"
    assert compared("brier_loss", a, BinaryRows(b.label, b.decision, b.score, False)).status == "not_tested"
    flat = BinaryRows(b.label, b.decision, np.full(b.n, 0.5), True)
    assert compared("calibration_slope", a, flat).status == "undefined"
    found = compared("precision", a, BinaryRows(b.label, np.arange(b.n) < 9, b.score, True))
    assert (found.status, found.relevant_count) == ("too_few", 9)


def test_a_metric_without_influence_is_not_tested() -> None:
    a, b = two_subjects()
    (metric,) = {entry.name for entry in metrics_for("binary")} - set(INFLUENCES)
    found = compared(metric, a, b)
    assert found.status == "not_tested"
    assert METRICS[metric].label in found.reason
