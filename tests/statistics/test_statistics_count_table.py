"""Counts by group, label and decision: metrics against fairlearn and sklearn, replicates against resampled rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame
from scipy import stats
from sklearn import metrics as sk

from evaluator.metrics.cells import CELL_METRICS
from evaluator.metrics.group_counts import values_of_counts
from evaluator.statistics.count_table import (
    CountTable,
    at_edge,
    binned_auc,
    count_table,
    gaps,
    score_edges,
    score_histogram,
)
from evaluator.statistics.streams import stream

N, GROUPS, THRESHOLD = 6_000, 5, 0.5
RNG = np.random.default_rng(21)
GROUP = RNG.choice(GROUPS, N, p=[0.4, 0.3, 0.2, 0.07, 0.03])
LABEL = RNG.random(N) < 0.3 + 0.05 * GROUP
SCORE = np.clip(RNG.normal(0.42, 0.2, N) + 0.2 * LABEL, 0, 1)
DECISION = SCORE >= THRESHOLD
TABLE = count_table(GROUP, LABEL, DECISION, GROUPS)
ORACLES = {
    "accuracy": sk.accuracy_score,
    "selection_rate": lambda label, decision: float(np.mean(decision)),
    "precision": sk.precision_score,
    "true_positive_rate": sk.recall_score,
    "false_negative_rate": lambda label, decision: 1 - sk.recall_score(label, decision),
    "false_positive_rate": lambda label, decision: 1 - sk.recall_score(label, decision, pos_label=False),
    "true_negative_rate": lambda label, decision: sk.recall_score(label, decision, pos_label=False),
    "negative_predictive_value": lambda label, decision: sk.precision_score(label, decision, pos_label=False),
    "balanced_accuracy": sk.balanced_accuracy_score,
    "informedness": lambda label, decision: sk.balanced_accuracy_score(label, decision, adjusted=True),
    "error_ratio": lambda label, decision: float(np.sum(label & ~decision) / np.sum(decision & ~label)),
    "f1": sk.f1_score,
    "mcc": sk.matthews_corrcoef,
}
KNOWN_WITHOUT_POSITIVES = (
    "accuracy", "selection_rate", "false_positive_rate", "true_negative_rate", "negative_predictive_value",
)  # fmt: skip


def test_counts_are_those_of_a_loop() -> None:
    expected = np.zeros((GROUPS, 2, 2), dtype=int)
    for group, label, decision in zip(GROUP[:500], LABEL[:500], DECISION[:500], strict=True):
        expected[group, int(label), int(decision)] += 1
    assert np.array_equal(count_table(GROUP[:500], LABEL[:500], DECISION[:500], GROUPS).counts, expected)
    assert TABLE.n == N


@pytest.mark.parametrize("metric", CELL_METRICS)
def test_every_group_agrees_with_fairlearns_frame(metric: str) -> None:
    frame = MetricFrame(metrics=ORACLES[metric], y_true=LABEL, y_pred=DECISION, sensitive_features=GROUP)
    values = values_of_counts(metric, TABLE.cells)
    assert values == pytest.approx(frame.by_group.to_numpy(dtype=float), rel=1e-12)
    assert float(gaps(values)) == pytest.approx(frame.difference(), rel=1e-12)
    assert float(values_of_counts(metric, TABLE.cells.sum(axis=0))) == pytest.approx(frame.overall, rel=1e-12)


def test_replicates_are_samples_of_rows_with_replacement() -> None:
    """Mean and covariance of every cell are those of a multinomial; the counts of every replicate sum to n."""
    drawn = TABLE.replicates(4_000, stream(5, "test", "replicates"))
    assert drawn.shape == (4_000, GROUPS, 4)
    assert (drawn.sum(axis=(1, 2)) == N).all()
    share = TABLE.cells / N
    se = np.sqrt(N * share * (1 - share) / 4_000)
    assert np.abs(drawn.mean(axis=0) - TABLE.cells).max() <= 5 * se.max()
    ratio = drawn.var(axis=0, ddof=1) / (N * share * (1 - share))
    assert np.abs(ratio - 1).max() <= 5 * math.sqrt(2 / 4_000)


def test_replicated_gaps_are_those_of_resampled_rows() -> None:
    rng = stream(6, "test", "rows")
    resampled = [
        gaps(values_of_counts("true_positive_rate", count_table(GROUP[i], LABEL[i], DECISION[i], GROUPS).cells))
        for i in (rng.integers(0, N, N) for _ in range(600))
    ]
    drawn = gaps(values_of_counts("true_positive_rate", TABLE.replicates(600, stream(6, "test", "counts"))))
    assert stats.ks_2samp(np.array(resampled), drawn).pvalue > 0.001


def test_equal_keys_give_equal_replicates() -> None:
    first, second = (TABLE.replicates(50, stream(7, "test", "same")) for _ in range(2))
    assert np.array_equal(first, second)


def test_clusters_are_refused_and_clusters_of_one_are_not() -> None:
    with pytest.raises(ValueError, match="share a cluster"):
        count_table(GROUP, LABEL, DECISION, GROUPS, cluster=np.arange(N) // 2)
    assert count_table(GROUP, LABEL, DECISION, GROUPS, cluster=np.arange(N)).n == N


def test_group_codes_must_be_known() -> None:
    with pytest.raises(ValueError, match="below 3"):
        count_table(GROUP, LABEL, DECISION, 3)


@pytest.mark.parametrize("metric", CELL_METRICS)
def test_empty_groups_and_missing_cells_have_no_value(metric: str) -> None:
    cells = np.array([[0, 0, 0, 0], [7, 0, 0, 0], [3, 1, 2, 4]])
    values = values_of_counts(metric, cells)
    assert math.isnan(values[0])
    assert not math.isnan(values[2])
    assert math.isnan(values[1]) != (metric in KNOWN_WITHOUT_POSITIVES)
    assert math.isnan(float(gaps(values[:1])))
    assert math.isnan(float(gaps(values[:0])))


def test_no_rows_at_all_resample_to_none() -> None:
    nothing = count_table(GROUP[:0], LABEL[:0], DECISION[:0], 2)
    assert not nothing.replicates(3, stream(1, "test")).any()
    assert np.isnan(values_of_counts("accuracy", nothing.cells)).all()


def test_one_row_resamples_to_itself() -> None:
    one = count_table(np.array([1]), np.array([True]), np.array([True]), 2)
    assert one.replicates(4, stream(1, "test")).tolist() == [[[0, 0, 0, 0], [0, 0, 0, 1]]] * 4


def test_large_counts_do_not_overflow() -> None:
    cells = np.array([[3_000_000_000, 1, 1, 3_000_000_000]])
    assert values_of_counts("mcc", cells) == pytest.approx([1.0])


def test_unknown_metrics_are_named() -> None:
    with pytest.raises(ValueError, match="auc does not follow"):
        values_of_counts("auc", TABLE.cells)


def test_decisions_at_an_edge_are_those_of_the_rows() -> None:
    edges = score_edges(SCORE, threshold=THRESHOLD)
    histogram = score_histogram(GROUP, LABEL, SCORE, GROUPS, edges)
    assert histogram.sum() == N
    assert np.array_equal(at_edge(histogram, edges, THRESHOLD).counts, TABLE.counts)
    with pytest.raises(ValueError, match="not an edge"):
        at_edge(histogram, edges, 0.123456789)


def test_binned_areas_are_off_by_half_the_pairs_that_share_a_bin_at_most() -> None:
    histogram = score_histogram(GROUP, LABEL, SCORE, GROUPS, score_edges(SCORE, bins=64))
    together = histogram.prod(axis=1).sum(axis=-1) / histogram.sum(axis=-1).prod(axis=-1)
    apart = np.abs(binned_auc(histogram) - exact_areas(SCORE))
    assert (apart <= together / 2).all()
    assert apart[0] < 1e-3


def test_bins_of_one_value_give_exact_areas() -> None:
    coarse = np.round(SCORE, 1)
    found = binned_auc(score_histogram(GROUP, LABEL, coarse, GROUPS, score_edges(coarse)))
    assert found == pytest.approx(exact_areas(coarse), rel=1e-12)


def exact_areas(score: np.ndarray) -> np.ndarray:
    inside = [np.equal(GROUP, group) for group in range(GROUPS)]
    return np.array([sk.roc_auc_score(LABEL[rows], score[rows]) for rows in inside])


def test_areas_need_both_classes() -> None:
    label = LABEL & (GROUP != 2)
    edges = score_edges(SCORE, bins=16)
    assert edges.size == 15
    found = binned_auc(score_histogram(GROUP, label, SCORE, GROUPS + 1, edges))
    assert np.isnan(found).tolist() == [False, False, True, False, False, True]
    assert score_edges(SCORE[:0]).size == 0
    assert score_edges(np.full(9, 0.3)).tolist() == [0.3]


def test_cells_are_a_view_of_the_counts() -> None:
    counts = np.arange(8).reshape(2, 2, 2)
    assert CountTable(counts).cells.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
