"""Bias-corrected and accelerated intervals from the replicates of a bootstrap (Efron 1987)."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from evaluator.records import Interval
from evaluator.statistics.intervals import NO_RANGE, promise
from evaluator.statistics.spread import FloatArray, IntArray, skewness_of


def acceleration(influence: FloatArray, cluster: IntArray | None = None) -> float:
    """How fast the standard error changes with the estimate: sum d^3 / (6 (sum d^2)^1.5), d the cluster totals.

    Parameters
    ----------
    influence : derivative of the estimate in each row's weight, shape (n,).
    cluster : rows that share a number are not independent.
    """
    return skewness_of(influence, cluster) / 6


def bca_interval(
    value: float, replicates: FloatArray, acceleration: float, level: float, *, n_clusters: int | None = None
) -> Interval:
    """Interval of an estimate from its replicates, corrected for bias and for a changing standard error.

    Parameters
    ----------
    value : the estimate on all rows.
    replicates : the estimate on rows drawn again, shape (replicates,); NaN where it is undefined.
    acceleration : of `acceleration`.
    n_clusters : clusters drawn, or None for independent rows.

    Returns
    -------
    Interval; without ends where the estimate lies outside its replicates, all of them agree, or a corrected quantile does
    not exist.
    Approximate where replicates are undefined, as what they leave out is unknown.

    Notes
    -----
    z0 = normal quantile of the share of replicates below the estimate, ties half; the ends are the replicates'
    quantiles at Phi(z0 + (z0 +- z) / (1 - a (z0 +- z))).
    """
    known = replicates[~np.isnan(replicates)]
    tails = _tails(value, known, acceleration, level)
    if tails is None:
        return Interval(None, None, level, "bca", NO_RANGE)
    low, high = np.quantile(known, tails)
    coverage = promise(n_clusters) if known.size == replicates.size else "approximate"
    return Interval(float(low), float(high), level, "bca", coverage)


def _tails(value: float, replicates: FloatArray, acceleration: float, level: float) -> tuple[float, float] | None:
    """Shares of the replicates below the lower and below the upper end."""
    # Without spread the replicates say nothing about chance, and an estimate is no range.
    if replicates.size == 0 or replicates.min() == replicates.max():
        return None
    below = (np.count_nonzero(replicates < value) + np.count_nonzero(replicates <= value)) / (2 * replicates.size)
    bias, z = float(special.ndtri(below)), float(special.ndtri((1 + level) / 2))
    if math.isinf(bias) or 1 - abs(acceleration) * (abs(bias) + z) <= 0:
        return None
    low, high = (bias + (bias + end) / (1 - acceleration * (bias + end)) for end in (-z, z))
    return float(special.ndtr(low)), float(special.ndtr(high))
