"""Criteria against the catalogue: known metrics, possible limits, something to compare with."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.catalogue.baselines import BASELINES
from evaluator.catalogue.metrics import ALIASES, METRICS, Metric, canonical_metric, class_metrics_for, metrics_for
from evaluator.errors import did_you_mean
from evaluator.plan.class_checks import class_problems
from evaluator.plan.gap_checks import gap_problems
from evaluator.plan.problems import FieldPath, Problem, quoted
from evaluator.plan.schema import CriterionPart
from evaluator.plan.sections import Sections
from evaluator.records import PREVIOUS


def comparisons(kind: str | None) -> tuple[str, ...]:
    """What `against` may name for a kind of task."""
    return (PREVIOUS, *(name for name, entry in BASELINES.items() if kind is None or kind in entry.tasks))


def criteria_problems(sections: Sections) -> Iterator[Problem]:
    """Everything wrong with the criteria that the schema alone cannot see."""
    kind = sections.task.kind if sections.task else None
    yield from _repeated_ids(sections.criteria)
    for position, criterion in sections.criteria:
        path: FieldPath = ("criteria", position)
        metric = METRICS.get(canonical_metric(criterion.metric) or "")
        yield from _metric_problems((*path, "metric"), criterion.metric, metric, kind)
        yield from _against_problems((*path, "against"), criterion.against, sections.compares, comparisons(kind))
        yield from _population_problems((*path, "population"), criterion)
        yield from class_problems(path, criterion, metric, kind)
        if criterion.gap is not None:
            yield from gap_problems(path, criterion, metric)
        elif metric and criterion.against is None:
            yield from _limit_problems(path, criterion, metric)
        elif metric:
            yield from _difference_problems(path, criterion, metric)


def _repeated_ids(criteria: tuple[tuple[int, CriterionPart], ...]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for position, criterion in criteria:
        if criterion.id in first:
            message = f"'{criterion.id}' is already the id of criteria[{first[criterion.id]}]."
            yield Problem(("criteria", position, "id"), message, "Give each criterion an id of its own.")
        first.setdefault(criterion.id, position)


def _metric_problems(path: FieldPath, name: str, metric: Metric | None, kind: str | None) -> Iterator[Problem]:
    if metric is None:
        known = _names_for(kind) if kind else []
        yield Problem(path, f"the metric {quoted(name)} is unknown.", _metric_hint(name, known or list(METRICS)))
    elif kind and kind not in metric.tasks:
        tasks = " and ".join(metric.tasks)
        hint = f"Metrics for this task: {', '.join(_names_for(kind)) or 'none yet'}."
        yield Problem(path, f"'{metric.name}' is a metric for {tasks} tasks, and the plan's task is {kind}.", hint)


def _names_for(kind: str) -> list[str]:
    """Metrics of a kind of task, those of one class against the rest included."""
    return list(dict.fromkeys(entry.name for entry in (*metrics_for(kind), *class_metrics_for(kind))))


def _metric_hint(name: str, known: list[str]) -> str:
    """The nearest name, aliases included: somebody who types `recal` means `recall`."""
    aliases = [alias for alias, target in ALIASES.items() if target in known]
    hint = did_you_mean(name, [*known, *aliases])
    return hint if hint.startswith("Did") else did_you_mean("", known, limit=len(known))


def _against_problems(
    path: FieldPath, against: str | None, compares: bool, known: tuple[str, ...]
) -> Iterator[Problem]:
    if against is None:
        return
    if against not in known:
        hint = did_you_mean(against, known)
        yield Problem(path, f"expected previous or a baseline, found {quoted(against)}.", hint)
    elif against == "previous" and not compares:
        hint = 'Add compare_with: {version: "...", score: COLUMN} with the earlier model\'s score on the same rows.'
        yield Problem(path, "the plan names no earlier model to compare with.", hint)


def _population_problems(path: FieldPath, criterion: CriterionPart) -> Iterator[Problem]:
    for column, levels in criterion.population.items():
        if isinstance(levels, tuple) and not levels:
            yield Problem((*path, column), "names no level.", f"List at least one level of '{column}'.")


def _limits(criterion: CriterionPart) -> Iterator[tuple[str, float]]:
    for key, limit in (("at_least", criterion.at_least), ("at_most", criterion.at_most)):
        if limit is not None:
            yield key, limit


def _limit_problems(path: FieldPath, criterion: CriterionPart, metric: Metric) -> Iterator[Problem]:
    for key, limit in _limits(criterion):
        below = metric.low is not None and limit < metric.low
        above = metric.high is not None and limit > metric.high
        if below or above:
            message = f"expected a limit {_range_words(metric)}, the range of {metric.name}, found {limit:g}."
            yield Problem((*path, key), message, _fraction_hint(limit, metric))


def _difference_problems(path: FieldPath, criterion: CriterionPart, metric: Metric) -> Iterator[Problem]:
    if metric.low is None or metric.high is None:
        return
    span = metric.high - metric.low
    for key, limit in _limits(criterion):
        if abs(limit) > span:
            message = f"expected a difference from {-span:g} to {span:g}, because of 'against', found {limit:g}."
            yield Problem((*path, key), message, _fraction_hint(limit, metric))


def _range_words(metric: Metric) -> str:
    if metric.low is not None and metric.high is not None:
        return f"from {metric.low:g} to {metric.high:g}"
    return f"of at least {metric.low:g}" if metric.low is not None else f"of at most {metric.high:g}"


def _fraction_hint(limit: float, metric: Metric) -> str:
    if metric.high == 1 and 1 < abs(limit) <= 100:
        return f"Limits are fractions: did you mean {limit / 100:g}?"
    return "Limits are in the metric's own unit; see `python -m evaluator metrics`."
