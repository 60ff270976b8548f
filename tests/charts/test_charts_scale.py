from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.charts import axis_for
from evaluator.charts.scale import decimals_for, format_number, nice_range, nice_step, nice_ticks, position

SEEDED = settings(derandomize=True, deadline=None)
numbers = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6)


@SEEDED
@given(st.lists(numbers, min_size=1, max_size=20), st.booleans())
def test_a_nice_range_holds_every_value_and_has_width(values: list[float], zero: bool) -> None:
    low, high = nice_range(values, zero=zero)
    assert low < high
    assert low <= min(values)
    assert max(values) <= high
    assert not zero or low <= 0 <= high


@SEEDED
@given(numbers)
def test_equal_values_get_a_range_around_them(value: float) -> None:
    low, high = nice_range([value, value, value])
    assert low < value < high


@SEEDED
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_bounds_are_not_passed(shares: list[float]) -> None:
    low, high = nice_range(shares, bounds=(0.0, 1.0))
    assert 0 <= low < high <= 1


def test_a_value_beyond_its_bounds_is_still_shown() -> None:
    assert nice_range([0.2, 1.3], bounds=(0.0, 1.0))[1] >= 1.3


@SEEDED
@given(st.floats(1e-6, 1e9), st.integers(2, 10))
def test_steps_are_one_two_or_five_and_never_too_many(span: float, target: int) -> None:
    step = nice_step(span, target)
    lead = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(lead - factor) for factor in (1, 2, 5, 10)) < 1e-6
    assert span / step <= target * (1 + 1e-6)


@SEEDED
@given(numbers, st.floats(1e-3, 1e6))
def test_ticks_ascend_evenly_within_the_range(low: float, span: float) -> None:
    high = low + span
    ticks = nice_ticks(low, high)
    assert list(ticks) == sorted(set(ticks))
    assert len(ticks) <= 7
    slack = span * 1e-6
    assert all(low - slack <= tick <= high + slack for tick in ticks)


@SEEDED
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_positions_keep_order_and_stay_inside(first: float, low: float, span: float) -> None:
    high = low + span
    assert 0 <= position(first, low, high) <= 1
    assert position(low, low, high) == 0
    assert position(high, low, high) == 1
    assert position(first, low, high) <= position(first + span / 10, low, high)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.5, 0, "1,235"), (-3.14, 1, "\u22123.1"), (-0.04, 1, "0.0"), (0.125 * 100, 0, "13"), (0.1 + 0.2, 2, "0.30"), (1e7, 0, "10,000,000")],
)  # fmt: skip
def test_numbers_print_with_true_minus_and_halves_up(value: float, decimals: int, text: str) -> None:
    assert format_number(value, decimals) == text


@SEEDED
@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_printed_numbers_read_back_as_the_rounded_value(value: float, decimals: int) -> None:
    text = format_number(value, decimals).replace(",", "").replace("\u2212", "-")
    assert abs(float(text) - value) <= 0.5 * 10.0**-decimals * (1 + 1e-6) + 1e-9


def test_decimals_tell_a_hundredth_of_the_range_apart() -> None:
    assert [decimals_for(0, span) for span in (1, 10, 100, 0.1)] == [2, 1, 0, 3]
    assert decimals_for(0, 1, per=1000) == 0


@pytest.mark.parametrize("bad", [[], [math.nan], [math.inf, 1.0]])
def test_a_range_of_nothing_or_of_infinities_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        nice_range(bad)


@SEEDED
@given(st.floats(0, 1), st.sampled_from([100, 1000, 10000]))
def test_tick_labels_per_people_are_whole_and_distinct(share: float, per: int) -> None:
    axis = axis_for("share", [share], per=per, zero=True, bounds=(0.0, None))
    labels = axis.shown_labels()
    assert len(set(labels)) == len(labels)
    assert not any("." in label for label in labels)
