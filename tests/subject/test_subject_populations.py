from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.subject.cells import Cells
from evaluator.subject.levels import canonical_level
from evaluator.subject.planned import group_terms, window_terms
from evaluator.subject.subject import Subject, UnknownLevel, criterion_population_id
from evaluator.subject.terms import Band, Level, Term, Window, population_id

Load = Callable[..., Subject]
Refused = Callable[..., str]
Loans = Callable[..., pd.DataFrame]


def data(**fields: Any) -> dict[str, Any]:
    return {"evaluation": {"path": "loans.parquet"}, **fields}


def criterion(name: str, **population: Any) -> dict[str, Any]:
    return {"id": name, "metric": "auc", "at_least": 0.5, "population": population}


def rows_by_id(subject: Subject) -> dict[str, list[int] | None]:
    return {
        rows.population.population_id: None if rows.index is None else rows.index.tolist()
        for rows in subject.populations
    }


def test_all_rows_come_first(load: Load, make_loans: Loans) -> None:
    (only,) = load(make_loans()).populations
    population = only.population
    assert only.index is None
    assert (population.population_id, population.kind, population.n, population.share) == ("all", "all", 4, 1.0)
    assert (population.words, population.label, population.origin) == ("applicants", "all applicants", "planned")


def test_groups_keep_the_order_of_the_plan_and_hold_missing_values(load: Load, make_loans: Loans) -> None:
    subject = load(
        make_loans(sex=["F", "M", None, "X"]),
        data=data(sensitive=["sex"], columns={"sex": {"levels": {"M": "men", "F": "women"}}}),
    )
    assert rows_by_id(subject) == {"all": None, "sex=M": [1], "sex=F": [0], "sex=X": [3], "sex=?": [2]}
    groups = [rows.population for rows in subject.populations[1:]]
    assert [group.position for group in groups] == [0, 1, 2, 3]
    assert {group.kind for group in groups} == {"group"}
    assert {group.attribute for group in groups} == {"sex"}
    assert json.loads(groups[-1].definition) == {"terms": [{"column": "sex", "levels": [None]}]}
    assert groups[0].share == 0.25


def test_bands_are_half_open_and_open_ended_where_there_are_rows(load: Load, make_loans: Loans) -> None:
    age = [17.9, 18, 25.999, 26]
    subject = load(make_loans(age=age), data=data(sensitive=[{"column": "age", "bands": [18, 26]}]))
    assert rows_by_id(subject) == {"all": None, "age=[,18)": [0], "age=[18,26)": [1, 2], "age=[26,)": [3]}
    subject = load(
        make_loans(age=[18, 19, 20, 25]), data=data(sensitive=["age"], columns={"age": {"bands": [18, 26, 40]}})
    )
    assert rows_by_id(subject) == {"all": None, "age=[18,26)": [0, 1, 2, 3], "age=[26,40)": []}


def test_windows_at_their_boundaries(load: Load, make_loans: Loans) -> None:
    times = ["2026-03-31T23:59:59.999Z", "2026-04-01T00:00:00Z", "2026-04-01T01:00:00+02:00", "2026-12-31"]
    subject = load(make_loans(day=times), data=data(time="day", windows="quarter"))
    assert rows_by_id(subject) == {
        "all": None,
        "day=[2026-01-01,2026-04-01)": [0, 2],
        "day=[2026-04-01,2026-07-01)": [1],
        "day=[2026-10-01,2027-01-01)": [3],
    }
    assert [rows.population.kind for rows in subject.populations[1:]] == ["window"] * 3
    assert subject.populations[1].population.words == "applicants from January to March 2026"
    assert subject.populations[1].population.label == "Jan to Mar 2026"


def test_windows_between_given_dates(load: Load, make_loans: Loans) -> None:
    times = ["2026-01-31", "2026-02-01", "2026-05-01", None]
    windows = [date(2026, 2, 1), date(2026, 3, 15), date(2026, 5, 1)]
    subject = load(make_loans(day=times), data=data(time="day", windows=windows))
    assert rows_by_id(subject) == {
        "all": None,
        "day=[,2026-02-01)": [0],
        "day=[2026-02-01,2026-03-15)": [1],
        "day=[2026-03-15,2026-05-01)": [],
        "day=[2026-05-01,)": [2],
        "day=?": [3],
    }
    assert [rows.population.words for rows in subject.populations[1:3]] == [
        "applicants before February 2026",
        "applicants from 1 February to 14 March 2026",
    ]
    assert any("missing in 1 row" in warning for warning in subject.warnings)


def test_windows_need_a_time_column(refused: Refused, make_loans: Loans) -> None:
    assert "names no time column" in refused(make_loans(), data=data(windows="month"))


def test_criteria_find_their_rows(load: Load, make_loans: Loans, make_plan: Callable[..., Any]) -> None:
    frame = make_loans(
        sex=list("FMFM"),
        age=[17, 18, 20, 70],
        owner=[True, False, True, True],
        day=pd.date_range("2026-01-31", periods=4),
    )
    criteria = [
        criterion("everyone"),
        criterion("women", sex="F"),
        criterion("both", sex=["M", "F"]),
        criterion("young", age="[18,21)"),
        criterion("old", age="[65,)"),
        criterion("ends", age=["[,18)", "[65,)"]),
        criterion("owners", owner=1),
        criterion("some", sex="F", owner=True),
        criterion("february", day="[2026-02-01,2026-03-01)"),
        criterion("seventy", age=70.0),
    ]
    sections: dict[str, Any] = {"data": data(sensitive=["sex"], time="day"), "criteria": criteria}
    subject = load(frame, **sections)
    plan = make_plan(**sections)
    found = {entry.id: subject.find_rows(criterion_population_id(subject, entry)) for entry in plan.criteria}
    indexes = {
        name: None if rows is None or rows.index is None else rows.index.tolist() for name, rows in found.items()
    }
    assert indexes == {
        "everyone": None,
        "women": [0, 2],
        "both": [0, 1, 2, 3],
        "young": [1, 2],
        "old": [3],
        "ends": [0, 3],
        "owners": [0, 2, 3],
        "some": [0, 2],
        "february": [1, 2, 3],
        "seventy": [3],
    }
    assert subject.criterion_populations["some"] == "owner=true&sex=F"
    kinds = {name: rows.population.kind for name, rows in found.items() if rows}
    assert (kinds["everyone"], kinds["young"], kinds["some"], kinds["february"]) == (
        "all",
        "group",
        "intersection",
        "window",
    )
    assert found["some"] is not None
    assert found["some"].population.attribute == "owner & sex"
    ids = [rows.population.population_id for rows in subject.populations]
    assert len(ids) == len(set(ids))


def test_unknown_levels_make_no_population(load: Load, make_loans: Loans) -> None:
    frame = make_loans(region=["north", "south", "north", "east"], age=[1, 2, 3, 4])
    criteria = [
        criterion("a", region="nort"),
        criterion("b", region=["south", "zzz"]),
        criterion("c", age="(1,2]"),
        criterion("d", region=None),
    ]
    subject = load(frame, criteria=criteria)
    assert subject.unknown_levels == (
        UnknownLevel("a", "region", "nort", "north"),
        UnknownLevel("b", "region", "zzz", None),
        UnknownLevel("c", "age", "(1,2]", None),
        UnknownLevel("d", "region", "?", None),
    )
    assert [rows.population.population_id for rows in subject.populations] == ["all"]
    assert subject.find_rows(subject.criterion_populations["a"]) is None


def test_criteria_that_make_no_sense(refused: Refused, make_loans: Loans) -> None:
    frame = make_loans(region=list("abcd"), age=[1, 2, 3, 4])
    text = refused(frame, criteria=[criterion("a", age="[21,18)")])
    assert "criteria[0].population.age: the band [21,18) holds nothing" in text
    text = refused(frame, criteria=[criterion("a", regoin="a")])
    assert "criteria[0].population: there is no column 'regoin'" in text
    assert "Did you mean 'region'?" in text


def test_too_many_levels_make_a_warning(load: Load) -> None:
    frame = pd.DataFrame({"repaid": [0, 1] * 26, "score": 0.5, "postcode": [f"p{i}" for i in range(52)]})
    subject = load(frame, data=data(sensitive=["postcode"]))
    assert len(subject.populations) == 1
    (warning,) = subject.warnings
    assert "'postcode' has 52 levels; at most 50" in warning
    assert "bands" in warning
    assert len(load(frame.iloc[:50], data=data(sensitive=["postcode"])).populations) == 51


TEXTS = st.one_of(st.none(), st.text(alphabet="%&=|?[](),\x00e\u0301\u00e9", max_size=3))


@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_groups_split_the_rows_like_brute_force(values: list[str | None]) -> None:
    cells = Cells(pd.DataFrame({"x": pd.Series(values, dtype="str")}))
    terms = group_terms(cells, "x", ())
    spellings = np.array([canonical_level(value) for value in values], dtype=object)
    for term in terms:
        (part,) = term.parts
        assert isinstance(part, Level)
        np.testing.assert_array_equal(cells.mask([term]), [value == part.value for value in spellings])
    assert sum(cells.mask([term]).sum() for term in terms) == len(values)
    assert len({population_id([term]) for term in terms}) == len(terms) == len(set(spellings))


NUMBERS = st.lists(st.one_of(st.none(), st.floats(-100, 100), st.integers(-3, 9)), min_size=1, max_size=30)


@given(NUMBERS, st.sets(st.integers(-3, 9), min_size=1, max_size=5))
def test_bands_split_the_rows_like_brute_force(numbers: list[float | None], edges: set[int]) -> None:
    frame = pd.DataFrame({"x": pd.Series(numbers, dtype="float64")})
    cells = Cells(frame)
    total = np.zeros(len(frame), dtype=int)
    for term in group_terms(cells, "x", sorted(map(float, edges))):
        (part,) = term.parts
        expected = frame["x"].isna()
        if isinstance(part, Band):
            low = -np.inf if part.low is None else part.low
            high = np.inf if part.high is None else part.high
            expected = (frame["x"] >= low) & (frame["x"] < high)
        np.testing.assert_array_equal(cells.mask([term]), expected)
        total += cells.mask([term])
    assert (total == 1).all()


@given(
    st.lists(st.one_of(st.none(), st.datetimes(pd.Timestamp("2024-01-01"), pd.Timestamp("2026-12-31"))), min_size=1),
    st.sampled_from(["month", "quarter", "year"]),
)
def test_windows_split_the_rows_like_brute_force(times: list[Any], kind: str) -> None:
    series = pd.Series(times, dtype="datetime64[ns]")
    cells = Cells(pd.DataFrame({"day": series}), "day", np.asarray(series))
    total = np.zeros(len(series), dtype=int)
    for term in window_terms(cells, kind):
        (part,) = term.parts
        expected = series.isna()
        if isinstance(part, Window):
            assert part.start is not None
            period = series.dt.to_period({"month": "M", "quarter": "Q", "year": "Y"}[kind])
            expected = period.dt.start_time == pd.Timestamp(part.start)
        np.testing.assert_array_equal(cells.mask([term]), expected)
        total += cells.mask([term])
    assert (total == 1).all()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), min_size=1, max_size=20), st.integers(0, 3))
def test_several_terms_mean_all_of_them(rows: list[tuple[str, int]], edge: int) -> None:
    frame = pd.DataFrame(rows, columns=["x", "y"])
    terms = [Term("x", (Level("a"),)), Term("y", (Band(edge, None), Level("0")))]
    expected = (frame["x"] == "a") & ((frame["y"] >= edge) | (frame["y"] == 0))
    np.testing.assert_array_equal(Cells(frame).mask(terms), expected)


def test_a_window_on_another_column_is_a_mistake_of_the_caller() -> None:
    cells = Cells(pd.DataFrame({"x": [1]}))
    with pytest.raises(ValueError, match="not the time column"):
        cells.mask([Term("x", (Window(date(2026, 1, 1), None),))])


def test_bands_take_the_words_of_the_plan(load: Load, make_loans: Loans) -> None:
    words = {"[18, 21.0)": "applicants aged 18 to 20", "[90,)": "applicants over 90", "40": "forty-year-olds"}
    subject = load(
        make_loans(age=[18, 20, 21, 40]),
        data=data(sensitive=["age"], columns={"age": {"bands": [18, 21], "levels": words}}),
    )
    assert [rows.population.words for rows in subject.populations[1:]] == [
        "applicants aged 18 to 20",
        "applicants whose age is 21 or over",
    ]
    assert [rows.population.label for rows in subject.populations[1:]] == ["18 to under 21", "21 or over"]
    assert subject.warnings == ()
