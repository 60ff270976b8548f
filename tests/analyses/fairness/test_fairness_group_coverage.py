"""Ranges of groups against everyone else and of equalized odds hold the truth, all together, as often as promised.

A simulated rate fails only if an exact one-sided binomial test rejects the promise at 0.001.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from scipy import stats

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.equalized_odds import equalized_odds
from evaluator.analyses.fairness.group_gaps import held_against_best, held_against_rest
from evaluator.analyses.fairness.grouped import Grouped
from evaluator.analyses.fairness.held_against import Batch
from evaluator.records import Gap, GroupGap
from evaluator.statistics.group_shares import GroupShares
from evaluator.statistics.rows_by_group import GroupedRows
from evaluator.statistics.spread import FloatArray
from evaluator.subject.subject import Partition

PROMISE = 0.93
"""All groups together at the level of 95 in 100; shares from 0.02 to 0.98 of 40 cases or more promise no less."""


class Known:
    """A view whose shares are given."""

    def __init__(self, shares: dict[str, GroupShares]) -> None:
        self.shares = shares

    def share(self, metric: str, grouped: Grouped) -> GroupShares:
        return self.shares[metric]


class Sample:
    """People at random in groups, with true rates of every group; households where `homes` is set."""

    def __init__(self, rng: np.random.Generator, sizes: list[int], rates: FloatArray, *, homes: int = 0) -> None:
        group = np.repeat(np.arange(len(sizes)), sizes)
        n = group.size
        self.label = rng.random(n) < 0.5
        true = np.where(self.label, rates[0][group], rates[1][group])
        cluster = rng.integers(0, homes, n) if homes else None
        if cluster is None:
            self.decision = rng.random(n) < true
        else:
            # A shared part makes members of a household alike without moving any rate.
            common = stats.norm.cdf(0.6 * rng.normal(size=homes)[cluster] + 0.8 * rng.normal(size=n))
            self.decision = common < true
        rows = GroupedRows(group, len(sizes), cluster=cluster)
        names = tuple(f"g{position}" for position in range(len(sizes)))
        settings = SimpleNamespace(level=0.95, seed=7)
        plan = SimpleNamespace(settings=settings, data=SimpleNamespace(min_group=30))
        seen = cast(Seen, SimpleNamespace(plan=plan, name="model", class_=""))
        partition = Partition("group", ("group",), "all", names)
        self.grouped = Grouped(seen, partition, np.arange(len(sizes))[None, :], rows)
        self.sizes = np.array(sizes, dtype=float)

    def shares(self) -> dict[str, GroupShares]:
        rows = self.grouped.rows
        every = np.ones(self.label.size, dtype=bool)
        return {
            "true_positive_rate": GroupShares(rows, self.decision, self.label),
            "false_positive_rate": GroupShares(rows, self.decision, ~self.label),
            "selection_rate": GroupShares(rows, self.decision, every),
        }


def holds_rest(rng: np.random.Generator, sizes: list[int], rate: FloatArray, *, homes: int = 0) -> bool:
    sample = Sample(rng, sizes, np.stack([rate, rate]), homes=homes)
    batch = Batch()
    held_against_rest("selection_rate", sample.grouped, sample.shares()["selection_rate"], batch)
    total = np.dot(sample.sizes, rate)
    rest = (total - sample.sizes * rate) / (sample.sizes.sum() - sample.sizes)
    return all(
        (row.low or -2) <= truth <= (row.high or 2) for row, truth in zip(batch.measured(), rate - rest, strict=True)
    )


def holds_best(rng: np.random.Generator, sizes: list[int], rate: FloatArray) -> bool:
    sample = Sample(rng, sizes, np.stack([rate, rate]))
    batch = Batch()
    held_against_best("selection_rate", sample.grouped, sample.shares()["selection_rate"], {}, batch)
    rows: list[GroupGap] = [row for row in batch.measured() if row.status == "ok"]
    place = {name: position for position, name in enumerate(sample.grouped.partition.groups)}
    return all(
        (row.low or -2) <= rate[place[row.population_id]] - rate[place[row.against_id]] <= (row.high or 2)
        for row in rows
    )


def holds_odds(rng: np.random.Generator, sizes: list[int], rates: FloatArray, *, homes: int = 0) -> bool:
    sample = Sample(rng, sizes, rates, homes=homes)
    found: list[Gap] = equalized_odds(cast(Any, Known(sample.shares())), sample.grouped)
    truths = {
        "difference": float(np.ptp(rates, axis=1).max()),
        "ratio": float((rates.min(axis=1) / rates.max(axis=1)).min()),
    }
    return all((row.at_least or 0) - 1e-12 <= truths[row.kind] <= (row.at_most or 1) + 1e-12 for row in found)


LARGE, SMALL = [900, 700, 400, 350, 320], [90, 80, 70, 60, 400]
ALIKE, APART = np.full(5, 0.3), np.array([0.25, 0.3, 0.32, 0.4, 0.2])
REST = {
    "equal, large": (LARGE, ALIKE, 0), "apart, large": (LARGE, APART, 0), "equal, small": (SMALL, ALIKE, 0),
    "apart, small": (SMALL, APART, 0), "households": (LARGE, ALIKE, 700),
}  # fmt: skip


def check(held: list[bool]) -> None:
    found = stats.binomtest(sum(held), len(held), PROMISE, alternative="less")
    assert found.pvalue > 0.001, sum(held) / len(held)


@pytest.mark.parametrize("case", ["equal, large", "apart, small"])
def test_every_group_against_everyone_else(case: str) -> None:
    sizes, rate, homes = REST[case]
    rng = np.random.default_rng(41)
    check([holds_rest(rng, sizes, rate, homes=homes) for _ in range(500)])


@pytest.mark.parametrize("case", ["apart, large"])
def test_every_group_against_whichever_turned_out_best(case: str) -> None:
    sizes, rate, _ = REST[case]
    rng = np.random.default_rng(42)
    check([holds_best(rng, sizes, rate) for _ in range(500)])


ODDS = {
    "equal": (LARGE, np.stack([ALIKE + 0.3, ALIKE]), 0), "apart": (LARGE, np.stack([APART + 0.3, APART]), 0),
    "one rate apart": (LARGE, np.stack([ALIKE + 0.3, APART]), 0), "small": (SMALL, np.stack([ALIKE + 0.3, APART]), 0),
    "households": (LARGE, np.stack([ALIKE + 0.3, ALIKE]), 700),
}  # fmt: skip


@pytest.mark.parametrize("case", ["one rate apart"])
def test_equalized_odds_of_both_rates(case: str) -> None:
    sizes, rates, homes = ODDS[case]
    rng = np.random.default_rng(43)
    check([holds_odds(rng, sizes, rates, homes=homes) for _ in range(500)])


@pytest.mark.slow
@pytest.mark.parametrize("case", REST)
def test_every_group_against_everyone_else_in_many_samples(case: str) -> None:
    sizes, rate, homes = REST[case]
    rng = np.random.default_rng(44)
    check([holds_rest(rng, sizes, rate, homes=homes) for _ in range(2000)])


@pytest.mark.slow
@pytest.mark.parametrize("case", ODDS)
def test_equalized_odds_of_both_rates_in_many_samples(case: str) -> None:
    sizes, rates, homes = ODDS[case]
    rng = np.random.default_rng(45)
    check([holds_odds(rng, sizes, rates, homes=homes) for _ in range(2000)])
