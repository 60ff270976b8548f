from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import PlanError
from evaluator.plan.yaml_text import DEEPEST, LARGEST, MOST_VALUES, read_yaml

LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))


def error_of(text: str) -> PlanError:
    with pytest.raises(PlanError) as caught:
        read_yaml(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a: 1\nb: !!python/object/apply:os.system [ls]", "b (line 2)", "tags"),
        ("a: !local 1", "a (line 1)", "tags"),
        ("a: !unknown!b 1", "plan (line 1)", "tags"),
        ("a: &x 1", "a (line 1)", "anchors"),
        ("a: 1\nb: *x", "b (line 2)", "aliases"),
        ("a: *really", "a (line 1)", "aliases"),
        (LAUGHS, "a0 (line 1)", "anchors"),
        ("a: 1\nb: 2\na: 3", "a (line 3)", "twice, first on line 1"),
        ("a:\n  b: 1\n  b: 2", "a.b (line 3)", "twice"),
        ("a:\n\tb: 1", "plan (line 2)", "tab"),
        ("a:\tb", "plan (line 1)", "tab"),
        ("a: 1\n---\nb: 2", "plan (line 2)", "second document"),
        ("- a\n- b", "plan", "keys with values at the top"),
        ("just text", "plan", "keys with values at the top"),
        ("---\n", "plan", "keys with values at the top"),
        ("", "plan", "empty"),
        (" \n\n", "plan", "empty"),
        ("# only\n# comments", "plan", "only comments"),
        ("a: b\x00", "plan (line 1)", "NUL"),
        ("a: 1\nb: \x01", "plan (line 2)", "control character"),
        ('a: "\\0"', "a (line 1)", "NUL"),
        ('a: "\\ud800"', "a (line 1)", "surrogate"),
        ('"\\ud800": 1', "plan (line 1)", "surrogate"),
        ("\ufeffa: 1", "plan (line 1)", "byte order mark"),
        ('a: "\\Uffffffff"', "plan", "escape"),
        ("a: is it: so", "plan (line 1)", "second ': '"),
        ('a: "open', "plan (line 1)", "never closed"),
        ("a: 1\n b: 2", "plan (line 2)", "': '"),
        ("a: [1, 2\nb: 3", "plan (line 2)", "not closed"),
        ("a: @b", "plan (line 1)", "meaning of its own"),
        ('a: "b" c', "plan (line 1)", "indentation"),
        ('a: "\\q"', "plan (line 1)", "escape"),
        ("a: - b", "plan (line 1)", "list entry"),
        ("a: 1\nb\n", "plan (line 3)", "without ': '"),
        ("? [a]\n: 1", "plan (line 1)", "a key must be"),
        ("? {a: 1}\n: 1", "plan (line 1)", "a key must be"),
    ],
)
def test_what_is_not_a_plan_is_refused(text: str, where: str, message: str) -> None:
    error = error_of(text)
    assert error.message.startswith(f"{where}: ")
    assert message in error.message
    assert error.hint


def test_a_bad_directive_is_refused() -> None:
    assert error_of("%YAML 9" + "9" * 5000 + ".1\n---\na: 1").hint


def test_too_deep_is_refused() -> None:
    assert read_yaml("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1))
    for text in ("a: " + "[" * 500_000, "a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "a: " + "{b: " * 1000):
        assert f"more than {DEEPEST} levels" in error_of(text).message


def test_more_than_one_mebibyte_is_refused() -> None:
    assert "1 MiB" in error_of("a: 1 #" + "x" * LARGEST).message
    assert "1 MiB" in error_of("a: 1 #" + "é" * (LARGEST // 2)).message


def test_too_many_values_are_refused() -> None:
    assert f"{MOST_VALUES:,} values" in error_of("a:\n" + "- x\n" * (MOST_VALUES + 1)).message


def test_keys_are_text_as_written() -> None:
    document = read_yaml("levels: {1: one, 0.50: half, true: t, 2026-01-31: d, N: no}")
    assert document.data == {"levels": {"1": "one", "0.50": "half", "true": "t", "2026-01-31": "d", "N": "no"}}


def test_lines_and_spelling_are_kept() -> None:
    document = read_yaml("a: 1\nb:\n  - c: 2.30\n  - d\n")
    assert document.lines[("b", 0, "c")] == 3
    assert document.lines[("b", 1)] == 4
    assert document.written[("b", 0, "c")] == "2.30"


def test_block_text_and_quotes_are_text() -> None:
    document = read_yaml("a: '1'\nb: \"true\"\nc: |\n  1\nd: >\n  2026-01-31\n")
    assert document.data == {"a": "1", "b": "true", "c": "1\n", "d": "2026-01-31\n"}


@given(st.text(st.sampled_from("ab:- [],{}#&*!|>'\"%@`?~\n\t\\0.")) | st.text())
def test_any_text_gives_a_tree_or_a_plan_error(text: str) -> None:
    outcome: object
    try:
        outcome = read_yaml(text).data
    except PlanError as error:
        outcome = error.hint
    assert isinstance(outcome, dict) or outcome


def test_the_error_names_the_source(error_of: Callable[[str], PlanError]) -> None:
    with pytest.raises(PlanError) as caught:
        read_yaml("a: [", "loans.yaml")
    assert caught.value.message.startswith("loans.yaml (line 1): ")
