"""Predicted numbers to measure, and every regression metric computed another way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn import metrics as sk
from sklearn.utils.stats import _weighted_percentile

from evaluator.catalogue.metrics import metrics_for
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.number_rows import NumberRows

EVERY = [entry.name for entry in metrics_for("regression")]
SMOOTH = ["mean_error", "mean_absolute_error", "root_mean_squared_error", "r2"]
QUANTILES = ["median_absolute_error", "p90_absolute_error"]
ORACLES: dict[str, Callable[[NumberRows], float]] = {
    "mean_error": lambda rows: float(np.average(rows.predicted - rows.label, weights=rows.weight)),
    "mean_absolute_error": lambda rows: sk.mean_absolute_error(rows.label, rows.predicted, sample_weight=rows.weight),
    "median_absolute_error": lambda rows: sk.median_absolute_error(
        rows.label, rows.predicted, sample_weight=rows.weight
    ),
    "p90_absolute_error": lambda rows: float(
        _weighted_percentile(
            np.abs(rows.predicted - rows.label),
            np.ones(rows.n) if rows.weight is None else rows.weight,
            90,
            average=True,
        )
    ),
    "root_mean_squared_error": lambda rows: sk.root_mean_squared_error(
        rows.label, rows.predicted, sample_weight=rows.weight
    ),
    "r2": lambda rows: sk.r2_score(rows.label, rows.predicted, sample_weight=rows.weight),
}


def drawn(n: int = 200, *, seed: int = 1, weighted: bool = False, households: int = 0) -> NumberRows:
    rng = np.random.default_rng(seed)
    label = rng.normal(50, 10, n)
    weight = rng.uniform(0.2, 4, n) if weighted else None
    return NumberRows(label, label + rng.normal(1, 4, n), weight, np.arange(n) // households if households else None)


def measured(metric: str, rows: NumberRows, level: float = 0.95, min_group: int = 1) -> Measurement:
    return measure(metric, rows, level=level, min_group=min_group, seed=3)


def compared(metric: str, a: NumberRows, b: NumberRows) -> Difference:
    return compare(metric, a, b, level=0.95, min_group=30)


def value_of(metric: str, rows: NumberRows) -> float:
    found = measured(metric, rows)
    assert found.value is not None, found.reason
    return found.value


def ends(found: Measurement | Difference) -> tuple[float, float]:
    assert found.interval is not None
    assert found.interval.low is not None
    assert found.interval.high is not None
    return found.interval.low, found.interval.high
