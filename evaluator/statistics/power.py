"""How many more rows would settle an undecided question."""

from __future__ import annotations

import math

from scipy import special

from evaluator.statistics.quantiles import normal_quantile

POWER = 0.8
MOST_TIMES = 100
"""More than this many times the rows at hand, and more rows alone are unlikely to settle the question."""


def rows_needed(value: float, limit: float, se: float, n: int, level: float) -> int | None:
    """Further rows of the population that would settle `value` against `limit`, with power 0.8 if the value stays.

    Parameters
    ----------
    value, limit, se : estimate, limit and standard error at `n` rows, in the same unit.

    Returns
    -------
    Further rows rounded up to two significant figures; None when it would take more than 100 n, or when the value lies
    on the limit.

    Notes
    -----
    n_total = n * (se * (z_level + z_power) / abs(value - limit))^2: the standard error shrinks with sqrt(n).
    """
    distance = abs(value - limit)
    if distance == 0 or not math.isfinite(se) or se <= 0:
        return None
    factor = (se * (normal_quantile(level) + float(special.ndtri(POWER))) / distance) ** 2
    further = n * factor - n
    if further > MOST_TIMES * n:
        return None
    return round_up_to_two_figures(max(1, math.ceil(further)))


def rows_to_compare(a_only: float, b_only: float, level: float, *, power: float = POWER) -> int:
    """Rows that show which of two models is right more often on the same cases, if they disagree as expected.

    Parameters
    ----------
    a_only, b_only : expected share of the cases for which the first alone, and the second alone, is right; unequal.

    Notes
    -----
    n = (z_level + z_power)^2 * (a_only + b_only - d^2) / d^2 with d = a_only - b_only, the variance of a paired
    difference of shares over its square (Connor 1987, with the variance under the alternative for both parts).
    """
    difference = a_only - b_only
    if difference == 0:
        raise ValueError("two models that are right equally often cannot be told apart by any number of rows")
    quantiles = normal_quantile(level) + float(special.ndtri(power))
    return math.ceil(quantiles**2 * (a_only + b_only - difference**2) / difference**2)


def round_up_to_two_figures(count: int) -> int:
    """The smallest number with at most two significant figures that is not below `count`."""
    step: int = 10 ** max(0, len(str(count)) - 2)
    return -(-count // step) * step
