from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pandas as pd
import pytest

from evaluator.errors import InputError
from evaluator.subject.joining import Table, join_tables
from evaluator.subject.problems import Problems

BASE = Table("loans.csv", pd.DataFrame({"id": [3, 1, 2], "score": [0.3, 0.1, 0.2]}))
PEOPLE = Table("people.csv", pd.DataFrame({"id": ["1", "2", "3"], "household": [10, 10, 11]}), on="id")
HOMES = Table("homes.csv", pd.DataFrame({"household": [11, 10], "rooms": [1, 5]}), on="household")
DEBTS = Table("debts.csv", pd.DataFrame({"id": [2.0, 1.0, 3.0], "debt": [20, 10, 30]}), on="id")


def joined(*tables: Table, base: Table = BASE) -> pd.DataFrame:
    problems = Problems()
    frame = join_tables(base, tables, problems)
    problems.raise_any()
    return frame


def refusal(*tables: Table, base: Table = BASE) -> str:
    with pytest.raises(InputError) as caught:
        joined(*tables, base=base)
    assert caught.value.hint
    return str(caught.value)


def test_rows_keep_the_order_of_the_evaluation_file() -> None:
    frame = joined(PEOPLE, HOMES, DEBTS)
    assert frame["id"].tolist() == [3, 1, 2]
    assert frame["debt"].tolist() == [30, 10, 20]
    assert frame["rooms"].tolist() == [1, 5, 5]


def test_the_order_of_the_files_does_not_matter() -> None:
    frames = [joined(*order) for order in permutations([PEOPLE, HOMES, DEBTS])]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_rows_without_a_partner_on_either_side() -> None:
    left_out = Table("people.csv", PEOPLE.frame.iloc[:1], on="id")
    text = refusal(left_out)
    assert "2 rows of the evaluation data have no row in it ('3', '2')" in text
    too_many = Table("people.csv", pd.concat([PEOPLE.frame, pd.DataFrame({"id": ["9"], "household": [1]})]), on="id")
    assert "1 row of it have no row in the evaluation data ('9')" in refusal(too_many)


def test_keys_missing_on_either_side() -> None:
    base = Table("loans.csv", pd.DataFrame({"id": [1.0, None], "score": [0.1, 0.2]}))
    people = Table("people.csv", pd.DataFrame({"id": [1.0, None], "sex": ["F", "M"]}), on="id")
    text = refusal(people, base=base)
    assert "2 things are wrong" in text
    assert text.count("'no key'") == 2


def test_repeated_keys_of_a_joined_file() -> None:
    text = refusal(Table("people.csv", pd.concat([PEOPLE.frame, PEOPLE.frame.iloc[:2]]), on="id"))
    assert "one row per key is required, but it has 2 keys several times ('1', '2')" in text


def test_columns_in_two_files() -> None:
    text = refusal(Table("people.csv", PEOPLE.frame.assign(score=1.0), on="id"))
    assert "columns that are in another file too: 'score'" in text


def test_a_key_that_is_nowhere_names_the_nearest() -> None:
    text = refusal(Table("people.csv", PEOPLE.frame, on="idd"))
    assert "joined on 'idd'" in text
    assert "Did you mean 'id'?" in text
    assert "no column 'id' to join on" in refusal(Table("people.csv", pd.DataFrame({"key": [1]}), on="id"))


def test_all_problems_of_all_files_are_said_at_once() -> None:
    text = refusal(
        Table("a.csv", PEOPLE.frame.iloc[:1], on="id"),
        Table("b.csv", DEBTS.frame.assign(score=1.0), on="id"),
        Table("c.csv", HOMES.frame, on="nowhere"),
    )
    assert text.startswith("3 things are wrong")
    for name in ("a.csv", "b.csv", "c.csv"):
        assert name in text


def test_joins_of_a_plan(load: Callable[..., object], make_loans: Callable[..., pd.DataFrame]) -> None:
    people = pd.DataFrame({"key": ["d", "c", "b", "a"], "sex": list("MMFF")})
    subject = load(
        make_loans(key=list("abcd")),
        {"people.parquet": people},
        data={
            "evaluation": {"path": "loans.csv"},
            "join": [{"path": "people.parquet", "on": "key"}],
            "id": "key",
            "sensitive": ["sex"],
        },
    )
    assert subject.frame["sex"].tolist() == ["F", "F", "M", "M"]  # type: ignore[attr-defined]
