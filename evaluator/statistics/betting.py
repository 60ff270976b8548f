"""A range for the mean of bounded values that is right whatever their distribution."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import optimize

from evaluator.records import Interval
from evaluator.statistics.spread import FloatArray

MOST_STAKE = 0.5
"""Largest part of the fortune that one bet may lose."""


def betting_interval(values: FloatArray, level: float, rng: np.random.Generator) -> Interval:
    """Interval of the mean of independent values in [0, 1]; it never covers less often than `level`.

    Parameters
    ----------
    values : shape (n,), n at least 1; their order does not matter.
    rng : shuffles them, because bets must not know what comes.

    Notes
    -----
    Waudby-Smith and Ramdas 2024 (arXiv 2010.09686): for each possible mean m, a gambler bets on the next value being
    above m and another on its being below, with stakes set by the values before. If m is the mean, neither fortune
    grows on average, so that one ever reaches 2/alpha with chance alpha/2 at most (Ville). The interval holds the means at
    which neither has. The first fortune falls with m and the second rises. Stakes aim at the end of the sample:
    sqrt(2 log(2/alpha) / (n v)), v the variance predicted from earlier values.
    """
    alpha = 1 - level
    shuffled = np.sort(values)[rng.permutation(values.size)]
    stakes, enough = _stakes(shuffled, alpha), math.log(2 / alpha)
    low = _reached(lambda mean: _log_fortune(shuffled, stakes, mean) - enough)
    high = 1 - _reached(lambda mean: _log_fortune(1 - shuffled, stakes, mean) - enough)
    centre = float(shuffled.mean())
    return Interval(min(low, centre), max(high, centre), level, "betting", "guaranteed")


def _reached(excess: Callable[[float], float]) -> float:
    """The mean up to which the bet on values above it has won enough; 0 where it never has."""
    least, most = 1e-12, 1 - 1e-12
    if excess(least) < 0:
        return 0.0
    return float(optimize.brentq(excess, least, most, xtol=1e-10)) if excess(most) < 0 else 1.0


def _stakes(values: FloatArray, alpha: float) -> FloatArray:
    n = values.size
    count = np.arange(1, n + 1)
    means = (0.5 + np.cumsum(values)) / (count + 1)
    variances = (0.25 + np.cumsum((values - means) ** 2)) / (count + 1)
    before = np.concatenate(([0.25], variances[:-1]))
    stakes: FloatArray = np.sqrt(2 * math.log(2 / alpha) / (n * before))
    return stakes


def _log_fortune(values: FloatArray, stakes: FloatArray, mean: float) -> float:
    """Log of the highest that the fortune gets to."""
    return float(np.cumsum(np.log1p(np.minimum(stakes, MOST_STAKE / mean) * (values - mean))).max())
