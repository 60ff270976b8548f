"""One class at a time: measurements to estimate and paired rows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evaluator.analyses.performance.compute import estimate_row, paired_row
from evaluator.analyses.performance.views import View
from evaluator.catalogue.metrics import MULTICLASS, class_metrics_for
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import compare
from evaluator.metrics.measure import measure
from evaluator.plan.schema import Plan
from evaluator.records import MODEL, PREVIOUS, Estimate, Paired, Population
from evaluator.subject.subject import Subject, criterion_class, criterion_population_id

SHARES = ("true_positive_rate", "precision")
"""What every group shows of every class: how many are found, and how many are right."""
NOT_PAIRED = frozenset({"expected_calibration_error"})


@dataclass(frozen=True, slots=True)
class ClassTables:
    """What was measured class by class on one population."""

    estimates: tuple[Estimate, ...]
    paired: tuple[Paired, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to measure of one class: for every model, for the model alone, and what to compare with whom."""

    both: tuple[str, ...]
    model: tuple[str, ...]
    against: tuple[tuple[str, str], ...]


def measure_classes(views: Sequence[View], population: Population, plan: Plan, subject: Subject) -> ClassTables:
    """Every class against the rest on one population.

    All rows: every metric for both models, and the difference between them. Groups and windows: the shares of `SHARES`
    and what criteria ask about.
    """
    estimates: list[Estimate] = []
    paired: list[Paired] = []
    for position, value in enumerate(subject.classes.values if subject.classes else ()):
        wanted = _wanted(value, population, plan, subject)
        seen = {view.name: view for view in _one_class(views, position)}
        for name, view in seen.items():
            metrics = wanted.both if name == PREVIOUS else (*wanted.both, *wanted.model) if name == MODEL else ()
            estimates += [_estimate(metric, value, view, population, plan) for metric in dict.fromkeys(metrics)]
        for metric, other in dict.fromkeys(wanted.against):
            if other in seen:
                paired.append(_paired(metric, value, seen[MODEL], seen[other], population, plan))
    return ClassTables(tuple(estimates), tuple(paired))


def _wanted(value: str, population: Population, plan: Plan, subject: Subject) -> _Wanted:
    usual = tuple(metric.name for metric in class_metrics_for(MULTICLASS))
    asked = [
        criterion
        for criterion in plan.criteria
        if criterion.gap is None
        and criterion_class(subject, criterion) == value
        and criterion_population_id(subject, criterion) == population.population_id
    ]
    named = tuple(criterion.metric for criterion in asked if criterion.against is None)
    against = tuple((criterion.metric, criterion.against) for criterion in asked if criterion.against is not None)
    if population.kind != "all":
        shares = SHARES if population.kind in ("group", "window") else ()
        return _Wanted((), (*shares, *named), against)
    pairs = tuple((metric, PREVIOUS) for metric in usual if metric not in NOT_PAIRED)
    return _Wanted(usual, named, (*pairs, *against))


def _one_class(views: Sequence[View], position: int) -> Iterator[View]:
    """The views asked about one class; copies, so that what they work out of the rows is let go with the class."""
    for view in views:
        if isinstance(view.rows, ClassRows):
            yield View(view.name, replace(view.rows).one_class(position))


def _estimate(metric: str, value: str, view: View, population: Population, plan: Plan) -> Estimate:
    settings, where = plan.settings, population.population_id
    unit = f"{view.name}/{where}/{value}"
    found = measure(
        metric, view.rows, level=settings.level, min_group=plan.data.min_group, seed=settings.seed, unit=unit
    )
    return replace(estimate_row(found, metric, view, where, settings.level), class_=value)


def _paired(metric: str, value: str, a: View, b: View, population: Population, plan: Plan) -> Paired:
    level = plan.settings.level
    found = compare(metric, a.rows, b.rows, level=level, min_group=plan.data.min_group)
    return replace(paired_row(found, metric, a.name, b.name, population.population_id, level), class_=value)
