from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.plan.scalars import plain_value, quote_text, write_text, write_value
from evaluator.plan.yaml_text import read_yaml

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-3", 0.001), (".5", 0.5), ("1.", 1.0), ("-0.01", -0.01), ("+7", 7), ("1E+3", 1000.0), ("0", 0),
        ("true", True), ("FALSE", False), ("null", None), ("~", None), ("2026-01-31", date(2026, 1, 31)),
    ],
)  # fmt: skip
def test_numbers_dates_and_booleans_are_read(written: str, value: object) -> None:
    found = plain_value(written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "written",
    ["yes", "No", "on", "OFF", "y", "01:30", "1:30:00", "010", "0o17", "0x1F", "1_000", "1,000", ".inf", ".nan", "1e999",
     "2026-02-30", "2026-01", "2026-01-01T00:00:00Z", "9" * 301, "tRUE", ".", "e3", "-"],
)  # fmt: skip
def test_everything_else_stays_text(written: str) -> None:
    assert plain_value(written) == written


def test_minus_zero_is_zero() -> None:
    assert str(plain_value("-0.0")) == "0.0"


@given(TEXT)
def test_quoted_text_is_read_back(text: str) -> None:
    assert read_yaml(f"a: {quote_text(text)}").data == {"a": text}
    assert "\n" not in quote_text(text)


@given(TEXT | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.dates() | st.none())
def test_written_values_are_read_back(value: object) -> None:
    found = read_yaml(f"a: {write_value(value)}\nb: [{write_value(value)}]").data  # type: ignore[arg-type]
    assert found == {"a": value, "b": [value]}
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize("text", ["yes", "null", "1e3", "2026-01-31", "a: b", "- a", "", " a", "a #b", "é"])
def test_text_that_could_mean_something_else_is_quoted(text: str) -> None:
    assert write_text(text).startswith('"')


def test_common_names_stay_bare() -> None:
    assert write_text("loan score_2.2") == "loan score_2.2"
