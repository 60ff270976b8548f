"""What holds for every metric on any rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_oracles import drawn_rows, reweighted

from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows

EVERY = sorted(entry.name for entry in metrics_for("binary"))
MIRRORED = {
    "true_positive_rate": "true_negative_rate",
    "false_negative_rate": "false_positive_rate",
    "precision": "negative_predictive_value",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "informedness": "informedness",
    "mcc": "mcc",
    "auc": "auc",
    "brier_loss": "brier_loss",
    "log_loss": "log_loss",
    "calibration_slope": "calibration_slope",
}
"""The metric that takes the same value once the two outcomes change names."""


def measured(metric: str, rows: BinaryRows, level: float = 0.95) -> Measurement:
    return measure(metric, rows, level=level, min_group=1, seed=3)


@st.composite
def any_rows(draw: st.DrawFn) -> BinaryRows:
    """Rows of any quality, often with ties, extreme shares, weights or clusters."""
    n, seed = draw(st.integers(12, 90)), draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    label = rng.random(n) < draw(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
    shift = draw(st.sampled_from([-8.0, 0.0, 1.0, 8.0]))
    score = 1 / (1 + np.exp(-(rng.normal(size=n) + shift * (label - 0.5))))
    score = np.round(score, draw(st.sampled_from([0, 1, 6])))
    weight = rng.uniform(0.1, 5.0, n) if draw(st.booleans()) else None
    cluster = rng.integers(0, draw(st.sampled_from([2, 8, 60])), n) if draw(st.booleans()) else None
    return BinaryRows(label, score >= draw(st.sampled_from([0.0, 0.5, 1.1])), score, True, weight, cluster)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(any_rows())
def test_values_are_possible_and_ranges_hold_them(rows: BinaryRows) -> None:
    for metric in EVERY:
        found, entry = measured(metric, rows), METRICS[metric]
        if found.status != "ok":
            assert found.status in ("too_few", "undefined")
            assert found.value is None
            assert found.reason
            continue
        assert found.value is not None
        assert entry.low is None or found.value >= entry.low - 1e-12
        assert entry.high is None or found.value <= entry.high + 1e-12
        interval = found.interval
        assert interval is not None
        if interval.low is None or interval.high is None:
            assert interval.coverage == "none"
            continue
        assert interval.low - 1e-12 <= found.value <= interval.high + 1e-12
        assert interval.low < interval.high
        assert entry.low is None or interval.low >= entry.low
        assert entry.high is None or interval.high <= entry.high


@settings(max_examples=25, deadline=None, derandomize=True)
@given(any_rows())
def test_ranges_grow_with_the_level(rows: BinaryRows) -> None:
    for metric in EVERY:
        narrow, wide = measured(metric, rows, 0.8).interval, measured(metric, rows, 0.99).interval
        if narrow is None or wide is None or narrow.low is None or wide.low is None:
            continue
        assert narrow.high is not None
        assert wide.high is not None
        assert wide.low <= narrow.low + 1e-12
        assert wide.high >= narrow.high - 1e-12


@settings(max_examples=25, deadline=None, derandomize=True)
@given(rows=any_rows(), seed=st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(rows: BinaryRows, seed: int) -> None:
    shuffled = rows.take(np.random.default_rng(seed).permutation(rows.n))
    for metric in EVERY:
        first, second = measured(metric, rows), measured(metric, shuffled)
        assert first.status == second.status
        if first.value is None:
            continue
        assert second.value == pytest.approx(first.value, rel=1e-7, abs=1e-9)
        assert first.interval is not None
        assert second.interval is not None
        if first.interval.low is None:
            assert second.interval.low is None
            continue
        assert second.interval.method == first.interval.method
        assert second.interval.low == pytest.approx(first.interval.low, rel=1e-5, abs=1e-7)
        assert second.interval.high == pytest.approx(first.interval.high, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("metric", EVERY)
def test_weight_two_is_the_row_twice(metric: str, ties: bool) -> None:
    rows = drawn_rows(90, seed=9, ties=ties)
    times = np.random.default_rng(9).integers(0, 4, 90)
    repeated = measured(metric, rows.take(np.repeat(np.arange(90), times)))
    heavier = measured(metric, reweighted(rows, times.astype(float)))
    assert heavier.value == pytest.approx(repeated.value, abs=1e-9)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("metric", "mirror"), sorted(MIRRORED.items()))
def test_exchanging_the_outcomes_exchanges_the_metrics(metric: str, mirror: str, weighted: bool, ties: bool) -> None:
    rows = drawn_rows(200, seed=10, weighted=weighted, ties=ties)
    assert rows.decision is not None
    assert rows.score is not None
    turned = BinaryRows(~rows.label, ~rows.decision, 1 - rows.score, True, rows.weight)
    first, second = measured(metric, rows), measured(mirror, turned)
    assert second.value == pytest.approx(first.value, abs=1e-9)
    assert first.interval is not None
    assert second.interval is not None
    assert second.interval.low == pytest.approx(first.interval.low, abs=1e-8)
    assert second.interval.high == pytest.approx(first.interval.high, abs=1e-8)


@pytest.mark.parametrize("metric", EVERY)
def test_perfect_and_worst_predictions_reach_the_ends_of_the_scale(metric: str) -> None:
    entry = METRICS[metric]
    label = np.arange(120) % 3 == 0
    perfect = measured(metric, BinaryRows(label, label, label * 1.0, True))
    worst = measured(metric, BinaryRows(label, ~label, 1.0 - label, True))
    if metric in ("calibration_slope", "calibration_intercept", "selection_rate", "error_ratio"):
        return
    assert perfect.value == pytest.approx(entry.ideal, abs=1e-12)
    if metric == "average_precision":
        assert worst.value is not None
        assert worst.value < 1 / 3 + 1e-12
    elif metric == "log_loss":
        assert worst.value == pytest.approx(-np.log(1e-15))
    else:
        opposite = entry.low if entry.ideal == entry.high else entry.high
        assert worst.value == pytest.approx(opposite, abs=1e-12)


@pytest.mark.parametrize("clusters", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", ["false_positive_rate", "false_negative_rate", "brier_loss", "log_loss"])
def test_no_error_seen_still_has_an_upper_end(metric: str, weighted: bool, clusters: bool) -> None:
    label = np.arange(300) % 2 == 0
    weight = np.linspace(1, 2, 300) if weighted else None
    found = measured(
        metric, BinaryRows(label, label, label * 1.0, True, weight, np.arange(300) // 4 if clusters else None)
    )
    assert found.value == pytest.approx(0.0, abs=1e-12)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.0, abs=1e-12)
    assert found.interval.high is not None
    assert found.interval.high > 0.01
