"""Rows to measure, and every metric computed another way."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy import special
from sklearn import metrics as sk

from evaluator.metrics.rows import BinaryRows

Oracle = Callable[[BinaryRows], float]


def drawn_rows(
    n: int = 460, *, seed: int = 1, weighted: bool = False, ties: bool = False, threshold: float = 0.5
) -> BinaryRows:
    """Rows with all four kinds of decision; scores to one decimal with `ties`."""
    rng = np.random.default_rng(seed)
    label = rng.random(n) < 0.45
    score = special.expit(rng.normal(0.0, 1.2, n) + 1.3 * label - 0.6)
    score = np.clip(np.round(score, 1), 0.05, 0.95) if ties else score
    weight = rng.uniform(0.2, 4.0, n) if weighted else None
    return BinaryRows(label, score >= threshold, score, True, weight)


def _sk(function: Callable[..., float], *, scores: bool = False, **options: object) -> Oracle:
    def of(rows: BinaryRows) -> float:
        seen = rows.score if scores else rows.decision
        return float(function(rows.label, seen, sample_weight=rows.weight, **options))

    return of


def _selection_rate(rows: BinaryRows) -> float:
    assert rows.decision is not None
    return float(np.average(rows.decision, weights=rows.weight))


def _error_ratio(rows: BinaryRows) -> float:
    cells = sk.confusion_matrix(rows.label, rows.decision, sample_weight=rows.weight, labels=[False, True])
    return float(cells[1, 0] / cells[0, 1])


def _regression(rows: BinaryRows, *, slope: bool) -> float:
    odds = special.logit(rows.score)
    design = sm.add_constant(odds) if slope else np.ones((rows.n, 1))
    family, offset = sm.families.Binomial(), None if slope else odds
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    model = sm.GLM(rows.label.astype(float), design, family=family, offset=offset, var_weights=weight)
    return float(model.fit(tol=1e-14, maxiter=200).params[-1])


def _calibration_error(rows: BinaryRows) -> float:
    assert rows.score is not None
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    total, before = float(weight.sum()), 0.0
    gaps = dict.fromkeys(range(10), 0.0)
    for score in sorted(set(rows.score.tolist())):
        tied = [i for i in range(rows.n) if rows.score[i] == score]
        own = sum(weight[i] for i in tied)
        place = min(9, math.floor((before + own / 2) / total * 10))
        gaps[place] += sum(weight[i] * (float(rows.label[i]) - score) for i in tied)
        before += own
    return sum(abs(gap) for gap in gaps.values()) / total


ORACLES: dict[str, Oracle] = {
    "accuracy": _sk(sk.accuracy_score),
    "balanced_accuracy": _sk(sk.balanced_accuracy_score),
    "precision": _sk(sk.precision_score),
    "true_positive_rate": _sk(sk.recall_score),
    "true_negative_rate": _sk(sk.recall_score, pos_label=False),
    "false_positive_rate": lambda rows: 1 - ORACLES["true_negative_rate"](rows),
    "false_negative_rate": lambda rows: 1 - ORACLES["true_positive_rate"](rows),
    "negative_predictive_value": _sk(sk.precision_score, pos_label=False),
    "selection_rate": _selection_rate,
    "informedness": _sk(sk.balanced_accuracy_score, adjusted=True),
    "error_ratio": _error_ratio,
    "f1": _sk(sk.f1_score),
    "mcc": _sk(sk.matthews_corrcoef),
    "auc": _sk(sk.roc_auc_score, scores=True),
    "average_precision": _sk(sk.average_precision_score, scores=True),
    "brier_loss": _sk(sk.brier_score_loss, scores=True),
    "log_loss": _sk(sk.log_loss, scores=True),
    "calibration_slope": lambda rows: _regression(rows, slope=True),
    "calibration_intercept": lambda rows: _regression(rows, slope=False),
    "expected_calibration_error": _calibration_error,
}
REGRESSIONS = ("calibration_slope", "calibration_intercept")


def tolerance(metric: str) -> float:
    """Two iterative solvers agree less closely than two sums."""
    return 1e-8 if metric in REGRESSIONS else 1e-12


def reweighted(rows: BinaryRows, weight: npt.NDArray[np.float64]) -> BinaryRows:
    """The same rows with other weights."""
    return BinaryRows(rows.label, rows.decision, rows.score, rows.probability, weight, rows.cluster)
