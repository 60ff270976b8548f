"""Plans of models that predict a number: one column with it, and nothing that only decisions have."""

from __future__ import annotations

import pytest

from evaluator.errors import PlanError
from evaluator.plan import parse_plan, plan_warnings
from evaluator.plan.resolving import resolve

TASK = "{kind: regression, label: progression, prediction: predicted, unit: points}"
PLAN = """\
plan_version: 1
plan: progression
title: Progression
model: {name: progression, version: "2"}
task: TASK
data: {evaluation: {path: patients.csv}}
criteria:
  - {id: close, metric: mean_absolute_error, at_most: 50}
"""


def plan_text(task: str = TASK, more: str = "") -> str:
    return PLAN.replace("TASK", task) + more


def refused(task: str = TASK, more: str = "") -> PlanError:
    with pytest.raises(PlanError) as caught:
        parse_plan(plan_text(task, more))
    return caught.value


def test_the_predicted_number_is_the_score_whichever_key_names_it() -> None:
    found = [resolve(parse_plan(plan_text(task))).task for task in (TASK, TASK.replace("prediction:", "score:"))]
    assert [(task.score, task.prediction, task.threshold, task.favourable) for task in found] == [
        ("predicted", None, None, None)
    ] * 2


def test_the_earlier_models_number_too() -> None:
    more = 'compare_with: {version: "1", prediction: before}\n'
    compare = resolve(parse_plan(plan_text(more=more))).compare_with
    assert compare is not None
    assert (compare.score, compare.prediction, compare.threshold) == ("before", None, None)


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (TASK.replace(", prediction: predicted", ""), "needs one column with the predicted number, found neither"),
        (TASK.replace("unit", "score: other, unit"), "found both a score and a prediction"),
        (TASK.replace("unit", "positive: 1, unit"), "task.positive (line 5): a regression task predicts a number"),
        (TASK.replace("unit", "threshold: 0.5, unit"), "task.threshold (line 5): a regression task predicts a number"),
        (TASK.replace("unit", "favourable: 1, unit"), "task.favourable (line 5)"),
        (TASK.replace("unit", "score_kind: rank, unit"), "task.score_kind (line 5)"),
        (TASK.replace("prediction: predicted", "prediction: progression"), "is the label"),
    ],
)
def test_what_only_decisions_have_is_refused(task: str, message: str) -> None:
    error = refused(task)
    assert message in error.message
    assert error.hint


@pytest.mark.parametrize("compare", ["prediction: before, score: other", "prediction: before, threshold: 0.4"])
def test_the_earlier_model_is_checked_alike(compare: str) -> None:
    assert "compare_with" in refused(more=f'compare_with: {{version: "1", {compare}}}\n').message


def test_metrics_and_baselines_of_another_task_are_refused_with_those_of_this_one() -> None:
    error = refused(more="  - {id: ranks, metric: auc, at_least: 0.8}\n")
    assert "metric for binary and multiclass tasks" in error.message
    assert "mean_absolute_error" in error.hint
    error = refused(more="  - {id: better, metric: mae, at_most: -1, against: baseline:majority}\n")
    assert "baseline:median" in error.hint or "baseline:mean" in error.hint
    assert parse_plan(plan_text(more="  - {id: better, metric: mae, at_most: -1, against: baseline:median}\n"))


def test_a_gap_of_distances_takes_any_limit_of_zero_or_more_and_no_ratio() -> None:
    gap = "  - {{id: alike, metric: mean_error, gap: {{by: sex{kind}}}, {limit}}}\n"
    assert parse_plan(plan_text(more=gap.format(kind="", limit="at_most: 250")))
    assert "0 or more" in refused(more=gap.format(kind="", limit="at_most: -1")).message
    assert "not a share" in refused(more=gap.format(kind=", kind: ratio", limit="at_least: 0.8")).message


def test_a_plan_without_a_unit_is_cautioned_and_words_for_outcomes_are_not_asked_for() -> None:
    assert not [line for line in plan_warnings(parse_plan(plan_text())) if line.startswith(("words", "task"))]
    bare = plan_warnings(parse_plan(plan_text(TASK.replace(", unit: points", ""))))
    assert [line for line in bare if line.startswith("task.unit")]
