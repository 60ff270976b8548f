"""What holds for every metric of several classes on any rows."""

from __future__ import annotations

import numpy as np
import pytest
from class_worlds import CLASS_ORACLES, as_rows, drawn_classes, relabelled, reweighted
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measure import Measurement, measure

EVERY = sorted(entry.name for entry in metrics_for("multiclass"))


def measured(metric: str, rows: ClassRows, level: float = 0.95) -> Measurement:
    return measure(metric, rows, level=level, min_group=1, seed=3)


@st.composite
def any_rows(draw: st.DrawFn) -> ClassRows:
    """Rows of any quality, often with ties, a class missing, weights or clusters."""
    n, seed = draw(st.integers(12, 120)), draw(st.integers(0, 10**6))
    k = draw(st.sampled_from([2, 3, 4]))
    rng = np.random.default_rng(seed)
    label = rng.integers(0, draw(st.sampled_from([1, k, k, k])), n)
    score = np.exp(rng.normal(size=(n, k)) + draw(st.sampled_from([-5.0, 0.0, 1.0, 8.0])) * np.eye(k)[label])
    score /= score.sum(axis=1, keepdims=True)
    if draw(st.booleans()):
        score = np.round(score, 1)
    weight = rng.uniform(0.1, 5.0, n) if draw(st.booleans()) else None
    cluster = rng.integers(0, draw(st.sampled_from([2, 8, 60])), n) if draw(st.booleans()) else None
    return as_rows(label, score, k, weight, cluster)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(any_rows())
def test_values_are_possible_and_ranges_hold_them(rows: ClassRows) -> None:
    for metric in EVERY:
        found, entry = measured(metric, rows), METRICS[metric]
        if found.status != "ok":
            assert found.status in ("too_few", "undefined") or metric.startswith("top")
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
def test_ranges_grow_with_the_level(rows: ClassRows) -> None:
    for metric in EVERY:
        narrow, wide = measured(metric, rows, 0.8).interval, measured(metric, rows, 0.99).interval
        if narrow is None or wide is None or narrow.low is None or wide.low is None:
            continue
        assert narrow.high is not None
        assert wide.high is not None
        assert wide.low <= narrow.low + 1e-12
        assert wide.high >= narrow.high - 1e-12


def alike(first: Measurement, second: Measurement) -> None:
    """The same answer up to rounding."""
    assert first.status == second.status
    if first.value is None:
        return
    assert second.value == pytest.approx(first.value, rel=1e-7, abs=1e-9)
    assert first.interval is not None
    assert second.interval is not None
    assert second.interval.method == first.interval.method
    if first.interval.low is None:
        assert second.interval.low is None
        return
    assert second.interval.low == pytest.approx(first.interval.low, rel=1e-5, abs=1e-7)
    assert second.interval.high == pytest.approx(first.interval.high, rel=1e-5, abs=1e-7)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(rows=any_rows(), seed=st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(rows: ClassRows, seed: int) -> None:
    shuffled = rows.take(np.random.default_rng(seed).permutation(rows.n))
    for metric in EVERY:
        alike(measured(metric, rows), measured(metric, shuffled))


@pytest.mark.parametrize("options", [{}, {"weighted": True}, {"clusters": 40}], ids=["plain", "weighted", "clusters"])
@pytest.mark.parametrize("metric", EVERY)
def test_the_names_of_the_classes_do_not_matter(metric: str, options: dict[str, int]) -> None:
    rows = drawn_classes(300, 5, 40, **options)
    to = np.array([3, 0, 4, 1, 2])
    if metric == "quadratic_kappa":
        to = np.arange(5)[::-1]
    alike(measured(metric, rows), measured(metric, relabelled(rows, to)))


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("metric", sorted(CLASS_ORACLES))
def test_weight_two_is_the_row_twice(metric: str, ties: bool) -> None:
    rows = drawn_classes(120, 4, 41, ties=ties)
    times = np.random.default_rng(42).integers(0, 4, 120)
    repeated = measured(metric, rows.take(np.repeat(np.arange(120), times)))
    heavier = measured(metric, reweighted(rows, times.astype(float)))
    assert heavier.value == pytest.approx(repeated.value, abs=1e-9)


@pytest.mark.parametrize("metric", sorted(CLASS_ORACLES))
def test_the_unit_of_the_weights_does_not_matter(metric: str) -> None:
    rows = drawn_classes(200, 4, 43, weighted=True)
    assert rows.weight is not None
    alike(measured(metric, rows), measured(metric, reweighted(rows, rows.weight * 1_000)))


@pytest.mark.parametrize("metric", EVERY)
def test_perfect_and_worst_predictions_reach_the_ends_of_the_scale(metric: str) -> None:
    entry = METRICS[metric]
    label = np.arange(120) % 4
    right = np.eye(4)[label]
    perfect = measured(metric, as_rows(label, right, 4))
    worst = measured(metric, as_rows(label, (1 - right) / 3, 4))
    assert perfect.value == pytest.approx(entry.ideal, abs=1e-12)
    assert perfect.value is not None
    if metric in ("precision_macro", "precision_weighted"):
        assert worst.value is None
        return
    assert worst.value is not None
    assert (worst.value < perfect.value) if entry.direction == "higher" else (worst.value > perfect.value)


def test_exchanging_two_classes_apart_changes_what_depends_on_the_order() -> None:
    rows = drawn_classes(300, 5, 44)
    to = np.array([4, 1, 2, 3, 0])
    assert measured("quadratic_kappa", rows).value != measured("quadratic_kappa", relabelled(rows, to)).value


def test_rows_of_no_weight_are_no_evidence() -> None:
    rows = drawn_classes(200, 4, 45)
    weight = np.where(np.arange(200) < 150, 1.0, 0.0)
    light = reweighted(rows, weight).with_weight()
    assert light.n == 150
    for metric in sorted(CLASS_ORACLES):
        kept = measured(metric, rows.take(np.arange(150)))
        assert measured(metric, light).value == pytest.approx(kept.value, abs=1e-12)
