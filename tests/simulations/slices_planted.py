"""Slices that are planted so that a single test, adjusted for the family, would show them nine times in ten."""

from __future__ import annotations

import numpy as np
from scipy import stats
from slices_worlds import CARDS, LEVEL

N, BASE = 6_000, 0.10
FAMILY = 1_880
"""About as many slices of the six features hold enough cases."""
POWER, PROMISED = 0.90, 0.85
Conditions = tuple[tuple[int, int], ...]
PLANTED: dict[str, Conditions] = {
    "one condition": ((3, 1),),
    "two conditions": ((2, 1), (4, 3)),
    "three conditions": ((0, 1), (1, 2), (3, 0)),
}


def share_of(conditions: Conditions) -> float:
    """The part of all cases that is in a slice, on average."""
    return float(np.prod([1 / CARDS[feature] for feature, _ in conditions]))


def rate_with_power(share: float, design: float = 1.0) -> float:
    """The rate in a slice of so large a share of all cases that Fisher's test shows with the power asked, in the family.

    `design` is how many cases say as much as one that is independent and weighs the same.
    """
    whole = round(N / design)
    n = round(whole * share)
    x = np.arange(round(n * BASE) + 1, n + 1, dtype=np.float64)
    errors = x + round((whole - n) * BASE)
    p_values = stats.hypergeom.sf(x - 1, whole, errors, n)
    needed = x[p_values <= (1 - LEVEL) / FAMILY][0]
    return next(rate for rate in np.arange(BASE, 1.0, 0.001) if stats.binom.sf(needed - 1, n, rate) >= POWER)


def rate_with_power_of_households(share: float, alike: int, within: float) -> float:
    """The same for a test of the mean rates of households of `alike` rows, whose errors correlate by `within`."""
    one_sided = (1 - LEVEL) / FAMILY
    sizes = np.array([N / alike * share, N / alike * (1 - share)])
    for rate in np.arange(BASE, 1.0, 0.001):
        rates = np.array([rate, BASE])
        variances = rates * (1 - rates) * (1 + (alike - 1) * within) / alike / sizes
        df = variances.sum() ** 2 / (variances**2 / (sizes - 1)).sum()
        away = (rate - BASE) / np.sqrt(variances.sum())
        if stats.nct.sf(stats.t.isf(one_sided, df), df, away) >= POWER:
            return float(rate)
    raise ValueError("no rate is high enough")


def factor_with_power(share: float, mean: float, sd: float) -> float:
    """How many times as large losses of this mean and spread must be in a slice for a test of means to show it so."""
    z = stats.norm.isf((1 - LEVEL) / FAMILY) + stats.norm.ppf(POWER)
    n, rest = N * share, N * (1 - share)
    factors = np.arange(1.0, 10.0, 0.001)
    apart = (factors - 1) * mean / np.sqrt((factors * sd) ** 2 / n + sd**2 / rest)
    return float(factors[apart >= z][0])
