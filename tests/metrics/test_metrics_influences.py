"""Influence is the derivative of the weighted metric in each row's weight."""

from __future__ import annotations

import numpy as np
import pytest
from metric_oracles import ORACLES, REGRESSIONS, drawn_rows, reweighted

from evaluator.metrics.influences import INFLUENCES, influence_of
from evaluator.metrics.rows import BinaryRows


def oracle(metric: str, rows: BinaryRows) -> float:
    """The regressions' own values are checked against statsmodels elsewhere and are quicker here."""
    if metric not in REGRESSIONS:
        return ORACLES[metric](rows)
    found = INFLUENCES[metric](rows)
    assert found is not None
    return found.value


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("metric", sorted(INFLUENCES))
def test_influence_matches_finite_differences_and_sums_to_zero(metric: str, weighted: bool, ties: bool) -> None:
    rows = drawn_rows(48, seed=5, weighted=weighted, ties=ties)
    found = influence_of(metric, rows)
    assert found is not None
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    for i in range(rows.n):
        step = 1e-4 * weight[i]
        ends = []
        for sign in (1, -1):
            moved = weight.copy()
            moved[i] += sign * step
            ends.append(oracle(metric, reweighted(rows, moved)))
        slope = (ends[0] - ends[1]) / (2 * step)
        assert found.rows[i] == pytest.approx(weight[i] * slope, abs=1e-6)
    assert float(found.rows.sum()) == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize("metric", sorted(INFLUENCES))
def test_influence_does_not_depend_on_the_unit_of_weights(metric: str) -> None:
    rows = drawn_rows(200, seed=6, weighted=True)
    assert rows.weight is not None
    first, second = influence_of(metric, rows), influence_of(metric, reweighted(rows, rows.weight * 1000))
    assert first is not None
    assert second is not None
    assert second.value == pytest.approx(first.value, abs=1e-9)
    assert second.rows == pytest.approx(first.rows, abs=1e-9)


def test_influences_are_computed_once_per_rows() -> None:
    rows = drawn_rows(60)
    assert influence_of("auc", rows) is influence_of("auc", rows)
    assert influence_of("expected_calibration_error", rows) is None


@pytest.mark.parametrize("metric", ["accuracy", "f1", "balanced_accuracy", "mcc", "auc", "average_precision"])
def test_rows_without_weight_on_the_positive_side_leave_metrics_undefined(metric: str) -> None:
    rows = drawn_rows(60)
    assert rows.decision is not None
    empty = np.zeros(60) if metric in ("accuracy", "f1") else np.where(rows.label, 0.0, 1.0)
    assert influence_of(metric, reweighted(rows, empty)) is None
