"""Intervals of one proportion against statsmodels, and known values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from evaluator.records import Interval
from evaluator.statistics.proportions import (
    clopper_pearson,
    f1_from_counts,
    mover_mean,
    proportion,
    wilson,
)

COUNTS = [(0, 1), (1, 1), (0, 30), (30, 30), (1, 30), (7, 39), (20, 40), (39, 40), (914, 1000), (3, 100_000)]
LEVELS = (0.8, 0.95, 0.999)


def ends(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("successes", "n"), COUNTS)
@pytest.mark.parametrize(("interval", "method"), [(wilson, "wilson"), (clopper_pearson, "beta")])
def test_intervals_agree_with_statsmodels(interval, method, successes, n, level) -> None:
    expected = proportion_confint(successes, n, alpha=1 - level, method=method)
    assert ends(interval(successes, n, level)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("successes", "n", "scale", "low", "high"),
    [
        (914, 1000, 1000, 895, 930),
        (72, 100, 100, 63, 80),
        (28, 100, 100, 20, 37),
        (58, 130, 130, 47, 69),
        (58, 900, 900, 45, 74),
        (31, 200, 200, 22, 42),
        (34, 1000, 1000, 24, 47),
        (9, 50, 50, 5, 15),
        (23, 500, 500, 15, 34),
        (88, 100, 100, 80, 93),
    ],
)
def test_wilson_gives_the_ranges_of_the_example_sentences(
    successes: int, n: int, scale: int, low: int, high: int
) -> None:
    found = ends(wilson(successes, n, 0.95))
    assert [round(end * scale) for end in found] == [low, high]


def test_none_in_300_still_allows_about_one_in_a_hundred() -> None:
    low, high = ends(proportion(0, 300, 0.95))
    assert low == 0
    assert round(100 * high, 1) == 1.2
    assert round(100 * ends(clopper_pearson(0, 300, 0.90))[1]) == 1


@pytest.mark.parametrize(
    ("successes", "n", "method"),
    [(5, 39, "clopper_pearson"), (5, 40, "wilson"), (0, 500, "clopper_pearson"), (500, 500, "clopper_pearson")],
)
def test_small_and_extreme_counts_take_the_exact_interval(successes: int, n: int, method: str) -> None:
    found = proportion(successes, n, 0.95)
    assert found.method == method
    assert found.coverage == ("guaranteed" if method == "clopper_pearson" else "nominal")


def test_wilson_outside_the_tested_shares_is_approximate() -> None:
    assert wilson(1, 100, 0.95).coverage == "approximate"
    assert wilson(2, 100, 0.95).coverage == "nominal"
    assert wilson(99, 100, 0.95).coverage == "approximate"


@settings(derandomize=True)
@given(n=st.integers(1, 400), part=st.floats(0, 1))
def test_intervals_hold_the_share_grow_with_the_level_and_mirror(n: int, part: float) -> None:
    successes = round(part * n)
    for interval in (wilson, clopper_pearson, proportion):
        low, high = ends(interval(successes, n, 0.95))
        assert 0 <= low <= successes / n <= high <= 1
        assert low < high
        wider_low, wider_high = ends(interval(successes, n, 0.99))
        assert wider_low <= low
        assert wider_high >= high
        assert ends(interval(n - successes, n, 0.95)) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@pytest.mark.parametrize(("hits", "wrong", "method"), [(12, 20, "beta"), (200, 90, "wilson"), (0, 50, "beta")])
def test_f1_maps_the_interval_of_the_jaccard_index(hits: int, wrong: int, method: str) -> None:
    low, high = proportion_confint(hits, hits + wrong, alpha=0.05, method=method)
    found = f1_from_counts(hits, wrong, 0.95)
    assert ends(found) == pytest.approx((2 * low / (1 + low), 2 * high / (1 + high)), abs=1e-12)
    assert ends(found)[0] <= 2 * hits / (2 * hits + wrong) <= ends(found)[1]
    assert found.method.endswith("_on_jaccard")


def test_mover_joins_two_intervals_by_their_distances() -> None:
    first = Interval(0.6, 0.9, 0.95, "given", "nominal")
    second = Interval(0.76, 0.82, 0.95, "given", "nominal")
    low, high = ends(mover_mean(0.8, first, 0.79, second))
    assert low == pytest.approx((1.59 - (0.2**2 + 0.03**2) ** 0.5) / 2, abs=1e-15)
    assert high == pytest.approx((1.59 + (0.1**2 + 0.03**2) ** 0.5) / 2, abs=1e-15)


def test_mover_stays_among_possible_values() -> None:
    edge = Interval(0.5, 1.0, 0.95, "given", "nominal")
    low, high = ends(mover_mean(1.0, edge, 1.0, edge))
    assert 0 < low < 1
    assert high == 1
