"""Means over drawn rows, weighted back to the population, and how uncertain they are together."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.drawing import Drawn
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray, effective_n


class Means(NamedTuple):
    """Weighted means of several columns, shape (k,), their covariance, shape (k, k), and degrees of freedom."""

    value: FloatArray
    covariance: FloatArray
    df: float

    @property
    def se(self) -> FloatArray:
        return np.sqrt(np.diag(self.covariance))

    def half_width(self, level: float) -> FloatArray:
        """Half of the t interval of each mean."""
        width: FloatArray = t_quantile(level, self.df) * self.se
        return width


def weighted_means(values: FloatArray, drawn: Drawn) -> Means:
    """Means of the columns of `values`, shape (n, k), for the population that the rows were drawn from.

    Notes
    -----
    Ratio of Horvitz-Thompson sums. With u_i = w_i (y_i - mean), w_i the row's own weight, the variance is that of
    two-phase sampling: within strata sum_h (N_h/n_h)^2 n_h/(n_h - 1) sum (u_i - u_h)^2, plus between them
    sum_h N_h u_h^2, both over the square of the total weight. The population is itself a sample, so that drawing every
    row leaves the variance of a plain mean. With clusters the linearised cluster variance of the weighted mean is
    used, which does not count the gain from strata.
    """
    weight = drawn.weight
    total = weight.sum()
    mean = weight @ values / total
    if drawn.cluster is not None and (groups := np.unique(drawn.cluster)).size < drawn.n:
        return _clustered(weight[:, None] * (values - mean) / total, np.searchsorted(groups, drawn.cluster), mean)
    parts = _two_phases(drawn.own[:, None] * (values - mean) / total, drawn)
    # Few rows of large weight tell no more than as many rows of equal weight as they amount to.
    return Means(mean, parts.T @ parts, max(min(drawn.n, effective_n(drawn.own)) - drawn.size.size, 1.0))


def _two_phases(u: FloatArray, drawn: Drawn) -> FloatArray:
    """Rows whose squares add up to the variance: one for each drawn row, and one for each stratum."""
    several = (drawn.taken > 1).astype(np.float64)
    inside = sums_by_group(u, drawn.stratum) / drawn.taken[:, None]
    step = drawn.size / drawn.taken * np.sqrt(drawn.taken / np.maximum(drawn.taken - 1, 1))
    within = step[drawn.stratum, None] * (u - (several[:, None] * inside)[drawn.stratum])
    return np.concatenate([within, np.sqrt(drawn.size)[:, None] * inside])


def _clustered(influence: FloatArray, group: IntArray, mean: FloatArray) -> Means:
    """Unknown, not zero, with a single cluster."""
    totals = sums_by_group(influence, group)
    g = totals.shape[0]
    factor = g / (g - 1) if g > 1 else math.nan
    return Means(mean, factor * (totals.T @ totals), max(g - 1, 1))


def sums_by_group(values: FloatArray, group: IntArray, groups: int = 0) -> FloatArray:
    """Sums of each column by group, shape (groups, k); `groups` is how many there are at least."""
    sums = [np.bincount(group, weights=column, minlength=groups) for column in values.T]
    return np.stack(sums, axis=1).astype(np.float64)
