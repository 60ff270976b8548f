from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.statistics.shrinkage import shrink


def by_the_formula(values: list[float], variances: list[float]) -> list[float]:
    """The same by sums written out."""
    weights = [1 / variance for variance in variances]
    mean = sum(w * x for w, x in zip(weights, values, strict=True)) / sum(weights)
    q = sum(w * (x - mean) ** 2 for w, x in zip(weights, values, strict=True))
    scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
    tau2 = max(0.0, (q - (len(values) - 1)) / scale)
    weights = [1 / (variance + tau2) for variance in variances]
    mean = sum(w * x for w, x in zip(weights, values, strict=True)) / sum(weights)
    return [mean + tau2 / (tau2 + v) * (x - mean) for x, v in zip(values, variances, strict=True)]


GROUPS = st.lists(st.tuples(st.floats(0.01, 0.99), st.floats(1e-5, 0.05)), min_size=2, max_size=12)


@settings(derandomize=True)
@given(GROUPS)
def test_shrunken_values_follow_the_formula_and_never_spread_more(groups: list[tuple[float, float]]) -> None:
    values, variances = (list(column) for column in zip(*groups, strict=True))
    found = shrink(np.array(values), np.array(variances))
    assert found.tolist() == pytest.approx(by_the_formula(values, variances), rel=1e-6, abs=1e-9)
    assert found.max() - found.min() <= max(values) - min(values) + 1e-9


def test_spread_that_chance_explains_shrinks_to_nothing() -> None:
    found = shrink(np.array([0.10, 0.11, 0.09]), np.full(3, 0.01))
    assert np.ptp(found) == pytest.approx(0.0, abs=1e-12)


def test_spread_far_beyond_chance_stays() -> None:
    values = np.array([0.1, 0.5, 0.9])
    assert shrink(values, np.full(3, 1e-8)) == pytest.approx(values, abs=1e-4)


def test_one_group_is_left_as_it_is() -> None:
    assert shrink(np.array([0.3]), np.array([0.01])).tolist() == [0.3]
