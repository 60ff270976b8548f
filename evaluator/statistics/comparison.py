"""Intervals for differences and ratios: two independent proportions, and two models on the same rows."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from evaluator.records import Interval
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.proportions import wilson
from evaluator.statistics.quantiles import normal_quantile
from evaluator.statistics.spread import FloatArray, IntArray, spread_of


def newcombe_difference(successes_a: int, n_a: int, successes_b: int, n_b: int, level: float) -> Interval:
    """Interval of p_a - p_b for independent samples (Newcombe 1998, method 10: Wilson intervals joined by MOVER)."""
    p_a, p_b = successes_a / n_a, successes_b / n_b
    low_a, high_a = _ends(wilson(successes_a, n_a, level))
    low_b, high_b = _ends(wilson(successes_b, n_b, level))
    low = p_a - p_b - math.hypot(p_a - low_a, high_b - p_b)
    high = p_a - p_b + math.hypot(high_a - p_a, p_b - low_b)
    return Interval(max(-1.0, low), min(1.0, high), level, "newcombe_10", "nominal")


def score_ratio(successes_a: int, n_a: int, successes_b: int, n_b: int, level: float) -> Interval:
    """Interval of p_a / p_b for independent samples: all ratios that the score test does not reject (Koopman 1984).

    Returns
    -------
    Interval in [0, inf]; the upper end is infinite when the second sample has no successes, and the interval is
    [0, inf] when neither has any: nothing is known of the ratio then.
    """
    if successes_a == 0 and successes_b == 0:
        return Interval(0.0, math.inf, level, "koopman", "nominal")
    z2 = normal_quantile(level) ** 2

    def excess(log_ratio: float) -> float:
        return _koopman_statistic(successes_a, n_a, successes_b, n_b, math.exp(log_ratio)) - z2

    point = math.log(max(successes_a, 0.5) / n_a) - math.log(max(successes_b, 0.5) / n_b)
    low = 0.0 if successes_a == 0 else math.exp(_crossing(excess, point, -1.0))
    high = math.inf if successes_b == 0 else math.exp(_crossing(excess, point, 1.0))
    return Interval(low, high, level, "koopman", "nominal")


def _koopman_statistic(x: int, m: int, y: int, n: int, ratio: float) -> float:
    """Koopman's chi-square for p_a / p_b = ratio, at the restricted maximum-likelihood shares."""
    a = (m + n) * ratio
    b = -((m + y) * ratio + x + n)
    p_b = (-b - math.sqrt(max(0.0, b * b - 4 * a * (x + y)))) / (2 * a)
    p_a = p_b * ratio
    return _standardised(x, m, p_a) + _standardised(y, n, p_b)


def _standardised(count: int, n: int, share: float) -> float:
    variance = n * share * (1 - share)
    distance = (count - n * share) ** 2
    if variance <= 0:
        return 0.0 if distance < 1e-18 else math.inf
    return distance / variance


def _crossing(excess: Callable[[float], float], start: float, step: float) -> float:
    """Where `excess` turns positive in the direction of `step`; without successes the statistic falls to 0 behind."""
    near = start
    while excess(near) >= 0:
        near -= step
    far = near + step
    while excess(far) < 0:
        near, far = far, far + step
        step *= 2
    return float(optimize.brentq(excess, min(near, far), max(near, far), xtol=1e-12))


def paired_difference(
    value_a: float, value_b: float, influence_a: FloatArray, influence_b: FloatArray, level: float, *,
    cluster: IntArray | None = None, low: float | None = None, high: float | None = None,
) -> tuple[Interval, float]:  # fmt: skip
    """Interval of `value_a - value_b` for two models on the same rows, and its standard error.

    The influence of a difference is the difference of influences, so the correlation between the models is taken into
    account row by row; with clusters it is summed per cluster first. `low` and `high` bound possible differences.
    """
    spread = spread_of(influence_a - influence_b, cluster)
    interval = t_interval(value_a - value_b, spread, level, low=low, high=high, method="paired_influence")
    return interval, spread.se


def paired_proportions(a_only: float, b_only: float, n: float, level: float) -> Interval:
    """Interval of a difference of two proportions of the same `n` cases (Bonett and Price 2012).

    `a_only` cases count for the first alone, `b_only` for the second alone; fractional when they stand for an effective
    sample size. One imaginary case is added to each, so that no disagreement at all does not read as certainty.
    """
    first, second = (a_only + 1) / (n + 2), (b_only + 1) / (n + 2)
    difference = first - second
    half = normal_quantile(level) * math.sqrt((first + second - difference**2) / (n + 2))
    return Interval(max(-1.0, difference - half), min(1.0, difference + half), level, "bonett_price", "nominal")


def mcnemar_mid_p(a_only: int, b_only: int) -> float:
    """Two-sided mid-p value of McNemar's test that two models on the same cases are right equally often.

    Parameters
    ----------
    a_only, b_only : cases that count for the first alone, and for the second alone, of independent rows.

    Returns
    -------
    Chance in (0, 1] of disagreements at least as uneven if both were equally good, counting those seen at half.

    Notes
    -----
    Given their number m, either half is binomial(m, 1/2); p = 2 P(X <= smaller) - P(X = smaller) (Fagerland, Lydersen
    and Laake 2013, 10.1186/1471-2288-13-91). Closer to its level than the exact test, which is too cautious.
    """
    smaller, m = min(a_only, b_only), a_only + b_only
    if m == 0:
        return 1.0
    at_most = float(special.bdtr(smaller, m, 0.5))
    below = float(special.bdtr(smaller - 1, m, 0.5)) if smaller > 0 else 0.0
    return min(1.0, at_most + below)


def disagreements(right_a: npt.NDArray[np.bool_], right_b: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """How many cases count for the first alone, and for the second alone."""
    return int(np.count_nonzero(right_a & ~right_b)), int(np.count_nonzero(right_b & ~right_a))


def _ends(interval: Interval) -> tuple[float, float]:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high
