"""Metrics of predicted numbers: values against other libraries, influence, and too little to measure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from number_oracles import EVERY, ORACLES, QUANTILES, SMOOTH, compared, drawn, measured, value_of

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.influences import has_influence, influence_of
from evaluator.metrics.measure import measure, relevant_count, what_is_missing
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows

# --- values ----------------------------------------------------------------------------------------------------------


def test_every_regression_metric_has_an_oracle_and_an_influence() -> None:
    assert set(ORACLES) == set(EVERY)
    assert all(has_influence(metric) for metric in EVERY)
    assert {METRICS[metric].relevant_count for metric in EVERY} == {"n"}
    assert {METRICS[metric].unit for metric in EVERY} == {"label", "score"}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", [10, 11, 45, 70, 200])
@pytest.mark.parametrize("metric", EVERY)
def test_values_agree_with_other_libraries(metric: str, n: int, weighted: bool) -> None:
    rows = drawn(n, seed=n, weighted=weighted)
    assert value_of(metric, rows) == pytest.approx(ORACLES[metric](rows), rel=1e-12)


@pytest.mark.parametrize("metric", QUANTILES)
def test_tied_errors_and_rows_of_no_weight_agree_too(metric: str) -> None:
    rng = np.random.default_rng(4)
    error = rng.integers(-3, 4, 60).astype(float)
    rows = NumberRows(np.zeros(60), error, rng.integers(0, 3, 60).astype(float))
    assert value_of(metric, rows) == ORACLES[metric](rows)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", SMOOTH)
def test_influence_is_the_derivative_in_each_weight(metric: str, weighted: bool) -> None:
    rows = drawn(30, seed=2, weighted=weighted)
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    found = influence_of(metric, rows)
    assert found is not None
    assert float(found.rows.sum()) == pytest.approx(0, abs=1e-12)
    for i in range(rows.n):
        near = [weight * np.where(np.arange(rows.n) == i, 1 + step, 1.0) for step in (1e-5, -1e-5)]
        up, down = (ORACLES[metric](replace(rows, weight=moved)) for moved in near)
        assert found.rows[i] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("households", [0, 4])
@pytest.mark.parametrize("metric", QUANTILES)
def test_the_standard_error_of_a_quantile_is_that_of_repeated_samples(metric: str, households: int) -> None:
    samples = [drawn(800, seed=seed, households=households) for seed in range(200)]
    spread = np.std([value_of(metric, rows) for rows in samples])
    assert np.median([measured(metric, rows).se or 0.0 for rows in samples]) == pytest.approx(spread, rel=0.2)
    assert influence_of(metric, samples[0]) is influence_of(metric, samples[0])


# --- too little, nothing, one cluster --------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", EVERY)
def test_too_few_rows_are_said(metric: str) -> None:
    empty, one = drawn(0), drawn(1)
    for rows, said in ((empty, "0 rows"), (one, "1 row;"), (drawn(29), "29 rows")):
        found = measured(metric, rows, min_group=30)
        assert (found.status, found.value, found.interval) == ("too_few", None, None)
        assert found.reason.startswith(said)
    assert measured(metric, drawn(9)).status == "too_few"
    assert compared(metric, one, one).status == "too_few"
    assert influence_of(metric, empty) is None


@pytest.mark.parametrize("metric", EVERY)
def test_one_row_has_a_value_where_there_is_one(metric: str) -> None:
    found = influence_of(metric, NumberRows(np.array([3.0]), np.array([5.0])))
    assert found is None if metric == "r2" else found is not None and found.value == 2.0


@pytest.mark.parametrize("weight", [None, np.linspace(1, 2, 60)])
def test_labels_that_do_not_vary_leave_the_explained_share_undefined(weight: np.ndarray | None) -> None:
    rng = np.random.default_rng(13)
    for label in (0.0, 0.1, 1e9):
        rows = NumberRows(np.full(60, label), label + rng.normal(0, 1, 60), weight)
        found = measured("r2", rows)
        assert (found.status, found.value) == ("undefined", None)
        assert METRICS["r2"].label in found.reason
        assert compared("r2", rows, rows).status == "undefined"
        assert measured("mean_absolute_error", rows).status == "ok"


@pytest.mark.parametrize("metric", EVERY)
def test_perfect_predictions_reach_the_ideal_without_certainty(metric: str) -> None:
    rows = drawn(100)
    found = measured(metric, replace(rows, predicted=rows.label))
    assert found.interval is not None
    assert (found.status, found.value) == ("ok", METRICS[metric].ideal)
    assert (found.interval.low, found.interval.method, found.interval.coverage) == (None, "nothing_varies", "none")


@pytest.mark.parametrize("metric", [name for name in EVERY if name != "r2"])
@pytest.mark.parametrize("shift", [0.3, 1e-13])
def test_the_same_error_in_every_row_shows_no_spread(metric: str, shift: float) -> None:
    label = np.zeros(80)
    found = measured(metric, NumberRows(label, label + shift, np.linspace(0.1, 3, 80)))
    assert found.value == pytest.approx(shift, rel=1e-12)
    assert found.interval is not None
    assert found.interval.method == "nothing_varies"


@pytest.mark.parametrize("metric", EVERY)
def test_one_cluster_with_all_the_rows_has_a_value_and_no_range(metric: str) -> None:
    rows = replace(drawn(60), cluster=np.zeros(60, dtype=np.int64))
    for found in (measured(metric, rows), compared(metric, rows, replace(rows, predicted=rows.predicted + 1))):
        assert found.interval is not None
        assert (found.status, found.se, found.interval.low) == ("ok", None, None)
        assert found.interval.method == "one_cluster"


@pytest.mark.parametrize("metric", EVERY)
def test_metrics_of_the_other_task_are_not_tested(metric: str) -> None:
    label = np.arange(60) % 2 == 0
    binary = BinaryRows(label, label, label * 1.0, True)
    found = measure(metric, binary, level=0.95, min_group=30, seed=3)
    assert (found.status, found.value) == ("not_tested", None)
    assert what_is_missing(METRICS[metric], binary) == found.reason
    other = measured("auc", drawn(60))
    assert other.status == "not_tested"
    assert METRICS["auc"].label in other.reason
    assert influence_of("auc", drawn(60)) is None
    assert relevant_count(METRICS[metric], drawn(60)) == 60


def test_rows_of_no_weight_are_no_evidence() -> None:
    rows = replace(drawn(50), weight=np.r_[np.zeros(10), np.ones(40)])
    assert rows.with_weight().n == 40
    assert drawn(50).with_weight().n == 50
    assert influence_of("mean_error", replace(rows, weight=np.zeros(50))) is None
