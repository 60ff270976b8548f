"""Ranges and tests of sides compared level by level, held against worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.stratified import (
    Averaged,
    Levels,
    averaged_difference,
    case_parts,
    levels_of_cases,
    levels_of_counts,
    mantel_haenszel_parts,
)
from evaluator.statistics.stratified_odds import common_odds_ratio, no_association, same_odds

SMALLEST_P = 0.001


def counts(table: FloatArray) -> Levels:
    """Counted cases and all cases of the group, then of everyone else, by level."""
    return levels_of_counts(table[:, [0, 2]], table[:, [1, 3]])


def averaged(levels: Levels) -> Averaged:
    return averaged_difference(levels, mantel_haenszel_parts(levels), 0.95)


# Worlds with a known truth: shares of both sides and cases of both sides, by level.
World = tuple[FloatArray, FloatArray, IntArray, IntArray]
BASE = np.array([0.15, 0.3, 0.5, 0.7])
WORLDS: dict[str, World] = {
    "equal difference": (BASE + 0.1, BASE, np.full(4, 60), np.full(4, 80)),
    "differences that turn round": (BASE + np.array([0.3, 0.1, -0.1, -0.3]), BASE, np.full(4, 90), np.full(4, 60)),
    "many small levels": (np.full(60, 0.5), np.full(60, 0.4), np.full(60, 3), np.full(60, 4)),
    "levels of one and two": (np.full(80, 0.6), np.full(80, 0.3), np.full(80, 1), np.full(80, 2)),
    "rare": (np.full(5, 0.06), np.full(5, 0.03), np.full(5, 150), np.full(5, 400)),
    "lopsided": (np.array([0.86, 0.14]), np.array([0.86, 0.14]), np.array([90, 1700]), np.array([2100, 110])),
    "uneven": (BASE, BASE, np.array([12, 200, 40, 15]), np.array([300, 30, 60, 500])),
}


def covered(world: World, replicates: int, seed: int) -> int:
    """How often the range of the averaged difference holds the truth; levels keep their sizes."""
    p, q, m, n = world
    parts = mantel_haenszel_parts(levels_of_counts(np.zeros((m.size, 2)), np.stack([m, n], axis=1).astype(float)))
    truth, rng, hits = float((parts * (p - q)).sum()), np.random.default_rng(seed), 0
    for _ in range(replicates):
        table = np.stack([rng.binomial(m, p), m, rng.binomial(n, q), n], axis=1).astype(np.float64)
        found = averaged(counts(table))
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
    return hits


def is_kept(hits: int, n: int, promise: float) -> bool:
    """Whether the coverage promised is not provably missed."""
    return bool(stats.binomtest(hits, n, promise, alternative="less").pvalue > SMALLEST_P)


def is_at_most(hits: int, n: int, rate: float) -> bool:
    """Whether a rate of false alarms is not provably higher than promised."""
    return bool(stats.binomtest(hits, n, rate, alternative="greater").pvalue > SMALLEST_P)


@pytest.mark.parametrize("name", WORLDS)
def test_the_averaged_difference_is_covered(name: str) -> None:
    assert is_kept(covered(WORLDS[name], 600, 11), 600, 0.93)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_the_averaged_difference_is_covered_in_many_samples(name: str) -> None:
    # The score interval of a large share leans to one side, and so does the average of two lopsided levels.
    assert is_kept(covered(WORLDS[name], 10_000, 12), 10_000, 0.93 if name == "lopsided" else 0.94)


def odds_world(ratio: float, k: int, m: int, n: int, seed: int, replicates: int) -> tuple[int, int, int]:
    """Ranges that hold the common odds ratio, tests that see one, and tests that see it differ between levels."""
    rng = np.random.default_rng(seed)
    q = np.linspace(0.2, 0.7, k)
    p = ratio * q / (1 - q + ratio * q)
    held = seen = unlike = 0
    for _ in range(replicates):
        table = np.stack([rng.binomial(m, p), np.full(k, m), rng.binomial(n, q), np.full(k, n)], axis=1).astype(float)
        found = common_odds_ratio(counts(table), 0.95)
        assert found is not None
        held += found.low <= ratio <= found.high
        seen += (no_association(counts(table)) or 1.0) < 0.05
        unlike += (same_odds(counts(table)) or 1.0) < 0.05
    return held, seen, unlike


@pytest.mark.parametrize(("ratio", "k", "m", "n"), [(1.0, 4, 50, 80), (2.0, 4, 60, 60), (1.0, 25, 6, 9)])
def test_odds_ratio_and_tests_keep_their_level(ratio: float, k: int, m: int, n: int) -> None:
    held, seen, unlike = odds_world(ratio, k, m, n, 21, 500)
    assert is_kept(held, 500, 0.93)
    assert is_at_most(unlike, 500, 0.06)
    assert ratio != 1.0 or is_at_most(seen, 500, 0.05)
    assert ratio == 1.0 or seen > 300


@pytest.mark.slow
@pytest.mark.parametrize(("ratio", "k", "m", "n"), [(1.0, 4, 50, 80), (2.0, 4, 60, 60), (1.0, 25, 6, 9)])
def test_odds_ratio_and_tests_keep_their_level_in_many_samples(ratio: float, k: int, m: int, n: int) -> None:
    held, seen, unlike = odds_world(ratio, k, m, n, 22, 6_000)
    assert is_kept(held, 6_000, 0.94)
    assert is_at_most(unlike, 6_000, 0.06)
    assert ratio != 1.0 or is_at_most(seen, 6_000, 0.055)


Draw = Callable[[np.random.Generator], tuple[Levels, float]]


def makeup_world(k: int, n: int, apart: float) -> Draw:
    """Decisions in k levels of n cases each; members of the group are refused more often by `apart` in log-odds.

    What is asked is the share of the group among the refused minus that among the others, given how many are refused.
    """
    rate, base = np.linspace(-0.8, 1.0, k), np.linspace(0.25, 0.6, k)

    def draw(rng: np.random.Generator) -> tuple[Levels, float]:
        level = np.arange(k).repeat(n)
        group = rng.random(level.size) < base[level]
        refused = rng.random(level.size) < 1 / (1 + np.exp(-(rate[level] + apart * group)))
        odds = np.exp(rate[:, None] + apart * np.array([0.0, 1.0]))
        p = odds / (1 + odds)
        among_refused = base * p[:, 1] / (base * p[:, 1] + (1 - base) * p[:, 0])
        among_others = base * (1 - p[:, 1]) / (base * (1 - p[:, 1]) + (1 - base) * (1 - p[:, 0]))
        return levels_of_cases(level, refused, group, k), float((among_refused - among_others).mean())

    return draw


def clustered_world(n_clusters: int, size: int, *, weighted: bool) -> Draw:
    """Households whose luck and level go together, their members of either group, without any difference."""

    def draw(rng: np.random.Generator) -> tuple[Levels, float]:
        cluster = np.arange(n_clusters).repeat(size)
        level = rng.integers(0, 3, n_clusters).repeat(size)
        luck = rng.normal(0, 1, n_clusters).repeat(size)
        counted = luck + rng.normal(0, 1, cluster.size) + 0.5 * level > 0.6
        # Households lean to one group, so that ignoring them would matter.
        group = rng.random(cluster.size) < np.where(rng.random(n_clusters) < 0.5, 0.05, 0.95).repeat(size)
        weight = rng.uniform(0.3, 3.0, cluster.size) if weighted else None
        return levels_of_cases(level, group, counted, 3, weight=weight, cluster=cluster), 0.0

    return draw


DRAWS: dict[str, tuple[Draw, Callable[[Levels], FloatArray]]] = {
    "share among the refused, no difference": (makeup_world(4, 120, 0.0), case_parts),
    "share among the refused, a difference": (makeup_world(4, 120, 0.8), case_parts),
    "share among the refused, small levels": (makeup_world(20, 14, 0.5), case_parts),
    "households": (clustered_world(90, 4, weighted=False), mantel_haenszel_parts),
    "weighted households": (clustered_world(120, 4, weighted=True), mantel_haenszel_parts),
}


WITHOUT_ASSOCIATION = ("share among the refused, no difference", "households", "weighted households")


def covered_by(name: str, replicates: int, seed: int) -> tuple[int, int]:
    """Ranges that hold the truth, and tests of no association that reject."""
    draw, parts_of = DRAWS[name]
    rng, held, rejected = np.random.default_rng(seed), 0, 0
    for _ in range(replicates):
        levels, truth = draw(rng)
        found = averaged_difference(levels, parts_of(levels), 0.95)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
        rejected += (no_association(levels) or 1.0) < 0.05
    return held, rejected


@pytest.mark.parametrize("name", DRAWS)
def test_disparity_and_households_are_covered(name: str) -> None:
    held, rejected = covered_by(name, 600, 31)
    assert is_kept(held, 600, 0.93)
    assert name not in WITHOUT_ASSOCIATION or is_at_most(rejected, 600, 0.055)


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWS)
def test_disparity_and_households_are_covered_in_many_samples(name: str) -> None:
    held, rejected = covered_by(name, 6_000, 32)
    assert is_kept(held, 6_000, 0.93)
    assert name not in WITHOUT_ASSOCIATION or is_at_most(rejected, 6_000, 0.055)


def test_ignoring_households_would_cover_less() -> None:
    """The test above could fail: the same ranges without clusters miss far more often than promised."""
    rng, held = np.random.default_rng(33), 0
    draw = clustered_world(90, 4, weighted=False)
    for _ in range(300):
        levels, truth = draw(rng)
        found = averaged(levels_of_counts(levels.hits, levels.rows))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert not is_kept(held, 300, 0.93)
