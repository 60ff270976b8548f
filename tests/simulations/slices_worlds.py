"""Worlds in which slices are looked for: features alike or apart, errors by chance, by cluster, by weight, or planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from evaluator.statistics import slices
from evaluator.statistics.slices.testing import SliceTests

CARDS = (2, 3, 4, 5, 6, 8)
FEWEST, LEVEL, SMALLEST_P = 30, 0.95, 0.001


@dataclass(frozen=True)
class World:
    """Rows in which no slice is worse than another.

    `alike` is the share of rows on which all features follow one hidden number. With `clusters` rows come in so many
    clusters, whose rates differ by `between`, and whose features are alike too. `weights` is the spread of the logarithm
    of weights. `loss` names a continuous loss in place of errors.
    """

    n: int
    rate: float
    alike: float = 0.0
    clusters: int = 0
    between: float = 0.0
    weights: float = 0.0
    loss: str = ""

    def draw(self, rng: np.random.Generator) -> tuple[SliceTests, ...]:
        cluster = rng.integers(0, self.clusters, self.n) if self.clusters else None
        codes = self._codes(rng, cluster)
        weight = np.exp(rng.normal(0, self.weights, self.n)) if self.weights else None
        if self.loss:
            loss = getattr(self, f"_{self.loss}")(rng)
            cube = slices.count_cube(codes, CARDS, np.zeros(self.n, np.uint8), 1, weight=weight, loss=loss)
            return (slices.test_cube(cube, (), fewest=FEWEST, level=LEVEL, clusters=cluster),)
        wrong, label = rng.random(self.n) < self._rates(rng, cluster), rng.random(self.n) < 0.4
        cube = slices.count_cube(codes, CARDS, (2 * label + wrong).astype(np.uint8), 4, weight=weight)
        asked: Sequence[tuple[tuple[int, ...], tuple[int, ...] | None]]
        asked = [((1, 3), None), ((3,), (2, 3)), ((1,), (0, 1))]
        tests = [
            slices.test_cube(cube, one, among, fewest=FEWEST, level=LEVEL, clusters=cluster) for one, among in asked
        ]
        return slices.as_one_family(tests)

    def _codes(self, rng: np.random.Generator, cluster: np.ndarray | None) -> list[np.ndarray]:
        hidden = rng.random(self.n)
        if cluster is not None:
            hidden = rng.random(self.clusters)[cluster]
        codes = []
        for card in CARDS:
            level = np.where(rng.random(self.n) < self.alike, hidden, rng.random(self.n)) ** 1.3 * card
            codes.append(np.minimum(level, card - 1).astype(np.uint8))
        return codes

    def _rates(self, rng: np.random.Generator, cluster: np.ndarray | None) -> np.ndarray | float:
        if cluster is None:
            return self.rate
        size = self.rate * (1 - self.rate) / self.between**2 - 1
        rates = rng.beta(self.rate * size, (1 - self.rate) * size, self.clusters)
        return rates[cluster]

    def _squared(self, rng: np.random.Generator) -> np.ndarray:
        """The squared error of a probability that is right on average."""
        promised = rng.beta(1, 6, self.n)
        return (promised - (rng.random(self.n) < promised)) ** 2

    def _absolute(self, rng: np.random.Generator) -> np.ndarray:
        """An absolute error with a heavy tail."""
        return np.abs(rng.standard_t(4, self.n)) * 100


def chance_confirms(world: World, times: int, seed: int) -> int:
    """In how many of so many draws any slice of any loss is confirmed."""
    rng = np.random.default_rng(seed)
    return sum(any(tests.confirmed.size for tests in world.draw(rng)) for _ in range(times))


def above(count: int, times: int, rate: float) -> bool:
    """Whether an exact test rejects that the true rate is at most `rate`."""
    return bool(stats.binomtest(count, times, rate, alternative="greater").pvalue <= SMALLEST_P)


def below(count: int, times: int, rate: float) -> bool:
    """Whether an exact test rejects that the true rate is at least `rate`."""
    return bool(stats.binomtest(count, times, rate, alternative="less").pvalue <= SMALLEST_P)


NULL_WORLDS = {
    "features apart, one in ten wrong": World(3_000, 0.10),
    "features alike, one in ten wrong": World(3_000, 0.10, alike=0.7),
    "few errors": World(3_000, 0.02, alike=0.3),
    "half wrong": World(1_500, 0.50, alike=0.3),
    "few cases": World(400, 0.20),
    "weights": World(3_000, 0.10, alike=0.3, weights=0.7),
    "uneven weights, few errors": World(3_000, 0.03, weights=1.0),
    "clusters": World(3_000, 0.15, alike=0.6, clusters=300, between=0.15),
    "few clusters": World(2_000, 0.15, alike=0.6, clusters=30, between=0.10),
    "squared error": World(3_000, 0.0, alike=0.4, loss="squared"),
    "heavy tails": World(3_000, 0.0, alike=0.4, loss="absolute"),
    "heavy tails, weights": World(3_000, 0.0, weights=0.7, loss="absolute"),
}
