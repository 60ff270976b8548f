from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.subject.row_codes import chance_alike, column_codes, row_keys

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.0, -0.0, 1.0, 0.1, float("nan"), float("inf")]),
    st.text("aé1.0", max_size=3), st.lists(st.integers(0, 1), max_size=2), st.dates(),
)  # fmt: skip


def codes_of(*columns: object) -> list[list[int]]:
    return [part.tolist() for part in column_codes([pd.Series(column) for column in columns])]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([0.0], [-0.0]),
        ([np.nan], [np.nan]),
        ([1], [1.0]),
        ([1], ["1"]),
        (pd.Series([0.1], dtype="float32"), [0.1]),
        (["caf\u00e9"], ["cafe\u0301"]),
        ([[1, 2]], [[1, 2]]),
        (pd.to_datetime(["2026-01-01"]), pd.to_datetime(["2026-01-01"]).astype("datetime64[ns]")),
        (pd.Series([7], dtype="Int64"), [7]),
        (pd.Categorical(["x"]), ["x"]),
    ],
)
def test_the_same_value_in_two_spellings_has_one_code(first: object, second: object) -> None:
    a, b = codes_of(first, second)
    assert a == b


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([2**53], [2**53 + 1]),
        ([2**63 + 1], [2**63 + 2]),
        ([2**53 + 1], [float(2**53)]),
        (["a"], ["A"]),
        ([None], ["?"]),
        ([None], [""]),
        ([0], [None]),
        ([0.1 + 0.2], [0.3]),
    ],
)
def test_different_values_have_different_codes(first: object, second: object) -> None:
    a, b = codes_of(first, second)
    assert a != b


def test_missing_is_zero_and_nothing_else_is() -> None:
    assert codes_of(["a", None, "b"])[0] == [1, 0, 2]
    assert codes_of([np.nan, 0.0])[0] == [0, 1]
    assert codes_of(pd.to_datetime([None, "2026-01-01"]))[0] == [0, 1]
    assert codes_of([np.nan, np.nan], [])[0] == [0, 0]


def reading(value: object) -> object:
    """What makes two values the same to a reader."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if np.isfinite(value) and value == int(value) else repr(float(value))
    return unicodedata.normalize("NFC", str(value))


@given(st.lists(VALUES, max_size=20), st.lists(VALUES, max_size=20))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_mixture_of_values_is_numbered_by_what_it_says(first: list, second: list) -> None:
    columns = [pd.Series(part, dtype=object) for part in (first, second)]
    codes = np.concatenate(column_codes(columns))
    said = [reading(value) for value in [*first, *second]]
    for a, one in zip(codes, said, strict=True):
        for b, other in zip(codes, said, strict=True):
            assert (a == b) == (one == other)


@given(st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_rows_share_a_key_exactly_when_they_are_equal(table: list[tuple[int, ...]]) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*table, strict=True)]
    keys = row_keys(columns, len(table))
    frame = pd.DataFrame(table)
    expected = frame.groupby(list(frame.columns), sort=False).ngroup()
    assert keys.tolist() == expected.tolist()


def test_rows_of_no_columns_are_all_alike() -> None:
    assert row_keys([], 3).tolist() == [0, 0, 0]


def test_many_columns_of_many_values_do_not_overflow() -> None:
    rng = np.random.default_rng(3)
    columns = [rng.integers(0, 2**40, 5_000) for _ in range(3)]
    columns = [np.concatenate([column, column[:7]]) for column in columns]
    codes = [np.concatenate(column_codes([pd.Series(column)])) for column in columns]
    assert len(np.unique(row_keys(codes, 5_007))) == 5_000


def test_chance_that_rows_are_alike() -> None:
    two, four = np.array([1, 2] * 50), np.array([1, 2, 3, 4] * 25)
    assert chance_alike([(two, two)]) == pytest.approx(1 / 2)
    assert chance_alike([(two, two), (four, four)]) == pytest.approx(1 / 8)
    assert chance_alike([(two, np.array([3, 3]))]) == 0
