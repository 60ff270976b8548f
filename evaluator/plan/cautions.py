"""What a valid plan should still be looked at for: limits that mean nothing, metrics that will not be tested."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.catalogue.metrics import METRICS, MULTICLASS, Metric
from evaluator.plan.change_checks import change_cautions
from evaluator.plan.class_cautions import class_cautions, has_scores, order_caution
from evaluator.plan.problems import field_name
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import CriterionPart, Plan


def plan_warnings(plan: Plan) -> tuple[str, ...]:
    """Warnings in the order of the plan, each starting with the field it is about."""
    resolved = resolve(plan)
    return (*_general(plan), *change_cautions(plan), *_about_threshold(resolved), *_about_criteria(resolved))


def _general(plan: Plan) -> Iterator[str]:
    if plan.task.kind == "regression":
        if plan.task.unit is None:
            yield "task.unit: without it, sentences give bare numbers."
    elif plan.task.kind == MULTICLASS:
        yield from class_cautions(plan)
    elif plan.words is None or (plan.words.positive is None and plan.words.negative is None):
        yield "words: without them, sentences speak of labelled rows instead of people and what happened to them."
    if plan.settings.keep_model and plan.model.artifact is None:
        yield "settings.keep_model: the plan names no model.artifact, so there is nothing to keep."
    if not plan.criteria:
        yield "criteria: there are none, so nothing can be held against a limit."
    elif not any(criterion.blocking for criterion in plan.criteria):
        yield "criteria: none is blocking, so missing all of them would not stop an approval."
    if unexplained := [criterion.id for criterion in plan.criteria if criterion.why is None]:
        yield f"criteria: no 'why' says where the limit comes from for {', '.join(unexplained)}."


def _about_threshold(plan: Plan) -> Iterator[str]:
    task, compare = plan.task, plan.compare_with
    if task.threshold is not None and "threshold" not in task.model_fields_set:
        yield f"task.threshold: {task.threshold:g} is assumed, because the plan names neither it nor a prediction."
    if task.kind == "binary" and task.score_kind == "rank" and task.threshold is None and task.prediction is None:
        yield "task.threshold: without it or a prediction, metrics of the decision are not tested."
    if compare and compare.threshold is not None and "threshold" not in compare.model_fields_set:
        yield "compare_with.threshold: the threshold of the task is assumed for the earlier model."


def _about_criteria(plan: Plan) -> Iterator[str]:
    for position, criterion in enumerate(plan.criteria):
        name = field_name(("criteria", position))
        if metric := METRICS.get(criterion.metric):
            yield from _about_needs(f"{name}.metric", metric, plan)
            yield from _about_earlier_model(f"{name}.against", criterion, metric, plan)
            if criterion.gap is None:
                yield from _about_limits(name, criterion, metric)
            else:
                yield from _about_gap(name, criterion, metric)


def _about_needs(name: str, metric: Metric, plan: Plan) -> Iterator[str]:
    task = plan.task
    if "probability" in metric.needs and task.score_kind == "rank":
        yield f"{name}: {metric.name} needs probabilities and the score is a rank, so it will not be tested."
    elif {"score", "probability"} & set(metric.needs) and not has_scores(task):
        yield f"{name}: {metric.name} needs a score and the plan names none, so it will not be tested."
    elif task.kind == MULTICLASS:
        yield from order_caution(name, metric, plan)
    elif "prediction" in metric.needs and task.prediction is None and task.threshold is None:
        yield f"{name}: {metric.name} needs a decision, so without a threshold or prediction it will not be tested."


def _about_earlier_model(name: str, criterion: CriterionPart, metric: Metric, plan: Plan) -> Iterator[str]:
    compare = plan.compare_with
    if criterion.against != "previous" or compare is None:
        return
    if {"score", "probability"} & set(metric.needs) and not has_scores(compare):
        yield f"{name}: {metric.name} needs a score of the earlier model, so it will not be tested."


def _about_gap(name: str, criterion: CriterionPart, metric: Metric) -> Iterator[str]:
    span = None if metric.low is None or metric.high is None else metric.high - metric.low
    if criterion.at_most is not None and span is not None and criterion.at_most >= span:
        yield f"{name}.at_most: every difference stays at or below {criterion.at_most:g}, so this limit decides nothing."
    if criterion.at_least == 0:
        yield f"{name}.at_least: every ratio reaches 0, so this limit decides nothing."


def _about_limits(name: str, criterion: CriterionPart, metric: Metric) -> Iterator[str]:
    low, high = metric.low, metric.high
    if criterion.against is not None and low is not None and high is not None:
        low, high = low - high, high - low
    if low is not None and criterion.at_least is not None and criterion.at_least <= low:
        yield f"{name}.at_least: every model reaches {criterion.at_least:g}, so this limit decides nothing."
    if high is not None and criterion.at_most is not None and criterion.at_most >= high:
        yield f"{name}.at_most: every model stays at or below {criterion.at_most:g}, so this limit decides nothing."
    if metric.direction == "higher" and criterion.at_least is None:
        yield f"{name}.at_most: higher {metric.name} is better, yet the only limit is from above."
    if metric.direction == "lower" and criterion.at_most is None:
        yield f"{name}.at_least: lower {metric.name} is better, yet the only limit is from below."
