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
    independent = float(np.dot(influence, influence)) * n / (n - 1)
    if cluster is None:
        return Spread(math.sqrt(independent), n - 1.0, None, 1.0)
    totals = cluster_totals(influence, cluster)
    groups = totals.size
    if groups < 2:
        return Spread(math.nan, 1.0, groups, 1.0)
    variance = float(np.dot(totals, totals)) * groups / (groups - 1)
    effect = variance / independent if independent > 0 else 1.0
    return Spread(math.sqrt(variance), groups - 1.0, groups, effect)


def without_rounding(spread: Spread, value: float) -> Spread:
    """The spread, with exactly zero for a standard error that only rounding can have left."""
    if spread.se > 1e-12 * max(1.0, abs(value)):
        return spread
    return spread if math.isnan(spread.se) else spread._replace(se=0.0, design_effect=1.0)


def skewness_of(influence: FloatArray, cluster: IntArray | None = None) -> float:
    """Skewness of an estimate from its per-row influence, in [-1, 1]: sum c^3 / (sum c^2)^1.5, c the cluster totals."""
    totals = influence if cluster is None else cluster_totals(influence, cluster)
    squares = float(np.dot(totals, totals))
    return float(np.dot(totals * totals, totals)) / squares**1.5 if squares > 0 else 0.0


def cluster_totals(influence: FloatArray, cluster: IntArray) -> FloatArray:
    """Sum of influence per cluster that occurs."""
    sizes = np.bincount(cluster)
    totals: FloatArray = np.bincount(cluster, weights=influence).astype(np.float64)
    return totals[sizes > 0]


def all_alone(cluster: IntArray) -> bool:
    """Whether no two rows share a cluster."""
    return cluster.size == 0 or int(np.bincount(cluster).max()) <= 1


def effective_n(weight: FloatArray) -> float:
    """Kish's effective sample size, (sum w)^2 / sum w^2."""
    return float(weight.sum() ** 2 / np.dot(weight, weight))
