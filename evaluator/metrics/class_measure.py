"""One metric of all classes together on one set of rows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from evaluator.catalogue.metrics import MULTICLASS, Metric
from evaluator.metrics.class_metrics import CLASS_SHARES, TOP, class_influence, counted_rows
from evaluator.metrics.class_ranges import class_range
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measurement import Measurement, missing_answer
from evaluator.statistics.spread import effective_n, spread_of, without_rounding


def measure_classes(entry: Metric, rows: ClassRows, count: int, level: float) -> Measurement:
    """Measure a metric that the rows have what it needs for; `count` limits its precision."""
    found = class_influence(entry.name, rows)
    if found is None:
        return Measurement("undefined", f"{entry.label} is undefined on these rows.", rows.n, count)
    spread = without_rounding(spread_of(found.rows, rows.real_clusters), found.value)
    plain_share = entry.name in CLASS_SHARES and rows.weight is None
    return Measurement(
        "ok", "", rows.n, count, found.value, spread.se if math.isfinite(spread.se) else None,
        class_range(entry, rows, found.value, spread, count, level),
        int(np.count_nonzero(counted_rows(entry.name, rows))) if plain_share else None,
        spread.n_clusters, None if rows.weight is None else effective_n(rows.weight), spread.design_effect,
    )  # fmt: skip


def missing_in_classes(entry: Metric, rows: ClassRows) -> str:
    """What a metric of all classes needs and the rows lack, as a sentence; '' when nothing."""
    if MULTICLASS not in entry.tasks or entry.scope == "one_class":
        return f"{entry.label} is not about several classes together."
    if entry.name == "quadratic_kappa" and not rows.ordered:
        return "The classes have no order."
    if entry.name in TOP and TOP[entry.name] >= rows.k:
        return f"There are no more than {rows.k} classes, so {TOP[entry.name]} guesses are always enough."
    return missing_answer(
        entry, decides=rows.chosen is not None, scores=rows.scores is not None, probability=rows.probability
    )


def in_classes(entry: Metric) -> Metric:
    """The entry as several classes need it: what the smaller of two classes is to them."""
    if entry.relevant_count != "smaller_class":
        return entry
    return replace(entry, relevant_count="outside_commonest" if entry.name == "mcc" else "rarest_class")


def relevant_in_classes(entry: Metric, rows: ClassRows) -> int:
    """How many rows limit the precision of the metric: all, those of the rarest class, or those of all but one class."""
    count = in_classes(entry).relevant_count
    if count == "outside_commonest":
        return rows.n - int(rows.rows_of_class.max())
    if count == "rarest_class":
        return int(rows.rows_of_class.min())
    if count == "rarest_choice":
        return int(min(rows.rows_of_class.min(), rows.rows_of_choice.min()))
    return rows.n
