"""The standard error of an estimate whose rows are alike in two ways at once, such as by customer and by branch."""

from __future__ import annotations

import math

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray, Spread, spread_of


def two_way_spread(influence: FloatArray, first: IntArray, second: IntArray) -> Spread:
    """Standard error when rows that share a cluster of either kind are not independent.

    Parameters
    ----------
    influence : as in `spread_of`, shape (n,).
    first, second : non-negative integer per row for each kind of cluster, shape (n,); the kinds may cross.

    Returns
    -------
    Spread with the clusters and degrees of freedom of the kind that has fewer; NaN with fewer than two of either.

    Notes
    -----
    V = V1 + V2 - V12, V12 with the crossings of both as clusters (Cameron, Gelbach and Miller 2011), and at least
    max(V1, V2), because the difference may fall below either, and below 0, by chance.
    """
    ways = [spread_of(influence, cluster) for cluster in (first, second)]
    fewer = min(ways, key=lambda way: way.df)
    if any(math.isnan(way.se) for way in ways):
        return fewer._replace(se=math.nan, design_effect=1.0)
    one, other = (way.se**2 for way in ways)
    crossed = spread_of(influence, _crossings(first, second)).se ** 2
    variance = max(one, other, one + other - crossed)
    independent = spread_of(influence).se ** 2
    return fewer._replace(se=math.sqrt(variance), design_effect=variance / independent if independent > 0 else 1.0)


def _crossings(first: IntArray, second: IntArray) -> IntArray:
    """Clusters that agree in both ways, numbered without gaps."""
    pair = first.astype(np.int64) * (int(second.max()) + 1) + second
    crossing: IntArray = np.unique(pair, return_inverse=True)[1].astype(np.int64)
    return crossing
