from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan
from evaluator.plan.schema import RESERVED, ColumnPart, Part, Plan, SensitiveColumn
from evaluator.plan.shape import all_parts, annotations_of, part_at, reserved_words

Change = Callable[..., str]
Read = Callable[[str], PlanError]


@pytest.mark.parametrize(
    ("add", "message", "hint"),
    [
        ("criterias: []", "criterias (line 11): this key is unknown.", "Did you mean 'criteria'?"),
        ("Words: {}", "Words (line 11): this key is unknown.", "Did you mean 'words'?"),
        ("threshold: 0.4", "threshold (line 11): this key is unknown here.", "'threshold' belongs under 'task' or 'compare_with'."),
        ("windws: month", "windws (line 11): this key is unknown here.", "'windows' belongs under 'data'."),
        ("words: {positiv: x}", "words.positiv (line 11): this key is unknown.", "Did you mean 'positive'?"),
        ("    class_: 1", "criteria[0].class_ (line 11): this key is unknown.", "Did you mean 'class'?"),
        ("zzzzzz: 1", "zzzzzz (line 11): this key is unknown.", "Known names: "),
    ],
)  # fmt: skip
def test_unknown_keys_name_the_nearest(changed: Change, error_of: Read, add: str, message: str, hint: str) -> None:
    error = error_of(changed(add=f"{add}\n"))
    assert error.message == message
    assert error.hint.startswith(hint)


def test_unknown_keys_of_lists_and_columns_are_found(changed: Change, error_of: Read) -> None:
    text = changed("loans.csv}", "loans.csv}, sensitive: [sex, {colum: age}], columns: {age: {bandz: [1, 2]}}")
    message = error_of(text).message
    assert "data.sensitive[1].colum (line 6): this key is unknown. Did you mean 'column'?" in message
    assert "data.columns.age.bandz (line 6): this key is unknown. Did you mean 'bands'?" in message


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ("policy: house.yaml", "policy", "Remove the key 'policy' from the plan."),
        ("claims: [{text: x}]", "claims", "Remove"),
        ("refit: {call: a}", "refit", "Remove"),
        ("stress: {scenarios: [x]}", "stress", "Remove"),
        ("    under: {share: 0.05}", "criteria[0].under", "Remove the key 'under' from criteria[0]."),
    ],
)
def test_reserved_keys_are_refused_by_name(changed: Change, error_of: Read, text: str, where: str, hint: str) -> None:
    error = error_of(changed(add=f"{text}\n"))
    assert error.message.startswith(f"{where} (line 11): ")
    assert error.message.endswith(" not supported by this version of Plumbline.")
    assert error.hint.startswith(hint)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("loans.csv}", "loans.csv}, current: {path: x}", "data.current"),
        ("loans.csv}", "loans.csv}, reference: {path: x}", "data.reference"),
    ],
)
def test_reserved_keys_inside_parts_are_refused(
    changed: Change, error_of: Read, old: str, new: str, where: str
) -> None:
    message = error_of(changed(old, new)).message
    assert message.startswith(f"{where} (line ")
    assert message.endswith(" not supported by this version of Plumbline.")


def test_a_perturbation_is_refused_in_these_words(changed: Change, error_of: Read) -> None:
    assert error_of(changed(add="    under: {share: 0.05}\n")).message == (
        "criteria[0].under (line 11): criteria under a perturbation are not supported by this version of Plumbline."
    )


def test_reserved_keys_that_say_nothing_are_fine(changed: Change, smallest: str) -> None:
    empty = "policy: null\nclaims: []\nrefit:\nstress: {scenarios: []}\nsettings: {keep_model: false}\n"
    assert parse_plan(changed(add=f"    under: {{}}\n    class: null\n{empty}")) == parse_plan(smallest)


def test_every_reserved_key_is_in_the_schema() -> None:
    named = {
        words
        for part in all_parts()
        for key in annotations_of(part)
        if (words := reserved_words(part, key)) is not None
    }
    assert named == set(RESERVED.values())


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ((), Plan),
        (("data", "columns", "words"), ColumnPart),
        (("data", "sensitive", 3), SensitiveColumn),
        (("title",), None),
        (("nonsense", "more"), None),
    ],
)
def test_the_part_at_a_path(path: tuple[str | int, ...], part: type[Part] | None) -> None:
    assert part_at(path) is part
