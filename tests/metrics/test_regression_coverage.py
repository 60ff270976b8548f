"""How often the ranges of regression metrics hold the truth, against what each promises."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from number_worlds import NUMBER_WORLDS, NumberWorld
from scipy import stats

from evaluator.metrics.compare import compare
from evaluator.metrics.measure import measure
from evaluator.records import Interval

LEVEL = 0.95
REPLICATES = 500
SIZES = (30, 100, 1000)
PROMISED = {"guaranteed": LEVEL, "nominal": 0.93, "approximate": 0.90}
SELDOM = 0.1
"""A promise made in fewer of the samples than this is not judged: those samples are not like their world."""
FALLS_SHORT = {
    ("skewed", "root_mean_squared_error", 30): 0.87,
    ("heavy-tailed", "root_mean_squared_error", 30): 0.87,
    ("skewed", "r2", 30): 0.82,
    ("skewed", "r2", 100): 0.82,
}
PAIRS_FALL_SHORT = {
    ("skewed", "root_mean_squared_error", 30): 0.83,
    ("skewed", "root_mean_squared_error", 100): 0.87,
    ("weighted", "root_mean_squared_error", 30): 0.87,
}
"""Approximate ranges that hold the truth less often still: some errors are so rare and large that few samples tell."""

Key = tuple[str, str]


def tally(found: Interval | None, metric: str, truth: float, made: Counter[Key], held: Counter[Key]) -> None:
    assert found is not None
    made[metric, found.coverage] += 1
    if found.low is not None and found.high is not None:
        held[metric, found.coverage] += found.low <= truth <= found.high


def check(
    world: NumberWorld, n: int, made: Counter[Key], held: Counter[Key], known: dict[tuple[str, str, int], float]
) -> None:
    for (metric, coverage), times in made.items():
        if coverage == "none" or times < SELDOM * REPLICATES:
            continue
        promise = PROMISED[coverage]
        if coverage == "approximate":
            promise = known.get((world.name, metric, n), promise)
        hits = held[metric, coverage]
        verdict = stats.binomtest(hits, times, promise, alternative="less")
        assert verdict.pvalue > 0.001, f"{metric}: {coverage} ranges held {hits / times:.3f}, promised {promise}"


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("world", NUMBER_WORLDS, ids=lambda world: world.name)
def test_ranges_hold_the_truth_as_often_as_promised(world: NumberWorld, n: int) -> None:
    made, held = Counter[Key](), Counter[Key]()
    for replicate in range(REPLICATES):
        rows, _ = world.draw(n, np.random.default_rng([30_261, replicate]))
        for metric, truth in world.truth.items():
            interval = measure(metric, rows, level=LEVEL, min_group=30, seed=1).interval
            tally(interval, metric, truth, made, held)
    check(world, n, made, held, FALLS_SHORT)
    if n == 1000:
        assert made["mean_error", "none"] == made["r2", "none"] == made["p90_absolute_error", "none"] == 0


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("world", NUMBER_WORLDS, ids=lambda world: world.name)
def test_ranges_of_differences_hold_the_truth_as_often_as_promised(world: NumberWorld, n: int) -> None:
    made, held = Counter[Key](), Counter[Key]()
    for replicate in range(REPLICATES):
        first, second = world.draw(n, np.random.default_rng([30_262, replicate]))
        for metric, truth in world.difference.items():
            interval = compare(metric, first, second, level=LEVEL, min_group=30).interval
            tally(interval, metric, truth, made, held)
    check(world, n, made, held, PAIRS_FALL_SHORT)


def test_normal_errors_of_a_thousand_rows_are_within_what_was_tested() -> None:
    rows, _ = NUMBER_WORLDS[0].draw(1000, np.random.default_rng(30_263))
    made = {
        metric: measure(metric, rows, level=LEVEL, min_group=30, seed=1).interval for metric in NUMBER_WORLDS[0].truth
    }
    assert {metric: found.coverage for metric, found in made.items() if found} == {
        "mean_error": "nominal",
        "mean_absolute_error": "nominal",
        "median_absolute_error": "guaranteed",
        "p90_absolute_error": "guaranteed",
        "root_mean_squared_error": "nominal",
        "r2": "nominal",
    }
