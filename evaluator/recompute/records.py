"""Measurements and differences as records."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.compare import Difference
from evaluator.metrics.measure import Measurement
from evaluator.recompute.answer import ANALYSIS, FAMILY, Contrast
from evaluator.records import Estimate, Interval, Paired


def estimate_of(
    found: Measurement, metric: str, subject: str, population_id: str, *, level: float, weighted: bool, class_: str = ""
) -> Estimate:
    """A measurement as a row of the estimate table."""
    interval = _interval(found.interval, level)
    return Estimate(
        analysis=ANALYSIS, metric=metric, class_=class_, subject=subject, population_id=population_id, value=found.value,
        low=interval.low, high=interval.high, se=found.se, level=level, method=interval.method,
        coverage=interval.coverage, n=found.n, relevant_count=found.relevant_count, successes=found.successes,
        n_clusters=found.n_clusters, n_effective=found.n_effective, weighted=weighted, family=FAMILY, family_size=1,
        unit=METRICS[metric].unit, status=found.status, reason=found.reason,
    )  # fmt: skip


def paired_of(
    found: Difference, metric: str, a: str, b: str, population_id: str, *, level: float, class_: str = ""
) -> Paired:
    """Two subjects on the same rows as a row of the paired table."""
    interval = _interval(found.interval, level)
    return Paired(
        metric=metric, class_=class_, population_id=population_id, a=a, b=b, difference=found.value, low=interval.low,
        high=interval.high, se=found.se, level=level, method=interval.method, n=found.n,
        relevant_count=found.relevant_count, status=found.status, reason=found.reason,
    )  # fmt: skip


def contrast_of(found: Difference, metric: str, subject: str, *, level: float) -> Contrast:
    """Two sides compared."""
    interval = _interval(found.interval, level)
    return Contrast(
        metric=metric, subject=subject, difference=found.value, low=interval.low, high=interval.high, se=found.se,
        level=level, method=interval.method, n=found.n, relevant_count=found.relevant_count, status=found.status,
        reason=found.reason,
    )  # fmt: skip


def _interval(interval: Interval | None, level: float) -> Interval:
    return interval or Interval(None, None, level, "none", "none")
