from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import InputError
from evaluator.subject.levels import nfc
from evaluator.subject.terms import Band, Level, Term, Window, definition_json, parse_band, parse_window, population_id


def test_ids_as_the_store_spells_them() -> None:
    age = Term("age", (Band(18, 26.0),))
    sex = Term("sex", (Level("F"),))
    assert population_id([]) == "all"
    assert population_id([sex, age]) == "age=[18,26)&sex=F"
    assert population_id([Term("region", (Level("south"), Level("north"), Level("north")))]) == "region=north|south"
    assert population_id([Term("age", (Band(None, 0.5),))]) == "age=[,0.5)"
    assert population_id([Term("age", (Band(65, None),))]) == "age=[65,)"
    quarter = Window(date(2026, 1, 1), date(2026, 4, 1))
    assert population_id([Term("applied_on", (quarter,))]) == "applied_on=[2026-01-01,2026-04-01)"


def test_missing_differs_from_a_question_mark() -> None:
    assert population_id([Term("sex", (Level(None),))]) == "sex=?"
    assert population_id([Term("sex", (Level("?"),))]) == "sex=%3F"


def test_what_has_a_meaning_or_cannot_be_seen_is_encoded() -> None:
    text = population_id([Term("a", (Level("%&=|?[](),\x00\n\u200b"),))])
    assert text == "a=%25%26%3D%7C%3F%5B%5D%28%29%2C%00%0A%E2%80%8B"


def test_composed_and_decomposed_text_give_one_id() -> None:
    assert population_id([Term("e\u0301", (Level("e\u0301"),))]) == population_id([Term("\u00e9", (Level("\u00e9"),))])


def test_ids_over_120_characters_are_shortened() -> None:
    assert population_id([Term("a", (Level("x" * 118),))]) == "a=" + "x" * 118
    long = population_id([Term("a", (Level("x" * 119),))])
    assert long.startswith("p-")
    assert len(long) == 18
    assert long != population_id([Term("a", (Level("x" * 120),))])


HOSTILE = st.text(alphabet=st.sampled_from("%&=|?[](),0123AFab\x00\n\x7f\u200b\u0301e\u00e9-"), max_size=8)
PARTS = st.one_of(
    st.builds(Level, st.one_of(st.none(), HOSTILE.map(nfc))),
    st.builds(Band, st.integers(0, 3).map(float), st.integers(4, 6).map(float)),
)
TERMS = st.dictionaries(HOSTILE.map(nfc), st.sets(PARTS, min_size=1, max_size=3), min_size=1, max_size=3)


def _id(terms: dict[str, set[Level | Band]]) -> str:
    return population_id([Term(column, tuple(parts)) for column, parts in terms.items()])


@given(TERMS, TERMS)
def test_different_populations_have_different_ids(
    one: dict[str, set[Level | Band]], other: dict[str, set[Level | Band]]
) -> None:
    assert (_id(one) == _id(other)) == (one == other)


@given(TERMS)
def test_order_does_not_change_an_id(terms: dict[str, set[Level | Band]]) -> None:
    listed = [Term(column, tuple(parts)) for column, parts in terms.items()]
    backwards = [Term(term.column, term.parts[::-1]) for term in listed[::-1]]
    assert population_id(listed) == population_id(backwards)


def test_the_definition_says_everything() -> None:
    terms = [
        Term("sex", (Level("F"), Level(None))),
        Term("age", (Band(None, 18), Band(65.0, None))),
        Term("day", (Window(date(2026, 1, 1), None),)),
    ]
    assert json.loads(definition_json(terms)) == {
        "terms": [
            {"column": "age", "bands": [[None, 18], [65.0, None]]},
            {"column": "day", "windows": [["2026-01-01", None]]},
            {"column": "sex", "levels": ["F", None]},
        ]
    }


def test_bands_and_windows_are_read_back() -> None:
    assert parse_band("[18,21)") == Band(18, 21)
    assert parse_band(" [ 65, ) ") == Band(65, None)
    assert parse_band("[,-0.5)") == Band(None, -0.5)
    assert parse_window("[2026-01-01,2026-04-01)") == Window(date(2026, 1, 1), date(2026, 4, 1))
    assert parse_window("[2026-01-01,)") == Window(date(2026, 1, 1), None)


@pytest.mark.parametrize("text", ["[,)", "(18,21]", "[18,21]", "18-21", "[a,b)", "[1,2,3)", "", "[nan,2)", "[1,inf)"])
def test_other_text_is_no_band(text: str) -> None:
    assert parse_band(text) is None
    assert parse_window(text) is None


def test_an_empty_band_or_window_is_refused() -> None:
    with pytest.raises(InputError, match="holds nothing"):
        parse_band("[21,18)")
    with pytest.raises(InputError, match="holds nothing"):
        parse_window("[2026-04-01,2026-04-01)")
