"""Quantiles of weighted values, and their intervals by order statistics at binomial ranks."""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.influence import Influence
from evaluator.statistics.spread import FloatArray

ROUNDING = 1e-10
"""Shares of the weight that differ by less are the same share."""
BANDWIDTH = 2.0
"""How many standard errors of the share around a quantile its density is read from."""


class Ordered(NamedTuple):
    """Values in ascending order, and the share of the weight at or below each, shape (n,)."""

    values: FloatArray
    reached: FloatArray


def in_order(values: FloatArray, weight: FloatArray | None = None) -> Ordered:
    """Sort once, for every quantile of the same values."""
    if weight is None:
        return Ordered(np.sort(values), np.arange(1, values.size + 1) / max(1, values.size))
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return Ordered(values[order], total / total[-1] if total.size else total)


def quantile(ordered: Ordered, share: float) -> float:
    """The value that `share` of the weight does not exceed; halfway to the next one where the share is met exactly.

    Notes
    -----
    Hyndman and Fan 1996, definition 2: the usual median. A row of weight 2 is the row twice.
    """
    place = _first_reaching(ordered, share)
    value = float(ordered.values[place])
    if ordered.reached[place] > share + ROUNDING:
        return value
    above = np.searchsorted(ordered.reached, ordered.reached[place] + ROUNDING, side="right")
    return (value + float(ordered.values[min(int(above), ordered.values.size - 1)])) / 2


def ends_of_quantile(ordered: Ordered, share: float, size: float, level: float) -> tuple[float, float] | None:
    """Order statistics between which the quantile lies with probability `level` at least; None where there are none.

    Parameters
    ----------
    size : independent rows that the values are worth: n for independent rows of equal weight, else an effective size.

    Notes
    -----
    The l-th smallest of n values exceeds the quantile when fewer than l lie at or below it, a binomial event whatever
    the distribution. Too few values beyond the quantile leave an end open.
    """
    below, above = _rank(share, size, level), _rank(1 - share, size, level)
    if not below or not above:
        return None
    low = ordered.values[_first_reaching(ordered, below / size)]
    beyond = np.searchsorted(ordered.reached, 1 - above / size + ROUNDING, side="right")
    return float(low), float(ordered.values[min(int(beyond), ordered.values.size - 1)])


def influence_of_quantile(found: float, at_most: Influence, slope: float) -> Influence:
    """Influence of a quantile `found` from that of the share at or below it: minus it, over the density there.

    Parameters
    ----------
    at_most : the share of the values up to `found`.
    slope : change of the quantile with the share, `slope_at`.
    """
    return Influence(found, -slope * at_most.rows)


def slope_at(ordered: Ordered, share: float, size: float) -> float:
    """How fast the quantile grows with the share (one over the density), from the quantiles around it."""
    half = BANDWIDTH * math.sqrt(share * (1 - share) / size)
    low, high = max(0.5 / size, share - half), min(1 - 0.5 / size, share + half)
    if high <= low:
        return 0.0
    ends = [float(ordered.values[_first_reaching(ordered, end)]) for end in (low, high)]
    return (ends[1] - ends[0]) / (high - low)


def _first_reaching(ordered: Ordered, share: float) -> int:
    return min(int(np.searchsorted(ordered.reached, share - ROUNDING)), ordered.values.size - 1)


@lru_cache(maxsize=4096)
def _rank(share: float, size: float, level: float) -> int:
    """The largest l such that fewer than l of `size` values fall below the quantile with chance (1 - level) / 2 at most."""
    tail = (1 - level) / 2
    return bisect_right(
        range(int(size * share) + 1), tail, key=lambda k: float(special.betainc(size - k, k + 1, 1 - share))
    )
