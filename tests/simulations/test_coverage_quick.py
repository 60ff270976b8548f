"""How often the ranges hold the truth, against what is promised, in small worlds where the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest
from coverage_worlds import PAIRS, USUAL, WORLDS, World
from scipy import stats

from evaluator.metrics.compare import compare
from evaluator.metrics.measure import measure
from evaluator.records import Interval
from evaluator.statistics.comparison import newcombe_difference, score_ratio

LEVEL = 0.95
REPLICATES = 600


def held(interval: Interval, truth: float) -> bool:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low - 1e-12 <= truth <= interval.high + 1e-12


def check_promise(hits: int, promise: float) -> None:
    verdict = stats.binomtest(hits, REPLICATES, promise, alternative="less")
    assert verdict.pvalue > 0.001, f"held {hits / REPLICATES:.3f}, promised {promise}"


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: f"{world.metric}: {world.name}")
def test_ranges_hold_the_truth_as_often_as_promised(world: World) -> None:
    outcomes = measured(world)
    check_promise(sum(next(outcomes) for _ in range(REPLICATES)), world.promise)


def measured(world: World) -> Iterator[bool]:
    """Whether the range held the truth, for every drawing that had enough cases to be measured."""
    for replicate in count():
        rows, truth = world.draw(np.random.default_rng([20_261, replicate]))
        found = measure(world.metric, rows, level=LEVEL, min_group=30, seed=replicate)
        assert found.status in ("ok", "too_few")
        if found.interval is not None:
            yield held(found.interval, truth)


@pytest.mark.parametrize(("metric", "draw", "promise"), PAIRS)
def test_ranges_of_differences_hold_the_truth_as_often_as_promised(metric, draw, promise) -> None:
    hits = 0
    for replicate in range(REPLICATES):
        first, second, truth = draw(np.random.default_rng([20_262, replicate]))
        interval = compare(metric, first, second, level=LEVEL, min_group=30).interval
        assert interval is not None
        hits += held(interval, truth)
    check_promise(hits, promise)


# --- two groups ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("p_a", "n_a", "p_b", "n_b"), [(0.6, 80, 0.8, 300), (0.1, 60, 0.3, 60), (0.9, 100, 0.95, 500)])
def test_ranges_between_groups_hold_the_truth_as_often_as_promised(p_a: float, n_a: int, p_b: float, n_b: int) -> None:
    rng = np.random.default_rng(20_263)
    counts = [(int(rng.binomial(n_a, p_a)), int(rng.binomial(n_b, p_b))) for _ in range(REPLICATES)]
    check_promise(sum(held(newcombe_difference(x, n_a, y, n_b, LEVEL), p_a - p_b) for x, y in counts), USUAL)
    check_promise(sum(held(score_ratio(x, n_a, y, n_b, LEVEL), p_a / p_b) for x, y in counts), USUAL)
