"""What chance does to the distance between two distributions: how likely, how large on average, and its range."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from evaluator.statistics.distances import Apart
from evaluator.statistics.quantiles import normal_quantile, t_quantile

MOST_EXACT = 250_000
"""Pairs of rows up to which the chance of a distance is counted and not approximated."""
MEAN_OF_LARGEST = math.sqrt(math.pi / 2) * math.log(2)
"""Mean of Kolmogorov's distribution: of the largest distance of a Brownian bridge from zero."""
CELLS = 4096
"""Equally likely cells over which a tail is added up."""


def p_of_largest(apart: Apart) -> float:
    """How likely two samples of one distribution lie at least so far apart somewhere.

    Notes
    -----
    Independent rows: counted exactly up to `MOST_EXACT` pairs of rows, else Kolmogorov's distribution. Ties make either
    too large. Clusters or weights: Kolmogorov's distribution at the effective size, further lowered for few clusters.
    """
    n, m = apart.counts
    if apart.plain and n * m <= MOST_EXACT:
        from scipy.stats import ks_2samp

        first, second = apart.pooled.value[apart.inside], apart.pooled.value[~apart.inside]
        return float(min(1.0, ks_2samp(first, second, method="exact").pvalue))
    size = apart.sizes.both if apart.plain else apart.sizes.both / _few(apart.df, 0.95)
    return float(special.kolmogorov(math.sqrt(size) * apart.largest.value))


def chance_of_largest(apart: Apart) -> float:
    """The largest distance that two samples of one distribution show on average."""
    return min(1.0, MEAN_OF_LARGEST / math.sqrt(apart.sizes.both))


def range_of_largest(apart: Apart, level: float) -> tuple[float, float]:
    """Range of the largest distance, whatever the distributions.

    Notes
    -----
    The triangle inequality: no farther from what was seen than both cumulative shares are from the true ones, each by
    the inequality of Dvoretzky, Kiefer and Wolfowitz (Massart 1990): guaranteed for independent rows of equal weight.
    With clusters or weights at the effective sizes.
    """
    sizes = apart.sizes
    factor = 1.0 if apart.plain else _few(apart.df, level)
    margin = dkw_margin(sizes.inside / factor, sizes.rest / factor, level)
    value = apart.largest.value
    return max(0.0, value - margin), min(1.0, value + margin)


def dkw_margin(n: float, m: float, level: float) -> float:
    """The d such that the errors of two independent samples of n and m, each at its worst, add up to d or less.

    Each error e has P(e > x) <= 2 exp(-2 n x^2). The sum of two such is largest when both bounds are met; its tail is
    added up over `CELLS` equally likely cells, each at its upper end.
    """
    tail = 1 - np.arange(1, CELLS) / CELLS
    error = np.sqrt(np.log(2 / tail) / (2 * n))
    low, high = 0.0, float(math.sqrt(math.log(4 / (1 - level)) / 2) * (1 / math.sqrt(n) + 1 / math.sqrt(m)))

    def beyond(margin: float) -> float:
        left = np.maximum(0.0, margin - error)
        return float(np.minimum(1.0, 2 * np.exp(-2 * m * left**2)).mean()) * (CELLS - 1) / CELLS + 1 / CELLS

    if beyond(high) > 1 - level:
        return high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) <= 1 - level else (middle, high)
    return high


def chance_of_mean(apart: Apart) -> float:
    """Wasserstein's distance that two samples show on average when their distributions do not differ.

    The mean absolute value of a normal difference of cumulative shares at every place, added up.
    """
    return math.sqrt(2 / math.pi) * sum(_areas(apart)) / 2


def range_of_mean(apart: Apart, level: float) -> tuple[float, float]:
    """Range of Wasserstein's distance: the area between the two distributions that were seen, and that of their errors.

    Notes
    -----
    The triangle inequality, and errors at all places as large as a single one may be at this level: conservative, since
    they are not all largest at once.
    """
    margin = t_quantile(level, apart.df) * max(_areas(apart))
    return max(0.0, apart.mean - margin), apart.mean + margin


def _areas(apart: Apart) -> tuple[float, float]:
    """Standard errors of the difference of cumulative shares, added up over the values: between two places of the grid
    the smaller, and the larger, of those at both ends."""
    se = np.sqrt(np.maximum(apart.errors[2], 0.0))
    edges = apart.pooled.places[apart.pooled.grid]
    wide = np.diff(np.concatenate([apart.pooled.places[:1], edges, apart.pooled.places[-1:]]))
    around = np.concatenate([[0.0], se, [0.0]])
    first, second = around[:-1], around[1:]
    return float((np.minimum(first, second) * wide).sum()), float((np.maximum(first, second) * wide).sum())


def _few(df: float, level: float) -> float:
    """By how much few degrees of freedom widen a variance."""
    return (t_quantile(level, max(1.0, df)) / normal_quantile(level)) ** 2
