"""One metric on one set of rows: its value, its interval, and why there is none."""

from __future__ import annotations

import math

import numpy as np

from evaluator.catalogue.metrics import METRICS, Metric
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.cells import CELL_METRICS, measure_cells, relevant_in_cells
from evaluator.metrics.class_measure import in_classes, measure_classes, missing_in_classes, relevant_in_classes
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.influences import influence_of
from evaluator.metrics.measurement import RELEVANT_WORDS, Measurement, few_reason, missing_answer
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.ranges import interval_for
from evaluator.metrics.rows import BinaryRows
from evaluator.metrics.shared_ranges import LARGEST_LOSS
from evaluator.records import Interval
from evaluator.statistics.calibration import calibration_error_interval
from evaluator.statistics.influence import Influence
from evaluator.statistics.ranking import delong_spread
from evaluator.statistics.spread import Spread, effective_n, spread_of, without_rounding
from evaluator.statistics.streams import stream

__all__ = ["RELEVANT_WORDS", "Measurement", "few_reason", "measure", "relevant_count", "what_is_missing"]


def measure(metric: str, rows: AnyRows, *, level: float, min_group: int, seed: int, unit: str = "") -> Measurement:
    """Measure one catalogue metric on `rows`.

    Parameters
    ----------
    metric : canonical name.
    level : confidence level of the interval.
    min_group : fewest rows, below which the status is `too_few`; so it is below ten relevant cases.
    seed, unit : key of the random stream for the few intervals that need one; `unit` names the population.
    """
    entry = METRICS[metric]
    if missing := what_is_missing(entry, rows):
        return Measurement("not_tested", missing, rows.n, None)
    if isinstance(rows, BinaryRows) and metric in CELL_METRICS:
        return measure_cells(metric, rows.table, level=level, min_group=min_group, seed=seed, unit=unit)
    if isinstance(rows, ClassRows) and metric == "expected_calibration_error":
        return measure(metric, rows.confidence, level=level, min_group=min_group, seed=seed, unit=unit)
    if isinstance(rows, ClassRows):
        entry = in_classes(entry)
    count = relevant_count(entry, rows)
    if rows.n < min_group or count < MIN_RELEVANT:
        return Measurement("too_few", few_reason(entry, rows.n, count, min_group), rows.n, count)
    if isinstance(rows, BinaryRows) and metric == "expected_calibration_error":
        return _calibration_error(rows, count, level, seed, unit)
    if isinstance(rows, ClassRows):
        return measure_classes(entry, rows, count, level)
    found = influence_of(metric, rows)
    if found is None:
        return Measurement("undefined", f"{entry.label} is undefined on these rows.", rows.n, count)
    spread = _spread(metric, rows, found)
    rng = stream(seed, f"interval/{metric}", unit) if metric in LARGEST_LOSS else None
    interval = interval_for(entry, rows, found.value, spread, count, level, rng)
    return Measurement(
        "ok", "", rows.n, count, found.value, _finite(spread.se), interval, None, spread.n_clusters,
        None if rows.weight is None else effective_n(rows.weight), spread.design_effect,
    )  # fmt: skip


def _spread(metric: str, rows: BinaryRows | NumberRows, found: Influence) -> Spread:
    spread = spread_of(found.rows, rows.real_clusters)
    if isinstance(rows, NumberRows):
        return without_rounding(spread, found.value, unit=0.0)
    if metric == "auc" and rows.real_clusters is None and rows.weight is None:
        spread = delong_spread(found, rows.label)
    return without_rounding(spread, found.value)


def what_is_missing(entry: Metric, rows: AnyRows) -> str:
    """What the metric needs and the rows lack, as a sentence; '' when nothing."""
    if isinstance(rows, NumberRows):
        return "" if "regression" in entry.tasks else f"{entry.label} is not about a predicted number."
    if isinstance(rows, ClassRows):
        return missing_in_classes(entry, rows)
    if "binary" not in entry.tasks:
        about = "a predicted number" if "regression" in entry.tasks else "several classes together"
        return f"{entry.label} is about {about}."
    return missing_answer(
        entry, decides=rows.decision is not None, scores=rows.score is not None, probability=rows.probability
    )


def relevant_count(entry: Metric, rows: AnyRows) -> int:
    """How many rows limit the precision of the metric (catalogue: `relevant_count`)."""
    if isinstance(rows, NumberRows) or entry.relevant_count == "n":
        return rows.n
    if isinstance(rows, ClassRows):
        return relevant_in_classes(entry, rows)
    if entry.relevant_count == "positives":
        return rows.positives
    if entry.relevant_count == "negatives":
        return rows.negatives
    if entry.relevant_count == "smaller_class":
        return min(rows.positives, rows.negatives)
    return relevant_in_cells(entry, rows.table)


def _calibration_error(rows: BinaryRows, count: int, level: float, seed: int, unit: str) -> Measurement:
    assert rows.score is not None
    cluster = rows.real_clusters
    value, interval, errors = calibration_error_interval(
        rows.label, rows.score, level, stream(seed, "interval/expected_calibration_error", unit),
        weight=rows.weight, cluster=cluster, grouped=rows.bins,
    )  # fmt: skip
    n_clusters = None if cluster is None else int(np.count_nonzero(np.bincount(cluster)))
    if n_clusters == 1:
        interval = Interval(None, None, level, "one_cluster", "none")
    se = float(np.sqrt(np.dot(errors, errors)) / errors.size)
    n_effective = None if rows.weight is None else effective_n(rows.weight)
    reported = None if n_clusters == 1 else se
    return Measurement("ok", "", rows.n, count, value, reported, interval, None, n_clusters, n_effective)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
