"""What holds for every regression metric on any rows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from number_oracles import EVERY, measured

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.influences import influence_of
from evaluator.metrics.measure import Measurement
from evaluator.metrics.number_rows import NumberRows


@st.composite
def any_rows(draw: st.DrawFn) -> NumberRows:
    """Rows of any quality, often with ties, extreme errors, weights or clusters."""
    n, seed = draw(st.integers(12, 90)), draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    label = np.round(rng.normal(0, 10, n), draw(st.sampled_from([0, 8])))
    error = rng.standard_t(draw(st.sampled_from([1.5, 3, 50])), n) * draw(st.sampled_from([0.1, 5.0]))
    error = np.round(error, draw(st.sampled_from([0, 8])))
    weight = rng.uniform(0.1, 5.0, n) if draw(st.booleans()) else None
    cluster = rng.integers(0, draw(st.sampled_from([2, 8, 60])), n) if draw(st.booleans()) else None
    return NumberRows(label, label + error, weight, cluster)


def agree(first: Measurement, second: Measurement, scale: float = 1.0) -> None:
    assert second.status == first.status
    if first.value is None or first.interval is None:
        return
    close = {"rel": 1e-6, "abs": 1e-7 * scale}
    assert second.value == pytest.approx(first.value * scale, **close)
    assert second.interval is not None
    assert second.interval.method == first.interval.method
    if first.interval.low is not None and first.interval.high is not None:
        assert second.interval.low == pytest.approx(first.interval.low * scale, **close)
        assert second.interval.high == pytest.approx(first.interval.high * scale, **close)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(any_rows())
def test_values_are_possible_and_ranges_hold_them(rows: NumberRows) -> None:
    for metric in EVERY:
        found, entry = measured(metric, rows), METRICS[metric]
        assert found.status in ("ok", "undefined")
        if found.value is None or found.interval is None:
            continue
        assert entry.low is None or found.value >= entry.low
        assert entry.high is None or found.value <= entry.high
        if found.interval.low is None or found.interval.high is None:
            assert found.interval.coverage == "none"
            continue
        assert math.isfinite(found.interval.high)
        assert found.interval.low - 1e-12 <= found.value <= found.interval.high + 1e-12
        assert entry.low is None or found.interval.low >= entry.low
        assert entry.high is None or found.interval.high <= entry.high


@settings(max_examples=40, deadline=None, derandomize=True)
@given(any_rows(), st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(rows: NumberRows, seed: int) -> None:
    shuffled = rows.take(np.random.default_rng(seed).permutation(rows.n))
    for metric in EVERY:
        agree(measured(metric, rows), measured(metric, shuffled))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(any_rows(), st.integers(0, 10**6))
def test_weight_two_is_the_row_twice(rows: NumberRows, seed: int) -> None:
    times = np.random.default_rng(seed).integers(0, 4, rows.n)
    again = NumberRows(rows.label, rows.predicted).take(np.repeat(np.arange(rows.n), times))
    heavier = NumberRows(rows.label, rows.predicted, times.astype(float))
    for metric in EVERY:
        first, second = influence_of(metric, again), influence_of(metric, heavier)
        assert (first is None) == (second is None)
        if first is not None and second is not None:
            assert second.value == pytest.approx(first.value, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(any_rows(), st.sampled_from([2.0**-40, 2.0**10]))
def test_another_unit_scales_values_and_ranges(rows: NumberRows, scale: float) -> None:
    scaled = replace(rows, label=rows.label * scale, predicted=rows.predicted * scale)
    for metric in EVERY:
        agree(measured(metric, rows), measured(metric, scaled), 1.0 if metric == "r2" else scale)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(any_rows())
def test_moving_labels_and_predictions_alike_changes_nothing(rows: NumberRows) -> None:
    moved = replace(rows, label=rows.label + 64.0, predicted=rows.predicted + 64.0)
    for metric in EVERY:
        if not np.allclose(np.sort(rows.size_of_error), np.sort(np.round(rows.size_of_error))):
            agree(measured(metric, rows), measured(metric, moved))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(any_rows())
def test_ranges_grow_with_the_level(rows: NumberRows) -> None:
    for metric in EVERY:
        narrow, wide = measured(metric, rows, 0.8).interval, measured(metric, rows, 0.99).interval
        if narrow is None or wide is None or narrow.low is None or wide.low is None:
            continue
        assert narrow.high is not None
        assert wide.high is not None
        assert wide.low <= narrow.low + 1e-9
        assert wide.high >= narrow.high - 1e-9
