"""Rows needed: rounded, capped, and enough."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluator.statistics.power import round_up_to_two_figures, rows_needed
from evaluator.statistics.proportions import proportion


@pytest.mark.parametrize(
    ("count", "rounded"),
    [(1, 1), (9, 9), (99, 99), (100, 100), (101, 110), (110, 110), (991, 1000), (12_345, 13_000), (99_001, 100_000)],
)
def test_two_significant_figures_upwards(count: int, rounded: int) -> None:
    assert round_up_to_two_figures(count) == rounded


@settings(derandomize=True)
@given(st.integers(1, 10**9))
def test_rounding_never_asks_for_less_and_keeps_two_figures(count: int) -> None:
    rounded = round_up_to_two_figures(count)
    assert count <= rounded <= count * 1.1 + 1
    assert len(str(rounded).rstrip("0")) <= 2


def test_the_formula_by_hand() -> None:
    total = 400 * (0.015 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) / 0.02) ** 2
    assert rows_needed(0.92, 0.90, 0.015, 400, 0.95) == round_up_to_two_figures(math.ceil(total - 400))
    assert rows_needed(0.92, 0.90, 0.015, 400, 0.95) == rows_needed(0.88, 0.90, 0.015, 400, 0.95)


@pytest.mark.parametrize(("value", "se"), [(0.9, 0.01), (0.9001, 0.02), (0.95, 0.0), (0.95, math.nan)])
def test_no_number_where_more_rows_alone_are_unlikely_to_settle_it(value: float, se: float) -> None:
    assert rows_needed(value, 0.9, se, 200, 0.95) is None


def test_a_hundred_times_the_rows_is_the_most() -> None:
    quantiles = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    distance = 0.01 * quantiles / math.sqrt(101)
    assert rows_needed(0.9 + 1.0001 * distance, 0.9, 0.01, 1000, 0.95) == 100_000
    assert rows_needed(0.9 + 0.9999 * distance, 0.9, 0.01, 1000, 0.95) is None


@pytest.mark.parametrize(("mean", "limit", "n"), [(1.0, 0.9, 80), (0.3, 0.5, 60)])
def test_with_that_many_rows_a_mean_is_settled_four_times_in_five(mean: float, limit: float, n: int) -> None:
    further = rows_needed(mean, limit, 1 / math.sqrt(n), n, 0.95)
    assert further is not None
    values = np.random.default_rng(16).normal(mean, 1.0, (2000, n + further))
    half = stats.t.ppf(0.975, n + further - 1) * stats.sem(values, axis=1)
    settled = np.mean(np.abs(values.mean(axis=1) - limit) > half)
    assert 0.77 < settled < 0.84


@pytest.mark.parametrize(("share", "limit", "n"), [(0.85, 0.80, 150), (0.75, 0.80, 200), (0.60, 0.50, 60)])
def test_with_that_many_rows_a_share_is_settled_about_four_times_in_five(share: float, limit: float, n: int) -> None:
    """A score interval is as wide as the share at the limit asks, so the rate differs a little from 0.8."""
    further = rows_needed(share, limit, math.sqrt(share * (1 - share) / n), n, 0.95)
    assert further is not None
    total = n + further
    counts, repeats = np.unique(np.random.default_rng(17).binomial(total, share, 4000), return_counts=True)
    ranges = [proportion(int(count), total, 0.95) for count in counts]
    settled = [(found.low or 0.0) >= limit or (found.high or 0.0) < limit for found in ranges]
    assert 0.74 < np.dot(settled, repeats) / 4000 < 0.86
