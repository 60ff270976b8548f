"""Pictures of predicted numbers: their titles say what the points show."""

from __future__ import annotations

import pytest

from evaluator.analyses.performance.number_draw import error_histogram, lean_lines, seen_lines, size_lines, within_lines
from evaluator.analyses.performance.number_words import parts_title
from evaluator.records import CurvePoint, Population, Words

WORDS = Words("house", "houses", "", "", "", "", people=False, unit="kEUR", outcome="price")
EVERYONE = Population("all", "houses", "all houses", "{}", "", "all", 0, "planned", 400, 1.0)


def points(name: str, *rows: tuple[float, float, float | None, float | None]) -> list[CurvePoint]:
    return [CurvePoint("performance", name, "", "model", "all", *row, 100) for row in rows]


@pytest.mark.parametrize(
    ("heights", "said"),
    [
        ((9, 3, 3, 4), "furthest off where the number seen is smallest"),
        ((3, 3, 4, 9), "furthest off where the number seen is largest"),
        ((3, 9, 3, 4), "furthest off in the middle of the range"),
        ((8, 3, 3, 9), "furthest off at both ends"),
        ((4, 3.5, 3.6, 4.1), "No part of the range is provably predicted worse"),
    ],
)
def test_the_title_names_where_predictions_are_furthest_off(heights: tuple[float, ...], said: str) -> None:
    rows = [(100.0 * place, height, height - 0.6, height + 0.6) for place, height in enumerate(heights)]
    chart = size_lines(points("size_by_label", *rows), WORDS)
    assert said in chart.title
    assert "kEUR" in chart.y_axis.title
    assert len(chart.table.rows) == len(heights)


def test_half_are_within_the_distance_that_the_title_names() -> None:
    chart = within_lines(
        points("within_distance", (0, 0, 0, 0.01), (10, 0.4, 0.3, 0.5), (20, 0.6, 0.5, 0.7)), WORDS, EVERYONE
    )
    assert chart.title == "Within 20.0 kEUR: 60 of 100 houses."
    assert chart.table.rows[1] == ("10.0", "40 (30 to 50)")


def test_a_point_without_a_range_is_drawn_without_one() -> None:
    chart = seen_lines(points("seen_by_predicted", (10, 12, None, None), (20, 19, 18, 20)), WORDS, EVERYONE, title="T.")
    assert chart.series[0].lows == (12, 18)
    assert chart.table.rows[0][1] == "12.0"


def test_the_histogram_counts_every_house_once() -> None:
    chart = error_histogram(
        points("error_histogram", (-5, 3, None, None), (0, 7, None, None), (5, 0, None, None)), WORDS
    )
    assert sum(chart.counts) == 10
    assert "10 houses" in chart.title
    assert chart.marker is not None


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (((-1, 1), (-2, 1)), "No part of the predictions leans to one side by its own range."),
        (((1, 3), (-2, 1)), "1 of 2 parts of the predictions leans to one side, by its own range."),
        (((1, 3), (-3, -1), (-1, 1)), "2 of 3 parts of the predictions lean to one side, by their own ranges."),
    ],
)
def test_parts_that_lean_are_counted_by_their_ranges(ranges: tuple[tuple[float, float], ...], said: str) -> None:
    rows = [(10.0 * place, (low + high) / 2, low, high) for place, (low, high) in enumerate(ranges)]
    leans = points("error_by_predicted", *rows)
    assert str(parts_title(leans)) == said
    chart = lean_lines(leans, WORDS, title=said)
    assert chart.reference is not None
    assert chart.reference.height == 0.0
