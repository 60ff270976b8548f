from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.charts import (
    MAX_MARKS,
    Axis,
    Bars,
    ChartTable,
    Histogram,
    IntervalDots,
    IntervalRow,
    Limit,
    Lines,
    Marker,
    PeopleStrip,
    PeopleTree,
    Reference,
    RequirementRow,
    Requirements,
    Series,
    TreeBranch,
    TreeLeaf,
)

SEEDED = settings(derandomize=True, deadline=None)
WORDS: dict[str, Any] = {"title": "Finding.", "how_to_read": "So.", "alt": "Finding.", "table": ChartTable((), ())}
SHARE = Axis("share", 0.0, 1.0, per=100)


def dots(*rows: IntervalRow, axis: Axis = SHARE, limits: tuple[Limit, ...] = ()) -> IntervalDots:
    return IntervalDots(**WORDS, axis=axis, rows=rows, limits=limits)


@pytest.mark.parametrize(
    ("value", "low", "high", "message"),
    [
        (0.5, 0.6, 0.7, "low <= value <= high"),
        (0.5, 0.1, 0.4, "low <= value <= high"),
        (0.5, 0.1, None, "both ends"),
        (None, 0.1, 0.4, "without a value"),
        (float("nan"), None, None, "finite"),
        (0.5, 0.1, float("inf"), "finite"),
    ],
)
def test_impossible_intervals_are_refused(
    value: float | None, low: float | None, high: float | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        IntervalRow(label="women", value=value, low=low, high=high)
    with pytest.raises(ValueError, match=message):
        RequirementRow(label="women", value=value, low=low, high=high, limit_low=0.2, status="met")


def test_unknown_statuses_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown status 'green'"):
        IntervalRow(label="a", value=0.5, status="green")


def test_everything_must_lie_on_the_axis() -> None:
    with pytest.raises(ValueError, match="off the axis"):
        dots(IntervalRow(label="a", value=1.2))
    with pytest.raises(ValueError, match="off the axis"):
        dots(IntervalRow(label="a", value=0.2), limits=(Limit(2.0, "limit"),))


def test_bars_begin_at_zero() -> None:
    with pytest.raises(ValueError, match="begin at zero"):
        Bars(**WORDS, axis=Axis("x", 0.5, 1.0), rows=(IntervalRow(label="a", value=0.7),))


def test_too_many_marks_are_refused() -> None:
    xs = tuple(float(index) for index in range(MAX_MARKS + 1))
    axis = Axis("x", 0.0, float(MAX_MARKS))
    with pytest.raises(ValueError, match="aggregate first"):
        Lines(**WORDS, x_axis=axis, y_axis=axis, series=(Series(name="a", xs=xs, ys=xs),))


@pytest.mark.parametrize(
    ("better", "limits"),
    [("higher", (None, 0.5)), ("lower", (0.5, None)), ("target", (0.5, None)), ("target", (0.6, 0.5)), ("higher", (None, None))],
)  # fmt: skip
def test_limits_must_fit_the_direction(better: Any, limits: tuple[float | None, float | None]) -> None:
    with pytest.raises(ValueError, match="limit"):
        RequirementRow(label="a", value=0.5, limit_low=limits[0], limit_high=limits[1], better=better, status="met")


shares = st.integers(0, 1_000_000).map(lambda millionths: millionths / 1_000_000)


@SEEDED
@given(shares, shares, st.sampled_from(["higher", "lower"]))
def test_better_is_to_the_right_of_the_limit(value: float, limit: float, better: Any) -> None:
    ends = {"limit_low": limit} if better == "higher" else {"limit_high": limit}
    row = RequirementRow(label="a", value=value, status="met", better=better, **ends)
    good = value >= limit if better == "higher" else value <= limit
    assert row.place(limit) == pytest.approx(0.5)
    assert (row.place(value) >= 0.5 - 1e-12) == good


@SEEDED
@given(shares, st.floats(0.2, 0.4), st.floats(0.5, 0.8))
def test_a_missed_target_lies_left_of_its_line_whichever_side_it_missed(value: float, low: float, high: float) -> None:
    row = RequirementRow(label="a", value=value, limit_low=low, limit_high=high, better="target", status="not_met")
    inside = low <= value <= high
    assert (row.place(value) >= 0.5 - 1e-12) == inside
    assert all(0 <= row.place(limit) <= 1 for limit in row.limits())


@SEEDED
@given(shares, shares, shares, shares)
def test_nothing_of_a_requirement_is_cut_off(a: float, b: float, c: float, limit: float) -> None:
    low, value, high = sorted((a, b, c))
    row = RequirementRow(label="a", value=value, low=low, high=high, limit_high=limit, better="lower", status="met")
    left, right = row.track()
    assert all(right < number < left for number in (low, value, high, limit))


def test_requirements_print_value_range_limit_and_unit() -> None:
    row = RequirementRow(
        label="rank", value=0.81, low=0.80, high=0.82, limit_low=0.78, per=100, unit="of 100 pairs", status="met"
    )
    assert row.estimate() == "81 (80 to 82) of 100 pairs"
    assert row.limit_text() == "at least 78"
    assert replace(row, printed="81 pairs", limit_words="78 or more").limit_text() == "78 or more"
    assert (
        RequirementRow(label="a", value=None, limit_high=0.05, better="lower", per=1000, status="not_tested").estimate()
        == ""
    )


def test_a_chart_of_requirements_needs_rows() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Requirements(**WORDS, rows=())


def test_series_must_be_consistent() -> None:
    with pytest.raises(ValueError, match="equal lengths"):
        Series(name="a", xs=(0.0, 1.0), ys=(0.0,))
    with pytest.raises(ValueError, match="equal lengths"):
        Series(name="a", xs=(0.0,), ys=(0.0,), lows=(0.0,))
    with pytest.raises(ValueError, match="ascend"):
        Series(name="a", xs=(1.0, 0.0), ys=(0.0, 0.0))
    with pytest.raises(ValueError, match="low <= value"):
        Series(name="a", xs=(1.0,), ys=(0.5,), lows=(0.6,), highs=(0.7,))


def test_a_curve_is_read_between_its_points_by_its_style() -> None:
    line = Series(name="a", xs=(0.0, 1.0, 2.0), ys=(0.0, 10.0, 20.0))
    assert line.value_at(0.5) == 5.0
    assert line.value_at(2.0) == 20.0
    assert line.value_at(2.1) is None
    assert replace(line, style="steps").value_at(0.5) == 0.0
    assert replace(line, style="steps").value_at(1.0) == 10.0
    assert replace(line, style="points").value_at(0.5) is None


def test_markers_and_references_lie_on_their_axes() -> None:
    series = (Series(name="a", xs=(0.0, 1.0), ys=(0.0, 1.0)),)
    with pytest.raises(ValueError, match="off the axis"):
        Lines(**WORDS, x_axis=SHARE, y_axis=SHARE, series=series, markers=(Marker(1.5, "today"),))
    with pytest.raises(ValueError, match="off the axis"):
        Lines(**WORDS, x_axis=SHARE, y_axis=SHARE, series=series, reference=Reference("limit", 3.0))


@pytest.mark.parametrize(
    ("edges", "counts", "message"),
    [((0.0, 1.0), (1.0, 2.0), "edges"), ((0.0, 0.0, 1.0), (1.0, 2.0), "ascend"), ((0.0, 1.0), (-1.0,), "negative")],
)
def test_histograms_must_be_consistent(edges: tuple[float, ...], counts: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Histogram(**WORDS, x_axis=SHARE, y_axis=Axis("n", 0, 5), edges=edges, counts=counts)


def branch(label: str, count: int, right: int, wrong: int) -> TreeBranch:
    return TreeBranch(label, count, (TreeLeaf("right", right), TreeLeaf("wrong", wrong, True)))


def test_a_tree_adds_up() -> None:
    good = (branch("repay", 880, 782, 98), branch("default", 120, 72, 48))
    assert PeopleTree(**WORDS, label="applicants", total=1000, branches=good).total == 1000
    with pytest.raises(ValueError, match="'applicants' is 999 people"):
        PeopleTree(**WORDS, label="applicants", total=999, branches=good)
    with pytest.raises(ValueError, match="'repay' is 880 people"):
        PeopleTree(**WORDS, label="applicants", total=1000, branches=(branch("repay", 880, 782, 97), good[1]))


@pytest.mark.parametrize(("marked", "total"), [(0, 0), (101, 101), (11, 10), (-1, 10)])
def test_a_strip_shows_at_most_a_hundred(marked: int, total: int) -> None:
    with pytest.raises(ValueError, match="figures"):
        PeopleStrip(**WORDS, label="refused", marked=marked, total=total)


def test_axes_refuse_what_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="low < high"):
        Axis("x", 1.0, 1.0)
    with pytest.raises(ValueError, match="per 1, 100"):
        Axis("x", 0.0, 1.0, per=50)
    with pytest.raises(ValueError, match="tick labels"):
        Axis("x", 0.0, 1.0, ticks=(0.5,), tick_labels=("a", "b"))
    with pytest.raises(ValueError, match="every tick"):
        Axis("x", 0.0, 1.0, ticks=(2.0,))


def test_a_value_prints_with_its_range_never_with_a_hyphen() -> None:
    axis = Axis("gap", -0.1, 0.1, per=1000)
    assert axis.estimate(-0.012, -0.03, 0.006) == "\u221212 (\u221230 to 6)"
    assert axis.estimate(0.01, None, None) == "10"


def test_descriptions_are_frozen_and_tables_rectangular() -> None:
    chart = dots(IntervalRow(label="a", value=0.5))
    with pytest.raises(FrozenInstanceError):
        chart.title = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        ChartTable(("a", "b"), (("1",),))
