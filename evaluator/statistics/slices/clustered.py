"""Slices of rows that come in clusters: the variance from the sums of clusters, for the few slices worth the time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.slices.cube import Cube
from evaluator.statistics.slices.moments import AskedRows, Moments
from evaluator.statistics.spread import MOST_LEVERAGE, FloatArray, IntArray, cluster_factors

W, WL = 1, 3
"""Places of the weight and of the weighted loss in what a row adds."""


class Clustered(NamedTuple):
    """The difference of slices from everyone else with clusters taken whole, shape (m,) each.

    `p_value` one-sided; `design` the variance over that of independent rows, at least 1; `df` degrees of freedom.
    """

    p_value: FloatArray
    design: FloatArray
    df: FloatArray


class _Whole(NamedTuple):
    """Everyone's clusters: rows, weight and weighted loss of each, and degrees of freedom of a mean over them."""

    rows: FloatArray
    w: FloatArray
    wl: FloatArray
    df: float

    def squares_about(self, mean: float) -> float:
        """Sum over clusters of (weighted loss - mean * weight) squared."""
        products = [float((a * b).sum()) for a, b in ((self.wl, self.wl), (self.wl, self.w), (self.w, self.w))]
        return products[0] - 2 * mean * products[1] + mean**2 * products[2]


class _Touched(NamedTuple):
    """The clusters that a slice has rows of, and rows, weight and weighted loss of each within the slice."""

    cluster: IntArray
    rows: FloatArray
    w: FloatArray
    wl: FloatArray


def clustered(
    cube: Cube, slices: IntArray, part: Moments, everyone: Moments, rows: AskedRows, clusters: IntArray
) -> Clustered:
    """Test slices against everyone else with the variance of whole clusters.

    Parameters
    ----------
    slices, part : numbers of the slices and their moments, shape (m,).
    everyone, rows : moments of everyone, and the rows that count.
    clusters : non-negative integer of every row of the cube, shape (n,).

    Notes
    -----
    Influence of a row: w (l - mean) / W on its own side. Its cluster totals c give V = sum c^2, where a slice's own are
    multiplied by 1 / sqrt(1 - h), h the share of the slice's rows in the cluster (Bell and McCaffrey 2002, rows that are
    alike), and everyone else's by that of the largest cluster. Never less than the variance of independent rows. Degrees of freedom of Satterthwaite (1946) from both
    sides. A slice within one cluster cannot show how far clusters differ: its p-value is 1.
    """
    own = clusters[rows.places]
    whole = _whole(own, rows)
    found = Clustered(np.ones(slices.size), np.ones(slices.size), np.ones(slices.size))
    for position, touched in _by_slice(cube, slices, rows, own):
        one = part.at(np.array(position))
        rest = everyone.minus(one)
        variance, found.df[position] = _spread(touched, one, rest, whole)
        independent = float(one.variance + rest.variance)
        found.design[position] = max(1.0, variance / independent) if independent > 0 else 1.0
        se = math.sqrt(max(variance, independent))
        if touched.cluster.size > 1 and se > 0:
            found.p_value[position] = float(special.stdtr(found.df[position], -float(one.mean - rest.mean) / se))
    return found


def _whole(own: IntArray, rows: AskedRows) -> _Whole:
    count = np.bincount(own).astype(np.float64)
    w, wl = (np.bincount(own, rows.moments[place], minlength=count.size).astype(np.float64) for place in (W, WL))
    sizes = count[count > 0]
    df = cluster_factors(sizes, np.ones(sizes.size))[1] if sizes.size > 1 else 1.0
    return _Whole(count, w, wl, df)


def _by_slice(cube: Cube, slices: IntArray, rows: AskedRows, own: IntArray) -> Iterator[tuple[int, _Touched]]:
    """Each slice's position with its clusters; all slices of a set of features in one pass."""
    places = np.searchsorted(cube.first, slices, side="right") - 1
    for place in np.unique(places):
        inside = np.flatnonzero(places == place)
        position = _positions(cube, int(place), slices[inside], inside)
        which = position[cube.keys(cube.sets[place], rows.places)]
        chosen = np.flatnonzero(which >= 0)
        yield from _split(which[chosen], own[chosen], rows.moments[:, chosen])


def _positions(cube: Cube, place: int, slices: IntArray, positions: IntArray) -> IntArray:
    """Position of the wanted slices by their number within a set, -1 for the others."""
    size = int(np.prod([cube.cards[feature] for feature in cube.sets[place]]))
    found = np.full(size, -1, dtype=np.int64)
    found[slices - cube.first[place]] = positions
    return found


def _split(which: IntArray, own: IntArray, moments: FloatArray) -> Iterator[tuple[int, _Touched]]:
    width = int(own.max(initial=0)) + 1
    pairs, place = np.unique(which * width + own, return_inverse=True)
    added = (np.ones(own.size), moments[W], moments[WL])
    sums = [np.bincount(place, part, minlength=pairs.size).astype(np.float64) for part in added]
    slice_of, cluster = np.divmod(pairs, width)
    edges = np.flatnonzero(np.diff(slice_of, prepend=-1, append=-1))
    for start, end in pairwise(edges):
        yield int(slice_of[start]), _Touched(cluster[start:end], *(part[start:end] for part in sums))


def _spread(touched: _Touched, part: Moments, rest: Moments, whole: _Whole) -> tuple[float, float]:
    """Variance of the difference and its degrees of freedom."""
    held = np.minimum(touched.rows / touched.rows.sum(), 1 - 1e-9)
    inside = (touched.wl - part.mean * touched.w) / part.w / np.sqrt(1 - held)
    grown = 1 / (1 - min(float(whole.rows.max()) / float(rest.n), MOST_LEVERAGE))
    whole_w, whole_wl = whole.w[touched.cluster], whole.wl[touched.cluster]
    outside = ((whole_wl - touched.wl) - rest.mean * (whole_w - touched.w)) / rest.w
    untouched = whole.squares_about(float(rest.mean)) - float(((whole_wl - rest.mean * whole_w) ** 2).sum())
    own = float((inside**2).sum()) or float(rest.variance * rest.n_effective) / touched.rows.size
    other = grown * (float((outside**2).sum()) + max(0.0, untouched) / float(rest.w) ** 2)
    df = cluster_factors(touched.rows, np.ones(touched.rows.size))[1] if touched.rows.size > 1 else 1.0
    under = own**2 / df + other**2 / whole.df
    variance = own + other - 2 * float((inside * outside).sum())
    return variance, (own + other) ** 2 / under if under > 0 else 1.0
