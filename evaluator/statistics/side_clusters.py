"""How uncertain a contrast of two sides is when whole clusters are alike, and a side may hold few of them."""

from __future__ import annotations

import math

import numpy as np

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray, Spread, cluster_factors, cluster_totals


def part_of_cell(cell: IntArray, cluster: IntArray) -> FloatArray:
    """What part of the cases of its cell a case's cluster holds, above 0 and at most 1, shape (n,).

    Parameters
    ----------
    cell, cluster : non-negative integers, of every case.
    """
    width = int(cluster.max(initial=0)) + 1
    place, rows = cell * width + cluster, np.bincount(cell)
    if rows.size * width <= 8 * place.size:
        return np.asarray(np.bincount(place)[place] / rows[cell])
    _, number, alike = np.unique(place, return_inverse=True, return_counts=True)
    return np.asarray(alike[number] / rows[cell])


def grown(part: FloatArray) -> FloatArray:
    """By what influence is to be multiplied where each cell's own mean was taken from its cases.

    What is left of a cluster that is a part h of its cell has a variance too small by 1 - h (Bell and McCaffrey 2002, for
    cases that are alike); of a cluster that is all of it nothing is left, so that nothing makes up for it.
    """
    return np.asarray(1 / np.sqrt(np.where(part < 1, 1 - part, 1.0)))


def spread_of_sides(influence: FloatArray, first: BoolArray, cluster: IntArray) -> Spread:
    """Standard error of a contrast of two sides, from influence that was `grown`.

    Parameters
    ----------
    influence, first, cluster : of every case: its influence, whether it is on the first side, and its cluster.

    Returns
    -------
    Spread; NaN where a side is a single cluster, which cannot show how far clusters differ.

    Notes
    -----
    Sum of the squared influence of clusters. Degrees of freedom of Satterthwaite (1946) from those of both sides, so that
    few clusters on one side are not made up for by many on the other.
    """
    sides = [side for side in (first, ~first) if side.any()]
    totals = [cluster_totals(influence[side], cluster[side]) for side in sides]
    sizes = [cluster_totals(np.ones(np.count_nonzero(side)), cluster[side]) for side in sides]
    n_clusters = int(np.count_nonzero(np.bincount(cluster)))
    if len(sides) < 2 or min(part.size for part in totals) < 2:
        return Spread(math.nan, 1.0, n_clusters, 1.0)
    own = [float((part**2).sum()) for part in totals]
    df = [cluster_factors(rows, np.ones(rows.size))[1] for rows in sizes]
    under = sum(variance**2 / one for variance, one in zip(own, df, strict=True))
    together = sum(own) ** 2 / under if under > 0 else min(df)
    return Spread(math.sqrt(float((cluster_totals(influence, cluster) ** 2).sum())), together, n_clusters, 1.0)
