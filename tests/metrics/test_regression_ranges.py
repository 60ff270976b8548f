"""Ranges of regression metrics, of one subject and of the difference between two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from number_oracles import EVERY, SMOOTH, compared, drawn, ends, measured, value_of
from scipy import stats

from evaluator.metrics.number_rows import NumberRows


def test_the_mean_error_of_even_errors_has_the_textbook_interval() -> None:
    error = np.tile([-3.0, -1.0, 1.0, 3.0], 25) + 2
    rows = NumberRows(np.zeros(100), error)
    low, high = stats.t.interval(0.95, 99, error.mean(), stats.sem(error))
    assert ends(measured("mean_error", rows)) == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize(("metric", "n", "places"), [
    ("median_absolute_error", 30, (9, 20)), ("median_absolute_error", 100, (39, 60)), ("p90_absolute_error", 36, (28, 35)),
])  # fmt: skip
def test_quantiles_take_the_order_statistics_of_the_binomial_table(
    metric: str, n: int, places: tuple[int, int]
) -> None:
    rows = drawn(n, seed=5)
    found, sizes = measured(metric, rows), np.sort(np.abs(rows.error))
    assert ends(found) == (sizes[places[0]], sizes[places[1]])
    share = 0.5 if metric.startswith("median") else 0.9
    below, above = (
        stats.binom.cdf(places[0] + np.arange(2), n, share),
        stats.binom.sf(places[1] - np.arange(2), n, share),
    )
    assert max(below[0], above[0]) <= 0.025 < min(below[1], above[1])
    assert found.interval is not None
    assert found.interval.coverage == "guaranteed"


def test_a_quantile_with_too_few_errors_beyond_it_has_no_range() -> None:
    found = measured("p90_absolute_error", drawn(35))
    assert found.interval is not None
    assert (found.status, found.interval.low, found.interval.method) == ("ok", None, "too_few_beyond")
    assert found.interval.coverage == "none"
    assert ends(measured("p90_absolute_error", drawn(36)))[1] > 0
    assert compared("p90_absolute_error", drawn(35), drawn(35, seed=2)).interval == found.interval


@pytest.mark.parametrize("metric", EVERY)
def test_rows_repeated_within_clusters_do_not_narrow_the_range(metric: str) -> None:
    rows = drawn(100, seed=6)
    five = np.repeat(np.arange(100), 5)
    once, clustered = measured(metric, rows), measured(metric, replace(rows.take(five), cluster=five))
    low, high = ends(once)
    wide = ends(clustered)
    assert clustered.n_clusters == 100
    assert wide[1] - wide[0] == pytest.approx(high - low, rel=0.12)
    naive = ends(measured(metric, rows.take(five)))
    assert naive[1] - naive[0] < 0.6 * (high - low)


@pytest.mark.parametrize("metric", EVERY)
def test_uneven_weights_widen_the_range(metric: str) -> None:
    rows = drawn(400, seed=7)
    uneven = replace(rows, weight=np.where(np.arange(400) % 10 == 0, 20.0, 1.0))
    found = measured(metric, uneven)
    assert found.n_effective == pytest.approx((360 + 800) ** 2 / (360 + 40 * 400))
    assert np.ptp(ends(found)) > 1.5 * np.ptp(ends(measured(metric, rows)))


def test_one_extreme_label_leaves_the_explained_share_without_a_range() -> None:
    rows = drawn(30, seed=8)
    label = np.where(np.arange(30) == 0, 1e4, rows.label)
    found = measured("r2", NumberRows(label, rows.predicted))
    assert found.interval is not None
    assert (found.interval.low, found.interval.method) == (None, "denominator_near_zero")


@pytest.mark.parametrize("metric", EVERY)
def test_few_clusters_are_said_to_be_approximate(metric: str) -> None:
    few, many = (measured(metric, drawn(5 * n, seed=9, households=5)).interval for n in (39, 2000))
    assert few is not None
    assert many is not None
    assert (few.coverage, many.coverage) == ("approximate", "nominal")


@pytest.mark.parametrize("metric", SMOOTH)
def test_few_rows_and_skewed_errors_are_said_to_be_approximate(metric: str) -> None:
    rng = np.random.default_rng(9)
    label = rng.normal(0, 1, 400)
    for rows in (drawn(39, seed=9), NumberRows(label, label + np.exp(rng.normal(0, 2, 400)))):
        found = measured(metric, rows).interval
        assert found is not None
        assert found.coverage == "approximate"


# --- two subjects ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("households", [0, 5])
@pytest.mark.parametrize("metric", EVERY)
def test_exchanging_the_subjects_changes_the_sign(metric: str, households: int, weighted: bool) -> None:
    a = drawn(400, seed=10, weighted=weighted, households=households)
    b = replace(a, predicted=a.predicted + np.random.default_rng(11).normal(0, 2, 400))
    first, second = compared(metric, a, b), compared(metric, b, a)
    assert first.value == pytest.approx(value_of(metric, a) - value_of(metric, b))
    assert first.value == pytest.approx(-(second.value or 0.0))
    low, high = ends(first)
    assert ends(second) == pytest.approx((-high, -low), abs=1e-12)
    assert low < (first.value or 0.0) < high


@pytest.mark.parametrize("metric", SMOOTH)
def test_a_difference_has_the_standard_error_of_repeated_samples(metric: str) -> None:
    found = []
    for seed in range(200):
        a = drawn(300, seed=seed)
        b = replace(a, predicted=a.predicted + np.random.default_rng([seed, 1]).normal(0, 2, 300))
        found.append(compared(metric, a, b))
    spread = np.std([each.value for each in found])
    assert np.median([each.se or 0.0 for each in found]) == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize("metric", EVERY)
def test_a_subject_against_itself_differs_by_zero_without_a_range(metric: str) -> None:
    a = drawn(100)
    found = compared(metric, a, a)
    assert found.interval is not None
    assert (found.status, found.value, found.interval.low) == ("ok", 0.0, None)
    assert found.interval.method == "nothing_varies"


@pytest.mark.parametrize("metric", EVERY)
def test_a_perfect_subject_can_be_compared(metric: str) -> None:
    a = drawn(400, seed=12)
    found = compared(metric, a, replace(a, predicted=a.label))
    low, high = ends(found)
    assert low < (found.value or 0.0) < high
    assert metric == "mean_error" or low > 0 or high < 0
