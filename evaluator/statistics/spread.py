"""From per-row influence to a standard error: independent rows, clusters, and what both say about sample size."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Spread(NamedTuple):
    """Standard error with its degrees of freedom.

    `design_effect` is the variance divided by what independent rows would give; 1 without clusters.
    """

    se: float
    df: float
    n_clusters: int | None
    design_effect: float


def spread_of(influence: FloatArray, cluster: IntArray | None = None) -> Spread:
    """Standard error of an estimate from its per-row influence.

    Parameters
    ----------
    influence : derivative of the estimate in each row's weight, summing to zero, shape (n,).
    cluster : non-negative integer per row, shape (n,); rows that share one are not independent.

    Returns
    -------
    Spread; the standard error is NaN with fewer than two rows or clusters.

    Notes
    -----
    Independent rows: V = n/(n-1) * sum d_i^2. Clusters: c_g = sum of d_i in g, V = G/(G-1) * sum c_g^2, df = G - 1
    (the linearised cluster variance).
    """
    n = influence.size
    if n < 2:
        return Spread(math.nan, 1.0, None, 1.0)
    independent = sum_of_products(influence, influence) * n / (n - 1)
    if cluster is None:
        return Spread(math.sqrt(independent), n - 1.0, None, 1.0)
    totals = cluster_totals(influence, cluster)
    groups = totals.size
    if groups < 2:
        return Spread(math.nan, 1.0, groups, 1.0)
    variance = sum_of_products(totals, totals) * groups / (groups - 1)
    effect = variance / independent if independent > 0 else 1.0
    return Spread(math.sqrt(variance), groups - 1.0, groups, effect)


def without_rounding(spread: Spread, value: float, *, unit: float = 1.0) -> Spread:
    """The spread, with exactly zero for a standard error that only rounding can have left.

    `unit` is the size of numbers whose rounding is to be expected; 0 for a value in any unit.
    """
    if spread.se > 1e-12 * max(unit, abs(value)):
        return spread
    return spread if math.isnan(spread.se) else spread._replace(se=0.0, design_effect=1.0)


def skewness_of(influence: FloatArray, cluster: IntArray | None = None) -> float:
    """Skewness of an estimate from its per-row influence, in [-1, 1]: sum c^3 / (sum c^2)^1.5, c the cluster totals."""
    totals = influence if cluster is None else cluster_totals(influence, cluster)
    squares = sum_of_products(totals, totals)
    return sum_of_products(totals * totals, totals) / squares**1.5 if squares > 0 else 0.0


def correlation_of(first: FloatArray, second: FloatArray, cluster: IntArray | None = None) -> float:
    """Correlation of two estimates on the same rows, from the influence of each row on both; 0 where one has none."""
    if cluster is not None:
        first, second = cluster_totals(first, cluster), cluster_totals(second, cluster)
    both = math.sqrt(sum_of_products(first, first) * sum_of_products(second, second))
    return max(-1.0, min(1.0, sum_of_products(first, second) / both)) if both > 0 else 0.0


def cluster_totals(influence: FloatArray, cluster: IntArray) -> FloatArray:
    """Sum of influence per cluster that occurs."""
    sizes = np.bincount(cluster)
    totals: FloatArray = np.bincount(cluster, weights=influence).astype(np.float64)
    return totals[sizes > 0]


def all_alone(cluster: IntArray) -> bool:
    """Whether no two rows share a cluster."""
    return cluster.size == 0 or int(np.bincount(cluster).max()) <= 1


def without_gaps(cluster: IntArray | None) -> IntArray | None:
    """The clusters numbered from 0 without gaps, or None when no two rows share one."""
    if cluster is None or all_alone(cluster):
        return None
    numbers = np.cumsum(np.bincount(cluster) > 0) - 1
    return numbers[cluster]


def effective_n(weight: FloatArray) -> float:
    """Kish's effective sample size, (sum w)^2 / sum w^2."""
    return float(weight.sum()) ** 2 / sum_of_products(weight, weight)


def sum_of_products(first: FloatArray, second: FloatArray) -> float:
    """Inner product without BLAS, whose threads get in each other's way when several questions are asked at once."""
    return float((first * second).sum())
