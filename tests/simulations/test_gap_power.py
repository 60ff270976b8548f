"""A planted gap is found as often as a z-test of the same size finds it at the level of its family."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats
from test_gap_bands import gap_of_counts

from evaluator.statistics.quantiles import normal_quantile

SAMPLES = 400
SMALLEST_P = 0.001


@dataclass(frozen=True)
class Planted:
    """`groups` groups of `n` cases each, the last of them off by `apart`."""

    groups: int
    n: int
    share: float
    apart: float

    def power(self, level: float) -> float:
        """Chance that a two-sided z-test between the last group and one other rejects equality."""
        other = self.share + self.apart
        se = math.sqrt((self.share * (1 - self.share) + other * (1 - other)) / self.n)
        return float(stats.norm.cdf(self.apart / se - normal_quantile(level)))

    def draw(self, rng: np.random.Generator) -> list[int]:
        shares = [self.share] * (self.groups - 1) + [self.share + self.apart]
        return [int(rng.binomial(self.n, share)) for share in shares]


WORLDS = {
    "two groups": Planted(2, 2_000, 0.10, 0.03),
    "two large groups": Planted(2, 20_000, 0.30, 0.013),
    "six groups": Planted(6, 2_000, 0.20, 0.05),
    "twenty groups": Planted(20, 1_000, 0.25, 0.08),
}


@pytest.mark.parametrize("name", WORLDS)
def test_a_planted_gap_is_found_with_the_power_of_a_z_test(name: str) -> None:
    world = WORLDS[name]
    rng = np.random.default_rng(20_260)
    sizes = [world.n] * world.groups
    found = [gap_of_counts(world.draw(rng), sizes) for _ in range(SAMPLES)]
    levels = [gap.pair_level for gap in found if gap.pair_level is not None]
    power = world.power(float(np.mean(levels)))
    assert 0.5 < power < 0.99
    hits = sum((gap.at_least or 0.0) > 0 for gap in found)
    assert stats.binomtest(hits, SAMPLES, power, alternative="less").pvalue > SMALLEST_P, (hits, power)


def test_the_family_costs_power_and_no_more() -> None:
    world = WORLDS["six groups"]
    rng = np.random.default_rng(20_261)
    gap = gap_of_counts(world.draw(rng), [world.n] * world.groups)
    assert gap.pair_level is not None
    bonferroni = 1 - 0.05 / math.comb(world.groups, 2)
    assert world.power(bonferroni) < world.power(gap.pair_level) < world.power(0.95)
