"""Values of all groups at once beside those of fairlearn and scikit-learn, and how groups that share clusters go together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from sklearn.metrics import accuracy_score, balanced_accuracy_score, brier_score_loss, precision_score, roc_auc_score

from evaluator.metrics.grouped_measure import GroupMeasures
from evaluator.metrics.grouped_rows import sorted_rows
from evaluator.metrics.grouped_together import groups_together
from evaluator.metrics.influences import influence_of
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.shared_clusters import SharedClusters, correlation_to_use

DECIDED: dict[str, Callable[..., float]] = {
    "accuracy": accuracy_score,
    "balanced_accuracy": balanced_accuracy_score,
    "precision": partial(precision_score, zero_division=0),
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "true_negative_rate": true_negative_rate,
    "false_negative_rate": false_negative_rate,
}
SCORED: dict[str, Callable[..., float]] = {"auc": roc_auc_score, "brier_loss": brier_score_loss}


def measures_of(rows: BinaryRows, group: np.ndarray, k: int) -> GroupMeasures:
    cut = sorted_rows(rows).cut([np.flatnonzero(group == place) for place in range(k)])
    return GroupMeasures(cut, 0.95, 30, 7, [str(place) for place in range(k)])


@pytest.mark.parametrize("weighted", [False, True])
def test_values_are_those_of_fairlearn(weighted: bool) -> None:
    rng = np.random.default_rng(21)
    n, k = 4000, 5
    group, score = rng.integers(0, k, n), rng.beta(2, 3, n).round(2)
    label = rng.random(n) < score
    weight = rng.uniform(0.2, 3.0, n) if weighted else None
    measures = measures_of(BinaryRows(label, score >= 0.45, score, True, weight), group, k)
    for asked, answers in ((DECIDED, score >= 0.45), (SCORED, score)):
        params = {name: {"sample_weight": weight} for name in asked} if weighted else None
        frame = MetricFrame(
            metrics=asked, y_true=label, y_pred=answers, sensitive_features=pd.Series(group), sample_params=params
        )
        for metric in asked:
            found = [row.value for row in measures.measure(metric)]
            assert found == pytest.approx(frame.by_group[metric].to_numpy(dtype=float), rel=1e-12)


@pytest.mark.parametrize(("weighted", "clusters"), [(False, 250), (True, 250), (False, 2500), (False, 12)])
def test_groups_go_together_as_their_rows_say_one_by_one(weighted: bool, clusters: int) -> None:
    rng = np.random.default_rng(22)
    n, k = 2000, 4
    group, score = rng.integers(0, k, n), rng.beta(2, 3, n).round(2)
    label = rng.random(n) < score
    weight = rng.uniform(0.2, 3.0, n) if weighted else None
    cluster = rng.integers(0, clusters, n)
    rows = BinaryRows(label, score >= 0.45, score, True, weight, cluster)
    together = groups_together(measures_of(rows, group, k))
    assert together is not None
    indexes = [np.flatnonzero(group == place) for place in range(k)]
    shared = SharedClusters([cluster[index] for index in indexes])
    assert (together.in_both == shared.in_both).all()
    usable = np.array([True, True, False, True])
    for metric in ("true_positive_rate", "precision", "balanced_accuracy", "auc", "brier_loss", "calibration_slope"):
        influence = [
            np.zeros(index.size)
            if not used or (found := influence_of(metric, rows.take(index))) is None
            else found.rows
            for index, used in zip(indexes, usable, strict=True)
        ]
        covariance = shared.covariance(influence)
        products = together.products(metric, usable)
        assert products is not None
        ours, theirs = (
            correlation_to_use(matrix, np.sqrt(np.diag(matrix)), shared.in_both) for matrix in (products, covariance)
        )
        assert ours == pytest.approx(theirs, abs=1e-9)
        assert (np.abs(theirs[np.ix_([0, 1, 3], [0, 1, 3])]) > 0).any()


def test_groups_without_common_clusters_do_not_go_together() -> None:
    group = np.repeat([0, 1], 100)
    label = np.arange(200) % 3 == 0
    rows = BinaryRows(label, label, None, False, None, group * 50 + np.arange(200) % 50)
    assert groups_together(measures_of(rows, group, 2)) is None
    assert groups_together(measures_of(BinaryRows(label, label, None, False), group, 2)) is None
