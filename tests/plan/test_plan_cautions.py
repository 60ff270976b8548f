from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.plan import parse_plan, plan_warnings

Change = Callable[..., str]

QUIET = "    why: agreed\n    blocking: true\nwords: {case: [loan, loans], positive: were repaid}\n"
LIMIT = "metric: auc\n    at_least: 0.7"


def warnings_of(text: str) -> tuple[str, ...]:
    return plan_warnings(parse_plan(text))


def test_a_careful_plan_has_none(changed: Change) -> None:
    assert warnings_of(changed("score: score", "score: score, threshold: 0.5", add=QUIET)) == ()


def test_the_smallest_plan_has_general_ones(smallest: str) -> None:
    fields = [warning.split(":")[0] for warning in warnings_of(smallest)]
    assert fields == ["words", "criteria", "criteria", "task.threshold"]
    assert "0.5 is assumed" in warnings_of(smallest)[-1]


def test_a_plan_without_criteria_says_so(smallest: str) -> None:
    text = smallest[: smallest.index("criteria:")]
    assert "criteria: there are none, so nothing can be held against a limit." in warnings_of(text)


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (
            f"score: score}}\ndata: {{evaluation: {{path: loans.csv}}}}\ncriteria:\n  - id: ranks-well\n    {LIMIT}",
            "score: score, score_kind: rank}\ndata: {evaluation: {path: loans.csv}}\ncriteria:\n  - id: ranks-well\n"
            "    metric: brier_loss\n    at_most: 0.1",
            "criteria[0].metric: brier_loss needs probabilities and the score is a rank, so it will not be tested.",
        ),
        ("score: score", "score: score, score_kind: rank", "task.threshold: without it or a prediction"),
        ("score: score", "prediction: said", "criteria[0].metric: auc needs a score and the plan names none"),
        (LIMIT, "metric: auc\n    at_least: 0", "criteria[0].at_least: every model reaches 0"),
        (LIMIT, "metric: auc\n    at_least: 0.1\n    at_most: 1", "criteria[0].at_most: every model stays at or below 1"),
        (LIMIT, "metric: auc\n    at_most: 0.9", "criteria[0].at_most: higher auc is better"),
        (LIMIT, "metric: recall\n    at_most: 0.9", "criteria[0].at_most: higher true_positive_rate is better"),
        (LIMIT, "metric: fpr\n    at_least: 0.1", "criteria[0].at_least: lower false_positive_rate is better"),
        (
            LIMIT, "metric: auc\n    at_least: -1\n    against: baseline:majority", "criteria[0].at_least: every model reaches -1",
        ),
    ],
)  # fmt: skip
def test_doubtful_plans_are_named(changed: Change, old: str, new: str, warning: str) -> None:
    assert any(found.startswith(warning) for found in warnings_of(changed(old, new, add=QUIET)))


def test_a_decision_metric_without_decision(changed: Change) -> None:
    text = changed(LIMIT, "metric: accuracy\n    at_least: 0.7", add=QUIET).replace(
        "score: score", "score: s, score_kind: rank"
    )
    assert any(found.startswith("criteria[0].metric: accuracy needs a decision") for found in warnings_of(text))


def test_an_earlier_model_without_score(changed: Change) -> None:
    add = f'    against: previous\n{QUIET}compare_with: {{version: "0", prediction: old}}\n'
    assert any(
        found.startswith("criteria[0].against: auc needs a score of the earlier")
        for found in warnings_of(changed(add=add))
    )


def test_the_assumed_threshold_of_the_earlier_model(changed: Change) -> None:
    found = warnings_of(changed(add=f'{QUIET}compare_with: {{version: "0", score: old}}\n'))
    assert "compare_with.threshold: the threshold of the task is assumed for the earlier model." in found
    given = warnings_of(changed(add=f'{QUIET}compare_with: {{version: "0", score: old, threshold: 0.4}}\n'))
    assert not any(warning.startswith("compare_with") for warning in given)


def test_neither_limit_of_a_target_metric_is_doubtful(changed: Change) -> None:
    text = changed(LIMIT, "metric: selection_rate\n    at_most: 0.9", add=QUIET)
    assert not any(warning.startswith("criteria") for warning in warnings_of(text))
