from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.subject.levels import canonical_codes, canonical_keys, canonical_level, find_level


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "1"),
        (1.0, "1"),
        (np.int64(1), "1"),
        (-0.0, "0"),
        (0.25, "0.25"),
        (np.float32(0.1), "0.1"),
        (True, "true"),
        (np.bool_(False), "false"),
        ("e\u0301", "\u00e9"),
        ("01", "01"),
        ("?", "?"),
        (None, None),
        (float("nan"), None),
        (pd.NaT, None),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 9, 30), "2026-01-31T09:30:00"),
        (pd.Timestamp("2026-01-31T01:00+02:00"), "2026-01-30T23:00:00"),
    ],
)
def test_one_spelling(value: object, expected: str | None) -> None:
    assert canonical_level(value) == expected


@pytest.mark.parametrize("wanted", [1, 1.0, True, "1", "true", "1.0"])
@pytest.mark.parametrize("levels", [("0", "1"), ("false", "true")])
def test_ones_and_truths_find_each_other(wanted: object, levels: tuple[str, str]) -> None:
    assert find_level(wanted, levels) == levels[1]


def test_the_same_spelling_wins_and_two_near_ones_find_nothing() -> None:
    assert find_level("1", ("1", "1.0", "true")) == "1"
    assert find_level(1, ("01", "1.0")) is None
    assert find_level("north", ("south",)) is None


def test_levels_are_in_order_of_size_or_text() -> None:
    assert canonical_codes(pd.Series([10.0, 9.0, np.nan, 10.0])).levels == ("9", "10")
    assert canonical_codes(pd.Series(["b", "a", None])).levels == ("a", "b")
    assert canonical_codes(pd.Series([True, None, False], dtype=object)).levels == ("false", "true")


def test_spellings_of_one_level_share_a_code() -> None:
    coded = canonical_codes(pd.Series(["e\u0301", "\u00e9", None]))
    assert coded.levels == ("\u00e9",)
    assert coded.codes.tolist() == [0, 0, -1]
    assert coded.n_missing == 1


VALUES = st.one_of(st.none(), st.text(max_size=4), st.integers(-5, 5), st.booleans(), st.floats(allow_infinity=False))


@given(st.lists(VALUES, min_size=1, max_size=20))
def test_codes_and_keys_agree_with_one_value_at_a_time(values: list[object]) -> None:
    texts = [str(canonical_level(value)) if canonical_level(value) is not None else None for value in values]
    text_series = pd.Series(texts, dtype="str")
    coded = canonical_codes(text_series)
    assert [None if code < 0 else coded.levels[code] for code in coded.codes] == texts
    assert list(canonical_keys(text_series)) == texts


@given(st.lists(st.one_of(st.none(), st.floats(allow_infinity=False)), min_size=1, max_size=20))
def test_codes_of_numbers_agree_with_one_value_at_a_time(values: list[float | None]) -> None:
    coded = canonical_codes(pd.Series(values, dtype="float64"))
    assert [None if code < 0 else coded.levels[code] for code in coded.codes] == [canonical_level(v) for v in values]


def test_keys_of_numbers_and_text_match() -> None:
    expected = ["1", "2"]
    for series in (pd.Series([1, 2]), pd.Series([1.0, 2.0]), pd.Series(["1", "2"])):
        assert list(canonical_keys(series)) == expected
