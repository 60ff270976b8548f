"""Groups drawn to what their attributes add up to: against other fits, and nearer to the truth than what was seen."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from evaluator.statistics.additive_rates import (
    additive_means,
    additive_shares,
    chance_variance,
    drawn_to_additive_means,
    drawn_to_additive_shares,
    main_effects,
)
from evaluator.statistics.shrinkage import drawn_to_mean
from evaluator.statistics.spread import FloatArray, IntArray

SIZES = (3, 4, 2)


def grid(*sizes: int) -> IntArray:
    return np.array(list(product(*(range(size) for size in sizes))), dtype=np.int64).T


def truth_of(rng: np.random.Generator, levels: IntArray, *, main: float, extra: float) -> FloatArray:
    """Shares of groups: effects of each attribute, and what each group has beyond them, on the log odds."""
    odds = np.full(levels.shape[1], -1.4)
    for codes in levels:
        odds = odds + rng.normal(0, main, int(codes.max()) + 1)[codes]
    return np.asarray(special.expit(odds + rng.normal(0, extra, odds.size)))


def test_the_prediction_is_logistic_regression_on_counts() -> None:
    rng = np.random.default_rng(3)
    levels = grid(*SIZES)
    size = rng.integers(30, 400, levels.shape[1]).astype(float)
    design = main_effects(levels)
    # Spread below chance, so that there is no variance between groups and the fit is the plain one.
    count = np.round(size * truth_of(rng, levels, main=0.5, extra=0.0))
    oracle = sm.GLM(np.stack([count, size - count], axis=1), design, family=sm.families.Binomial()).fit(tol=1e-12)
    found = additive_shares(count / size, size, design)
    assert found.between == 0
    assert found.df == 24 - 7
    assert found.prediction == pytest.approx(oracle.fittedvalues, abs=1e-8)


def test_with_spread_the_effects_solve_the_weighted_equations() -> None:
    rng = np.random.default_rng(4)
    levels = grid(4, 5)
    size = rng.integers(40, 3000, 20).astype(float)
    share = rng.binomial(size.astype(int), truth_of(rng, levels, main=0.4, extra=0.5)) / size
    found = additive_shares(share, size, main_effects(levels))
    assert found.between > 0
    p = found.prediction
    slope = p * (1 - p)
    score = main_effects(levels).T @ (slope / (slope / size + found.between) * (share - p))
    assert score == pytest.approx(np.zeros(score.size), abs=1e-6 * size.sum())


def test_means_with_ones_alone_are_drawn_to_their_mean() -> None:
    rng = np.random.default_rng(5)
    values, variances = rng.normal(0, 2, 12), rng.uniform(0.1, 2, 12)
    found = additive_means(values, variances, np.ones((12, 1)))
    known = drawn_to_mean(values, variances)
    assert found.between == pytest.approx(known.between)
    assert found.prediction == pytest.approx(known.toward)


def test_means_follow_weighted_least_squares() -> None:
    rng = np.random.default_rng(6)
    levels = grid(3, 4)
    values, variances = rng.normal(0, 0.01, 12), rng.uniform(0.5, 2, 12)
    oracle = sm.WLS(values, main_effects(levels), weights=1 / variances).fit()
    assert additive_means(values, variances, main_effects(levels)).prediction == pytest.approx(oracle.fittedvalues)


@pytest.mark.parametrize(("kept", "free"), [([0, 1, 2], 0), ([0, 1, 2, 3], 1)])
def test_nothing_is_drawn_where_the_attributes_explain_any_value(kept: list[int], free: int) -> None:
    levels = grid(2, 2)[:, kept]
    found = drawn_to_additive_shares(np.array([0.1, 0.2, 0.3, 0.2])[kept], np.full(len(kept), 50.0), levels)
    assert (found is None) == (free == 0)
    assert (drawn_to_additive_means(np.arange(4.0)[kept], np.ones(len(kept)), levels) is None) == (free == 0)


CELLS = st.lists(st.tuples(st.integers(10, 500), st.floats(0, 1)), min_size=12, max_size=12)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(CELLS)
def test_drawn_shares_lie_between_their_own_and_the_prediction(cells: list[tuple[int, float]]) -> None:
    size = np.array([n for n, _ in cells], dtype=float)
    share = np.array([round(n * part) / n for n, part in cells])
    found = drawn_to_additive_shares(share, size, grid(3, 4))
    assert found is not None
    assert np.isfinite(found.value).all()
    assert ((found.weight >= 0) & (found.weight <= 1)).all()
    low, high = np.minimum(share, found.toward), np.maximum(share, found.toward)
    assert ((found.value >= low - 1e-12) & (found.value <= high + 1e-12)).all()
    assert ((found.value >= 0) & (found.value <= 1)).all()


def test_a_level_without_any_case_of_the_event_has_an_answer() -> None:
    share = np.array([0.0, 0.0, 0.0, 0.4, 0.5, 0.6])
    found = drawn_to_additive_shares(share, np.full(6, 40.0), grid(2, 3))
    assert found is not None
    assert found.value[:3].max() < 0.02
    assert found.value[3:] == pytest.approx([0.5, 0.5, 0.5], abs=0.11)


def test_the_order_of_levels_does_not_matter() -> None:
    rng = np.random.default_rng(8)
    levels, size = grid(3, 4), rng.integers(30, 300, 12).astype(float)
    share = rng.binomial(size.astype(int), 0.3) / size
    other = np.stack([2 - levels[0], (levels[1] + 1) % 4])
    first, second = (drawn_to_additive_shares(share, size, one) for one in (levels, other))
    assert first is not None
    assert second is not None
    assert first.value == pytest.approx(second.value, abs=1e-9)


def errors_of(*, main: float, extra: float, draws: int, seed: int, cases: int = 60) -> dict[str, FloatArray]:
    """Squared error of every value and absolute error of the largest gap, as seen and as drawn, shape (draws,)."""
    rng = np.random.default_rng(seed)
    levels = grid(3, 5)
    found = np.empty((draws, 4))
    for draw in range(draws):
        truth = truth_of(rng, levels, main=main, extra=extra)
        size = rng.integers(cases // 2, cases * 2, truth.size)
        raw = rng.binomial(size, truth) / size
        best = drawn_to_additive_shares(raw, size.astype(float), levels)
        assert best is not None
        gap = np.ptp(truth)
        found[draw] = (
            ((raw - truth) ** 2).mean(), ((best.value - truth) ** 2).mean(),
            abs(np.ptp(raw) - gap), abs(np.ptp(best.value) - gap),
        )  # fmt: skip
    names = ("raw", "drawn", "raw_gap", "drawn_gap")
    return dict(zip(names, found.T, strict=True))


TRUTHS = {"additive": (0.4, 0.0), "interactions": (0.3, 0.3), "no spread": (0.0, 0.0)}


@pytest.mark.parametrize("truth", TRUTHS)
def test_drawn_values_and_gaps_are_nearer_to_the_truth_than_what_was_seen(truth: str) -> None:
    main, extra = TRUTHS[truth]
    found = errors_of(main=main, extra=extra, draws=150, seed=2026)
    check_nearer(found)


@pytest.mark.slow
@pytest.mark.parametrize("truth", TRUTHS)
def test_drawn_values_and_gaps_are_nearer_in_many_samples(truth: str) -> None:
    main, extra = TRUTHS[truth]
    check_nearer(errors_of(main=main, extra=extra, draws=1500, seed=2027))


def check_nearer(found: dict[str, FloatArray]) -> None:
    """Smaller on average by more than three and a half standard errors of the paired difference."""
    for seen, drawn in (("raw", "drawn"), ("raw_gap", "drawn_gap")):
        less = found[seen] - found[drawn]
        assert less.mean() > 3.5 * less.std(ddof=1) / np.sqrt(less.size), (seen, less.mean())


def mean_errors(groups: int, spread: float, *, draws: int, seed: int) -> dict[str, FloatArray]:
    """As `errors_of`, for groups of one attribute drawn to their mean."""
    rng = np.random.default_rng(seed)
    rows = np.empty((draws, 4))
    for draw in range(draws):
        truth = np.clip(rng.normal(0.3, spread, groups), 0.02, 0.98)
        size = rng.integers(40, 250, groups)
        raw = rng.binomial(size, truth) / size
        best = drawn_to_mean(raw, chance_variance(raw, size.astype(float))).value
        gap = np.ptp(truth)
        rows[draw] = (
            ((raw - truth) ** 2).mean(), ((best - truth) ** 2).mean(), abs(np.ptp(raw) - gap), abs(np.ptp(best) - gap),
        )  # fmt: skip
    return dict(zip(("raw", "drawn", "raw_gap", "drawn_gap"), rows.T, strict=True))


@pytest.mark.parametrize(("groups", "spread"), [(2, 0.0), (5, 0.0), (5, 0.02), (12, 0.02), (30, 0.05)])
def test_groups_drawn_to_their_mean_are_nearer_and_so_is_their_gap(groups: int, spread: float) -> None:
    check_nearer(mean_errors(groups, spread, draws=400, seed=2028))


@pytest.mark.parametrize("groups", [3, 5])
def test_few_groups_that_truly_differ_are_nearer_while_their_gap_is_no_better(groups: int) -> None:
    # Each value gains by being drawn in, but the largest gap between values drawn in is then a little too small.
    found = mean_errors(groups, 0.05, draws=1500, seed=2029)
    less = found["raw"] - found["drawn"]
    assert less.mean() > 3.5 * less.std(ddof=1) / np.sqrt(less.size)
    assert found["drawn_gap"].mean() < 1.2 * found["raw_gap"].mean()
