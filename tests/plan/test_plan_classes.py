"""Plans of models that choose one of several classes."""

from __future__ import annotations

import jsonschema
import pytest

from evaluator.catalogue.metrics import class_metrics_for, metrics_for
from evaluator.errors import PlanError
from evaluator.plan import ColumnSummary, canonical_json, json_schema, parse_plan, plan_warnings, starter_plan
from evaluator.plan.resolving import resolve
from evaluator.plan.yaml_text import read_yaml

TASK = "{kind: multiclass, label: animal, score_prefix: p_}"
CRITERION = "  - {id: right, metric: accuracy, at_least: 0.8}\n"
PLAN = """\
plan_version: 1
plan: animals
title: Animals
model: {name: animals, version: "2"}
words: {case: [photo, photos], positive: "showed {class}", predicted_positive: "read as {class}", people: false}
task: TASK
data: {evaluation: {path: animals.csv}}
criteria:
"""


def plan_text(task: str = TASK, more: str = CRITERION) -> str:
    return PLAN.replace("TASK", task) + more


def refused(task: str = TASK, more: str = CRITERION) -> PlanError:
    with pytest.raises(PlanError) as caught:
        parse_plan(plan_text(task, more))
    assert caught.value.hint
    return caught.value


def criterion(metric: str, more: str = "") -> str:
    return f"  - {{id: one, metric: {metric}, at_least: 0.5{more}}}\n"


@pytest.mark.parametrize(
    "task",
    [
        TASK,
        "{kind: multiclass, label: animal, scores: {cat: c, 'dog': d, 1: e}}",
        "{kind: multiclass, label: animal, prediction: said}",
        "{kind: multiclass, label: animal, prediction: said, score_prefix: p_, score_kind: rank}",
    ],
    ids=["prefix", "one-by-one", "prediction", "both"],
)
def test_scores_or_a_prediction_are_enough_and_nothing_is_assumed(task: str) -> None:
    plan = parse_plan(plan_text(task))
    assert (plan.task.threshold, plan.task.favourable, plan.task.positive) == (None, None, None)
    assert resolve(plan) == plan
    assert canonical_json(plan)
    assert not plan_warnings(plan) or all(line.startswith("criteria") for line in plan_warnings(plan))


def test_keys_of_scores_are_text() -> None:
    task = parse_plan(plan_text("{kind: multiclass, label: animal, scores: {1: a, true: b, <script>: c}}")).task
    assert task.scores == {"1": "a", "true": "b", "<script>": "c"}


@pytest.mark.parametrize(
    ("task", "message", "hint"),
    [
        ("{kind: multiclass, label: a}", "needs scores of the classes or a predicted class", "prediction: COLUMN"),
        ("{kind: multiclass, label: a, score: s}", "task.score (line 6): a multiclass task has one score", "score_prefix: p_"),
        (TASK.replace("}", ", scores: {cat: c}}"), "task.score_prefix (line 6): the score columns are given twice", "Keep"),
        (TASK.replace("}", ", positive: cat}"), "task.positive (line 6): a multiclass task has no positive", "Remove 'positive'"),
        (TASK.replace("}", ", threshold: 0.5}"), "task.threshold (line 6): a multiclass task", "Remove 'threshold'"),
        (TASK.replace("}", ", favourable: cat}"), "task.favourable (line 6): a multiclass task", "Remove 'favourable'"),
        ("{kind: multiclass, label: a, scores: {'': c}}", "a class without a name", "Write the class's value"),
        ("{kind: multiclass, label: a, scores: {cat: a}}", "task.scores.cat (line 6): 'a' is the label", "Name the column"),
        ("{kind: multiclass, label: a, prediction: a}", "task.prediction (line 6): 'a' is the label", "Name the column"),
        (TASK.replace("multiclass", "binary, positive: 1, score: s"), "a binary task has no score columns of several", "kind: multiclass"),
    ],
)  # fmt: skip
def test_what_a_task_must_not_have_is_refused_with_the_next_step(task: str, message: str, hint: str) -> None:
    error = refused(task)
    assert message in error.message
    assert hint in str(error)


@pytest.mark.parametrize(
    ("compare", "message"),
    [
        ("score: s", "compare_with.score (line 10): a multiclass task has one score column for each class"),
        ("score_prefix: q_, threshold: 0.5", "compare_with.threshold (line 10): a multiclass task has no threshold"),
        ("score_prefix: q_, scores: {a: b}", "compare_with.score_prefix (line 10): the score columns are given twice"),
    ],
)
def test_the_earlier_model_is_checked_alike(compare: str, message: str) -> None:
    assert message in refused(more=f'{CRITERION}compare_with: {{version: "1", {compare}}}\n').message


def test_an_earlier_model_without_answers_is_no_comparison() -> None:
    with pytest.raises(PlanError, match=r"compare_with .* needs score or prediction"):
        parse_plan(plan_text(more=f'{CRITERION}compare_with: {{version: "1", threshold: 0.5}}\n'))


@pytest.mark.parametrize("compare", ["score_prefix: q_", "scores: {cat: c}", "prediction: before"])
def test_the_earlier_model_takes_the_same_keys(compare: str) -> None:
    plan = parse_plan(plan_text(more=f'{CRITERION}compare_with: {{version: "1", {compare}}}\n'))
    assert plan.compare_with is not None
    assert plan.compare_with.threshold is None


@pytest.mark.parametrize("metric", [entry.name for entry in metrics_for("multiclass")])
def test_metrics_of_all_classes_need_none(metric: str) -> None:
    assert parse_plan(plan_text(more=criterion(metric)))


@pytest.mark.parametrize("metric", [entry.name for entry in class_metrics_for("multiclass")])
def test_metrics_of_one_class_take_it(metric: str) -> None:
    plan = parse_plan(plan_text(more=criterion(metric, ", class: 8")))
    assert plan.criteria[0].class_ == 8
    assert '"class":8' in canonical_json(plan)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (criterion("recall"), "criteria[0].class (line 9): is missing; true_positive_rate is about one class"),
        (criterion("accuracy", ", class: cat"), "criteria[0].class (line 9): accuracy is about all classes together"),
        (criterion("f1_macro", ", class: cat"), "criteria[0].class (line 9): f1_macro is about all classes together"),
        (criterion("recall", ", class: ''"), "criteria[0].class (line 9): names no class"),
        (criterion("r2"), "'r2' is a metric for regression tasks, and the plan's task is multiclass"),
    ],
)
def test_a_class_and_its_metric_fit_each_other(more: str, message: str) -> None:
    assert message in refused(more=more).message


def test_a_metric_of_one_class_names_the_one_of_all() -> None:
    assert "such as true_positive_rate_macro" in str(refused(more=criterion("recall")))


@pytest.mark.parametrize(
    "task", ["{kind: binary, label: a, positive: 1, score: s}", "{kind: regression, label: a, score: s}"]
)
def test_other_tasks_have_no_classes_to_choose_from(task: str) -> None:
    metric = "accuracy" if "binary" in task else "r2"
    assert "no classes to choose from. Remove 'class'" in str(refused(task, criterion(metric, ", class: 1")))


def test_a_gap_on_one_class_is_a_criterion() -> None:
    more = "  - {id: gap, metric: recall, class: cat, gap: {by: sex}, at_most: 0.1}\n"
    assert parse_plan(plan_text(more=more)).criteria[0].class_ == "cat"


def test_words_without_a_class_are_cautioned() -> None:
    text = plan_text().replace("showed {class}", "was right")
    assert any(line.startswith("words.positive: it does not hold {class}") for line in plan_warnings(parse_plan(text)))
    plain = "\n".join(line for line in plan_text().splitlines() if not line.startswith("words"))
    assert any("belonged to" in line for line in plan_warnings(parse_plan(plain)))


def test_metrics_that_the_plan_gives_nothing_for_are_cautioned() -> None:
    alone = "{kind: multiclass, label: animal, prediction: said}"
    assert any(
        "auc_macro needs a score" in line
        for line in plan_warnings(parse_plan(plan_text(alone, criterion("auc_macro"))))
    )
    ranked = TASK.replace("}", ", score_kind: rank}")
    lines = plan_warnings(parse_plan(plan_text(ranked, criterion("log_loss").replace("at_least", "at_most"))))
    assert any("log_loss needs probabilities" in line for line in lines)
    kappa = plan_warnings(parse_plan(plan_text(more=criterion("quadratic_kappa"))))
    assert any("data.columns.animal.ordered: true" in line for line in kappa)


def test_editors_know_the_keys() -> None:
    text = plan_text("{kind: multiclass, label: animal, scores: {cat: c}}", criterion("recall", ", class: cat"))
    jsonschema.validate(read_yaml(text).data, json_schema())


DIGITS = tuple(range(10))
COLUMNS = (
    ColumnSummary("image", "number", 900, (0, 1), 0, 899),
    ColumnSummary("digit", "number", 10, DIGITS[:5], 0, 9, DIGITS),
    *(ColumnSummary(f"pixel_{number}", "number", 10, DIGITS[:5], 0, 9, DIGITS) for number in range(6)),
    *(ColumnSummary(f"p_{digit}", "number", 800, (0.1, 0.2), 0.0, 1.0) for digit in DIGITS),
    *(ColumnSummary(f"p_1_0_{digit}", "number", 800, (0.1, 0.2), 0.0, 1.0) for digit in DIGITS),
)


def test_a_starter_guesses_several_classes_from_their_score_columns() -> None:
    plan = parse_plan(starter_plan(COLUMNS, "digits.parquet"))
    assert (plan.task.kind, plan.task.label, plan.task.score_prefix) == ("multiclass", "digit", "p_")
    assert plan.criteria[0].metric == "accuracy"


def test_a_starter_finds_the_predicted_class_by_its_name() -> None:
    animals = ("cat", "dog", "emu")
    columns = [
        ColumnSummary("animal", "category", 3, animals, levels=animals),
        ColumnSummary("predicted", "category", 3, animals, levels=animals),
        *(ColumnSummary(f"score {name}", "number", 9, (), 0.0, 1.0) for name in animals),
    ]
    task = parse_plan(starter_plan(columns, "x.csv")).task
    assert (task.label, task.score_prefix, task.prediction) == ("animal", "score ", "predicted")


@pytest.mark.parametrize("left_out", ["digit", "3"])
def test_no_classes_are_guessed_without_a_column_for_each(left_out: str) -> None:
    text = starter_plan([column for column in COLUMNS if not column.name.endswith(left_out)], "x.csv")
    assert "kind: binary" in text
    assert parse_plan(text)
