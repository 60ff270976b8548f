"""What the range around similar cases covers: their own mean chance always, the chance of the case itself not always."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.distance import alike_by
from evaluator.analyses.explanations.cases.similar import Search, mean_range, share_range
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.subject import ColumnInfo

REJECT_BELOW = 0.001
LEVEL = 0.95
PLAN = Plan.model_validate(
    {
        "plan_version": 1, "plan": "p", "title": "P", "model": {"name": "m", "version": "1"},
        "task": {"kind": "binary", "label": "y", "positive": 1, "score": "s"}, "data": {"evaluation": {"path": "x"}},
    }
)  # fmt: skip


def steep(x: FloatArray) -> FloatArray:
    return stats.norm.cdf(2 * (x[:, 0] - x[:, 1]))  # type: ignore[no-any-return]


def rare(x: FloatArray) -> FloatArray:
    return stats.norm.cdf(x[:, 0] / 2 - 2.3)  # type: ignore[no-any-return]


def even(x: FloatArray) -> FloatArray:
    return stats.norm.cdf(0.3 * x[:, 0] + 0.2)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class World:
    """Normal features of which chances are a known function; `per_cluster` rows share a cluster and most of its luck."""

    chance: Callable[[FloatArray], FloatArray]
    n: int = 1_000
    width: int = 2
    per_cluster: int = 1

    def drawn(self, rng: np.random.Generator) -> tuple[Asked, FloatArray, FloatArray]:
        """Rows, the chance of each, and its label; members of a cluster are as alike as it gets."""
        groups = self.n // self.per_cluster
        own = np.repeat(rng.standard_normal((groups, self.width)), self.per_cluster, axis=0)
        x = own + 0.05 * rng.standard_normal(own.shape) if self.per_cluster > 1 else own
        chance = self.chance(x)
        luck = np.repeat(rng.standard_normal(groups), self.per_cluster)
        if self.per_cluster > 1:
            luck = np.sqrt(0.9) * luck + np.sqrt(0.1) * rng.standard_normal(self.n)
        label = (luck < stats.norm.ppf(chance)).astype(float)
        cluster = np.repeat(np.arange(groups), self.per_cluster) if self.per_cluster > 1 else None
        return asked_of(x, label, cluster), chance, label


WORLDS = {
    "steep": World(steep),
    "rare": World(rare),
    "even": World(even),
    "steep, many features": World(steep, width=10),
    "households of 4": World(steep, n=2_000, per_cluster=4),
}


def asked_of(x: FloatArray, label: FloatArray, cluster: IntArray | None) -> Asked:
    frame = pd.DataFrame({f"x{place}": x[:, place] for place in range(x.shape[1])})
    return Asked(
        plan=PLAN, words=words_of(PLAN), mixer=Mixer(frame, lambda rows: np.zeros(len(rows))), estimator=None,
        label=label, score=np.zeros(label.size), wrong=np.zeros(label.size, dtype=np.bool_), weight=None,
        cluster=cluster, columns=tuple(ColumnInfo(name, "feature", "number", name, "", (), ()) for name in frame.columns),
    )  # fmt: skip


def covered(name: str, replicates: int) -> tuple[int, int]:
    """How often the range holds the mean chance of the neighbours, and how often that of the case itself.

    The case is the one whose label is the most surprising: the kind that is shown as the worst error.
    """
    rng = np.random.default_rng([29, sorted(WORLDS).index(name)])
    theirs, own = 0, 0
    for _ in range(replicates):
        asked, chance, label = WORLDS[name].drawn(rng)
        case = int(np.argmax(np.abs(label - chance)))
        near = Search(alike_by(asked, range(asked.mixer.width)), np.arange(asked.n)).of(case)
        if not near.enough:
            theirs, own = theirs + 1, own + 1  # nothing is said
            continue
        found = share_range(int(label[near.index].sum()), near.index.size, LEVEL)
        assert found.low is not None
        assert found.high is not None
        theirs += found.low <= chance[near.index].mean() <= found.high
        own += found.low <= chance[case] <= found.high
    return theirs, own


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("replicates", [40, pytest.param(3_000, marks=pytest.mark.slow)])
def test_the_range_covers_the_mean_chance_of_the_similar_cases(name: str, replicates: int) -> None:
    theirs, _ = covered(name, replicates)
    assert stats.binomtest(theirs, replicates, LEVEL, alternative="less").pvalue >= REJECT_BELOW, theirs


def test_it_does_not_promise_the_chance_of_the_case_itself() -> None:
    """Where chances change fast and ten features count, 20 similar cases are not similar enough to speak for one."""
    replicates = 150
    _, own = covered("steep, many features", replicates)
    assert stats.binomtest(own, replicates, LEVEL, alternative="less").pvalue < REJECT_BELOW, own


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("replicates", [40, pytest.param(3_000, marks=pytest.mark.slow)])
def test_the_range_of_a_mean_label_covers_what_is_expected_of_the_similar_cases(skewed: bool, replicates: int) -> None:
    """.93 is the house's promise for skewed labels, as for other means of few values."""
    rng, inside = np.random.default_rng([31, int(skewed)]), 0
    for _ in range(replicates):
        x = rng.standard_normal((1_000, 2))
        expected = 3 * x[:, 0] + x[:, 1] ** 2
        noise = rng.gamma(4.0, 1.0, 1_000) - 4.0 if skewed else rng.standard_normal(1_000)
        labels = expected + noise
        near = Search(alike_by(asked_of(x, labels, None), range(2)), np.arange(1_000)).of(0).index
        found = mean_range(labels[near], LEVEL) if near.size >= 10 else None
        if found is None or found.low is None or found.high is None:
            inside += 1
            continue
        inside += found.low <= expected[near].mean() <= found.high
    promise = 0.93 if skewed else LEVEL
    assert stats.binomtest(inside, replicates, promise, alternative="less").pvalue >= REJECT_BELOW, inside
