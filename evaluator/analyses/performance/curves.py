"""Curves: ranking, precision, and what each threshold would do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.performance.number_curves import number_curves
from evaluator.analyses.performance.views import View
from evaluator.catalogue.baselines import BASELINES
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.ranges import share_range
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.records import CurvePoint, Population
from evaluator.statistics.spread import FloatArray

POINTS = 101
THRESHOLDS = 41
HISTOGRAM_BINS = 40


def curves_of(views: Sequence[View], population: Population, plan: Plan) -> list[CurvePoint]:
    """All curves of one population: every one for all rows; of its parts, those of a predicted number alone.

    Several classes have curves of their own, in `class_curves`.
    """
    found: list[CurvePoint] = []
    for view in views:
        level = plan.settings.level
        if view.name in BASELINES or view.rows.n < plan.data.min_group:
            continue
        if isinstance(view.rows, NumberRows):
            found += _number_points(view, view.rows, population, level)
            continue
        if isinstance(view.rows, ClassRows) or view.rows.score is None:
            continue
        if population.kind == "all" and 0 < view.rows.positives < view.rows.n:
            found += _points("roc", view, population, _roc(view.rows))
            found += _points("precision_recall", view, population, _precision_recall(view.rows))
            found += _points("score_histogram", view, population, _histogram(view.rows))
            found += _threshold_curves(view, view.rows, population, level)
    return found


def _number_points(view: View, rows: NumberRows, population: Population, level: float) -> list[CurvePoint]:
    """All curves of all rows; of a part, what was seen for what was predicted."""
    return [
        point
        for name, points in number_curves(rows, level)
        if population.kind == "all" or name == "seen_by_predicted"
        for point in _points(name, view, population, points)
    ]


Point = tuple[float, float, float | None, float | None, int]


def _points(name: str, view: View, population: Population, points: Sequence[Point]) -> list[CurvePoint]:
    return [CurvePoint("performance", name, "", view.name, population.population_id, *point) for point in points]


def _thin(size: int) -> np.ndarray:
    return np.unique(np.linspace(0, size - 1, POINTS).round().astype(np.int64))


def _roc(rows: BinaryRows) -> list[Point]:
    ranking = rows.ranking
    found = np.r_[0.0, ranking.true_positives / ranking.positive.sum()]
    alarms = np.r_[0.0, ranking.false_positives / ranking.negative.sum()]
    return [(float(alarms[i]), float(found[i]), None, None, rows.n) for i in _thin(found.size)]


def _precision_recall(rows: BinaryRows) -> list[Point]:
    ranking = rows.ranking
    found = ranking.true_positives / ranking.positive.sum()
    precision = ranking.true_positives / (ranking.true_positives + ranking.false_positives)
    return [(float(found[i]), float(precision[i]), None, None, rows.n) for i in _thin(found.size)]


def _histogram(rows: BinaryRows) -> list[Point]:
    """Left edge of each bin against the number of rows in it; the last bin ends at the largest score."""
    assert rows.score is not None
    low, high = _score_range(rows)
    counts, edges = np.histogram(rows.score, bins=HISTOGRAM_BINS, range=(low, high))
    points: list[Point] = [
        (float(edge), float(count), None, None, int(count)) for edge, count in zip(edges, counts, strict=False)
    ]
    return [*points, (float(edges[-1]), 0.0, None, None, 0)]


def _score_range(rows: BinaryRows) -> tuple[float, float]:
    assert rows.score is not None
    if rows.probability:
        return 0.0, 1.0
    low, high = float(rows.score.min()), float(rows.score.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _threshold_curves(view: View, rows: BinaryRows, population: Population, level: float) -> list[CurvePoint]:
    """Both error rates at evenly spaced thresholds; ties with the threshold count as positive."""
    found: list[CurvePoint] = []
    for threshold in _thresholds(rows):
        moved = _with_threshold(rows, float(threshold))
        for name, (wrong, among) in _errors(moved).items():
            interval = share_range(wrong & among, among, moved, level)
            value = _share(wrong & among, among, moved)
            n = int(np.count_nonzero(among))
            point: Point = (float(threshold), value, interval.low, interval.high, n)
            found += _points(f"threshold_{name}", view, population, [point])
    return found


def _thresholds(rows: BinaryRows) -> FloatArray:
    low, high = _score_range(rows)
    return np.linspace(low, high, THRESHOLDS)


def _with_threshold(rows: BinaryRows, threshold: float) -> BinaryRows:
    assert rows.score is not None
    return BinaryRows(rows.label, rows.score >= threshold, rows.score, rows.probability, rows.weight, rows.cluster)


def _errors(rows: BinaryRows) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    assert rows.decision is not None
    return {
        "false_negative_rate": (~rows.decision, rows.label),
        "false_positive_rate": (rows.decision, ~rows.label),
    }


def _share(counted: np.ndarray, among: np.ndarray, rows: BinaryRows) -> float:
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    return float(weight[counted].sum() / weight[among].sum())
