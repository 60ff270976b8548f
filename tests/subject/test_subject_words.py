from __future__ import annotations

from datetime import date

import pytest

from evaluator.subject.terms import Band, Level, Part, Term, Window
from evaluator.subject.words import ColumnWords, Phrasing, population_label, population_words, visible

COLUMNS = {
    "sex": ColumnWords("sex", nouns={"F": "women", "M": "men"}),
    "work": ColumnWords("work", nouns={"self": "self-employed applicants"}),
    "region": ColumnWords("region"),
    "age": ColumnWords("age", unit="years"),
    "debt": ColumnWords("debt compared with income", unit="%"),
    "income": ColumnWords("income", unit="EUR", nouns={"5000": "well-paid applicants"}),
    "built": ColumnWords("year of building"),
    "owner": ColumnWords("home ownership", boolean=True),
    "flag": ColumnWords("flag"),
    "years": ColumnWords("years in job", nouns={"[0,2)": "applicants new to their job", "40": "old hands"}),
}
PEOPLE = Phrasing("applicants", True, COLUMNS)
MARCH = Window(date(2026, 3, 1), date(2026, 4, 1))


def term(column: str, *parts: Part | str | None) -> Term:
    return Term(column, tuple(Level(part) if part is None or isinstance(part, str) else part for part in parts))


@pytest.mark.parametrize(
    ("terms", "words", "label"),
    [
        ([], "applicants", "all applicants"),
        ([term("sex", "F")], "women", "women"),
        ([term("sex", "F", "M")], "women or men", "women or men"),
        ([term("sex", "X")], "applicants whose sex is X", "X"),
        ([term("sex", None)], "applicants whose sex is missing", "missing"),
        ([term("region", "north")], "applicants whose region is north", "north"),
        ([term("region", "north", "south")], "applicants whose region is north or south", "north or south"),
        ([term("age", Band(26, 40))], "applicants whose age is from 26 to under 40 years", "26 to under 40"),
        ([term("age", Band(65, None))], "applicants whose age is 65 years or over", "65 or over"),
        ([term("age", Band(None, 18))], "applicants whose age is under 18 years", "under 18"),
        ([term("age", "40")], "applicants whose age is 40 years", "40"),
        (
            [term("debt", Band(0.5, 10_000))],
            "applicants whose debt compared with income is from 0.5 to under 10,000%",
            "0.5 to under 10,000",
        ),
        (
            [term("income", Band(1_300, 2_000.5))],
            "applicants whose income is from 1,300 to under 2,000.5 EUR",
            "1,300 to under 2,000.5",
        ),
        ([term("income", Band(None, -1_300))], "applicants whose income is under -1,300 EUR", "under -1,300"),
        ([term("income", Band(999, None))], "applicants whose income is 999 EUR or over", "999 or over"),
        ([term("income", "1300")], "applicants whose income is 1,300 EUR", "1300"),
        ([term("income", "00700")], "applicants whose income is 00700 EUR", "00700"),
        ([term("income", "5000")], "well-paid applicants", "well-paid"),
        (
            [term("built", Band(1990, 2005))],
            "applicants whose year of building is from 1990 to under 2005",
            "1990 to under 2005",
        ),
        ([term("built", "1990")], "applicants whose year of building is 1990", "1990"),
        ([term("owner", "true")], "applicants whose home ownership is yes", "yes"),
        ([term("work", "self")], "self-employed applicants", "self-employed"),
        ([term("years", Band(0, 2))], "applicants new to their job", "0 to under 2"),
        ([term("years", Band(2, None))], "applicants whose years in job is 2 or over", "2 or over"),
        (
            [term("years", Band(0, 2)), term("sex", "F")],
            "applicants new to their job who are also women",
            "0 to under 2, women",
        ),
        ([term("flag", "true")], "applicants whose flag is true", "true"),
        ([term("day", MARCH)], "applicants in March 2026", "Mar 2026"),
        ([term("day", Window(date(2026, 1, 1), date(2027, 1, 1)))], "applicants in 2026", "2026"),
        ([term("day", Window(date(2026, 1, 5), date(2026, 1, 6)))], "applicants on 5 January 2026", "5 Jan 2026"),
        ([term("day", Window(date(2026, 3, 1), None))], "applicants from March 2026 onwards", "from Mar 2026 on"),
        ([term("age", Band(60, None)), term("sex", "F")], "women whose age is 60 years or over", "60 or over, women"),
        (
            [term("sex", "F"), term("work", "self")],
            "women who are also self-employed applicants",
            "women, self-employed",
        ),
        (
            [term("region", "north"), term("sex", "F", "M")],
            "applicants whose region is north and who are women or men",
            "north, women or men",
        ),
        (
            [term("age", Band(60, None)), term("day", MARCH), term("sex", "F")],
            "women whose age is 60 years or over, in March 2026",
            "60 or over, Mar 2026, women",
        ),
        ([term("day", MARCH), term("sex", "F")], "women in March 2026", "Mar 2026, women"),
    ],
)
def test_populations_in_words(terms: list[Term], words: str, label: str) -> None:
    assert population_words(terms, PEOPLE) == words
    assert population_label(terms, PEOPLE) == label


def test_things_are_not_people() -> None:
    things = Phrasing("rows", False, COLUMNS)
    assert population_words([term("sex", "F"), term("work", "self")], things) == (
        "women that are also self-employed applicants"
    )


def test_hostile_levels_stay_on_one_line() -> None:
    assert visible("a\nb\x00c") == "a b c"
    assert visible("") == '""'
    assert visible(" north") == '" north"'
    assert len(visible("x" * 500)) == 80
