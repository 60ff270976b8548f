"""Calibration: promised probabilities against what happened."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.records import Interval
from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.spread import FloatArray, IntArray, spread_of

BINS = 10
_DRAWS = 4_096


class Bins(NamedTuple):
    """Groups of equal weight in order of probability, shape (k,) each; tied probabilities stay together."""

    promised: FloatArray
    seen: FloatArray
    weight: FloatArray
    index: IntArray
    """Bin of each row, shape (n,)."""


def equal_mass_bins(
    label: BoolArray, probability: FloatArray, weight: FloatArray | None = None, *, bins: int = BINS
) -> Bins:
    """Cut rows into at most `bins` groups of equal weight by probability; equal probabilities share a group."""
    ones = np.ones(label.size) if weight is None else weight
    order = np.argsort(probability, kind="stable")
    middle = np.cumsum(ones[order]) - ones[order] / 2
    by_rank = np.minimum((middle / ones.sum() * bins).astype(np.int64), bins - 1)
    sorted_probability = probability[order]
    starts = np.flatnonzero(np.r_[True, sorted_probability[1:] != sorted_probability[:-1]])
    sizes = np.diff(np.r_[starts, label.size])
    tied = np.repeat(by_rank[starts], sizes)
    index = np.empty(label.size, dtype=np.int64)
    index[order] = np.unique(tied, return_inverse=True)[1]
    total = np.bincount(index, weights=ones)
    promised = np.bincount(index, weights=ones * probability) / total
    seen = np.bincount(index, weights=ones * label) / total
    return Bins(promised, seen, total, index)


def calibration_error(bins: Bins) -> float:
    """Expected calibration error: mean distance between promised and seen share, weighted by bin."""
    return float(np.dot(bins.weight, np.abs(bins.seen - bins.promised)) / bins.weight.sum())


def calibration_error_interval(
    label: BoolArray, probability: FloatArray, level: float, rng: np.random.Generator, *,
    weight: FloatArray | None = None, cluster: IntArray | None = None, bins: int = BINS,
) -> tuple[float, Interval, FloatArray]:  # fmt: skip
    """Calibration error of the binned population, with an interval that holds at perfect calibration too.

    Returns
    -------
    value, interval, and the standard error of each bin's distance.

    Notes
    -----
    With e_k the sampling error of bin k, abs(estimate - truth) <= sum w_k abs(e_k) by the triangle inequality, so the
    interval is the estimate +- the `level` quantile of that sum, e_k normal with the (cluster) standard errors seen.
    Conservative; a bootstrap would not be valid here, because the estimate is positive under perfect calibration.
    """
    grouped = equal_mass_bins(label, probability, weight, bins=bins)
    value = calibration_error(grouped)
    errors = _bin_errors(label, probability, grouped, weight, cluster)
    share = grouped.weight / grouped.weight.sum()
    totals = np.abs(rng.standard_normal((_DRAWS, errors.size))) @ (share * errors)
    margin = float(np.quantile(totals, level))
    interval = Interval(max(0.0, value - margin), min(1.0, value + margin), level, "triangle_bound", "nominal")
    return value, interval, errors


def _bin_errors(
    label: BoolArray, probability: FloatArray, bins: Bins, weight: FloatArray | None, cluster: IntArray | None
) -> FloatArray:
    """Standard error of seen minus promised per bin; never below that of one imagined case of each kind."""
    ones = np.ones(label.size) if weight is None else weight
    distance = (bins.seen - bins.promised)[bins.index]
    rows = ones * (label - probability - distance) / bins.weight[bins.index]
    errors = np.empty(bins.seen.size)
    for k in range(bins.seen.size):
        inside = bins.index == k
        spread = spread_of(rows[inside], None if cluster is None else cluster[inside])
        n = int(np.count_nonzero(inside))
        smoothed = (label[inside].sum() + 0.5) / (n + 1)
        floor = math.sqrt(smoothed * (1 - smoothed) / n)
        errors[k] = floor if math.isnan(spread.se) else max(spread.se, floor)
    return errors


def cox_slope(label: BoolArray, probability: FloatArray, weight: FloatArray | None = None) -> Influence | None:
    """Slope of a logistic regression of the label on the log-odds of the probability (Cox 1958); 1 is ideal.

    Returns
    -------
    None when the regression has no finite solution (perfect separation) or the probability does not vary.
    """
    return _logistic(label, _log_odds(probability), weight)


def cox_intercept(label: BoolArray, probability: FloatArray, weight: FloatArray | None = None) -> Influence | None:
    """Shift in log-odds between promised and seen, slope held at 1; 0 is ideal. None without both outcomes."""
    if label.all() or not label.any():
        return None
    offset = _log_odds(probability)
    ones = np.ones(label.size) if weight is None else weight
    shift = 0.0
    for _ in range(100):
        fitted = special.expit(offset + shift)
        information = float(np.dot(ones, fitted * (1 - fitted)))
        if information <= 0:
            return None
        step = float(np.dot(ones, label - fitted) / information)
        shift += max(-4.0, min(4.0, step))
        if abs(step) < 1e-12:
            break
    return Influence(shift, ones * (label - fitted) / information)


def _log_odds(probability: FloatArray) -> FloatArray:
    clipped = np.clip(probability, 1e-12, 1 - 1e-12)
    odds: FloatArray = special.logit(clipped)
    return odds


def _logistic(label: BoolArray, x: FloatArray, weight: FloatArray | None) -> Influence | None:
    """Slope of label on x by Newton steps with halving, and its sandwich influence."""
    if label.all() or not label.any() or np.ptp(x) < 1e-9:
        return None
    ones = np.ones(label.size) if weight is None else weight
    design = np.column_stack([np.ones(label.size), x])
    beta = np.array([0.0, 1.0])
    loss = _loss(design @ beta, label, ones)
    for _ in range(100):
        fitted = special.expit(design @ beta)
        gradient = design.T @ (ones * (label - fitted))
        information = (design * (ones * fitted * (1 - fitted))[:, None]).T @ design
        if np.linalg.cond(information) > 1e14:
            return None
        step = np.linalg.solve(information, gradient)
        while (trial := _loss(design @ (beta + step), label, ones)) > loss + 1e-12 and np.abs(step).max() > 1e-12:
            step = step / 2
        beta, loss = beta + step, trial
        if np.abs(step).max() < 1e-10:
            scores = design * (ones * (label - special.expit(design @ beta)))[:, None]
            return Influence(float(beta[1]), scores @ np.linalg.inv(information)[:, 1])
        if abs(beta[1]) > 1e4:
            return None
    return None


def _loss(eta: FloatArray, label: BoolArray, weight: FloatArray) -> float:
    return float(np.dot(weight, np.logaddexp(0.0, eta) - label * eta))
