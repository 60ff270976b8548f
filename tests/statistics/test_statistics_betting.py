"""The betting interval is right whatever the distribution, and not much wider than one that trusts it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from evaluator.records import Interval
from evaluator.statistics.betting import betting_interval
from evaluator.statistics.influence import mean
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.spread import spread_of

Values = NDArray[np.float64]
REPLICATES = 500
LAWS: dict[str, tuple[Callable[[np.random.Generator, int], Values], float]] = {
    "skewed": (lambda rng, n: rng.beta(0.3, 3.0, n), 0.3 / 3.3),
    "uniform": (lambda rng, n: rng.random(n), 0.5),
    "rarely large": (lambda rng, n: np.where(rng.random(n) < 0.02, 0.9, 0.01), 0.0278),
    "two values": (lambda rng, n: (rng.random(n) < 0.05).astype(np.float64), 0.05),
}


def interval(values: Values, seed: int = 1) -> Interval:
    return betting_interval(values, 0.95, np.random.default_rng(seed))


def ends(found: Interval) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@pytest.mark.parametrize("n", [30, 200])
@pytest.mark.parametrize("law", LAWS)
def test_it_keeps_its_guarantee(law: str, n: int) -> None:
    draw, truth = LAWS[law]
    held = 0
    for replicate in range(REPLICATES):
        low, high = ends(interval(draw(np.random.default_rng([20_267, replicate]), n), replicate))
        held += low <= truth <= high
    assert stats.binomtest(held, REPLICATES, 0.95, alternative="less").pvalue > 0.001


def test_it_is_far_narrower_than_hoeffding_and_not_much_wider_than_t() -> None:
    values = np.random.default_rng(20_268).beta(0.3, 3.0, 1000)
    low, high = ends(interval(values))
    found = mean(values)
    trusting = t_interval(found.value, spread_of(found.rows), 0.95)
    assert (high - low) < 1.45 * (ends(trusting)[1] - ends(trusting)[0])
    assert (high - low) < 0.35 * 2 * math.sqrt(math.log(40) / 2000)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_equal_values_are_never_certain(value: float) -> None:
    low, high = ends(interval(np.full(50, value)))
    assert 0 <= low <= value <= high <= 1
    assert high - low > 0.05


def test_one_value_says_next_to_nothing() -> None:
    low, high = ends(interval(np.array([0.4])))
    assert low <= 0.05
    assert high >= 0.95


def test_the_order_of_the_values_does_not_matter() -> None:
    values = np.random.default_rng(20_269).random(80)
    assert ends(interval(values)) == ends(interval(values[::-1]))
