"""Intervals from an estimate and its spread, each on the scale where it is closest to normal."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special

from evaluator.records import Coverage, Interval
from evaluator.statistics.influence import Influence
from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import FEW_CLUSTERS, FloatArray, IntArray, Spread, correlation_of, spread_of

NO_RANGE: Coverage = "none"
LARGE_SKEWNESS = 0.25
"""Beyond this skewness of the estimate a correction of it is only approximate."""


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
    return Interval(bottom, top, level, method, promise(spread.n_clusters))


def skewed_interval(
    value: float, spread: Spread, skewness: float, level: float, *, low: float | None = None, high: float | None = None
) -> Interval:
    """Interval of a mean of skewed values, such as losses that are rarely large: t corrected for skewness.

    Parameters
    ----------
    skewness : of the estimate, not of the rows (`spread.skewness_of`).

    Notes
    -----
    Hall 1992: the cubic t + k t^2 / 3 + k^2 t^3 / 27 + k / 6 of the t statistic is close to normal, k the skewness; its
    inverse gives the ends. As accurate as the bootstrap-t, without resampling.
    """
    if abs(skewness) < 1e-6:
        return t_interval(value, spread, level, low=low, high=high)
    quantile = t_quantile(level, spread.df)
    above, below = (
        3 / skewness * (math.cbrt(1 + skewness * (t - skewness / 6)) - 1) * spread.se for t in (quantile, -quantile)
    )
    bottom = value - above if low is None else max(low, value - above)
    top = value - below if high is None else min(high, value - below)
    if abs(skewness) > LARGE_SKEWNESS:
        return Interval(bottom, top, level, "hall", "approximate")
    return Interval(bottom, top, level, "hall", promise(spread.n_clusters))


def farther_ends(first: Interval, second: Interval, *, method: str) -> Interval:
    """From the lower of the lower ends to the higher of the higher ends; it promises what the first does."""
    assert first.low is not None
    assert first.high is not None
    assert second.low is not None
    assert second.high is not None
    low, high = min(first.low, second.low), max(first.high, second.high)
    return Interval(low, high, first.level, method, first.coverage)


def logit_interval(value: float, spread: Spread, level: float, *, method: str = "logit") -> Interval:
    """Interval of a quantity in (0, 1) on the log-odds scale, where its standard error is se / (v (1 - v))."""
    centre = special.logit(value)
    half = t_quantile(level, spread.df) * spread.se / (value * (1 - value))
    low, high = float(special.expit(centre - half)), float(special.expit(centre + half))
    return Interval(low, high, level, method, promise(spread.n_clusters))


def fisher_z_interval(value: float, spread: Spread, level: float, *, method: str = "fisher_z") -> Interval:
    """Interval of a correlation-like quantity in (-1, 1) on Fisher's z scale, standard error se / (1 - v^2)."""
    half = t_quantile(level, spread.df) * spread.se / (1 - value * value)
    low, high = math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half)
    return Interval(low, high, level, method, promise(spread.n_clusters))


def ratio_interval(
    numerator: Influence, denominator: Influence, level: float, *, cluster: IntArray | None = None
) -> Interval:
    """Interval of a ratio of two means of the same rows, the denominator positive (Fieller 1954).

    All ratios u for which numerator - u * denominator lies within t standard errors of 0; none where the denominator
    itself may be 0 as far as its rows tell.
    """
    above, below = (spread_of(part.rows, cluster) for part in (numerator, denominator))
    together = correlation_of(numerator.rows, denominator.rows, cluster) * above.se * below.se
    square = t_quantile(level, below.df) ** 2
    a = denominator.value**2 - square * below.se**2
    b = numerator.value * denominator.value - square * together
    c = numerator.value**2 - square * above.se**2
    if a <= 0:
        return Interval(None, None, level, "denominator_near_zero", NO_RANGE)
    half = math.sqrt(max(0.0, b * b - a * c))
    return Interval((b - half) / a, (b + half) / a, level, "fieller", promise(below.n_clusters))


def constant_mean(value: float, n: float, level: float, *, largest: float) -> Interval:
    """Interval of a mean of values in [0, largest] when all `n` independent rows hold the same value.

    The share of rows in the population that differ is at most u = 1 - (alpha/2)^(1/n), by the exact binomial interval
    of 0 in n; they can move the mean by no more than u times their distance to the ends.
    """
    differ = 1 - ((1 - level) / 2) ** (1 / n)
    low, high = value * (1 - differ), value + (largest - value) * differ
    return Interval(low, high, level, "constant_rows", "guaranteed")


def newcombe_auc(auc: float, positives: float, negatives: float, level: float) -> Interval:
    """Score-type interval of the area under the ROC curve for small samples and areas near 1.

    All a with abs(auc - a) <= z * sqrt(v(a)), with Hanley and McNeil's variance v(a) and both class sizes replaced by
    their mean inside it (Newcombe 2006, method 5). A perfect separation has the lower end (alpha/2)^(1/m), m the size
    of the smaller class: m disjoint pairs are independent, each ranked rightly with probability a.
    """
    smaller = min(positives, negatives)
    tail = ((1 - level) / 2) ** (1 / smaller)
    if min(auc, 1 - auc) < 1e-12:
        low, high = (tail, 1.0) if auc > 0.5 else (0.0, 1 - tail)
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

    Used when a kind of error is rare: there the normal approximation covers far less than it promises. The ends are
    moved out to the observed value where the posterior leaves it out, as it does without any error.
    """
    observed = min(1.0, max(-1.0, float(_mcc(np.asarray(cells)))))
    tail = (1 - level) / 2
    low, high = np.quantile(_mcc(rng.dirichlet(np.asarray(cells) + 0.5, size=20_000).T), [tail, 1 - tail])
    return Interval(min(float(low), observed), max(float(high), observed), level, "dirichlet_half", "nominal")


def _mcc(cells: FloatArray) -> FloatArray:
    tp, fp, fn, tn = cells
    correlation: FloatArray = (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return correlation


def promise(n_clusters: int | None) -> Coverage:
    """What a large-sample interval promises: few clusters are outside what was tested."""
    return "approximate" if n_clusters is not None and n_clusters < FEW_CLUSTERS else "nominal"
