"""Ranges of changed decisions and of differences hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.changed.measuring import Both
from evaluator.recompute.changed.result import Number
from evaluator.recompute.facts import Facts
from evaluator.records import Population, Words
from evaluator.subject.words import Phrasing

SEED, LEVEL = 20_260, 0.9
WORDS = Words("case", "cases", "yes", "no", "chosen", "left")
FACTS = Facts("r", "binary", WORDS, Phrasing("cases", True, {}), {}, 0.5, None, False, True, 30, LEVEL, 7)


def simulated(rng: np.random.Generator, n: int, rate: float, *, clusters: int = 0, weights: bool = False) -> Both:
    """Rows of which `rate` flip on average, within clusters alike, whatever they weigh."""
    code = rng.integers(0, clusters, n) if clusters else None
    chance = np.full(n, rate) if code is None else rng.beta(4 * rate, 4 * (1 - rate), clusters)[code]
    before, label, flipped = rng.random(n) < 0.5, rng.random(n) < 0.5, rng.random(n) < chance
    after = before ^ flipped
    weight = rng.uniform(0.5, 2.0, n) if weights else None
    scores = before.astype(float), after.astype(float)
    today, changed = (
        BinaryRows(label, decided, score, True, weight, code)
        for decided, score in zip((before, after), scores, strict=True)
    )
    return Both(FACTS, today, changed, *scores)


def holds(number: Number, truth: float) -> bool:
    assert number.low is not None
    assert number.high is not None
    return number.low <= truth <= number.high


def coverage(n: int, rate: float, replicates: int, *, clusters: int = 0, weights: bool = False) -> dict[str, int]:
    rng = np.random.default_rng([SEED, n, clusters, int(weights)])
    whom = Population("asked", "cases", "cases", "{}", "", "slice", 0, "found", n, 1.0)
    found = {"flips": 0, "accuracy": 0, "selection_rate": 0}
    for _ in range(replicates):
        part = simulated(rng, n, rate, clusters=clusters, weights=weights).everyone(whom)
        assert part.flips is not None
        found["flips"] += holds(part.flips.changed, rate)
        for name in ("accuracy", "selection_rate"):
            metric = part.metric(name)
            assert metric is not None
            found[name] += holds(metric.difference, 0.0)
    return found


def check(found: dict[str, int], replicates: int, level: float = LEVEL) -> None:
    for name, held in found.items():
        assert binomtest(held, replicates, level, alternative="less").pvalue > 0.001, (name, held, replicates)


SETTINGS = [
    (60, 0.02, 0, False),
    (400, 0.02, 0, False),
    (400, 0.10, 0, True),
    (600, 0.10, 60, False),
    (600, 0.10, 60, True),
]


@pytest.mark.parametrize(("n", "rate", "clusters", "weights"), SETTINGS)
def test_ranges_hold_what_they_promise(n: int, rate: float, clusters: int, weights: bool) -> None:
    replicates = 60
    check(coverage(n, rate, replicates, clusters=clusters, weights=weights), replicates)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "rate", "clusters", "weights"), SETTINGS)
def test_ranges_hold_what_they_promise_in_many_samples(n: int, rate: float, clusters: int, weights: bool) -> None:
    replicates = 1_500
    check(coverage(n, rate, replicates, clusters=clusters, weights=weights), replicates)
