"""The fast stable order is that of a general stable sort, whatever the scores."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.statistics.ordering import SMALL, descending

N = SMALL + 5_000
RNG = np.random.default_rng(17)
SCORES = {
    "probabilities": RNG.random(N),
    "both_signs": RNG.normal(size=N) * 1e3,
    "tied": RNG.random(N).round(2),
    "one_value": np.full(N, 0.3),
    "late_bits": 0.5 + RNG.random(N) * 1e-13,
    "late_bits_with_far_values": np.concatenate(([1e300, -1e300], 0.5 + RNG.random(N) * 1e-13)),
    "zeros_of_both_signs": np.where(RNG.random(N) < 0.5, 0.0, -0.0),
    "infinite": np.concatenate(([np.inf, -np.inf, 0.0, -0.0, 5e-324], RNG.random(N), [np.inf])),
    "rising": np.arange(N) / N,
    "few": RNG.random(50).round(1),
    "one": np.array([0.4]),
    "none": np.zeros(0),
}


@pytest.mark.parametrize("kind", sorted(SCORES))
def test_the_order_is_that_of_a_stable_sort(kind: str) -> None:
    score = SCORES[kind]
    before = score.copy()
    found = descending(score)
    assert np.array_equal(found.order, np.argsort(-score, kind="stable"))
    assert np.array_equal(found.score, score[found.order])
    assert np.array_equal(score, before)
