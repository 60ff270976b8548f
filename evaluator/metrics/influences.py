"""Each metric's value and per-row influence, by canonical name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluator.metrics.cells import CELL_METRICS, SHARES, value_in_cells
from evaluator.metrics.class_metrics import CLASS_INFLUENCES, class_influence, counted_rows
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.regression import NUMBER_INFLUENCES, number_influence
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics import calibration, influence, ranking
from evaluator.statistics.influence import BoolArray, Influence


def has_influence(metric: str) -> bool:
    """Whether the metric can be compared row by row and between groups that share clusters."""
    return metric in INFLUENCES or metric in NUMBER_INFLUENCES or metric in CLASS_INFLUENCES


def influence_of(metric: str, rows: AnyRows) -> Influence | None:
    """Value and influence of `metric`, or None where it is undefined on these rows or has no influence function."""
    if isinstance(rows, NumberRows):
        return number_influence(metric, rows)
    if isinstance(rows, ClassRows):
        return class_influence(metric, rows)
    if metric not in INFLUENCES:
        return None
    if metric not in rows.influences:
        rows.influences[metric] = INFLUENCES[metric](rows)
    return rows.influences[metric]


def rate_parts(metric: str, rows: BinaryRows | ClassRows) -> tuple[BoolArray, BoolArray]:
    """Which rows a plain share counts, and which it is a share of."""
    if isinstance(rows, ClassRows):
        return counted_rows(metric, rows), np.ones(rows.n, dtype=bool)
    counted, among = SHARES[metric]
    return counted[rows.cell_of_row], among[rows.cell_of_row]


def _in_cells(metric: str) -> Callable[[BinaryRows], Influence | None]:
    def of(rows: BinaryRows) -> Influence | None:
        found = value_in_cells(metric, rows.table)
        if found is None:
            return None
        by_row = found.rows[rows.cell_of_row]
        return Influence(found.value, by_row if rows.weight is None else by_row * rows.weight)

    return of


def _weight_of(mask: BoolArray, rows: BinaryRows) -> float:
    return float(np.count_nonzero(mask) if rows.weight is None else rows.weight[mask].sum())


def _both_classes(rows: BinaryRows) -> bool:
    return _weight_of(rows.label, rows) > 0 and _weight_of(~rows.label, rows) > 0


def _auc(rows: BinaryRows) -> Influence | None:
    return ranking.auc(rows.ranking) if _both_classes(rows) else None


def _average_precision(rows: BinaryRows) -> Influence | None:
    return ranking.average_precision(rows.ranking) if _weight_of(rows.label, rows) > 0 else None


def _brier(rows: BinaryRows) -> Influence | None:
    assert rows.score is not None
    return influence.mean((rows.score - rows.label) ** 2, rows.weight)


def _log_loss(rows: BinaryRows) -> Influence | None:
    assert rows.score is not None
    return influence.mean(influence.log_loss_rows(rows.label, rows.score), rows.weight)


def _slope(rows: BinaryRows) -> Influence | None:
    assert rows.score is not None
    return calibration.cox_slope(rows.label, rows.score, rows.weight)


def _intercept(rows: BinaryRows) -> Influence | None:
    assert rows.score is not None
    return calibration.cox_intercept(rows.label, rows.score, rows.weight)


INFLUENCES: dict[str, Callable[[BinaryRows], Influence | None]] = {
    **{name: _in_cells(name) for name in CELL_METRICS},
    "auc": _auc,
    "average_precision": _average_precision,
    "brier_loss": _brier,
    "log_loss": _log_loss,
    "calibration_slope": _slope,
    "calibration_intercept": _intercept,
}
"""Metrics of binary outcomes; `regression.NUMBER_INFLUENCES` are of numbers, `class_metrics.CLASS_INFLUENCES` of classes."""
