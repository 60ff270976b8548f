from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.errors import InputError
from evaluator.plan import parse_plan
from evaluator.recompute.checking import band_of_level, checked_filter, checked_question
from evaluator.recompute.columns import AskedColumn, coded_column, column_words, number_column, time_column
from evaluator.recompute.link import link_of, question_from_link
from evaluator.recompute.masks import filter_mask, joined_mask
from evaluator.recompute.question import MOST_FILTERS, MOST_VALUES, Filter, Question
from evaluator.store import ColumnRow
from evaluator.subject.levels import canonical_codes

PLAN = parse_plan(
    """
plan_version: 1
plan: any
title: Any
model: {name: any, version: "1"}
task: {kind: binary, label: y, positive: 1, score: s}
data: {evaluation: {path: any.csv}}
"""
)
HOSTILE = ["", " ", "a", "A", "?", "all", "missing", "a;b", "a:in:b", "a,b", "%2C", "x=1&y", '"', "'; DROP TABLE rows", "ß", "é", "\u202e", "\n", "1", "1.0", "nan", "–5"]  # fmt: skip
names = st.one_of(st.sampled_from([name for name in HOSTILE if name.strip()]), st.text(min_size=1, max_size=12))
texts = st.one_of(st.none(), st.sampled_from(HOSTILE), st.text(max_size=8))
numbers = st.one_of(st.just(np.nan), st.integers(-5, 5).map(float), st.floats(-1e6, 1e6, allow_nan=False))
days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2021, 12, 31)))


def column(name: str, kind: str, values: list[Any]) -> AskedColumn:
    row = ColumnRow(0, name, "feature", kind, "[]", name, "")
    if kind == "number":
        return number_column(row, lambda: smallest(np.array(values, dtype=np.float64)), PLAN)
    if kind == "time":
        times = pd.Series(values, dtype="datetime64[ns]").to_numpy()
        return time_column(name, column_words(row, PLAN, ()), lambda: times)
    return coded_column(row, canonical_codes(pd.Series(values, dtype="object")), PLAN)


def smallest(values: np.ndarray) -> np.ndarray:
    """The same numbers in the first type that holds them all, as they are kept."""
    with np.errstate(invalid="ignore"):
        tried = [values.astype(dtype) for dtype in (np.int8, np.int16, np.float32)]
    return next((one for one in tried if np.array_equal(one, values, equal_nan=True)), values)


def canonical(value: str) -> str:
    """The spelling of a text value in the data, as levels keep it."""
    return unicodedata.normalize("NFC", value)


@st.composite
def tables(draw: st.DrawFn) -> tuple[pd.DataFrame, dict[str, AskedColumn]]:
    n = draw(st.integers(1, 30))
    texts_of, numbers_of, days_of = (draw(st.lists(kind, min_size=n, max_size=n)) for kind in (texts, numbers, days))
    frame = pd.DataFrame(
        {
            "text": pd.Series([None if text is None else canonical(text) for text in texts_of], dtype="object"),
            "number": pd.Series(numbers_of, dtype="float64"),
            "day": pd.Series(days_of, dtype="datetime64[ns]"),
        }
    )
    name = canonical(draw(names))
    columns = {
        name: column(name, "category", frame["text"].tolist()),
        f"{name} n": column(f"{name} n", "number", frame["number"].tolist()),
        f"{name} t": column(f"{name} t", "time", frame["day"].tolist()),
    }
    return frame.set_axis(list(columns), axis=1), columns


@st.composite
def filters(draw: st.DrawFn, columns: dict[str, AskedColumn]) -> Filter:
    name = draw(st.sampled_from(list(columns)))
    kind = columns[name].kind
    if draw(st.integers(0, 5)) == 0:
        return Filter(name, "missing")
    if kind == "category" and columns[name].levels:
        values = draw(st.lists(st.sampled_from(columns[name].levels), min_size=1, max_size=12))
        return Filter(name, draw(st.sampled_from(["in", "not_in"])), tuple(values))
    if kind == "number" and draw(st.booleans()):
        values = draw(st.lists(st.integers(-5, 5).map(str), min_size=1, max_size=12))
        return Filter(name, draw(st.sampled_from(["in", "not_in"])), tuple(values))
    if kind == "category":
        return Filter(name, "missing")
    end = days.filter(bool) if kind == "time" else st.floats(-1e6, 1e6, allow_nan=False)
    low, high = sorted(draw(st.lists(end, min_size=2, max_size=2, unique=True)))
    open_end = draw(st.sampled_from(["low", "high", "none"]))
    return Filter(name, "between", low=None if open_end == "low" else low, high=None if open_end == "high" else high)


def by_pandas(frame: pd.DataFrame, one: Filter) -> np.ndarray:
    series = frame[one.column]
    if one.operator == "missing":
        return series.isna().to_numpy()
    if one.operator == "between":
        low, high = (pd.Timestamp(end) if isinstance(end, date) else end for end in (one.low, one.high))
        found = series.notna()
        found &= True if low is None else series >= low
        found &= True if high is None else series < high
        return found.to_numpy()
    wanted = [float(value) for value in one.values] if series.dtype == "float64" else list(one.values)
    found = series.isin(wanted)
    return (found if one.operator == "in" else ~found).to_numpy()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_masks_are_those_of_pandas(data: st.DataObject) -> None:
    frame, columns = data.draw(tables())
    asked = data.draw(st.lists(filters(columns), max_size=4))
    checked = [checked_filter(one, columns) for one in asked]
    expected = [by_pandas(frame, one) for one in asked]
    for combine, join in (("all", np.logical_and), ("any", np.logical_or)):
        found = joined_mask(checked, combine, columns, len(frame))
        assert found.tolist() == (join.reduce(expected).tolist() if expected else [True] * len(frame))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_a_question_survives_its_link(data: st.DataObject) -> None:
    _, columns = data.draw(tables())
    asked = tuple(checked_filter(one, columns) for one in data.draw(st.lists(filters(columns), max_size=4)))
    combine = data.draw(st.sampled_from(["all", "any"]))
    threshold = data.draw(st.one_of(st.none(), st.floats(0, 1)))
    compare = data.draw(st.sampled_from(["rest", "all", "previous", *(f"without:{one.column}" for one in asked)]))
    question = Question(tuple(dict.fromkeys(asked)), combine, threshold, compare)
    parts = link_of(question)
    assert all(text.isascii() and not set(text) & set('&=#?/ \n"') for text in parts.values())
    assert question_from_link({**parts, "run": "x", "theme": "dark"}, columns) == question


PEOPLE = {
    "sex": column("sex", "category", ["F", "M", None, "F"]),
    "age": column("age", "number", [20, 61.5, np.nan, 60]),
    "applied on": column("applied on", "time", [date(2025, 1, 31), None, date(2025, 2, 1), date(2025, 3, 1)]),
    "group": column("group", "category", ["18-54", "55-64", "65+", "18-54"]),
    "member": column("member", "boolean", [True, False, None, True]),
}


def rows_of(one: Filter) -> list[int]:
    return np.flatnonzero(filter_mask(checked_filter(one, PEOPLE), PEOPLE)).tolist()


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Filter("sex", "in", ("F",)), [0, 3]),
        (Filter("sex", "not_in", ("F",)), [1, 2]),
        (Filter("sex", "missing"), [2]),
        (Filter("age", "between", low=60.0), [1, 3]),
        (Filter("age", "between", low=20.0, high=60.0), [0]),
        (Filter("age", "between", high=60), [0]),
        (Filter("age", "in", ("60", "20.0")), [0, 3]),
        (Filter("applied on", "between", low=date(2025, 1, 31), high=date(2025, 3, 1)), [0, 2]),
        (Filter("member", "in", ("yes",)), [0, 3]),
        (Filter("member", "in", ("1",)), [0, 3]),
    ],
)  # fmt: skip
def test_what_filters_mean(one: Filter, expected: list[int]) -> None:
    assert rows_of(one) == expected


@pytest.mark.parametrize(
    ("one", "message", "hint"),
    [
        (Filter("sexx", "in", ("F",)), "no column 'sexx'", "Did you mean 'sex'?"),
        (Filter("sex", "in", ("G",)), "'sex' has no value 'G'", "F"),
        (Filter("sex", "in", ()), "lists no value", "one"),
        (Filter("age", "in", ("old",)), "holds numbers", "number"),
        (Filter("age", "in", ("1e999",)), "holds numbers", "number"),
        (Filter("age", "between"), "has no end", "one end"),
        (Filter("age", "between", low=7.0, high=7.0), "holds nothing", "lower end first"),
        (Filter("age", "between", low=float("nan")), "found nan", "like 60"),
        (Filter("age", "between", low=date(2025, 1, 1)), "holds numbers", "like 60"),
        (Filter("applied on", "between", low=60.0), "holds dates", "2026-01-31"),
        (Filter("applied on", "in", ("2025-01-31",)), "holds dates", "range"),
        (Filter("sex", "between", low=1.0), "comes in groups", "one of the groups"),
        (Filter("group", "between", low=60.0), "comes as 18-54, 55-64 and 65+", "Choose 65+."),
        (Filter("group", "between", low=55.0, high=66.0), "comes as", "Choose 55-64."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_names_what_can(one: Filter, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_filter(one, PEOPLE)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [("55-64", 55, 64), ("65+", 65, None), ("65 or over", 65, None), ("under 18", None, 18), ("[18,26)", 18, 26), (">= 70", 70, None)],
)  # fmt: skip
def test_bands_are_read_from_levels(level: str, low: float | None, high: float | None) -> None:
    band = band_of_level(level)
    assert band is not None
    assert (band.low, band.high) == (low, high)
    assert band_of_level("55") is band_of_level("north") is None


def checked(question: Question) -> Question:
    return checked_question(question, PEOPLE, probability=True, previous=True)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question(compare="nobody"), "no comparison 'nobody'"),
        (Question((Filter("age", "missing"),), compare="without:sex"), "No filter is on 'sex'"),
        (Question((Filter("age", "missing"),), compare="without:nothing"), "no column 'nothing'"),
        (Question((Filter("sex", "missing"), Filter("age", "missing")), "any", compare="without:sex"), "all filters"),
        (Question(tuple(Filter("age", "in", (str(n),)) for n in range(MOST_FILTERS + 1))), "at most 20"),
        (Question((Filter("age", "in", tuple(map(str, range(MOST_VALUES + 1)))),)), "at most 200"),
    ],
)
def test_questions_that_cannot_be_answered_say_why(question: Question, message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked(question)


def test_a_checked_question_is_spelled_as_the_data_are() -> None:
    twice = Filter("sex", "in", ("F", "F"))
    found = checked(Question((twice, twice, Filter("age", "between", low=60)), compare="without:sex"))
    assert found.filters == (Filter("sex", "in", ("F",)), Filter("age", "between", low=60.0))
    assert checked(found) == found
    assert found.without(found.filters[0]) == replace(found, filters=found.filters[1:])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"where": "sex"}, "no filter"),
        ({"where": "sex:like:F"}, "asks for 'like'"),
        ({"where": "sex:in:%FF"}, "no text"),
        ({"where": "age:between:1"}, "two ends"),
        ({"where": "age:between:a,b"}, "no number"),
        ({"where": "applied%20on:between:1,"}, "no date"),
        ({"where": "sex:in:"}, "no value"),
        ({"where": "nobody:in:F"}, "no column"),
        ({"match": "most"}, "joins filters by"),
        ({"cutoff": "high"}, "no number"),
        ({"cutoff": "nan"}, "no number"),
        ({"versus": "without:nobody"}, "no column"),
        ({"where": "sex:in:F;" * 300}, "at most 2,000"),
        ({"where": "sex:in:F;" * 30}, "at most 20"),
    ],
)
def test_broken_links_are_refused(params: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        question_from_link(params, PEOPLE)


def test_questions_too_long_for_a_link_are_refused() -> None:
    with pytest.raises(InputError, match="2,000"):
        link_of(Question(tuple(Filter("ß" * 300, "in", ("F",)) for _ in range(2))))


def test_an_empty_link_asks_about_everyone() -> None:
    assert question_from_link({}, PEOPLE) == Question()
    assert link_of(Question()) == {}
