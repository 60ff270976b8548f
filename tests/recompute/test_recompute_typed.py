"""Questions as people type them: the search box and the conditions of the command."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from recompute_samples import applications, loaded

from evaluator.errors import InputError
from evaluator.recompute import Filter, LoadedRows, filters_of, suggest


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    frame = applications(300).rename(columns={"income": "debt, share"})
    return loaded(tmp_path_factory.mktemp("typed"), frame)


def first(rows: LoadedRows, text: str) -> Filter:
    return suggest(text, rows.columns, phrasing=rows.facts.phrasing)[0].filter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("women", Filter("sex", "in", ("F",))),
        ("Women", Filter("sex", "in", ("F",))),
        ("wmen", Filter("sex", "in", ("F",))),
        ("sex F", Filter("sex", "in", ("F",))),
        ("region north", Filter("region", "in", ("north",))),
        ("nort", Filter("region", "in", ("north",))),
        ("60 or over", Filter("age", "between", low=60.0)),
        ("over 60", Filter("age", "between", low=60.0)),
        ("age under 25", Filter("age", "between", high=25.0)),
        ("age 30 to 40", Filter("age", "between", low=30.0, high=40.0)),
        ("online yes", Filter("online", "in", ("true",))),
        ("debt missing", Filter("debt, share", "missing")),
        ("2025-03", Filter("applied_on", "between", low=date(2025, 3, 1), high=date(2025, 4, 1))),
    ],
)
def test_the_search_box_finds_what_is_meant(rows: LoadedRows, text: str, expected: Filter) -> None:
    assert first(rows, text) == expected


def test_two_wishes_are_both_found(rows: LoadedRows) -> None:
    found = suggest("women 60 or over", rows.columns, phrasing=rows.facts.phrasing)
    assert {one.words for one in found[:2]} == {"women", "age: 60 or over"}


def test_the_search_box_is_bounded(rows: LoadedRows) -> None:
    assert len(suggest("e", rows.columns, 3)) <= 3
    for nothing in ("", "   ", "!?", "\u202e", "qqqqzzzz", "wwwwwwww", "nnnnnnnn"):
        assert suggest(nothing, rows.columns) == ()
    assert len(suggest("north " * 5_000, rows.columns, 2)) <= 2


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (["sex=F"], (Filter("sex", "in", ("F",)),)),
        (["sex = women"], (Filter("sex", "in", ("F",)),)),
        (["region=north,south"], (Filter("region", "in", ("north", "south")),)),
        (["region!=north"], (Filter("region", "not_in", ("north",)),)),
        (["age>=60"], (Filter("age", "between", low=60.0),)),
        (["age<60"], (Filter("age", "between", high=60.0),)),
        (["age>=30", "sex=F", "age<60"], (Filter("age", "between", low=30.0, high=60.0), Filter("sex", "in", ("F",)))),
        (["age<60", "age>=30"], (Filter("age", "between", low=30.0, high=60.0),)),
        (["age>=30", "age>=40"], (Filter("age", "between", low=30.0), Filter("age", "between", low=40.0))),
        (["applied_on>=2025-03-01"], (Filter("applied_on", "between", low=date(2025, 3, 1)),)),
        (['"debt, share"=missing'], (Filter("debt, share", "missing"),)),
        (['"debt, share">=40.5'], (Filter("debt, share", "between", low=40.5),)),
        (['"sex"="F"'], (Filter("sex", "in", ("F",)),)),
    ],
)
def test_conditions(rows: LoadedRows, conditions: list[str], expected: tuple[Filter, ...]) -> None:
    assert filters_of(conditions, rows.columns) == expected


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("sex", "Write column=value"),
        ("", "Write column=value"),
        ("=F", "no column"),
        ("sex=", "lacks a value"),
        ("sex=F,", "lacks a value"),
        ('sex="F', "not closed"),
        ("sex=F=M", "not understood"),
        ("age>60", "Write age>="),
        ("age<=60", "Write age<"),
        ("age>=sixty", "no number"),
        ("ege>=60", "Did you mean 'age'"),
        ("region=nroth", "Did you mean 'north'"),
        ("region>=3", "comes in groups"),
        ("age>=60,70", "one number"),
    ],
)
def test_conditions_that_say_nothing(rows: LoadedRows, condition: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        filters_of([condition], rows.columns)
    assert message in str(caught.value)


def test_ranges_that_exclude_each_other_hold_nothing(rows: LoadedRows) -> None:
    with pytest.raises(InputError, match="holds nothing"):
        filters_of(["age>=60", "age<30"], rows.columns)


def test_quotes_may_hold_a_quote(tmp_path: Path) -> None:
    frame = applications(200).rename(columns={"region": 'the "old" region'})
    rows = loaded(tmp_path, frame)
    assert filters_of(['"the ""old"" region"=north'], rows.columns) == (Filter('the "old" region', "in", ("north",)),)
