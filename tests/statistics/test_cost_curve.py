from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.cost_curve import Weighing, best_cuts, cost_curve

LEVEL = 0.95
ALPHA_OF_TEST = 0.001


@pytest.mark.parametrize("seed", range(8))
def test_every_cost_and_the_best_equal_brute_force(seed: int) -> None:
    rng = np.random.default_rng([21, seed])
    n = int(rng.integers(2, 200))
    score = rng.random(n).round(int(rng.integers(1, 4)))
    label, weight = rng.random(n) < score, rng.choice([0.5, 1.0, 3.0], n)
    weighing = Weighing(float(rng.choice([0.5, 1, 5])), float(rng.choice([1, 2])))
    found = cost_curve(label, score, weighing, weight=weight)
    cuts = [*np.unique(score), np.inf]
    expected = []
    for cut in cuts:
        decision = score >= cut
        wrong = weighing.false_positive * (~label & decision) + weighing.false_negative * (label & ~decision)
        expected.append(float((weight * wrong).sum() / weight.sum()))
    np.testing.assert_allclose(found.cost, expected, rtol=1e-12, atol=1e-14)
    assert expected[found.best] == pytest.approx(min(expected), abs=1e-12)


def test_of_equally_good_cuts_the_one_nearest_to_today_is_taken() -> None:
    score = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    label = np.array([False, True, False, True, False, True])
    found = cost_curve(label, score, Weighing(1, 1), today=0.55)
    assert found.curve.score[found.best] == 0.6
    assert cost_curve(label, score, Weighing(1, 1), today=0.15).best == 1


class World(NamedTuple):
    """Scores that are chances from a beta law, so that the best cut-off is known: a / (a + b)."""

    n: int
    weighing: Weighing
    today: float
    per_cluster: int = 1
    weighted: bool = False


BETA = (2.0, 3.0)


def true_cost(cut: float, weighing: Weighing) -> float:
    a, b = BETA
    mean = a / (a + b)
    wrong = weighing.false_positive * (1 - mean) * stats.beta.sf(cut, a, b + 1)
    return float(wrong + weighing.false_negative * mean * stats.beta.cdf(cut, a + 1, b))


def held(world: World, seed: int, replicates: int) -> tuple[int, int]:
    """How often the cuts hold the best one, and the range holds what today costs above the best cut found."""
    best = world.weighing.false_positive / sum(world.weighing)
    in_band = in_range = 0
    for replicate in range(replicates):
        rng = np.random.default_rng([seed, replicate])
        units = world.n // world.per_cluster
        score = np.repeat(rng.beta(*BETA, units), world.per_cluster)
        label = np.repeat(rng.random(units), world.per_cluster) < score
        cluster = np.repeat(np.arange(units), world.per_cluster) if world.per_cluster > 1 else None
        weight = rng.choice([0.5, 1.0, 3.0], world.n) if world.weighted else None
        found = cost_curve(label, score, world.weighing, today=world.today, weight=weight)
        cuts = best_cuts(
            found, label, score, world.weighing, level=LEVEL, seed=replicate, unit="", decision=score >= world.today,
            weight=weight, cluster=cluster,
        )  # fmt: skip
        in_band += bool(cuts.first <= np.searchsorted(found.curve.score, best) <= cuts.last)
        assert cuts.low is not None
        assert cuts.high is not None
        # Where no row lies between them, today's cut-off is the best one found.
        same = found.best == found.curve.today
        chosen = world.today if same else found.curve.threshold(found.best)
        above = true_cost(world.today, world.weighing) - true_cost(chosen, world.weighing)
        in_range += bool(cuts.low <= above <= cuts.high)
    return in_band, in_range


def claimed(hits: int, replicates: int) -> bool:
    return bool(stats.binom.cdf(hits, replicates, LEVEL) > ALPHA_OF_TEST)


@pytest.mark.parametrize("world", [World(120, Weighing(1, 1), 0.3), World(120, Weighing(5, 1), 0.6)])
def test_the_best_cut_and_todays_excess_are_held(world: World) -> None:
    for hits in held(world, 31, 40):
        assert claimed(hits, 40), hits


WORLDS = [
    World(300, Weighing(1, 1), 0.3),
    World(1_000, Weighing(5, 1), 0.5),
    World(1_000, Weighing(5, 1), 0.8),
    World(2_000, Weighing(1, 10), 0.5),
    World(4_000, Weighing(1, 1), 0.6),
    World(800, Weighing(1, 1), 0.6, per_cluster=4),
    World(200, Weighing(1, 1), 0.6, per_cluster=10),
    World(1_200, Weighing(2, 1), 0.6, weighted=True),
]


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_the_best_cut_and_todays_excess_are_held_in_many_worlds(world: World) -> None:
    for hits in held(world, 32, 500):
        assert claimed(hits, 500), hits


def test_many_rows_keep_few_cuts_and_hold_the_best_one() -> None:
    rng = np.random.default_rng(41)
    score = rng.beta(*BETA, 30_000)
    label = rng.random(score.size) < score
    found = cost_curve(label, score, Weighing(1, 1), today=0.9)
    cuts = best_cuts(found, label, score, Weighing(1, 1), level=LEVEL, seed=1, unit="", decision=score >= 0.9)
    low, high = found.curve.score[[cuts.first, cuts.last]]
    assert low < 0.5 < high
    assert high - low < 0.2
    assert cuts.first <= found.best <= cuts.last
    assert cuts.low is not None
    assert cuts.low > 0


def test_one_cluster_says_nothing_about_chance() -> None:
    score, label = np.linspace(0, 1, 40), np.arange(40) % 3 == 0
    found = cost_curve(label, score, Weighing(1, 1))
    cuts = best_cuts(
        found, label, score, Weighing(1, 1), level=LEVEL, seed=1, unit="", decision=score > 0.5,
        cluster=np.zeros(40, dtype=np.int64),
    )  # fmt: skip
    assert cuts == (0, 40, None, None)


def test_equal_questions_get_equal_answers() -> None:
    rng = np.random.default_rng(43)
    score = rng.random(300)
    label = rng.random(300) < score
    found = cost_curve(label, score, Weighing(1, 1))
    once, again = (
        best_cuts(found, label, score, Weighing(1, 1), level=LEVEL, seed=1, unit="x", decision=score > 0.5)
        for _ in range(2)
    )
    assert once == again
    turned = np.arange(300)[::-1]
    other = best_cuts(
        cost_curve(label[turned], score[turned], Weighing(1, 1)), label[turned], score[turned], Weighing(1, 1),
        level=LEVEL, seed=1, unit="x", decision=score[turned] > 0.5,
    )  # fmt: skip
    assert other == once
