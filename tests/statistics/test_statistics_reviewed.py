"""The interval of average precision where the bias is negative or as large as the way to an end."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.statistics.precision_range import average_precision_interval, precision_bias
from evaluator.statistics.ranking import average_precision, rank
from evaluator.statistics.spread import Spread

SPREAD = Spread(0.02, 99.0, 100, 1.0)


def test_the_bias_is_negative_where_a_cluster_holds_the_negatives_above_its_own_positives() -> None:
    label, score = np.array([True, True, False, True]), np.array([4.0, 3.0, 2.0, 1.0])
    ranking = rank(label, score)
    bias = precision_bias(ranking, np.array([0, 1, 2, 2]))
    assert bias == pytest.approx((3 / 4 - 1) / 3)
    assert average_precision(ranking).value - bias == pytest.approx(1.0)


@pytest.mark.parametrize("bias", [-0.5, -0.1, -0.1 + 1e-16, 0.0, 0.45, 0.9, 2.0])
def test_any_bias_leaves_a_range_that_holds_the_value(bias: float) -> None:
    found = average_precision_interval(0.9, bias, SPREAD, 100.0, 0.95)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low <= 0.9 <= found.high < 1


def test_the_range_moves_at_most_half_the_way_to_either_end() -> None:
    ends = [average_precision_interval(0.9, bias, SPREAD, 100.0, 0.95) for bias in (-0.05, -0.5, 0.45, 2.0)]
    assert ends[0] == ends[1]
    assert ends[2] == ends[3]
