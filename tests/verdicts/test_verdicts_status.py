"""One criterion's status from the range against the limit: the whole truth table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.verdicts.status import Limits, nearest_limit, status_of

AT_LEAST, AT_MOST, BAND = Limits(0.8, None), Limits(None, 0.8), Limits(0.4, 0.8)


@pytest.mark.parametrize(
    ("low", "high", "at_least", "at_most", "band"),
    [
        (0.10, 0.20, "not_met", "met", "not_met"),
        (0.30, 0.40, "not_met", "met", "inconclusive"),
        (0.30, 0.50, "not_met", "met", "inconclusive"),
        (0.40, 0.50, "not_met", "met", "met"),
        (0.40, 0.80, "inconclusive", "met", "met"),
        (0.50, 0.80, "inconclusive", "met", "met"),
        (0.30, 0.90, "inconclusive", "inconclusive", "inconclusive"),
        (0.70, 0.90, "inconclusive", "inconclusive", "inconclusive"),
        (0.80, 0.90, "met", "inconclusive", "inconclusive"),
        (0.80, 0.80, "met", "met", "met"),
        (0.81, 0.90, "met", "not_met", "not_met"),
    ],
)
def test_range_against_every_kind_of_limit(low: float, high: float, at_least: str, at_most: str, band: str) -> None:
    assert status_of(low, high, AT_LEAST) == at_least
    assert status_of(low, high, AT_MOST) == at_most
    assert status_of(low, high, BAND) == band


@pytest.mark.parametrize(("low", "high"), [(None, None), (0.9, None), (None, 0.9)])
@pytest.mark.parametrize("limits", [AT_LEAST, AT_MOST, BAND])
def test_no_range_is_inconclusive(low: float | None, high: float | None, limits: Limits) -> None:
    assert status_of(low, high, limits) == "inconclusive"


@settings(derandomize=True)
@given(ends=st.tuples(st.floats(-2, 2), st.floats(-2, 2)), limit=st.floats(-2, 2))
def test_turning_the_scale_around_turns_the_limit_around(ends: tuple[float, float], limit: float) -> None:
    low, high = min(ends), max(ends)
    assert status_of(low, high, Limits(limit, None)) == status_of(-high, -low, Limits(None, -limit))


@settings(derandomize=True)
@given(ends=st.tuples(st.floats(0, 1), st.floats(0, 1)), limits=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_narrower_range_never_reverses_a_status(ends: tuple[float, float], limits: tuple[float, float]) -> None:
    low, high = min(ends), max(ends)
    band = Limits(min(limits), max(limits))
    wide = status_of(low, high, band)
    narrow = status_of(low + (high - low) / 3, high - (high - low) / 3, band)
    assert wide in ("inconclusive", narrow)


@pytest.mark.parametrize(
    ("value", "limits", "nearest"), [(0.1, AT_LEAST, 0.8), (0.9, AT_MOST, 0.8), (0.5, BAND, 0.4), (0.7, BAND, 0.8)]
)
def test_the_nearest_limit_decides(value: float, limits: Limits, nearest: float) -> None:
    assert nearest_limit(value, limits) == nearest
