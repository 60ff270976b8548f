"""Rows of several classes to measure, and what scikit-learn computes of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special
from sklearn import metrics as sk

from evaluator.metrics.class_rows import ClassRows

Weights = npt.NDArray[np.float64] | None


def drawn_classes(
    n: int, k: int, seed: int, *, weighted: bool = False, ties: bool = False, clusters: int = 0, skill: float = 1.5
) -> ClassRows:
    """Classes that differ in size, with probabilities that lean towards the true one."""
    rng = np.random.default_rng([seed, n, k])
    share = np.linspace(1.0, 2.0, k)
    label = rng.choice(k, size=n, p=share / share.sum())
    raw = rng.normal(size=(n, k))
    raw[np.arange(n), label] += skill
    if ties:
        raw = np.round(raw)
    weight = rng.integers(1, 5, n) / 2 if weighted else None
    cluster = rng.integers(0, clusters, n) if clusters else None
    return as_rows(label, special.softmax(raw, axis=1), k, weight, cluster)


def as_rows(label, scores, k: int, weight: Weights = None, cluster=None) -> ClassRows:
    return ClassRows(label, scores.argmax(axis=1), scores, True, k, True, weight, cluster)


def decided(label, chosen, k: int, weight: Weights = None, cluster=None) -> ClassRows:
    return ClassRows(np.asarray(label), np.asarray(chosen), None, False, k, True, weight, cluster)


def reweighted(rows: ClassRows, weight: Weights) -> ClassRows:
    return ClassRows(rows.label, rows.chosen, rows.scores, rows.probability, rows.k, rows.ordered, weight, rows.cluster)


def relabelled(rows: ClassRows, to: npt.NDArray[np.int64]) -> ClassRows:
    """The same rows with class `c` called `to[c]`."""
    assert rows.chosen is not None
    assert rows.scores is not None
    return ClassRows(
        to[rows.label], to[rows.chosen], rows.scores[:, np.argsort(to)], rows.probability, rows.k, rows.ordered,
        rows.weight, rows.cluster,
    )  # fmt: skip


def _chosen(function, **options) -> Callable[[ClassRows], float]:
    return lambda rows: float(function(rows.label, rows.chosen, sample_weight=rows.weight, **options))


def _averaged(function, average: str) -> Callable[[ClassRows], float]:
    def of(rows: ClassRows) -> float:
        return float(
            function(
                rows.label,
                rows.chosen,
                labels=range(rows.k),
                average=average,
                sample_weight=rows.weight,
                zero_division=0,
            )
        )

    return of


def _scored(function, **options) -> Callable[[ClassRows], float]:
    return lambda rows: float(
        function(rows.label, rows.scores, labels=range(rows.k), sample_weight=rows.weight, **options)
    )


def _area(average: str) -> Callable[[ClassRows], float]:
    return _scored(sk.roc_auc_score, multi_class="ovr", average=average)


def _precision(average: str) -> Callable[[ClassRows], float]:
    def of(rows: ClassRows) -> float:
        own = np.eye(rows.k)[rows.label]
        return float(sk.average_precision_score(own, rows.scores, average=average, sample_weight=rows.weight))

    return of


AVERAGES = ("macro", "micro", "weighted")
CLASS_ORACLES: dict[str, Callable[[ClassRows], float]] = {
    "accuracy": _chosen(sk.accuracy_score),
    "balanced_accuracy": _chosen(sk.balanced_accuracy_score),
    "mcc": _chosen(sk.matthews_corrcoef),
    "quadratic_kappa": lambda rows: float(
        sk.cohen_kappa_score(
            rows.label, rows.chosen, labels=range(rows.k), weights="quadratic", sample_weight=rows.weight
        )
    ),
    "log_loss": _scored(sk.log_loss),
    "brier_loss": _scored(sk.brier_score_loss, scale_by_half=True),
    "top_2_accuracy": _scored(sk.top_k_accuracy_score, k=2),
    "top_3_accuracy": _scored(sk.top_k_accuracy_score, k=3),
    **{f"true_positive_rate_{average}": _averaged(sk.recall_score, average) for average in AVERAGES},
    **{f"precision_{average}": _averaged(sk.precision_score, average) for average in AVERAGES},
    **{f"f1_{average}": _averaged(sk.f1_score, average) for average in AVERAGES},
    **{f"auc_{average}": _area(average) for average in AVERAGES},
    **{f"average_precision_{average}": _precision(average) for average in AVERAGES},
}
"""What scikit-learn says, for every metric of all classes but the calibration error, which it does not have."""
TIED = ("top_2_accuracy", "top_3_accuracy")
"""Metrics where scikit-learn takes the last of tied classes first."""
