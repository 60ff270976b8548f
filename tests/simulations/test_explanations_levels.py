"""What explanations promise, over many samples of known worlds: ranges, ranks, and what may be called a driver."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluator.analyses.explanations.agreement import is_driver
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.shifting import shifted_losses
from evaluator.analyses.explanations.tables import importance_rows, measured_parts, measured_shifts, players_of
from evaluator.analyses.explanations.ways import contributions_of
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import Importance
from evaluator.statistics.streams import stream
from evaluator.subject.subject import ColumnInfo

QUICK, MANY = 120, 600
SMALLEST_P = 0.001
FAST = 1e7
"""Rows that the models here answer in a second."""

Values = np.ndarray[Any, np.dtype[np.float64]]
Function = Callable[[Values], Values]


def plan_of(kind: str, seed: int) -> Plan:
    task: dict[str, Any] = {"kind": "regression", "label": "y", "score": "score", "unit": "days"}
    if kind == "binary":
        task = {"kind": "binary", "label": "y", "positive": 1, "score": "score", "threshold": 0.5}
    return Plan.model_validate(
        {
            "plan_version": 1, "plan": "world", "title": "World", "model": {"name": "world", "version": "1"},
            "task": task, "data": {"evaluation": {"path": "world.parquet"}}, "settings": {"seed": seed},
        }
    )  # fmt: skip


def asked_of(kind: str, seed: int, x: Values, label: Values, function: Function, cluster: Any = None) -> Asked:
    """A model that is a function of the columns of `x`."""
    frame = pd.DataFrame(x, columns=[f"x{place}" for place in range(x.shape[1])])
    plan, score = plan_of(kind, seed), function(x)
    off = np.abs(score - label)
    return Asked(
        plan=plan, words=words_of(plan), mixer=Mixer(frame, lambda rows: function(rows.to_numpy())), estimator=None,
        label=label, score=score, wrong=off > np.median(off), weight=None, cluster=cluster,
        columns=tuple(ColumnInfo(name, "feature", "number", name, "", (), ()) for name in frame.columns),
    )  # fmt: skip


def part_rows(asked: Asked) -> tuple[Importance, ...]:
    found = contributions_of(asked, FAST, lambda: 0.0).shown
    assert found is not None
    return importance_rows(asked, "shap", measured_parts([found]), players(asked))


def shift_rows(asked: Asked) -> tuple[Importance, ...]:
    drawn = draw_alike(10_000, stream(asked.seed, "looked at"), asked.n, cluster=asked.cluster)
    return importance_rows(asked, "permutation", measured_shifts(asked, shifted_losses(asked, drawn)), players(asked))


def players(asked: Asked) -> Any:
    k = len(asked.columns)
    return players_of(asked, ["unknown"] * k, [()] * k)


def inside(row: Importance, truth: float) -> bool:
    assert row.low is not None
    assert row.high is not None
    return row.low - 1e-12 <= truth <= row.high + 1e-12


def ranks_held(rows: tuple[Importance, ...], truth: Values) -> bool:
    """Whether every true rank is in its set; equal truths may stand in any order."""
    above = (truth[None, :] > truth[:, None] + 1e-12).sum(axis=1) + 1
    below = (truth[None, :] >= truth[:, None] - 1e-12).sum(axis=1)
    return all(
        (row.rank_low or 0) <= first and last <= (row.rank_high or 0)
        for row, first, last in zip(rows, above, below, strict=True)
    )


def at_least(hits: int, n: int, promise: float) -> bool:
    return bool(stats.binomtest(hits, n, promise, alternative="less").pvalue > SMALLEST_P)


def at_most(hits: int, n: int, promise: float) -> bool:
    return bool(stats.binomtest(hits, n, promise, alternative="greater").pvalue > SMALLEST_P)


SLOPES = np.array([3.0, 2.0, -1.8, 1.0, 0.0, 0.0])


def sum_of_terms(x: Values) -> Values:
    return x @ SLOPES


def terms_world(n: int, rng: np.random.Generator) -> tuple[Values, Values]:
    """Symmetric and skewed features, two of them without a part; the noise of the label is large."""
    x = np.concatenate([rng.normal(size=(n, 3)), rng.gamma(2.0, size=(n, 2)), rng.normal(size=(n, 1))], axis=1)
    return x, sum_of_terms(x) + rng.normal(0, 4.0, n)


SIZE_OF_TERMS = np.abs(SLOPES) * np.array([np.sqrt(2 / np.pi)] * 3 + [8 * np.exp(-2)] * 2 + [np.sqrt(2 / np.pi)])
"""Mean distance from the mean: of a normal, and of a gamma distribution of shape 2."""
GROWTH_OF_TERMS = 2 * SLOPES**2 * np.array([1.0, 1.0, 1.0, 2.0, 2.0, 1.0])
"""Mean of (b (x' - x))^2, twice the variance."""

LEVELS = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])


def chance(x: Values) -> Values:
    return 1 / (1 + np.exp(-(1.2 * x[:, 0] + 0.9 * x[:, 1] * x[:, 2] - 0.5 * x[:, 2] + 0.05 * x[:, 3])))


def exact_sizes(function: Function, k: int) -> Values:
    """Mean size of every feature's Shapley value where all combinations of levels are equally common."""
    grid = np.array(list(itertools.product(LEVELS, repeat=k)))
    score = function(grid).reshape((LEVELS.size,) * k)
    parts = np.zeros((k, *score.shape))
    worth = {
        kept: score.mean(axis=tuple(place for place in range(k) if place not in kept), keepdims=True)
        for size in range(k + 1)
        for kept in itertools.combinations(range(k), size)
    }
    for place in range(k):
        for kept in worth:
            if place not in kept:
                factor = 1 / (k * stats.binom(k - 1, 0.5).pmf(len(kept)) * 2 ** (k - 1))
                parts[place] += factor * (worth[tuple(sorted((*kept, place)))] - worth[kept])
    sizes: Values = np.abs(parts).mean(axis=tuple(range(1, k + 1)))
    return sizes


def parts_tally(
    kind: str, n: int, tries: int, make: Callable[[np.random.Generator], tuple[Values, Values]], function: Function,
    truth: Values,
) -> tuple[Values, int]:  # fmt: skip
    """In how many samples each range held, and all ranks together."""
    held, ranks = np.zeros(truth.size), 0
    for attempt in range(tries):
        x, label = make(np.random.default_rng([n, attempt]))
        rows = part_rows(asked_of(kind, attempt, x, label, function))
        held += [inside(row, size) for row, size in zip(rows, truth, strict=True)]
        ranks += ranks_held(rows, truth)
    return held, ranks


def hold_parts_of_terms(n: int, tries: int) -> None:
    held, ranks = parts_tally("regression", n, tries, lambda rng: terms_world(n, rng), sum_of_terms, SIZE_OF_TERMS)
    assert all(at_least(int(hits), tries, 0.95) for hits in held), (n, held / tries)
    assert at_least(ranks, tries, 0.95), (n, ranks / tries)


def hold_parts_of_chances(n: int, tries: int) -> None:
    def make(rng: np.random.Generator) -> tuple[Values, Values]:
        x = rng.choice(LEVELS, size=(n, 4))
        return x, (rng.random(n) < chance(x)).astype(float)

    truth = exact_sizes(chance, 4)
    held, ranks = parts_tally("binary", n, tries, make, chance, truth)
    assert all(at_least(int(hits), tries, 0.95) for hits in held), (n, held / tries)
    assert at_least(ranks, tries, 0.95), (n, ranks / tries)


def hold_shifts(n: int, tries: int, promise: float) -> None:
    held, ranks = np.zeros(SLOPES.size), 0
    for attempt in range(tries):
        x, label = terms_world(n, np.random.default_rng([n, attempt, 1]))
        rows = shift_rows(asked_of("regression", attempt, x, label, sum_of_terms))
        held += [inside(row, size) for row, size in zip(rows, GROWTH_OF_TERMS, strict=True)]
        ranks += ranks_held(rows, GROWTH_OF_TERMS)
    assert all(at_least(int(hits), tries, promise) for hits in held), (n, held / tries)
    assert at_least(ranks, tries, 0.95), (n, ranks / tries)


NOISE = np.array([1.5, -1.0, 0.8, -0.6, 0.6, 0.4, -0.4, 0.2, 0.1, 0.02])
"""What the model makes of ten features; the outcome depends on the first two alone."""


def learned_noise(x: Values) -> Values:
    return 1 / (1 + np.exp(-(x @ NOISE - 1.5)))


def count_drivers(n: int, tries: int, *, clustered: bool = False) -> tuple[int, int]:
    """In how many samples a feature of no use was called a driver, and in how many the first one was."""
    wrong = right = 0
    for attempt in range(tries):
        rng = np.random.default_rng([n, attempt, 2])
        home = np.sort(rng.integers(0, n // 4, n)) if clustered else np.arange(n)
        shared = rng.standard_exponential((n, 10))[home] - 1 if clustered else rng.standard_exponential((n, 10)) - 1
        tilt = rng.normal(size=n)[home] if clustered else 0.0
        label = (rng.random(n) < 1 / (1 + np.exp(-(1.5 * shared[:, 0] - shared[:, 1] - 1.5 + tilt)))).astype(float)
        rows = shift_rows(asked_of("binary", attempt, shared, label, learned_noise, home if clustered else None))
        wrong += any(is_driver(row) for row in rows[2:])
        right += is_driver(rows[0])
    return wrong, right


def hold_drivers(n: int, tries: int, *, clustered: bool = False) -> None:
    wrong, right = count_drivers(n, tries, clustered=clustered)
    assert at_most(wrong, tries, 0.05), (n, wrong / tries)
    assert at_least(right, tries, 0.9), (n, right / tries)


def test_exact_sizes_are_those_of_terms_when_nothing_interacts() -> None:
    sizes = exact_sizes(lambda x: 2 * x[:, 0] - x[:, 1] + 0 * x[:, 2], 3)
    assert sizes == pytest.approx([2 * 0.8, 0.8, 0.0])


def test_parts_quick() -> None:
    hold_parts_of_terms(300, QUICK)


def test_shifts_quick() -> None:
    hold_shifts(300, QUICK, 0.92)


def test_drivers_quick() -> None:
    hold_drivers(500, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("n", [100, 300, 1_000, 5_000])
def test_ranges_and_ranks_of_exact_parts(n: int) -> None:
    hold_parts_of_terms(n, MANY)


@pytest.mark.slow
@pytest.mark.parametrize("n", [300, 2_000])
def test_ranges_and_ranks_of_sampled_parts(n: int) -> None:
    hold_parts_of_chances(n, MANY)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "promise"), [(100, 0.92), (300, 0.92), (2_000, 0.95)])
def test_ranges_and_ranks_of_shifts(n: int, promise: float) -> None:
    hold_shifts(n, MANY, promise)


@pytest.mark.slow
@pytest.mark.parametrize("n", [300, 1_000])
def test_features_of_no_use_are_no_drivers(n: int) -> None:
    hold_drivers(n, MANY)


@pytest.mark.slow
def test_features_of_no_use_are_no_drivers_with_clusters() -> None:
    hold_drivers(1_200, MANY, clustered=True)
