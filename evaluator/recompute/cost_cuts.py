"""Cuts of a cost curve as cut-offs that can be typed and drawn."""

from __future__ import annotations

import math

import numpy as np

from evaluator.statistics.cost_curve import BestCuts, CostCurve

MOST_POINTS = 200
"""Points of the curve that a picture shows."""


def written_cut(curve: CostCurve, cut: int, today: float | None = None) -> float:
    """A cut as a cut-off that decides the same: today's, else one with few digits; infinite at both ends."""
    score = curve.curve.score
    if today is not None and cut == curve.curve.today:
        return today
    if cut == 0:
        return -math.inf
    if cut == score.size:
        return math.inf
    return simplest_between(float(score[cut - 1]), float(score[cut]))


def simplest_between(low: float, high: float) -> float:
    """A number above `low` and not above `high` with as few decimals as there are, two tried first."""
    for places in range(2, 17):
        found = math.floor(high * 10**places) / 10**places
        if low < found <= high:
            return float(found)
    return high


def band_of(curve: CostCurve, cuts: BestCuts) -> tuple[float, float]:
    """All cut-offs that decide as the first to the last of the cuts do."""
    score = curve.curve.score
    low = -math.inf if cuts.first == 0 else float(score[cuts.first - 1])
    return low, math.inf if cuts.last == score.size else float(score[cuts.last])


def thinned(curve: CostCurve, probability: bool) -> tuple[tuple[float, float], ...]:
    """The curve at its own cut-offs, evenly by score, with its ends and its lowest point."""
    score, cost = curve.curve.score, curve.cost
    spread = np.searchsorted(score, np.linspace(score[0], score[-1], MOST_POINTS))
    kept = np.unique(np.append(spread, [0, min(curve.best, score.size - 1), score.size - 1]))
    points = [(float(score[at]), float(cost[at])) for at in kept]
    beyond = 1.0 if probability else float(np.nextafter(score[-1], np.inf))
    return (*points, (beyond, float(cost[-1]))) if beyond > score[-1] else tuple(points)
