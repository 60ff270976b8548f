"""What the ranges of shares and means of drawn cases promise, by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from evaluator.analyses.explanations.changes.ranges import Ranged, mean_of, share_of, together
from evaluator.statistics.proportions import proportion

LEVEL = 0.95
LIST = 4
PROVEN = 0.001
SETTINGS = [
    (kind, n, share, how)
    for kind in ("share", "mean")
    for n in (30, 100, 300)
    for share in (0.5, 0.9, 0.97)
    for how in ("alone", "weighted", "pairs")
]
QUICK = [("share", 100, 0.9, "alone"), ("mean", 30, 0.97, "weighted"), ("mean", 300, 0.9, "pairs")]


NEARBY = 0.02
"""Counts come in steps, so ranges of shares hold on average over shares that are near each other, not at every one."""


def drawn(kind: str, n: int, share: float, how: str, rng: np.random.Generator) -> Ranged:
    """Cases that count with a chance, or lists of four whose entries count with it; half of each pair's luck is shared."""
    cluster = np.arange(n) // 2 if how == "pairs" else None
    luck = rng.random(n)
    if cluster is not None:
        shared = rng.random(n) < 0.5
        luck = np.where(shared, rng.random(n)[cluster], luck)
    weight = rng.uniform(0.2, 3.0, n) if how == "weighted" else None
    if kind == "share":
        return share_of(luck < share, weight, cluster, LEVEL)
    return mean_of(binom.ppf(luck, LIST, share) / LIST, weight, cluster, LEVEL, most=LIST)


def covered(kind: str, n: int, share: float, how: str, times: int) -> int:
    rng = np.random.default_rng([7, n, int(1000 * share), len(kind), len(how)])
    return sum(
        holds(drawn(kind, n, true, how, rng), true) for true in rng.uniform(share - NEARBY, share + NEARBY, times)
    )


def holds(ranged: Ranged, true: float) -> bool:
    low, high = ranged.interval.low, ranged.interval.high
    return low is None or high is None or low - 1e-12 <= true <= high + 1e-12


def keeps_level(hits: int, times: int) -> bool:
    return bool(binomtest(hits, times, LEVEL, alternative="less").pvalue > PROVEN)


@pytest.mark.parametrize(("kind", "n", "share", "how"), QUICK)
def test_ranges_hold_as_often_as_they_say(kind: str, n: int, share: float, how: str) -> None:
    assert keeps_level(covered(kind, n, share, how, 500), 500)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n", "share", "how"), SETTINGS)
def test_ranges_hold_in_every_setting(kind: str, n: int, share: float, how: str) -> None:
    assert keeps_level(covered(kind, n, share, how, 2_000), 2_000)


def test_a_plain_share_is_the_usual_interval() -> None:
    counted = np.arange(200) < 170
    assert share_of(counted, None, None, LEVEL) == Ranged(0.85, proportion(170, 200, LEVEL))


def test_equal_rows_leave_a_range_and_one_cluster_none() -> None:
    same = mean_of(np.ones(50), None, None, LEVEL, most=LIST)
    assert same.value == 1.0
    assert same.interval.low == pytest.approx(0.025 ** (1 / 50))
    one = np.zeros(50, dtype=np.int64)
    assert share_of(np.arange(50) < 20, None, one, LEVEL).interval.low is None
    assert mean_of(np.arange(50) % 2 / 2, None, one, LEVEL, most=LIST).interval.low is None


def test_ranges_taken_together_say_the_level_they_hold_at() -> None:
    wide = together(share_of(np.arange(100) < 80, None, None, 0.99), LEVEL)
    assert wide.interval.level == LEVEL
    assert wide.interval.method == "wilson_bonferroni"
