from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan.translate import _KINDS

Change = Callable[..., str]
Read = Callable[[str], PlanError]


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ('"1"', "2.30", "model.version (line 4): expected text, found the number 2.30.", 'Write version: "2.30" in quotes.'),
        (
            '"1"', "2026-01-31", "model.version (line 4): expected text, found the date 2026-01-31.",
            'Write version: "2026-01-31" in quotes.',
        ),
        ("title: Loans", "title: true", "title (line 3): expected text, found true.", 'Write title: "true" in quotes.'),
        ("title: Loans", 'title: ""', "title (line 3): expected text that is not empty, found empty text.", ""),
        ("title: Loans", "title: [a]", "title (line 3): expected text, found a list.", ""),
        ("title: Loans\n", "", "title (line 1): is missing.", "Add 'title': The name people use for this evaluation."),
        ("plan_version: 1", "plan_version: 2", "plan_version (line 1): expected 1, found the number 2.", ""),
        ("plan: loans", "plan: a..b", "plan (line 2): must not contain '..'.", ""),
        (
            "kind: binary", "kind: binry", "task.kind (line 5): expected 'binary', 'multiclass', 'regression', 'clustering', "
            "'text_generation' or 'tabular_generation', found the text 'binry'.", "Did you mean 'binary'?",
        ),
        (
            "{path: loans.csv}", "loans.csv", "data.evaluation (line 6): expected keys with values, found the text 'loans.csv'.",
            "Write evaluation: {path: loans.csv}.",
        ),
        (
            "at_least: 0.7", "at_least: high", "criteria[0].at_least (line 10): expected a number, found the text 'high'.",
            "Write it without quotes, units or separators, such as 0.75, 1000 or 2026-01-31.",
        ),
        (
            "at_least: 0.7", 'at_least: "0.7"', "criteria[0].at_least (line 10): expected a number, found the text '0.7'.",
            "Write it without quotes, units or separators, such as 0.75, 1000 or 2026-01-31.",
        ),
        ("at_least: 0.7", "at_least: true", "criteria[0].at_least (line 10): expected a number, found true.", ""),
        (
            "    at_least: 0.7\n", "", "criteria[0] (line 8): needs a limit: at_least, at_most, or both for a band.", "",
        ),
        (
            "at_least: 0.7", "{at_least: 0.7, at_most: 0.6}".strip("{}").replace(", ", "\n    "),
            "criteria[0] (line 8): at_least 0.7 is above at_most 0.6, so nothing can meet it.", "",
        ),
    ],
)  # fmt: skip
def test_one_wrong_value_gives_one_sentence(
    changed: Change, error_of: Read, old: str, new: str, message: str, hint: str
) -> None:
    error = error_of(changed(old, new))
    assert error.message == message
    assert error.hint == hint


@pytest.mark.parametrize(
    ("add", "message"),
    [
        ("settings: {keep_rows: yes}", "settings.keep_rows (line 11): expected true or false, found the text 'yes'."),
        ("settings: {seed: 1.5}", "settings.seed (line 11): expected a whole number, found the number 1.5."),
        ("settings: {seed: 010}", "settings.seed (line 11): expected a whole number, found the text '010'."),
        ("settings: {seed: true}", "settings.seed (line 11): expected a whole number, found true."),
        ("settings: {level: 95}", "settings.level (line 11): expected a number of at most 0.999, found the number 95."),
        ("use: {volume_per_year: 0}", "use.volume_per_year (line 11): expected a number above 0, found the number 0."),
        (
            "use: {costs: {false_positive: -1, false_negative: 1, unit: x}}",
            "expected a number of at least 0, found the number",
        ),
        ("use: {volume_per_year: 40,000}", "use.000 (line 11): this key is unknown."),
        ("agreed_with: Risk", "agreed_with (line 11): expected a list, found the text 'Risk'."),
        (
            "words: {case: [row]}",
            "words.case (line 11): expected a list of exactly two, found a list of 1. One case and many",
        ),
        ("words: {case: [a, b, c]}", "words.case (line 11): expected a list of at most 2, found a list of 3."),
        ("words: applicants", "words (line 11): expected keys with values, found the text 'applicants'."),
        ("stage: before relase", "stage (line 11): expected 'before release', 'in use' or 'after change', found"),
        ("assumptions: [{kind: data}]", "assumptions[0].statement (line 11): is missing."),
        ("compare_with: {version: '1'}", "compare_with (line 11): needs score or prediction"),
        ("agreed_with: [" + "x" * 2001 + "]", "expected text of at most 2,000 characters, found 2,001 characters."),
    ],
)
def test_added_parts_are_checked(changed: Change, error_of: Read, add: str, message: str) -> None:
    assert message in str(error_of(changed(add=add)))


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (
            "windows: weekly",
            "data.windows (line 6): expected 'month', 'quarter', 'year' or a list, found the text 'weekly'.",
        ),
        (
            "windows: [2026-01-01, x]",
            "data.windows[1] (line 6): expected a date such as 2026-01-31, found the text 'x'.",
        ),
        ("min_group: 5", "data.min_group (line 6): expected a number of at least 10, found the number 5."),
        ("sensitive: [4]", "data.sensitive[0] (line 6): expected text or keys with values, found the number 4."),
        ("sensitive: [{bands: [1, 2]}]", "data.sensitive[0].column (line 6): is missing."),
        (
            "columns: {a b: {bands: [1, x]}}",
            "data.columns['a b'].bands[1] (line 6): expected a number or a date such as 2026-01-31, found the text 'x'.",
        ),
        ("columns: {a: {levels: {F: 1}}}", "data.columns.a.levels.F (line 6): expected text, found the number 1."),
        ("columns: {a: sex}", "data.columns.a (line 6): expected keys with values, found the text 'sex'."),
    ],
)
def test_data_is_checked(changed: Change, error_of: Read, inside: str, message: str) -> None:
    assert message in error_of(changed("loans.csv}", f"loans.csv}}, {inside}")).message


def test_hashes_say_what_they_must_be(changed: Change, error_of: Read) -> None:
    message = error_of(changed("loans.csv}", "loans.csv, sha256: ABC}")).message
    assert message.startswith("data.evaluation.sha256 (line 6): expected 64 digits 0-9 and letters a-f")


def test_populations_take_levels_and_lists(changed: Change, error_of: Read) -> None:
    text = changed(add="    population: {age: {low: 1}}\n")
    assert (
        "criteria[0].population.age (line 11): expected text, true or false, a number, a date" in error_of(text).message
    )


def test_one_wrong_criterion_does_not_hide_the_next(changed: Change, error_of: Read) -> None:
    text = changed("at_least: 0.7", "at_least: high", add="  -\n  - {id: b, metric: aucc, at_least: 1}\n")
    assert [line.split(" ")[0] for line in error_of(text).message.splitlines()] == [
        "criteria[0].at_least", "criteria[1]", "criteria[2].metric",
    ]  # fmt: skip


def test_no_phrase_speaks_of_python() -> None:
    assert not any(word in phrase for phrase in _KINDS.values() for word in ("tuple", "dict", "str ", "float", "int "))
