"""What a plan may say about the tables of Local Law 144."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan

Change = Callable[..., str]
Read = Callable[[str], PlanError]

DATA = "{path: loans.csv}}"
SENSITIVE = "{path: loans.csv}, sensitive: [sex, {column: race}]}"


def law(text: str) -> str:
    return f"fairness:\n  nyc_ll144: {{{text}}}\n"


def test_two_sensitive_columns_make_the_tables(changed: Change) -> None:
    plan = parse_plan(changed(DATA, SENSITIVE, add=law("sex: sex, race_ethnicity: race, measure: score")))
    assert plan.fairness.nyc_ll144 is not None
    assert plan.fairness.nyc_ll144.exclude_below is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("sex: sex, race_ethnicity: sex", "fairness.nyc_ll144.race_ethnicity (line 12): 'sex' is the column of sex as well.", "Name the column"),
        ("sex: sex, race_ethnicity: origin", "fairness.nyc_ll144.race_ethnicity (line 12): 'origin' is no sensitive column of this plan.", "Add 'origin' to data.sensitive"),
        ("sex: gender, race_ethnicity: race", "fairness.nyc_ll144.sex (line 12): 'gender' is no sensitive column of this plan.", "Add 'gender' to data.sensitive"),
        ("sex: sex, race_ethnicity: race, exclude_below: 0.02", "needs justification", ""),
        ("sex: sex, race_ethnicity: race, exclude_below: 0.05, justification: few", "exclude_below", ""),
    ],
    ids=["one column twice", "race is not sensitive", "sex is not sensitive", "no justification", "more than 2 per cent"],
)  # fmt: skip
def test_what_is_wrong_is_said(changed: Change, error_of: Read, text: str, message: str, hint: str) -> None:
    error = error_of(changed(DATA, SENSITIVE, add=law(text)))
    assert message in error.message
    assert hint in error.hint


def test_the_rule_is_about_selecting_or_scoring(changed: Change, error_of: Read) -> None:
    task = "{kind: binary, label: repaid, positive: 1, score: score}"
    text = changed(task, "{kind: regression, label: repaid, prediction: p}", add=law("sex: sex, race_ethnicity: race"))
    error = error_of(text.replace(DATA, SENSITIVE).replace("metric: auc", "metric: mae").replace("at_least", "at_most"))
    assert "this task is regression" in error.message
    assert "Remove nyc_ll144" in error.hint


def test_scores_need_a_score(changed: Change, error_of: Read) -> None:
    text = changed("score: score}", "prediction: decided}", add=law("sex: sex, race_ethnicity: race, measure: score"))
    error = error_of(text.replace(DATA, SENSITIVE))
    assert "the task names no score" in error.message
    assert "measure: selection" in error.hint
