"""Edges that cut a quantity into bins of about equal size, at numbers that can be read aloud."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray

MOST_BINS = 10
MOST_DIGITS = 6
FEWEST_DIGITS = 2
KEPT = 0.8
"""Share of the edges that must stay apart when they are rounded."""


def readable_edges(values: FloatArray, bins: int = MOST_BINS) -> tuple[float, ...]:
    """Where to cut known, finite values into at most `bins` bins, each from an edge to under the next.

    A value that as many cases share as a bin would hold gets a bin of its own. Other edges are quantiles, rounded to as
    few digits as keep them apart. The outcome is never looked at.
    """
    if not values.size:
        return ()
    quantiles = np.unique(np.quantile(values, np.arange(1, bins) / bins, method="lower"))
    shared = _shared(values, bins)
    edges = _rounded(quantiles) if not shared.size else _around(values, quantiles, shared)
    return tuple(_fewest(values, [edge for edge in edges if edge > values.min()], bins))


def _shared(values: FloatArray, bins: int) -> FloatArray:
    """The values that as many cases have as a bin would hold."""
    found, counts = np.unique(values, return_counts=True)
    return np.asarray(found[counts * bins >= values.size])


def _around(values: FloatArray, quantiles: FloatArray, shared: FloatArray) -> list[float]:
    """The quantiles with an edge at, and one after, every shared value; nothing is rounded across these."""
    different = np.unique(values)
    after = np.searchsorted(different, shared, side="right")
    following = different[after[after < different.size]]
    return sorted({float(edge) for edge in (*quantiles, *shared, *following)})


def _rounded(edges: FloatArray) -> list[float]:
    for digits in range(FEWEST_DIGITS, MOST_DIGITS + 1):
        found = sorted({_to_digits(float(edge), digits) for edge in edges})
        if len(found) >= KEPT * len(edges):
            return found
    return [float(edge) for edge in edges]


def _to_digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else value


def _fewest(values: FloatArray, edges: Sequence[float], bins: int) -> list[float]:
    """The edges without those of the smallest bins, until there are few enough bins and none is empty."""
    kept, ordered = list(edges), np.sort(values)
    while kept:
        sizes = np.diff(np.searchsorted(ordered, [-np.inf, *kept, np.inf]))
        smallest = int(np.argmin(sizes))
        if sizes[smallest] and len(sizes) <= bins:
            break
        kept.pop(_edge_to_smaller_side(sizes, smallest))
    return kept


def _edge_to_smaller_side(sizes: IntArray, bin_: int) -> int:
    """The edge between a bin and the smaller of its neighbours; edge k lies between bins k and k + 1."""
    neighbours = [place for place in (bin_ - 1, bin_ + 1) if 0 <= place < sizes.size]
    return min(bin_, min(neighbours, key=lambda place: int(sizes[place])))
