"""Parts of a column to choose from: they count what pandas counts, ask for the rows they show, and hide small counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recompute_samples import applications, loaded

from evaluator.recompute import LoadedRows, Question, filters_of, filters_of_chips, mask
from evaluator.recompute.column_counts import (
    ColumnPart,
    askable_on_picture,
    bin_edges,
    column_counts,
    guarded_parts,
    joined_parts,
    with_column,
)
from evaluator.recompute.draw_column import NOT_SHOWN, column_bars
from evaluator.recompute.question import Filter


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    frame = applications(700, seed=5)
    frame["constant"] = 3.5
    frame["nothing"] = np.where(frame.index >= 0, np.nan, 1.0)
    frame["tail"] = np.where(frame.index == 3, 1e9, frame["income"].fillna(0) / 1e4)
    frame["town"] = [f"town {place % 40}" for place in frame.index]
    return loaded(tmp_path_factory.mktemp("counts"), frame)


@pytest.mark.parametrize("name", ["age", "income", "tail", "constant", "sex", "region", "online", "town"])
@pytest.mark.parametrize("conditions", [[], ["sex=F", "age>=40"]], ids=str)
def test_every_part_counts_the_rows_that_its_chip_asks_for(name: str, conditions: list[str], rows: LoadedRows) -> None:
    question = Question(filters_of(conditions, rows.columns))
    found = column_counts(rows, question, name)
    assert found is not None
    for part in found.parts:
        asked = filters_of_chips(with_column(question, part.filter), rows.columns)
        assert part.count == int(mask(rows, Question(asked)).sum())
    if name != "town":
        missing = int((rows.columns[name].missing() & mask(rows, replace(question, filters=tuple(
            one for one in question.filters if one.column != name)))).sum())  # fmt: skip
        assert sum(part.count for part in found.parts) + missing == found.n
        assert found.left_out == missing
    else:
        assert len(found.parts) == 12


def test_a_column_without_values_has_no_picture_and_dates_are_not_offered(rows: LoadedRows) -> None:
    assert column_counts(rows, Question(), "nothing") is None
    assert "applied_on" not in askable_on_picture(rows)


def test_the_condition_on_the_column_itself_is_left_out_and_marked(rows: LoadedRows) -> None:
    question = Question(filters_of(["age>=40", "age<60", "sex=F"], rows.columns))
    found = column_counts(rows, question, "age")
    assert found is not None
    assert found.n == int(mask(rows, Question(filters_of(["sex=F"], rows.columns))).sum())
    marked = joined_parts([part for part in found.parts if part.chosen])
    assert marked == Filter("age", "between", low=40.0, high=60.0)
    groups = column_counts(rows, Question(filters_of(["region!=north"], rows.columns)), "region")
    assert groups is not None
    assert {part.filter.values[0] for part in groups.parts if part.chosen} == {"south", "east", "west"}


def test_any_of_these_counts_everyone_and_adds(rows: LoadedRows) -> None:
    question = Question(filters_of(["sex=F", "age<30"], rows.columns), "any")
    found = column_counts(rows, question, "age")
    assert found is not None
    assert found.n == rows.n
    assert len(with_column(question, found.parts[-1].filter)) == 3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(-(10**9), 10**9).map(float), st.floats(-1e12, 1e12, allow_subnormal=False)),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_edges_ascend_and_hold_the_middle(numbers: list[float]) -> None:
    known = np.array(numbers)
    edges = bin_edges(known)
    assert (np.diff(edges) > 0).all()
    assert 2 <= edges.size <= 20
    low, high = np.quantile(known, (0.005, 0.995))
    slack = 1e-9 * max(1.0, float(np.abs(known).max()))
    assert edges[0] <= low + slack
    assert edges[-1] >= high - slack


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=10), st.integers(0, 30))
def test_no_small_count_is_shown_or_found_by_subtraction(counts: list[int], left_out: int) -> None:
    parts = [ColumnPart(Filter("c", "in", (str(place),)), n, False) for place, n in enumerate(counts)]
    guarded = guarded_parts(parts, left_out, 10)
    assert all(part.hidden for part in guarded if 0 < part.count < 10)
    hidden = sum(part.count for part in guarded if part.hidden) + (left_out if left_out < 10 else 0)
    assert hidden == 0 or hidden >= 10 or all(part.hidden for part in guarded if part.count)
    assert not any(part.hidden for part in guarded_parts(parts, left_out, None))


def test_hidden_counts_are_in_no_text_of_the_picture(rows: LoadedRows) -> None:
    oldest = Question(filters_of(["age>=78", "sex=F"], rows.columns))
    found = column_counts(rows, oldest, "region", fewer_than=10)
    assert found is not None
    picture = column_bars(rows, found)
    cells = [] if picture is None else [line[1] for line in picture.table.rows]
    for part, cell in zip(found.parts, cells, strict=bool(cells)):
        assert (cell == NOT_SHOWN) == part.hidden
    assert picture is None or all(
        row.value is None for row, part in zip(picture.rows, found.parts, strict=True) if part.hidden
    )


def test_the_largest_part_is_the_finding(rows: LoadedRows) -> None:
    found = column_counts(rows, Question(), "region")
    assert found is not None
    picture = column_bars(rows, found)
    assert picture is not None
    largest = max(found.parts, key=lambda part: part.count)
    assert picture.title == f"The largest part is “{largest.filter.values[0]}”: {largest.count} of 700 people."
    assert column_bars(rows, replace(found, parts=tuple(replace(part, hidden=True) for part in found.parts))) is None
