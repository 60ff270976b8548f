"""Each metric's value and per-row influence, by canonical name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluator.metrics.rows import BinaryRows
from evaluator.statistics import calibration, influence, ranking
from evaluator.statistics.influence import BoolArray, Influence


def influence_of(metric: str, rows: BinaryRows) -> Influence | None:
    """Value and influence of `metric`, or None where it is undefined on these rows or has no influence function."""
    if metric not in INFLUENCES:
        return None
    if metric not in rows.influences:
        rows.influences[metric] = INFLUENCES[metric](rows)
    return rows.influences[metric]


def rate_parts(metric: str, rows: BinaryRows) -> tuple[BoolArray, BoolArray]:
    """Which rows a plain share counts, and which it is a share of."""
    label, decision = rows.label, rows.decision
    assert decision is not None
    everyone = np.ones(rows.n, dtype=np.bool_)
    parts: dict[str, Callable[[], tuple[BoolArray, BoolArray]]] = {
        "accuracy": lambda: (label == decision, everyone),
        "selection_rate": lambda: (decision, everyone),
        "precision": lambda: (label & decision, decision),
        "true_positive_rate": lambda: (label & decision, label),
        "false_negative_rate": lambda: (label & ~decision, label),
        "false_positive_rate": lambda: (~label & decision, ~label),
        "true_negative_rate": lambda: (~label & ~decision, ~label),
        "negative_predictive_value": lambda: (~label & ~decision, ~decision),
    }
    return parts[metric]()


def _rate(metric: str) -> Callable[[BinaryRows], Influence | None]:
    def of(rows: BinaryRows) -> Influence | None:
        counted, among = rate_parts(metric, rows)
        if _weight_of(among, rows) == 0:
            return None
        return influence.share(counted.astype(np.float64), among.astype(np.float64), rows.weight)

    return of


def _weight_of(mask: BoolArray, rows: BinaryRows) -> float:
    return float(np.count_nonzero(mask) if rows.weight is None else rows.weight[mask].sum())


def _both_classes(rows: BinaryRows) -> bool:
    return _weight_of(rows.label, rows) > 0 and _weight_of(~rows.label, rows) > 0


def _auc(rows: BinaryRows) -> Influence | None:
    return ranking.auc(rows.ranking) if _both_classes(rows) else None


def _average_precision(rows: BinaryRows) -> Influence | None:
    return ranking.average_precision(rows.ranking) if _weight_of(rows.label, rows) > 0 else None


def _f1(rows: BinaryRows) -> Influence | None:
    assert rows.decision is not None
    if _weight_of(rows.label | rows.decision, rows) == 0:
        return None
    return influence.f1(rows.label, rows.decision, rows.weight)


def _mcc(rows: BinaryRows) -> Influence | None:
    assert rows.decision is not None
    both_decisions = _weight_of(rows.decision, rows) > 0 and _weight_of(~rows.decision, rows) > 0
    if not (both_decisions and _both_classes(rows)):
        return None
    return influence.mcc(rows.label, rows.decision, rows.weight)


def _balanced_accuracy(rows: BinaryRows) -> Influence | None:
    assert rows.decision is not None
    return influence.balanced_accuracy(rows.label, rows.decision, rows.weight) if _both_classes(rows) else None


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


_RATES = (
    "accuracy", "selection_rate", "precision", "true_positive_rate", "false_negative_rate", "false_positive_rate",
    "true_negative_rate", "negative_predictive_value",
)  # fmt: skip

INFLUENCES: dict[str, Callable[[BinaryRows], Influence | None]] = {
    **{name: _rate(name) for name in _RATES},
    "balanced_accuracy": _balanced_accuracy,
    "f1": _f1,
    "mcc": _mcc,
    "auc": _auc,
    "average_precision": _average_precision,
    "brier_loss": _brier,
    "log_loss": _log_loss,
    "calibration_slope": _slope,
    "calibration_intercept": _intercept,
}
