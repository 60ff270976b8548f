"""Changes of inputs: what can be asked, how an address spells it, how it is said, and what becomes of a column."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import InputError
from evaluator.recompute.changed.applying import applied
from evaluator.recompute.changed.change import Change, read_changes, write_changes
from evaluator.recompute.changed.change_words import change_words, changes_words
from evaluator.recompute.changed.features import changeable, obstacle_of
from evaluator.recompute.changed.scoring import drawn
from evaluator.recompute.columns import AskedColumn
from evaluator.subject.words import ColumnWords

ODD = 'a;b:c,d%20"<i>'


def column(
    name: str, kind: Any, values: Any, words: ColumnWords | None = None, levels: tuple[str, ...] = ()
) -> AskedColumn:
    found = np.asarray(values)
    return AskedColumn(name, kind, words or ColumnWords(name), lambda: found, levels)


COLUMNS = {
    one.name: one
    for one in (
        column("income", "number", [0.0, 1_000.0, np.nan], ColumnWords("monthly income", "EUR")),
        column("balance", "number", [-5.0, 5.0, 1.0]),
        column("share", "number", [1.0, 2.0, 3.0], ColumnWords("share", "%")),
        column("sex", "category", [0, 1, -1], ColumnWords("sex", "", {"F": "women", "M": "men"}), ("F", "M")),
        column(ODD, "category", [0, 1, 0], None, (ODD, "x" * 10_000)),
        column("new", "boolean", [0, 1, 1], ColumnWords("new", "", {}, True), ("false", "true")),
        column("when", "time", np.array(["2026-01-01"] * 3, dtype="datetime64[ns]")),
    )
}


@pytest.mark.parametrize(
    "changes",
    [
        (Change("income", "shift", -12.5),),
        (Change("income", "scale", 0.9), Change("sex", "swap", None, ("F", "M")), Change("new", "missing")),
        (Change(ODD, "set", None, (ODD,)), Change("sex", "set", None, ("nobody, yet",))),
        (Change("balance", "set", 1e-7),),
        (),
    ],
)
def test_changes_come_back_from_the_address(changes: tuple[Change, ...]) -> None:
    text = write_changes(changes)
    assert read_changes(text, COLUMNS) == changes
    assert not set(text) & set(' <>"&=#')


@given(
    st.lists(
        st.sampled_from(["set", "swap", "scale", ":", ";", "%", "income", "sex", "F", "1", "%zz", "%ff"]), max_size=9
    )
)
def test_any_address_is_refused_in_words_or_read_and_written_back(parts: list[str]) -> None:
    with suppress(InputError):
        changes = read_changes("".join(parts), COLUMNS)
        assert read_changes(write_changes(changes), COLUMNS) == changes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("income:scale", "is no change"),
        ("income:grow:2", "changes by 'grow'"),
        ("incom:scale:2", "no column 'incom'"),
        ("income:scale:", "needs a number"),
        ("income:scale:two", "is no number"),
        ("income:scale:1e999", "needs a number"),
        ("income:scale:1", "as it is"),
        ("income:shift:0", "as it is"),
        ("income:swap:1,2", "does not fit"),
        ("sex:scale:2", "does not fit"),
        ("sex:swap:F", "two different values"),
        ("sex:swap:F,F", "two different values"),
        ("sex:swap:F,women", "two different values"),
        ("sex:set:F,M", "needs one value"),
        ("new:set:maybe", "yes or no"),
        ("when:missing:", "dates"),
        ("income:scale:2;income:shift:1", "more than once"),
        ("income:scale:2;sex:missing:;new:missing:;balance:shift:1", "at most 3"),
        (f"sex:set:{'x' * 1_200}", "characters in a link"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_said_with_a_next_step(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_changes(text, COLUMNS)
    assert message in caught.value.message
    assert caught.value.hint


def test_levels_are_understood_as_the_data_spell_them_and_unknown_ones_are_kept() -> None:
    assert read_changes("sex:swap:women,men", COLUMNS) == (Change("sex", "swap", None, ("F", "M")),)
    assert read_changes("new:set:1", COLUMNS) == (Change("new", "set", None, ("true",)),)
    assert read_changes("sex:set:X", COLUMNS) == (Change("sex", "set", None, ("X",)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("income:scale:0.9", "monthly income 10% lower"),
        ("income:scale:1.255", "monthly income 25.5% higher"),
        ("income:scale:3", "monthly income times 3"),
        ("balance:scale:0.9", "balance times 0.9"),
        ("balance:scale:-1", "balance times −1"),
        ("income:shift:-500", "monthly income 500 EUR lower"),
        ("share:shift:2.5", "share 2.5% higher"),
        ("income:set:12000", "monthly income set to 12,000 EUR"),
        ("balance:set:-3", "balance set to −3"),
        ("income:set:1e300", "monthly income set to 1e+300 EUR"),
        ("income:missing:", "monthly income missing"),
        ("sex:swap:F,M", "sex exchanged between women and men"),
        ("sex:set:F", "sex set to that of women"),
        ("sex:set:X", "sex set to “X”"),
        ("new:set:true", "new set to yes"),
        ("new:swap:true,false", "new exchanged between yes and no"),
    ],
)
def test_a_change_is_said_in_the_words_of_the_plan(text: str, words: str) -> None:
    (change,) = read_changes(text, COLUMNS)
    assert change_words(change, COLUMNS) == words
    both = (*read_changes("income:missing:", COLUMNS), *read_changes("sex:set:F", COLUMNS))
    assert changes_words(both, COLUMNS) == "monthly income missing and sex set to that of women"


def changed(values: Any, change: Change, index: Any = None) -> pd.Series[Any]:
    frame = pd.DataFrame({change.column: values, "other": range(len(values))})
    rows = np.arange(len(values)) if index is None else np.asarray(index)
    put = applied(frame, rows, [change]).frame
    assert put["other"].tolist() == rows.tolist()
    pd.testing.assert_frame_equal(frame, pd.DataFrame({change.column: values, "other": range(len(values))}))
    return put[change.column]


@pytest.mark.parametrize(
    ("values", "change", "expected", "dtype"),
    [
        (np.array([1, 2, 3]), Change("x", "shift", 2.0), [3, 4, 5], "int64"),
        (np.array([1, 2, 3]), Change("x", "scale", 1.5), [1.5, 3.0, 4.5], "float64"),
        (np.array([100, 2], dtype=np.int8), Change("x", "scale", 2.0), [200.0, 4.0], "float64"),
        (np.array([1, 2], dtype=np.uint8), Change("x", "shift", -2.0), [-1.0, 0.0], "float64"),
        (np.array([1.5, np.nan], dtype=np.float32), Change("x", "scale", 2.0), [3.0, np.nan], "float32"),
        (np.array([1, 2]), Change("x", "set", 7.0), [7, 7], "int64"),
        (np.array([1.0, np.nan]), Change("x", "set", 7.0), [7.0, 7.0], "float64"),
        (np.array([1, 2]), Change("x", "missing"), [np.nan, np.nan], "float64"),
        (np.array([1, 2, 1]), Change("x", "swap", None, ("1", "2")), [2, 1, 2], "int64"),
        (np.array([1, 2, 1]), Change("x", "swap", None, ("1", "2.5")), [2.5, 2.0, 2.5], "float64"),
        (np.array([1, 2], dtype=np.int8), Change("x", "set", None, ("300",)), [300.0, 300.0], "float64"),
        (np.array([True, False]), Change("x", "set", None, ("true",)), [True, True], "bool"),
        (np.array([True, False]), Change("x", "swap", None, ("true", "false")), [False, True], "bool"),
        (pd.array(["a", None, "b"], dtype="str"), Change("x", "swap", None, ("a", "b")), ["b", np.nan, "a"], "str"),
        (pd.array(["a", None, "b"], dtype="str"), Change("x", "swap", None, ("a", "new")), ["new", np.nan, "b"], "str"),
        (pd.array(["a", None], dtype="str"), Change("x", "set", None, ("z",)), ["z", "z"], "str"),
        (pd.array(["a", "b"], dtype="str"), Change("x", "missing"), [np.nan, np.nan], "str"),
    ],
)
def test_a_column_takes_its_change_in_a_type_that_the_model_knows(
    values: Any, change: Change, expected: list[Any], dtype: str
) -> None:
    found = changed(values, change)
    assert str(found.dtype) == dtype
    pd.testing.assert_series_equal(found, pd.Series(expected, name="x", dtype=dtype))


def test_truth_values_without_one_are_missing() -> None:
    assert changed(np.array([True, False]), Change("x", "missing")).isna().all()
    some = pd.array([True, None, False], dtype="boolean")
    assert changed(some, Change("x", "swap", None, ("true", "false"))).tolist() == [False, pd.NA, True]


def test_a_level_is_known_from_all_rows_not_from_those_asked_about() -> None:
    values = pd.array(["cafe\u0301", "tea", "tea"], dtype="str")
    found = changed(values, Change("x", "set", None, ("caf\u00e9",)), [1, 2])
    assert found.tolist() == ["cafe\u0301"] * 2


@pytest.mark.parametrize(
    ("values", "change", "message"),
    [
        (np.array([1e308, 1.0]), Change("x", "scale", 10.0), "no finite number in 1 rows"),
        (np.array([3e38, 1.0], dtype=np.float32), Change("x", "scale", 10.0), "no finite number in 1 rows"),
        (np.array([1.0, 2.0]), Change("y", "scale", 10.0), "does not read 'y'"),
        (np.array([1, 2]), Change("x", "set", None, ("blue",)), "kept as numbers"),
        (pd.array(["1", "2"], dtype="str"), Change("x", "shift", 1.0), "not kept as numbers"),
    ],
)
def test_a_change_that_a_column_cannot_take_is_said(values: Any, change: Change, message: str) -> None:
    with pytest.raises(InputError, match=message):
        applied(pd.DataFrame({"x": values}), np.arange(len(values)), [change])


def test_rows_are_drawn_by_their_ids_alone() -> None:
    ids = np.array([f"id {number}" for number in range(5_000)], dtype=object)
    everyone = np.arange(ids.size)
    some = drawn(ids, everyone, 7, most=500)
    assert (some.size, drawn(ids, everyone, 7, most=5_000).size) == (500, 5_000)
    assert np.all(np.diff(some) > 0)
    order = np.random.default_rng(1).permutation(ids.size)
    again = drawn(ids[order], everyone, 7, most=500)
    assert set(ids[some]) == set(ids[order][again])
    # Of a part of the rows, those that were drawn from all are drawn again.
    half = everyone[::2]
    assert set(some) & set(half) <= set(drawn(ids, half, 7, most=500))
    assert set(drawn(ids, everyone, 8, most=500)) != set(some)
    assert abs(some.mean() - 2_500) < 4 * 5_000 / np.sqrt(12 * 500)


def test_what_the_model_reads_is_offered_and_what_forbids_asking_is_said() -> None:
    from evaluator.plan import parse_plan

    text = """
plan_version: 1
plan: p
title: P
model: {name: m, version: "1", artifact: {path: m.skops}}
task: {kind: binary, label: y, positive: 1, score: s}
data: {evaluation: {path: d.csv}, features: [income, sex, when]}
criteria: []
"""
    plan = parse_plan(text, source="test")
    kept = parse_plan(text + "settings: {keep_model: true}\n", source="test")
    assert changeable(plan, COLUMNS, ()) == ("income", "sex")
    assert changeable(plan, COLUMNS, {"new", "elsewhere"}) == ("new",)
    assert obstacle_of(kept, with_model=True) is None
    for found, words in ((obstacle_of(plan, with_model=True), "no copy"), (obstacle_of(kept, with_model=False), "without the model")):  # fmt: skip
        assert found is not None
        assert words in found[0]
        assert "settings: {keep_model: true}" in found[1]
