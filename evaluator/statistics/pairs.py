"""Intervals for many pairs of groups at once: differences, ratios, and what holds for all pairs together.

Every argument is an array with one entry per pair (or per group); `quantile` is the two-sided quantile of the level
that one pair takes, such as 1 - alpha / number of pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.spread import FloatArray

FARTHEST = 60.0
"""Largest logarithm of a ratio that is looked at; its exponential is far beyond any ratio of counts."""
MOST_STEPS = 100


class Ends(NamedTuple):
    """Lower and upper ends, shape (k,) each."""

    low: FloatArray
    high: FloatArray


class Span(NamedTuple):
    """What the largest difference, or the smallest ratio, is at least and at most, over all pairs together."""

    at_least: float
    at_most: float


def quantiles(level: float, df: FloatArray) -> FloatArray:
    """Two-sided quantile of Student's t for each number of degrees of freedom; infinite ones give the normal."""
    known = np.isfinite(df)
    found: FloatArray = np.full(df.shape, special.ndtri((1 + level) / 2))
    found[known] = special.stdtrit(df[known], (1 + level) / 2)
    return found


def wilson_ends(share: FloatArray, n: FloatArray, quantile: FloatArray) -> Ends:
    """Wilson score intervals (Wilson 1927); `n` may be fractional, an effective sample size."""
    square = quantile**2 / n
    centre = (share + square / 2) / (1 + square)
    half = np.sqrt(square * share * (1 - share) + square**2 / 4) / (1 + square)
    low = np.where(share <= 0, 0.0, np.maximum(0.0, centre - half))
    high = np.where(share >= 1, 1.0, np.minimum(1.0, centre + half))
    return Ends(low, high)


def mover_difference(
    first: FloatArray, first_ends: Ends, second: FloatArray, second_ends: Ends, correlation: FloatArray
) -> Ends:
    """Intervals of `first - second` from the intervals of both (MOVER with correlation, Zou 2007).

    With Wilson intervals and no correlation this is Newcombe's method 10.
    """
    difference = first - second
    below, above = first - first_ends.low, first_ends.high - first
    other_below, other_above = second - second_ends.low, second_ends.high - second
    low = difference - _joined(below, other_above, correlation)
    high = difference + _joined(above, other_below, correlation)
    return Ends(low, high)


def _joined(first: FloatArray, second: FloatArray, correlation: FloatArray) -> FloatArray:
    square = first**2 + second**2 - 2 * correlation * first * second
    joined: FloatArray = np.sqrt(np.maximum(0.0, square))
    return joined


def koopman_ends(
    share_a: FloatArray, n_a: FloatArray, share_b: FloatArray, n_b: FloatArray, quantile: FloatArray
) -> Ends:
    """Score intervals of share_a / share_b (Koopman 1984): the ratios that the score test does not reject.

    Returns
    -------
    Ends in [0, inf]; the upper end is infinite where `share_b` is 0, and nothing is known where both are.
    """
    counts = (share_a * n_a, n_a, share_b * n_b, n_b)
    x, y = counts[0], counts[2]
    some_a, some_b = x > 0, y > 0
    best = np.log(np.maximum(x, 0.5) / n_a) - np.log(np.maximum(y, 0.5) / n_b)
    step = quantile * np.sqrt(1 / np.maximum(x, 0.5) + 1 / np.maximum(y, 0.5))
    low, high = np.zeros(x.size), np.full(x.size, np.inf)
    # Where one side has no successes the statistic falls to 0 in one direction and never rises again.
    for ends, some, near, far in (
        (low, some_a, np.where(some_b, best, FARTHEST), best - step),
        (high, some_b, np.where(some_a, best, -FARTHEST), best + step),
    ):
        x_a, m, x_b, n = (count[some] for count in counts)
        ends[some] = np.exp(_crossing((x_a, m, x_b, n), quantile[some], near[some], far[some]))
    return Ends(low, high)


Counts = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _crossing(counts: Counts, quantile: FloatArray, near: FloatArray, far: FloatArray) -> FloatArray:
    """Log of the ratio at which the score statistic reaches the quantile, from `near`, where it is below, towards `far`.

    Regula falsi with the Illinois rule: the root of the statistic is close to linear in the log of the ratio.
    """
    excess_near, excess_far = (_koopman_root(counts, np.exp(end)) - quantile for end in (near, far))
    while (short := (excess_far < 0) & (np.abs(far) < FARTHEST)).any():
        far = np.where(short, np.clip(far + (far - near), -FARTHEST, FARTHEST), far)
        excess_far = _koopman_root(counts, np.exp(far)) - quantile
    for _ in range(MOST_STEPS):
        slope = np.where(excess_far == excess_near, 1.0, excess_far - excess_near)
        middle = far - excess_far * (far - near) / slope
        excess = _koopman_root(counts, np.exp(np.clip(middle, -FARTHEST, FARTHEST))) - quantile
        crossed = (excess < 0) != (excess_far < 0)
        near = np.where(crossed, far, near)
        excess_near = np.where(crossed, excess_far, excess_near / 2)
        far, excess_far = middle, excess
        if (np.abs(excess) < 1e-10).all():
            break
    return np.asarray(np.clip(far, -FARTHEST, FARTHEST), dtype=np.float64)


def _koopman_root(counts: Counts, ratio: FloatArray) -> FloatArray:
    """Root of Koopman's chi-square for p_a / p_b = ratio, at the restricted maximum-likelihood shares."""
    x, m, y, n = counts
    a = (m + n) * ratio
    b = (m + y) * ratio + x + n
    # The smaller root of a p^2 - b p + (x + y), in the form that does not cancel.
    p_b = np.minimum(1.0, 2 * (x + y) / (b + np.sqrt(np.maximum(0.0, b * b - 4 * a * (x + y)))))
    p_a = np.minimum(1.0, p_b * ratio)
    root: FloatArray = np.sqrt(_standardised(x, m, p_a) + _standardised(y, n, p_b))
    return root


def _standardised(count: FloatArray, n: FloatArray, share: FloatArray) -> FloatArray:
    variance = n * share * (1 - share)
    distance = (count - n * share) ** 2
    safe = np.where(variance > 0, variance, 1.0)
    found: FloatArray = np.where(variance > 0, distance / safe, np.where(distance < 1e-18, 0.0, 1e300))
    return found


def largest_difference(pairs: Ends) -> Span:
    """Simultaneous range of the largest absolute difference among all pairs."""
    at_least = np.maximum(0.0, np.maximum(pairs.low, -pairs.high)).max()
    at_most = np.maximum(pairs.high, -pairs.low).max()
    return Span(float(at_least), float(at_most))


def smallest_ratio(pairs: Ends) -> Span:
    """Simultaneous range of the smallest ratio, lower share to higher, among all pairs; within [0, 1]."""
    with np.errstate(divide="ignore"):
        least = np.minimum(pairs.low, 1 / pairs.high)
        most = np.where(pairs.low > 1, 1 / np.maximum(pairs.low, 1.0), np.minimum(pairs.high, 1.0))
    return Span(max(0.0, float(least.min())), min(1.0, float(most.min())))
