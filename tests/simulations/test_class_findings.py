"""How often findings about single classes speak up when the truth lies on their limit: no more than they promise.

Every class is looked at, and every pair of classes; the promise holds for all of them together.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import binomtest

from evaluator.analyses.performance.class_curves import pairs_level
from evaluator.analyses.performance.class_findings import (
    FOUND_LESS,
    MIXED_UP,
    ClassMaterial,
    found_less_often,
    often_mixed_up,
)
from evaluator.analyses.performance.class_words import FOUND
from evaluator.records import CurvePoint, Estimate, Population, Words
from evaluator.statistics.proportions import proportion

KINDS = tuple("abcde")
REPLICATES = 1_000
CLAIM = 0.05
EVERYONE = Population("all", "rows", "rows", "{}", "", "all", 0, "planned", 1_000, 1.0)
WORDS = {
    kind: Words("row", "rows", f"labelled {kind}", "", f"predicted {kind}", "", people=False, plain=True)
    for kind in KINDS
}


def share(kind: str, found: int, n: int) -> Estimate:
    value = found / n
    interval = proportion(found, n, 0.95)
    return Estimate(
        "performance", FOUND, kind, "model", "all", value, interval.low, interval.high, math.sqrt(value * (1 - value) / n),
        0.95, interval.method, interval.coverage, 1_000, n, found, None, None, False, "", 1, "fraction", "ok", "",
    )  # fmt: skip


def square(counts: np.ndarray) -> tuple[CurvePoint, ...]:
    """The curve of one draw of the square of classes."""
    level = pairs_level(0.95, len(KINDS))
    points = []
    for row, kind in enumerate(KINDS):
        total = int(counts[row].sum())
        for place in range(len(KINDS)):
            n = int(counts[row, place])
            interval = proportion(n, total, 0.95 if place == row else level)
            ends = (interval.low, interval.high)
            points.append(
                CurvePoint("performance", "confusion", kind, "model", "all", float(place), n / total, *ends, n)
            )
    return tuple(points)


def holds(spoke_up: int) -> bool:
    """Whether the count fits the claim; rejected when an exact one-sided test does so at 0.001."""
    return bool(binomtest(spoke_up, REPLICATES, CLAIM, alternative="greater").pvalue >= 0.001)


def test_a_class_at_the_limit_is_seldom_called_worse() -> None:
    for size in (60, 400):
        rng = np.random.default_rng(51)
        truth = np.array([0.9 - FOUND_LESS, 0.9, 0.9, 0.9, 0.9])
        spoke_up = 0
        for found in rng.binomial(size, truth, size=(REPLICATES, len(KINDS))):
            rows = {(FOUND, kind): share(kind, int(count), size) for kind, count in zip(KINDS, found, strict=True)}
            spoke_up += found_less_often(ClassMaterial(WORDS, rows, (), EVERYONE))[0] == "found"
        assert holds(spoke_up), (size, spoke_up)


def test_a_pair_at_the_limit_is_seldom_called_mixed_up() -> None:
    rng = np.random.default_rng(52)
    truth = np.full((len(KINDS), len(KINDS)), MIXED_UP)
    np.fill_diagonal(truth, 1 - MIXED_UP * (len(KINDS) - 1))
    spoke_up = 0
    for _ in range(REPLICATES):
        counts = np.stack([rng.multinomial(150, row) for row in truth])
        rows = {(FOUND, kind): share(kind, int(counts[place, place]), 150) for place, kind in enumerate(KINDS)}
        spoke_up += often_mixed_up(ClassMaterial(WORDS, rows, square(counts), EVERYONE))[0] == "found"
    assert holds(spoke_up), spoke_up


def test_a_class_far_below_the_others_is_nearly_always_found() -> None:
    rng = np.random.default_rng(53)
    found = rng.binomial(300, [0.7, 0.95, 0.95, 0.95, 0.95], size=(200, len(KINDS)))
    spoke_up = 0
    for counts in found:
        rows = {(FOUND, kind): share(kind, int(count), 300) for kind, count in zip(KINDS, counts, strict=True)}
        spoke_up += found_less_often(ClassMaterial(WORDS, rows, (), EVERYONE))[0] == "found"
    assert spoke_up > 190
