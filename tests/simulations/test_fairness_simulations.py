"""What gaps promise, held against worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import stats

from evaluator.analyses.fairness.arms import Arm, shared_clusters
from evaluator.analyses.fairness.compared import compared
from evaluator.analyses.fairness.contrast import Contrast, GapKind
from evaluator.analyses.fairness.gaps import gap_row
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Gap
from evaluator.subject.subject import Partition

REPLICATES = 400
SMALLEST_P = 0.001
Draw = Callable[[np.random.Generator], Sequence[BinaryRows]]


def gap_of(groups: Sequence[BinaryRows], kind: GapKind, metric: str) -> Gap:
    arms = tuple(Arm(f"g{i}", rows, rows.cluster) for i, rows in enumerate(groups))
    partition = Partition("g", ("g",), "all", tuple(arm.population_id for arm in arms))
    found = [measure(metric, arm.rows, level=0.95, min_group=30, seed=1, unit=arm.population_id) for arm in arms]
    sides = compared(metric, arms, found, shared_clusters(arms))
    return gap_row(Contrast(kind), partition, found, sides, subject="model", level=0.95, seed=1)


def independent(shares: Sequence[float], sizes: Sequence[int]) -> Draw:
    def draw(rng: np.random.Generator) -> list[BinaryRows]:
        return [
            BinaryRows(np.ones(n, dtype=bool), rng.random(n) < share, None, False)
            for share, n in zip(shares, sizes, strict=True)
        ]

    return draw


def households(share: float, groups: int, members: int, n_households: int) -> Draw:
    """Households whose luck goes together; their members fall into all groups."""

    def draw(rng: np.random.Generator) -> list[BinaryRows]:
        luck = rng.normal(0, 1, n_households).repeat(members)
        decision = luck + rng.normal(0, 1, luck.size) < stats.norm.ppf(share) * np.sqrt(2)
        cluster, group = np.arange(n_households).repeat(members), rng.integers(0, groups, luck.size)
        return [
            BinaryRows(
                np.ones((group == g).sum(), dtype=bool), decision[group == g], None, False, cluster=cluster[group == g]
            )
            for g in range(groups)
        ]

    return draw


def promised_at_least(share: float, hits: int, n: int) -> bool:
    """Whether so many hits may come from a chance of at least `share`."""
    return bool(stats.binomtest(hits, n, share, alternative="less").pvalue > SMALLEST_P)


WORLDS: dict[str, tuple[Draw, GapKind, float]] = {
    "five equal groups": (independent([0.2] * 5, [120] * 5), "difference", 0.0),
    "five equal groups, uneven sizes": (independent([0.1] * 5, [60, 90, 200, 400, 900]), "difference", 0.0),
    "five equal groups, ratio": (independent([0.2] * 5, [120] * 5), "ratio", 1.0),
    "twenty equal groups": (independent([0.3] * 20, [80] * 20), "difference", 0.0),
    "one group off": (independent([0.2, 0.2, 0.2, 0.2, 0.35], [150] * 5), "difference", 0.15),
    "one group off, ratio": (independent([0.2, 0.2, 0.2, 0.2, 0.35], [150] * 5), "ratio", 0.2 / 0.35),
    "spread out": (independent([0.05, 0.1, 0.15, 0.2, 0.25], [150] * 5), "difference", 0.20),
    "households": (households(0.25, 4, 3, 250), "difference", 0.0),
    "households, ratio": (households(0.25, 4, 3, 250), "ratio", 1.0),
}


@pytest.mark.parametrize("world", list(WORLDS))
def test_the_true_gap_lies_between_at_least_and_at_most(world: str) -> None:
    draw, kind, truth = WORLDS[world]
    rng = np.random.default_rng(2024)
    below = above = 0
    for _ in range(REPLICATES):
        gap = gap_of(draw(rng), kind, "true_positive_rate")
        assert gap.at_least is not None
        assert gap.at_most is not None
        below += gap.at_least <= truth + 1e-12
        above += gap.at_most >= truth - 1e-12
    assert promised_at_least(0.95, below, REPLICATES), (below, above)
    assert promised_at_least(0.95, above, REPLICATES), (below, above)


def test_equal_groups_hardly_ever_have_a_proven_gap() -> None:
    draw = independent([0.2] * 5, [200] * 5)
    rng = np.random.default_rng(11)
    proven = sum((gap_of(draw(rng), "difference", "true_positive_rate").at_least or 0) > 0 for _ in range(REPLICATES))
    assert promised_at_least(0.95, REPLICATES - proven, REPLICATES)
    assert proven < REPLICATES // 10


def test_a_large_gap_is_proven_almost_always() -> None:
    draw = independent([0.2, 0.2, 0.2, 0.2, 0.5], [200] * 5)
    rng = np.random.default_rng(12)
    found = [gap_of(draw(rng), "difference", "true_positive_rate") for _ in range(100)]
    assert sum((gap.at_least or 0) > 0.05 for gap in found) >= 98
    assert {gap.group_high for gap in found} == {"g4"}


@pytest.mark.parametrize("metric", ["auc", "brier_loss"])
def test_scores_of_equal_groups_have_no_proven_gap(metric: str) -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(300):
        groups = []
        for n in (80, 150, 300, 120, 90):
            label = rng.random(n) < 0.4
            score = 1 / (1 + np.exp(-(1.5 * label - 0.8 + rng.normal(0, 1, n))))
            groups.append(BinaryRows(label, score >= 0.5, score, True))
        hits += gap_of(groups, "difference", metric).at_least == 0
    assert promised_at_least(0.95, hits, 300), hits
