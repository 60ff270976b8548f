"""Logistic regressions of what happened on the log-odds of what was promised, for every group at once.

All groups take their Newton steps together. A group whose steps do not settle is left to the regression of one group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.grouped_order import Segments
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray

SETTLED = 1e-8
"""Newton steps square their distance: after one this small the next would be lost in rounding."""
MOST_STEPS = 16
FARTHEST_STEP, STEEPEST_STEP = 4.0, 1.0
"""Longest step of the intercept and of the slope; longer ones overshoot."""
LEAST_VARIATION = 1e-9
"""Information beside the weight below which every shift fits nearly alike."""
WORST_CONDITION = 1e12
STEEPEST = 1e3


@dataclass(frozen=True, eq=False)
class Points:
    """Rows, or weighted points that stand for them, group after group, shape (n,); `weight` is None for equal ones."""

    label: BoolArray
    log_odds: FloatArray
    weight: FloatArray | None
    groups: Segments

    def sums(self, values: FloatArray) -> FloatArray:
        return self.groups.sums(values if self.weight is None else values * self.weight)

    def residuals(self, flat: FloatArray, slope: FloatArray | None) -> tuple[FloatArray, FloatArray]:
        """Label minus fitted, and the variance of one row, shape (n,) each."""
        eta = self.log_odds if slope is None else self.log_odds * self.groups.spread_out(slope)
        eta = eta + self.groups.spread_out(flat)
        fitted = special.expit(eta, out=eta)
        return self.label - fitted, fitted * (1 - fitted)


@dataclass(frozen=True, eq=False)
class Fit:
    """A coefficient of every group, shape (k,), NaN where the steps did not settle.

    `influence` is what one unit of weight at a point adds to the coefficient of its group, shape (n,).
    """

    value: FloatArray
    influence: FloatArray


class Start(NamedTuple):
    """Where the steps of every group begin: intercept and slope that fit all groups together."""

    flat: float = 0.0
    slope: float = 1.0


def common_start(label: BoolArray, log_odds: FloatArray) -> Start:
    """A start from all rows, or from an even sample of them; the usual one where it leads nowhere."""
    points = Points(label, log_odds, None, Segments(np.array([0, label.size])))
    flat, slope, _ = _slopes(points, np.array([True]), Start())
    return Start(float(flat[0]), float(slope[0])) if np.isfinite(flat[0] + slope[0]) else Start()


def fit_shifts(points: Points, asked: BoolArray) -> Fit:
    """`calibration.shift_of_log_odds` of every group: how far promised and seen lie apart, the slope held at 1.

    `asked` are the groups to look at, shape (k,); each must have both outcomes.
    """
    shift, gone = np.zeros(points.groups.k), ~asked
    total = points.sums(np.ones(points.label.size))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(MOST_STEPS):
            apart, variance = points.residuals(shift, None)
            information = points.sums(variance)
            step = np.clip(points.sums(apart) / information, -FARTHEST_STEP, FARTHEST_STEP)
            gone |= ~np.isfinite(step)
            shift = np.where(gone, 0.0, shift + step)
            still = np.abs(step) < SETTLED
            if (gone | still).all():
                break
        apart, variance = points.residuals(shift, None)
        information = points.sums(variance)
        settled = still & ~gone & (information > LEAST_VARIATION * total)
        influence = apart / points.groups.spread_out(information)
    return Fit(np.where(settled, shift, np.nan), influence)


def fit_slopes(points: Points, asked: BoolArray, start: Start) -> Fit:
    """`calibration.slope_on_log_odds` of every group asked about, with its sandwich influence."""
    flat, slope, settled = _slopes(points, asked, start)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        apart, variance = points.residuals(np.where(settled, flat, 0.0), np.where(settled, slope, 1.0))
        a, b, _, determinant = _information(points, variance)
        along_x = points.groups.spread_out(a / determinant) * points.log_odds
        influence = apart * (along_x - points.groups.spread_out(b / determinant))
    return Fit(np.where(settled & np.isfinite(determinant), slope, np.nan), influence)


def _slopes(points: Points, asked: BoolArray, start: Start) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Intercepts and slopes, NaN where the steps do not settle, and where they do."""
    flat, slope, gone = np.full(asked.size, start.flat), np.full(asked.size, start.slope), ~asked
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(MOST_STEPS):
            apart, variance = points.residuals(flat, slope)
            a, b, c, determinant = _information(points, variance)
            first, second = points.sums(apart), points.sums(apart * points.log_odds)
            up, along = (c * first - b * second) / determinant, (a * second - b * first) / determinant
            shorter = np.maximum(1.0, np.maximum(np.abs(up) / FARTHEST_STEP, np.abs(along) / STEEPEST_STEP))
            # A group whose steps lead nowhere must not keep the others waiting, nor overflow.
            gone |= ~np.isfinite(up + along) | (np.abs(slope + along / shorter) > STEEPEST)
            flat = np.where(gone, 0.0, flat + up / shorter)
            slope = np.where(gone, 1.0, slope + along / shorter)
            still = np.maximum(np.abs(up), np.abs(along)) < SETTLED
            if (gone | still).all():
                break
    settled: BoolArray = still & ~gone
    return np.where(settled, flat, np.nan), np.where(settled, slope, np.nan), settled


def _information(points: Points, variance: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Three entries and the determinant of every group's information matrix; NaN where it can hardly be turned round."""
    leaning = variance * points.log_odds
    a, b, c = points.sums(variance), points.sums(leaning), points.sums(leaning * points.log_odds)
    determinant = a * c - b * b
    # The larger eigenvalue over the smaller is at most the squared trace over the determinant.
    determinant[~((a + c) ** 2 < WORST_CONDITION * determinant)] = np.nan
    return a, b, c, determinant
