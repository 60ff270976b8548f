"""Criteria on gaps: what they may compare and on which side their limit lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan, plan_warnings

Change = Callable[..., str]
Read = Callable[[str], PlanError]


def criterion(gap: str, limit: str, metric: str = "true_positive_rate", more: str = "") -> str:
    return f"  - {{id: chances, metric: {metric}, gap: {gap}, {limit}{more}}}\n"


@pytest.mark.parametrize(
    ("gap", "limit", "metric"),
    [
        ("{by: sex}", "at_most: 0.05", "recall"),
        ("{by: [sex, age], against: overall}", "at_most: 0", "auc"),
        ("{by: sex, against: F}", "at_most: 1", "true_positive_rate"),
        ("{by: sex, kind: ratio}", "at_least: 0.8", "selection_rate"),
        ("{by: sex}", "at_most: 3.5", "log_loss"),
        ("{by: sex}", "at_most: 2", "mcc"),
    ],
)
def test_gaps_that_can_be_judged(changed: Change, gap: str, limit: str, metric: str) -> None:
    plan = parse_plan(changed(add=criterion(gap, limit, metric)))
    assert plan.criteria[1].gap is not None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            criterion("{by: sex}", "at_least: 0.05"),
            "criteria[1].at_least (line 11): a difference between groups takes at_most alone.",
            "Write at_most: a difference between groups is better the smaller it is.",
        ),
        (
            criterion("{by: sex, kind: ratio}", "at_most: 0.8"),
            "criteria[1].at_most (line 11): a ratio between groups takes at_least alone.",
            "Write at_least: a ratio, lowest to highest group, is better the closer it is to 1.",
        ),
        (
            criterion("{by: sex}", "at_most: 0.1, at_least: 0"),
            "criteria[1].at_least (line 11): a difference between groups takes at_most alone.",
            "Write at_most",
        ),
        (
            criterion("{by: sex}", "at_most: 5"),
            "criteria[1].at_most (line 11): expected a limit from 0 to 1, found 5.",
            "Limits are fractions: did you mean 0.05?",
        ),
        (
            criterion("{by: sex}", "at_most: -0.01"),
            "criteria[1].at_most (line 11): expected a limit from 0 to 1, found -0.01.",
            "The limit is the greatest difference",
        ),
        (
            criterion("{by: sex, kind: ratio}", "at_least: 80"),
            "criteria[1].at_least (line 11): expected a limit from 0 to 1, found 80.",
            "Limits are fractions: did you mean 0.8?",
        ),
        (
            criterion("{by: sex, kind: ratio}", "at_least: 0.8", metric="auc"),
            "criteria[1].gap.kind (line 11): auc is not a share of cases, and ratios are defined for shares.",
            "Write kind: difference, with at_most.",
        ),
        (
            criterion("{by: [sex, sex]}", "at_most: 0.1"),
            "criteria[1].gap.by (line 11): names 'sex' twice.",
            "Name each column once.",
        ),
        (
            criterion("{by: []}", "at_most: 0.1"),
            "criteria[1].gap.by (line 11): names no column.",
            "Name the column",
        ),
        (
            criterion("{by: [sex, age], against: F}", "at_most: 0.1"),
            "criteria[1].gap.against (line 11): groups of 2 columns cannot be held against one level.",
            "Write extremes or overall",
        ),
        (
            criterion("{by: sex}", "at_most: 0.1", more=", against: 'baseline:majority'"),
            "criteria[1].against (line 11): a criterion compares groups or models, not both at once.",
            "Remove 'against'",
        ),
    ],
)
def test_gaps_that_cannot_be_judged(changed: Change, error_of: Read, text: str, message: str, hint: str) -> None:
    error = error_of(changed(add=text))
    assert error.message == message
    assert error.hint.startswith(hint)


def test_a_gap_without_columns_says_what_to_add(changed: Change, error_of: Read) -> None:
    error = error_of(changed(add=criterion("{kind: difference}", "at_most: 0.1")))
    assert error.message == "criteria[1].gap.by (line 11): is missing."


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        (criterion("{by: sex}", "at_most: 1"), "criteria[1].at_most: every difference stays at or below 1"),
        (criterion("{by: sex, kind: ratio}", "at_least: 0"), "criteria[1].at_least: every ratio reaches 0"),
    ],
)
def test_limits_that_decide_nothing_are_pointed_out(changed: Change, text: str, caution: str) -> None:
    assert any(line.startswith(caution) for line in plan_warnings(parse_plan(changed(add=text))))


def test_a_gap_in_a_metric_that_is_better_high_needs_no_caution(changed: Change) -> None:
    plan = parse_plan(changed(add=criterion("{by: sex}", "at_most: 0.05")))
    assert not [line for line in plan_warnings(plan) if line.startswith("criteria[1]")]
