"""Ranges at the edge of what their formulas allow, and what they promise there."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import compare
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.spread import IntArray

POSITIVES = 60


def one_mistake_inside_a_cluster() -> BinaryRows:
    """Only one negative row ranks above a positive one, and both are of the same cluster; another pair is well ranked."""
    label = np.array([True] * POSITIVES + [False, True] + [False] * POSITIVES)
    cluster = np.arange(label.size)
    cluster[POSITIVES + 1] = POSITIVES
    cluster[-1] = cluster[-2]
    return BinaryRows(label, None, np.linspace(1, 0, label.size), True, None, cluster)


def measured(metric: str, rows: BinaryRows) -> Measurement:
    return measure(metric, rows, level=0.95, min_group=30, seed=1, unit="reviewed")


def test_average_precision_has_a_range_where_other_clusters_alone_are_ranked_without_a_mistake() -> None:
    found = measured("average_precision", one_mistake_inside_a_cluster())
    assert found.value is not None
    assert found.interval is not None
    assert found.interval.low is not None
    assert found.interval.high is not None
    assert 0 < found.interval.low < found.value < found.interval.high < 1


@pytest.mark.parametrize("metric", ["brier_loss", "log_loss"])
@pytest.mark.parametrize(
    ("weight", "cluster", "coverage"),
    [
        (None, None, "guaranteed"),
        (np.arange(1.0, 81.0), None, "approximate"),
        (None, np.arange(80) // 2, "approximate"),
    ],
    ids=["plain", "weights", "clusters"],
)
def test_equal_losses_guarantee_nothing_under_weights_or_clusters(
    metric: str, weight: np.ndarray | None, cluster: IntArray | None, coverage: str
) -> None:
    label = np.repeat([False, True], 40)
    found = measured(metric, BinaryRows(label, None, np.full(80, 0.5), True, weight, cluster))
    assert found.interval is not None
    assert (found.interval.method, found.interval.coverage) == ("constant_rows", coverage)


@pytest.mark.parametrize(("metric", "coverage"), [("brier_loss", "nominal"), ("log_loss", "approximate")])
def test_a_loss_without_upper_end_promises_less_where_two_subjects_answer_alike(metric: str, coverage: str) -> None:
    rng = np.random.default_rng(3)
    label, score = rng.random(200) < 0.4, rng.random(200)
    binary = BinaryRows(label, None, score, True)
    several = ClassRows(label.astype(np.int64), None, np.column_stack((1 - score, score)), True, 2)
    for rows in (binary, several):
        found = compare(metric, rows, rows, level=0.95, min_group=30)
        assert found.interval is not None
        assert (found.interval.method, found.interval.coverage) == ("bonett_price", coverage)
