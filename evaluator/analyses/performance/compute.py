"""Measurements to estimate and paired rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analyses.performance.views import View
from evaluator.catalogue.baselines import BASELINES
from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.measure import Measurement, measure
from evaluator.plan.schema import Plan
from evaluator.records import MODEL, PREVIOUS, Estimate, Paired

ANALYSIS_NAME = "performance"
FAMILY = "each on its own"
"""Estimates are not adjusted for how many are shown; criteria are declared before the results."""


def measure_all(views: Sequence[View], population_id: str, plan: Plan) -> list[Estimate]:
    """Every metric of the task for every subject on one population."""
    return [
        _estimate(metric.name, view, population_id, plan) for view in views for metric in metrics_for(plan.task.kind)
    ]


def compare_all(views: Sequence[View], population_id: str, plan: Plan) -> list[Paired]:
    """The model against each other subject, every metric, on one population."""
    by_name = {view.name: view for view in views}
    others = [name for name in (PREVIOUS, *BASELINES) if name in by_name]
    return [
        _paired(metric.name, by_name[MODEL], by_name[other], population_id, plan)
        for other in others
        for metric in metrics_for(plan.task.kind)
        if metric.name != "expected_calibration_error"
    ]


def _estimate(metric: str, view: View, population_id: str, plan: Plan) -> Estimate:
    settings = plan.settings
    unit = f"{view.name}/{population_id}"
    found = measure(
        metric, view.rows, level=settings.level, min_group=plan.data.min_group, seed=settings.seed, unit=unit
    )
    return estimate_row(found, metric, view, population_id, settings.level)


def estimate_row(found: Measurement, metric: str, view: View, population_id: str, level: float) -> Estimate:
    """One measurement as a row of the estimate table."""
    interval = found.interval
    return Estimate(
        analysis=ANALYSIS_NAME, metric=metric, class_="", subject=view.name, population_id=population_id,
        value=found.value, low=interval.low if interval else None, high=interval.high if interval else None,
        se=found.se, level=level, method=interval.method if interval else "none",
        coverage=interval.coverage if interval else "none", n=found.n, relevant_count=found.relevant_count,
        successes=found.successes, n_clusters=found.n_clusters, n_effective=found.n_effective,
        weighted=view.rows.weight is not None, family=FAMILY, family_size=1, unit=METRICS[metric].unit,
        status=found.status, reason=found.reason,
    )  # fmt: skip


def _paired(metric: str, a: View, b: View, population_id: str, plan: Plan) -> Paired:
    level = plan.settings.level
    found = compare(metric, a.rows, b.rows, level=level, min_group=plan.data.min_group)
    return paired_row(found, metric, a.name, b.name, population_id, level)


def paired_row(found: Difference, metric: str, a: str, b: str, population_id: str, level: float) -> Paired:
    """One comparison as a row of the paired table."""
    interval = found.interval
    return Paired(
        metric=metric, class_="", population_id=population_id, a=a, b=b, difference=found.value,
        low=interval.low if interval else None, high=interval.high if interval else None, se=found.se, level=level,
        method=interval.method if interval else "none", n=found.n, relevant_count=found.relevant_count,
        status=found.status, reason=found.reason,
    )  # fmt: skip
