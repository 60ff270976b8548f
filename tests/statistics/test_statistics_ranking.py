"""Ranking metrics by counting pairs one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evaluator.statistics.ranking import auc, average_precision, delong_spread, rank


def placements(label: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of the other class each row beats, by comparing all pairs."""
    wins = (score[label][:, None] > score[~label]) + (score[label][:, None] == score[~label]) / 2
    return wins.mean(axis=1), wins.mean(axis=0)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("positives", "negatives"), [(7, 30), (60, 45)])
def test_delong_agrees_with_all_pairs(positives: int, negatives: int, ties: bool) -> None:
    rng = np.random.default_rng(positives)
    label = rng.permutation(np.arange(positives + negatives) < positives)
    score = rng.normal(size=label.size) + label
    score = np.round(score * 2) if ties else score
    found = auc(rank(label, score))
    by_positive, by_negative = placements(label, score)
    assert found.value == pytest.approx(by_positive.mean(), abs=1e-14)
    expected = by_positive.var(ddof=1) / positives + by_negative.var(ddof=1) / negatives
    assert delong_spread(found, label).se == pytest.approx(math.sqrt(expected), rel=1e-12)


def test_tied_rows_share_the_end_of_their_group() -> None:
    label = np.array([True, False, True, False, True])
    ranking = rank(label, np.array([0.9, 0.5, 0.5, 0.1, 0.5]))
    assert ranking.order.tolist() == [0, 1, 2, 4, 3]
    assert ranking.group_start.tolist() == [0, 1, 1, 1, 4]
    assert ranking.true_positives.tolist() == [1, 3, 3, 3, 3]
    assert ranking.false_positives.tolist() == [0, 1, 1, 1, 2]


def test_average_precision_walks_down_the_ranking() -> None:
    label = np.array([True, False, True, True, False])
    found = average_precision(rank(label, np.array([5.0, 4.0, 3.0, 2.0, 1.0])))
    assert found.value == pytest.approx((1 + 2 / 3 + 3 / 4) / 3, abs=1e-15)


@pytest.mark.parametrize("function", [auc, average_precision])
def test_results_do_not_depend_on_the_scale_or_order_of_scores(function) -> None:
    rng = np.random.default_rng(6)
    label, score = rng.random(80) < 0.4, np.round(rng.random(80), 1)
    weight = rng.random(80)
    base = function(rank(label, score, weight))
    stretched = function(rank(label, np.exp(5 * score) - 7, weight))
    assert stretched.value == base.value
    assert stretched.rows.tolist() == base.rows.tolist()
    order = rng.permutation(80)
    shuffled = function(rank(label[order], score[order], weight[order]))
    assert shuffled.value == pytest.approx(base.value, abs=1e-14)
    assert shuffled.rows == pytest.approx(base.rows[order], abs=1e-15)
