"""Intervals for one proportion, and for measures that are a monotone function of one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from scipy import special

from evaluator.catalogue.settings import EXACT_BELOW
from evaluator.records import Coverage, Interval
from evaluator.statistics.quantiles import normal_quantile

Monotone = Callable[[float], float]
RARE = 5
"""With fewer cases of one kind the score interval falls to 84 % at shares below 0.02; the exact one never does."""


def wilson(successes: float, n: float, level: float) -> Interval:
    """Wilson score interval of a proportion.

    Parameters
    ----------
    successes, n : count and denominator; fractional when they stand for an effective sample size.
    level : two-sided confidence level in (0, 1).

    Returns
    -------
    Interval in [0, 1]; coverage is nominal for shares in [0.02, 0.98] and approximate outside.

    Notes
    -----
    Wilson 1927: the shares p with abs(p_hat - p) <= z * sqrt(p (1 - p) / n).
    """
    z = normal_quantile(level)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Interval(low, high, level, "wilson", _promise(share))


def clopper_pearson(successes: float, n: float, level: float) -> Interval:
    """Exact binomial interval (Clopper and Pearson 1934); never covers less often than `level`."""
    tail = (1 - level) / 2
    low = 0.0 if successes == 0 else float(special.betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, 1 - tail))
    return Interval(low, high, level, "clopper_pearson", "guaranteed")


def proportion(successes: int, n: int, level: float) -> Interval:
    """The interval for `successes` of `n` independent cases: exact for small or extreme counts, else Wilson.

    A choice that the count itself makes keeps no guarantee: rare counts of many cases are promised as nominal.
    """
    if n < EXACT_BELOW or successes in (0, n):
        return clopper_pearson(successes, n, level)
    if min(successes, n - successes) < RARE:
        return replace(clopper_pearson(successes, n, level), coverage="nominal")
    return wilson(successes, n, level)


def f1_from_counts(true_positives: int, wrong: int, level: float) -> Interval:
    """Interval of F1 from true positives and the number of wrong decisions (false positives plus false negatives).

    Given m = TP + FP + FN, TP is binomial with share J (the Jaccard index) and F1 = 2J / (1 + J) is monotone, so the
    ends of an interval of J map to the ends of an interval of F1 (arXiv 2309.14621).
    """
    jaccard = proportion(true_positives, true_positives + wrong, level)
    return map_interval(jaccard, lambda share: 2 * share / (1 + share), f"{jaccard.method}_on_jaccard")


def map_interval(interval: Interval, to: Monotone, method: str) -> Interval:
    """The interval of an increasing function of the estimated quantity."""
    low = None if interval.low is None else to(interval.low)
    high = None if interval.high is None else to(interval.high)
    return Interval(low, high, interval.level, method, interval.coverage)


def odds(share: float) -> float:
    """A share over what it leaves; infinite for 1."""
    return share / (1 - share) if share < 1 else math.inf


def mover_mean(first: float, first_range: Interval, second: float, second_range: Interval) -> Interval:
    """Interval of the mean of two independent proportions from their own intervals (MOVER, Donner and Zou 2012)."""
    bounds = (first_range.low, first_range.high, second_range.low, second_range.high)
    first_low, first_high, second_low, second_high = (0.0 if bound is None else bound for bound in bounds)
    below = math.hypot(first - first_low, second - second_low)
    above = math.hypot(first_high - first, second_high - second)
    total = first + second
    low, high = max(0.0, (total - below) / 2), min(1.0, (total + above) / 2)
    return Interval(low, high, first_range.level, "mover", "nominal")


def _promise(share: float) -> Coverage:
    return "nominal" if 0.02 <= share <= 0.98 else "approximate"
