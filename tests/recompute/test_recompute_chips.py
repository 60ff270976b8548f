"""Chips, comparisons and the table of an answer: what the page shows and writes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recompute_samples import applications, loaded

from evaluator.catalogue.metrics import metrics_for
from evaluator.errors import InputError
from evaluator.recompute import (
    Filter,
    LoadedRows,
    Question,
    answer,
    chips_of,
    comparisons,
    filters_of,
    filters_of_chips,
    mask,
    metric_columns,
    metric_lines,
    offered_chips,
    range_chip,
    understood_chips,
    understood_parts,
)

ALL_METRICS = tuple(metric.name for metric in metrics_for("binary"))
REGIONS = ("north", "south", "east", "west")
HOSTILE = (
    "a;b:c,d",
    "<script>alert(1)</script>",
    "![x](http://192.0.2.1/x)",
    "'; drop table rows; --",
    "\u202eabc",
    "😀",
    "x" * 300,
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    return loaded(tmp_path_factory.mktemp("chips"), applications())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    frame = applications()
    levels = np.array(HOSTILE, dtype=object)
    return loaded(
        tmp_path_factory.mktemp("hostile"), frame.assign(**{name: levels[np.arange(900) % 7] for name in HOSTILE[:3]})
    )


filters = st.one_of(
    st.builds(
        Filter,
        st.just("region"),
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from(REGIONS), min_size=1, unique=True).map(tuple),
    ),
    st.builds(lambda low: Filter("age", "between", low=low), st.floats(18, 79)),
    st.just(Filter("income", "missing")),
    st.just(Filter("sex", "in", ("F",))),
)


@given(asked=st.lists(filters, max_size=3, unique_by=lambda one: one.column))
def test_chips_stand_for_the_same_rows(rows: LoadedRows, asked: list[Filter]) -> None:
    back = filters_of_chips(chips_of(asked), rows.columns)
    assert mask(rows, Question(back)).tolist() == mask(rows, Question(tuple(asked))).tolist()


def test_groups_of_one_column_are_alternatives_and_removed_one_by_one(rows: LoadedRows) -> None:
    chips = chips_of(filters_of(["region=north,south", "sex=F"], rows.columns))
    assert chips == ["region:in:north", "region:in:south", "sex:in:F"]
    assert filters_of_chips(chips, rows.columns)[0] == Filter("region", "in", ("north", "south"))
    assert filters_of_chips(chips[1:], rows.columns)[0] == Filter("region", "in", ("south",))


def test_every_group_band_and_missing_value_is_offered_once(rows: LoadedRows) -> None:
    offered = offered_chips(rows)
    words = set(offered.values())
    assert {"women", "men", "region: north", "age: 60 or over", "income: missing"} <= words
    assert len({word.lower() for word in words}) == len(offered)
    for chip in offered:
        (one,) = filters_of_chips([chip], rows.columns)
        assert chips_of([one]) == [chip]


def test_hostile_groups_are_offered_apart_and_mean_their_own_rows(hostile: LoadedRows) -> None:
    offered = offered_chips(hostile)
    assert len({word.lower() for word in offered.values()}) == len(offered)
    chips = [chip for chip in offered if chip.startswith("a%3Bb%3Ac%2Cd:in:")]
    assert len(chips) == len(HOSTILE)
    sizes = [int(mask(hostile, Question(filters_of_chips([chip], hostile.columns))).sum()) for chip in chips]
    assert sorted(sizes) == sorted(np.bincount(np.arange(900) % 7).tolist())


@pytest.mark.parametrize(
    ("text", "chip"),
    [
        ("women", "sex:in:F"),
        ("age 60 or over", "age:between:60,"),
        ("region north", "region:in:north"),
        ("income missing", "income:missing:"),
        ("2025-03", "applied_on:between:2025-03-01,2025-04-01"),
        ("zzz qqq", None),
        ("income", None),
        ("income under 2500", "income:between:,2500"),
        ("income under 20000", None),
        ("9999", None),
        ("2025-01-01/9999-12-31", None),
        ("", None),
    ],
)
def test_what_is_typed_is_taken_at_its_word_when_it_is_clear(rows: LoadedRows, text: str, chip: str | None) -> None:
    assert understood_chips(text, rows)[0] == chip


def test_what_may_mean_several_things_is_asked_back(rows: LoadedRows) -> None:
    frame_columns = {one.filter.column for one in understood_chips("over 50", rows)[1]}
    assert understood_chips("nort", rows)[1][0].words == "region: north"
    assert "age" in frame_columns


@pytest.mark.parametrize(
    ("text", "chips", "unclear"),
    [
        ("women over 60", ("sex:in:F", "age:between:60,"), ""),
        ("Women 60 or over", ("sex:in:F", "age:between:60,"), ""),
        ("women over 999999", ("sex:in:F",), "over 999999"),
        ("women 2025-03", ("sex:in:F", "applied_on:between:2025-03-01,2025-04-01"), ""),
        ("age 60 or over", ("age:between:60,",), ""),
        ("women", ("sex:in:F",), ""),
        ("over 60", ("age:between:60,",), ""),
        ("over 999999", (), "over 999999"),
        ("zzz over 60", (), "zzz over 60"),
        ("", (), ""),
    ],
)
def test_a_group_is_never_taken_for_a_group_and_a_range(
    rows: LoadedRows, text: str, chips: tuple[str, ...], unclear: str
) -> None:
    assert understood_parts(text, rows) == (chips, unclear)


@pytest.mark.parametrize(
    ("column", "first", "last", "chip"),
    [
        ("age", "30", "", "age:between:30,"),
        ("age", "", "30.5", "age:between:,30.5"),
        ("applied_on", "2025-02-01", "2025-03-01", "applied_on:between:2025-02-01,2025-03-01"),
    ],
)
def test_a_typed_range_becomes_a_chip(rows: LoadedRows, column: str, first: str, last: str, chip: str) -> None:
    assert range_chip(column, first, last, rows) == chip


@pytest.mark.parametrize(
    ("column", "first", "last", "part"),
    [
        ("age", "", "", "no end"),
        ("age", "60", "30", "holds nothing"),
        ("age", "old", "", "no number"),
        ("applied_on", "March", "", "no date"),
        ("sex", "1", "2", "number"),
        ("nobody", "1", "2", "no column"),
        ("age", "nan", "", "no number"),
        ("age", "1e999", "", "holds numbers"),
    ],
)
def test_a_range_that_cannot_be_asked_is_said_with_a_next_step(
    rows: LoadedRows, column: str, first: str, last: str, part: str
) -> None:
    with pytest.raises(InputError) as told:
        range_chip(column, first, last, rows)
    assert part in told.value.message
    assert told.value.hint


def test_comparisons_on_offer_can_all_be_asked(rows: LoadedRows) -> None:
    two = filters_of(["sex=F", "age>=60"], rows.columns)
    offered = comparisons(rows, Question(two))
    assert offered == {
        "rest": "everyone else", "all": "everyone", "previous": "version 1.0, same applicants",
        "without:sex": "men, 60 or over", "without:age": "women, under 60",
    }  # fmt: skip
    for compare in offered:
        assert answer(rows, Question(two, compare=compare), metrics=["accuracy"]).asked.population.n > 0
    assert set(comparisons(rows, Question(two, "any"))) == {"rest", "all", "previous"}
    assert "without:sex" not in comparisons(rows, Question(two[:1]))


def test_the_table_prints_every_estimate_at_one_scale_a_line(rows: LoadedRows) -> None:
    answered = answer(rows, Question(filters_of(["sex=F"], rows.columns), threshold=0.7))
    columns, lines = metric_columns(answered), metric_lines(answered)
    assert columns == (
        "Number", "women", "women, at 0.70", "everyone else", "everyone else, at 0.70", "all applicants",
        "all applicants, at 0.70",
    )  # fmt: skip
    assert len(lines) == len(ALL_METRICS)
    assert {len(line) for line in lines} == {len(columns)}
    check_cells("false_negative_rate", answered, lines[list(ALL_METRICS).index("false_negative_rate")])


def check_cells(metric: str, answered: Any, line: tuple[str, ...]) -> None:
    per = int(line[0].rpartition("of ")[2].replace(",", ""))
    sides = [answered.asked, answered.compared, answered.everyone]
    estimates = [part[metric] for side in sides for part in (side.today, side.tried)]
    for cell, found in zip(line[1:], estimates, strict=True):
        printed = [
            int(text.replace(",", "")) for text in cell.replace("(", "").replace(")", "").replace(" to ", " ").split()
        ]
        wanted = [number * per for number in (found.value, found.low, found.high)]
        assert np.allclose(printed, wanted, atol=0.5 + 1e-9)


def test_figures_about_few_people_are_not_printed_for_who_may_not_see_them(rows: LoadedRows) -> None:
    few = answer(rows, Question(filters_of(["age>=78", "sex=F", "region=north"], rows.columns)))
    assert few.asked.population.n < 10
    shown = metric_lines(few, fewer_than=10)
    assert {line[1] for line in shown} == {"fewer than 10"}
    assert {line[3] for line in shown}.isdisjoint({"fewer than 10"})


def test_the_table_of_everyone_has_one_column(rows: LoadedRows, tmp_path: Path) -> None:
    assert len(metric_columns(answer(rows, Question(), metrics=["accuracy"]))) == 2
