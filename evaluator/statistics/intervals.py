"""Intervals from an estimate and its spread, each on the scale where it is closest to normal."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special

from evaluator.records import Coverage, Interval
from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import Spread

NO_RANGE = "none"
FEW_CLUSTERS = 40
"""Fewer clusters than this and the linearised cluster variance is only approximate."""


def t_interval(
    value: float,
    spread: Spread,
    level: float,
    *,
    low: float | None = None,
    high: float | None = None,
    method: str = "t",
) -> Interval:
    """value +- t * se, cut to the closed range [low, high] of possible values."""
    half = t_quantile(level, spread.df) * spread.se
    bottom = value - half if low is None else max(low, value - half)
    top = value + half if high is None else min(high, value + half)
    return Interval(bottom, top, level, method, _promise(spread))


def logit_interval(value: float, spread: Spread, level: float, *, method: str = "logit") -> Interval:
    """Interval of a quantity in (0, 1) on the log-odds scale, where its standard error is se / (v (1 - v))."""
    centre = special.logit(value)
    half = t_quantile(level, spread.df) * spread.se / (value * (1 - value))
    low, high = float(special.expit(centre - half)), float(special.expit(centre + half))
    return Interval(low, high, level, method, _promise(spread))


def fisher_z_interval(value: float, spread: Spread, level: float, *, method: str = "fisher_z") -> Interval:
    """Interval of a correlation-like quantity in (-1, 1) on Fisher's z scale, standard error se / (1 - v^2)."""
    half = t_quantile(level, spread.df) * spread.se / (1 - value * value)
    low, high = math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half)
    return Interval(low, high, level, method, _promise(spread))


def newcombe_auc(auc: float, positives: float, negatives: float, level: float) -> Interval:
    """Score-type interval of the area under the ROC curve for small samples and areas near 1.

    All a with abs(auc - a) <= z * sqrt(v(a)), with Hanley and McNeil's variance v(a) and both class sizes replaced by
    their mean inside it (Newcombe 2006, method 5). A perfect separation has the lower end (alpha/2)^(1/m), m the size
    of the smaller class: m disjoint pairs are independent, each ranked rightly with probability a.
    """
    smaller = min(positives, negatives)
    tail = ((1 - level) / 2) ** (1 / smaller)
    if auc in (0.0, 1.0):
        low, high = (tail, 1.0) if auc == 1.0 else (0.0, 1 - tail)
        return Interval(low, high, level, "perfect_separation", "guaranteed")
    z = normal_quantile(level)

    def excess(candidate: float) -> float:
        return abs(auc - candidate) - z * math.sqrt(_newcombe_variance(candidate, positives, negatives))

    low = optimize.brentq(excess, 0.0, auc) if excess(0.0) > 0 else 0.0
    high = optimize.brentq(excess, auc, 1.0) if excess(1.0) > 0 else 1.0
    return Interval(float(low), float(high), level, "newcombe_5", "nominal")


def _newcombe_variance(auc: float, positives: float, negatives: float) -> float:
    half_sum = (positives + negatives) / 2
    spread = (1 - auc) / (2 - auc) + auc / (1 + auc)
    return auc * (1 - auc) * (1 + (half_sum - 1) * spread) / (positives * negatives)


def dirichlet_mcc(cells: tuple[float, float, float, float], level: float, rng: np.random.Generator) -> Interval:
    """Interval of Matthews' correlation from a Dirichlet(1/2) posterior on the cells (TP, FP, FN, TN).

    Used when a kind of error is rare: there the normal approximation covers far less than it promises.
    """
    draws = rng.dirichlet(np.asarray(cells) + 0.5, size=20_000)
    tp, fp, fn, tn = draws.T
    scale = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    values = (tp * tn - fp * fn) / scale
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high), level, "dirichlet_half", "nominal")


def _promise(spread: Spread) -> Coverage:
    few = spread.n_clusters is not None and spread.n_clusters < FEW_CLUSTERS
    return "approximate" if few else "nominal"
