from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wording_samples import seeded

from evaluator.wording.numbers import (
    SCALES,
    choose_places,
    choose_scale,
    choose_span_places,
    format_count,
    format_date,
    format_decimal,
    format_exact,
    format_level,
    format_months,
    format_range,
    format_share,
    join_words,
    months_for,
    plural,
    round_half_up,
    round_two_figures,
)


@pytest.mark.parametrize(("n", "text"), [(0, "0"), (12345, "12,345"), (-1200, "−1,200"), (999, "999")])
def test_counts_have_thousands_commas_and_a_true_minus(n: int, text: str) -> None:
    assert format_count(n) == text


@pytest.mark.parametrize(
    ("value", "per", "text"), [(0.098, 1000, "98"), (0.345, 10, "3"), (0.0345, 1000, "35"), (-0.013, 1000, "−13"), (1, 100, "100")]
)  # fmt: skip
def test_shares_are_whole_numbers_with_halves_up(value: float, per: int, text: str) -> None:
    assert format_share(value, per) == text


def test_ranges_use_to_and_never_a_hyphen() -> None:
    assert format_range(0.63, 0.80, 100) == "63 to 80"
    assert format_range(-0.013, 0.004, 1000) == "−13 to 4"


def test_scale_is_the_smallest_that_keeps_value_ends_and_limit_apart() -> None:
    assert choose_scale([0.037, 0.027, 0.047], exact=[0.05]) == 1000
    assert choose_scale([0.89, 0.88, 0.90]) == 100
    assert choose_scale([0.098, 0.094, 0.102]) == 1000
    assert choose_scale([0.00040, 0.0002, 0.0007]) == 10_000


def test_a_limit_is_never_rounded_by_the_scale() -> None:
    assert choose_scale([0.9, 0.88, 0.92], exact=[0.785]) == 1000


def test_a_small_value_is_kept_apart_from_a_lower_end_of_zero() -> None:
    assert choose_scale([0.004, 0.0, 0.02]) == 1000
    assert choose_scale([0.0, 0.0, 0.02]) == 100


@seeded
@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=4, unique=True))
def test_whatever_differs_on_some_scale_differs_on_the_chosen_one(parts: list[int]) -> None:
    values = [part / 10_000 for part in parts]
    per = choose_scale(values)
    assert len({round_half_up(value * per) for value in values}) == len(values)
    for smaller in (scale for scale in SCALES if scale < per):
        assert len({round_half_up(value * smaller) for value in values}) < len(values)


@pytest.mark.parametrize(
    ("value", "unit", "text"), [(0.0812, "", "0.0812"), (4.1234, "days", "4.12 days"), (-0.5, "", "−0.500"), (123.4, "", "123"), (0, "", "0.00")]
)  # fmt: skip
def test_decimals_show_three_digits_and_their_unit(value: float, unit: str, text: str) -> None:
    assert format_decimal(value, unit) == text


def test_decimals_that_round_to_zero_lose_their_minus() -> None:
    assert format_decimal(-0.001, places=2) == "0.00"


def test_places_keep_scores_apart() -> None:
    assert choose_places([0.41, 0.38, 0.44]) == 2
    assert choose_places([0.081, 0.069]) == 3
    assert choose_places([0.412, 0.4136, 0.4139]) == 4
    assert choose_places([]) == 2


@pytest.mark.parametrize(("value", "text"), [(0.78, "0.78"), (50.0, "50"), (-10, "−10"), (0.0, "0"), (0.5, "0.5")])
def test_limits_print_as_they_were_set(value: float, text: str) -> None:
    assert format_exact(value) == text


def test_levels_are_percentages() -> None:
    assert [format_level(level) for level in (0.95, 0.975, 0.99)] == ["95", "97.5", "99"]


@pytest.mark.parametrize(
    ("n", "rounded"), [(4437, 4400), (4350, 4400), (7, 7), (0, 0), (96, 96), (995, 1000), (123456, 120000)]
)
def test_rows_needed_have_two_significant_figures(n: int, rounded: int) -> None:
    assert round_two_figures(n) == rounded
    assert round_two_figures(rounded) == rounded


def test_one_is_singular_and_everything_else_plural() -> None:
    assert [plural(n, "row", "rows") for n in (0, 1, 2)] == ["rows", "row", "rows"]


def test_lists_read_as_english() -> None:
    assert join_words([]) == ""
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b", "c"]) == "a, b and c"


def test_months_round_up_and_count_such_cases_alone() -> None:
    assert months_for(4400, 40_000, 0.0629) == 21
    assert months_for(1000, 12_000) == 1
    assert months_for(1001, 12_000) == 2
    assert [format_months(n) for n in (1, 21)] == ["1 month", "21 months"]


def test_dates_do_not_depend_on_the_locale() -> None:
    assert format_date(date(2026, 11, 24)) == "24 Nov 2026"


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        ((-36.69, 2.71, 6.93), 0), ((47.2, 47.4, 47.9), 2), ((0.5321, 0.4071), 2), ((1.0, 2.0, 3.0), 0), ((4.25,), 1),
        ((), 0), ((1_234_567.4, 1_334_567.8), 0),
    ],
)  # fmt: skip
def test_many_numbers_on_one_scale_show_two_digits_of_their_distance(numbers: tuple[float, ...], places: int) -> None:
    assert choose_span_places(numbers) == places
