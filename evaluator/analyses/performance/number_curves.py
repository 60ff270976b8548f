"""Curves of predicted numbers: seen against predicted, error by size of the label, how many are within a distance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from evaluator.metrics.number_rows import NumberRows
from evaluator.records import Interval
from evaluator.statistics import influence, intervals, proportions
from evaluator.statistics.spread import FloatArray, IntArray, effective_n, skewness_of, spread_of

GROUPS = 10
FEWEST_IN_GROUP = 20
DISTANCES = 41
HISTOGRAM_BINS = 40
FARTHEST = 0.99
"""Share of the errors that the curve of distances and the histogram cover; the rest lie in their last bins."""

Point = tuple[float, float, float | None, float | None, int]
NUMBER_CURVES = ("seen_by_predicted", "error_by_predicted", "size_by_label", "within_distance", "error_histogram")


def number_curves(rows: NumberRows, level: float) -> Iterator[tuple[str, list[Point]]]:
    """Every curve by name.

    seen_by_predicted: mean label in ten groups of equal size by predicted number. error_by_predicted: mean error in
    the same groups. size_by_label: mean absolute error in ten groups by label. within_distance: share of the rows
    whose error is at most x. error_histogram: left edge of each bin against the number of rows in it.
    """
    error = rows.predicted - rows.label
    by_predicted = equal_groups(rows.predicted)
    yield "seen_by_predicted", _means(rows, by_predicted, rows.predicted, rows.label, level)
    yield "error_by_predicted", _means(rows, by_predicted, rows.predicted, error, level)
    yield "size_by_label", _means(rows, equal_groups(rows.label), rows.label, np.abs(error), level, low=0.0)
    yield "within_distance", _within(rows, np.abs(error), level)
    yield "error_histogram", _histogram(error)


def equal_groups(values: FloatArray) -> IntArray:
    """Ten groups of equal size by value, fewer when rows are few; equal values share a group. Shape (n,)."""
    wanted = max(1, min(GROUPS, values.size // FEWEST_IN_GROUP))
    inner = np.quantile(values, np.arange(1, wanted) / wanted)
    return np.searchsorted(np.unique(inner), values, side="right").astype(np.int64)


def _means(
    rows: NumberRows, group: IntArray, across: FloatArray, up: FloatArray, level: float, low: float | None = None
) -> list[Point]:
    found: list[Point] = []
    for position in np.unique(group):
        inside = np.flatnonzero(group == position)
        interval = mean_range(up[inside], rows.take(inside), level, low=low)
        weight = None if rows.weight is None else rows.weight[inside]
        place, value = (float(np.average(numbers[inside], weights=weight)) for numbers in (across, up))
        found.append((place, value, interval.low, interval.high, inside.size))
    return sorted(found)


def mean_range(values: FloatArray, rows: NumberRows, level: float, low: float | None = None) -> Interval:
    """The interval of a mean over `rows`; `low` is the least that it can be."""
    found = influence.mean(values, rows.weight)
    spread = spread_of(found.rows, rows.real_clusters)
    if spread.n_clusters == 1 or values.size < 2:
        return Interval(None, None, level, "one_cluster", "none")
    if spread.se == 0:
        return Interval(None, None, level, "nothing_varies", "none")
    skewness = skewness_of(found.rows, rows.real_clusters)
    return intervals.skewed_interval(found.value, spread, skewness, level, low=low, high=None)


def _within(rows: NumberRows, size: FloatArray, level: float) -> list[Point]:
    far = float(np.quantile(size, FARTHEST))
    if far == 0:
        return []
    return [
        _share_within(rows, size <= distance, float(distance), level) for distance in np.linspace(0, far, DISTANCES)
    ]


def _share_within(rows: NumberRows, inside: NDArray[np.bool_], distance: float, level: float) -> Point:
    found = influence.mean(inside.astype(float), rows.weight)
    spread = spread_of(found.rows, rows.real_clusters)
    alone = rows.n if rows.weight is None else effective_n(rows.weight)
    worth = alone / max(1.0, spread.design_effect)
    interval = proportions.wilson(found.value * worth, worth, level)
    return (distance, found.value, interval.low, interval.high, rows.n)


def _histogram(error: FloatArray) -> list[Point]:
    """Errors beyond the outermost edges are counted in the outermost bins; the last point closes the last bin."""
    reach = float(np.quantile(np.abs(error), FARTHEST))
    if reach == 0:
        return []
    edges = np.linspace(-reach, reach, HISTOGRAM_BINS + 1)
    counts, _ = np.histogram(np.clip(error, -reach, reach), bins=edges)
    points: list[Point] = [
        (float(edge), float(count), None, None, int(count)) for edge, count in zip(edges, counts, strict=False)
    ]
    return [*points, (float(edges[-1]), 0.0, None, None, 0)]
