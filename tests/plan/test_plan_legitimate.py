"""Columns that may rightly explain a difference between groups: what a plan may name, and what it may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan
from evaluator.subject.columns import legitimate_columns

Change = Callable[..., str]
Read = Callable[[str], PlanError]
DATA = "data: {evaluation: {path: loans.csv}}"
SENSITIVE = "data: {evaluation: {path: loans.csv}, sensitive: [sex, {column: age, bands: [18, 40]}], columns: {debt: {bands: [0, 5]}}}"


def fairness(listed: str, more: str = "") -> str:
    return f"fairness: {{legitimate: {listed}{more}}}\n"


@pytest.mark.parametrize(
    ("listed", "named"),
    [
        ("[]", {}),
        ("[income]", {"income": None}),
        ("[income, {column: debt, bands: [0, 5]}]", {"income": None, "debt": (0, 5)}),
        ("[{column: income, bands: [0, 10.5, 20]}]", {"income": (0, 10.5, 20)}),
    ],
)
def test_columns_known_before_the_decision_may_be_named(
    changed: Change, listed: str, named: dict[str, tuple[float, ...] | None]
) -> None:
    assert dict(legitimate_columns(parse_plan(changed(DATA, SENSITIVE, add=fairness(listed))))) == named


@pytest.mark.parametrize(
    ("listed", "message", "hint"),
    [
        ("[repaid]", "fairness.legitimate[0] (line 11): 'repaid' is the label,", "known before the decision"),
        ("[income, score]", "fairness.legitimate[1] (line 11): 'score' is the score,", "known before the decision"),
        ("[old]", "fairness.legitimate[0] (line 11): 'old' is the earlier model's prediction,", "or remove it"),
        ("[sex]", "fairness.legitimate[0] (line 11): 'sex' is a sensitive column,", "one of the two lists"),
        ("[{column: age, bands: [1, 2]}]", "fairness.legitimate[0] (line 11): 'age' is a sensitive", "one of the two"),
        ("[income, income]", "fairness.legitimate[1] (line 11): 'income' is already entry 1", "Keep one of the two."),
        (
            "[{column: income, bands: [5, 3]}]",
            "fairness.legitimate[0].bands[1] (line 11): expected edges that rise, found the number 3 after 5.",
            "Write [3, 5].",
        ),
        ("[{column: income, bands: [5]}]", "expected at least two edges, found 1.", "Write [18, 40, 65]."),
        ("[{column: debt, bands: [0, 6]}]", "differ from the bands of 'debt' under data.columns.", "in one place"),
    ],
)
def test_columns_that_cannot_explain_a_difference_are_refused(
    changed: Change, error_of: Read, listed: str, message: str, hint: str
) -> None:
    compared = "compare_with: {version: '1', prediction: old}\n" if "old" in listed else ""
    error = error_of(changed(DATA, SENSITIVE, add=fairness(listed) + compared))
    assert message in error.message
    assert hint in error.hint


def test_scores_of_classes_are_answers_too(changed: Change, error_of: Read) -> None:
    text = changed(
        "kind: binary, label: repaid, positive: 1, score: score",
        "kind: multiclass, label: repaid, scores: {a: pa, b: pb}",
    )
    text = text.replace("metric: auc", "metric: accuracy")
    error = error_of(text + fairness("[pb]"))
    assert "'pb' is the score of a class, which cannot explain" in error.message


def test_one_wrong_entry_does_not_hide_what_is_wrong_elsewhere(changed: Change, error_of: Read) -> None:
    error = error_of(changed(DATA, SENSITIVE, add=fairness("[repaid, sex]") + "analyses: [nonsense]\n"))
    assert error.message.count("\n") == 2
