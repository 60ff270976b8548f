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


def round_up_to_two_figures(count: int) -> int:
    """The smallest number with at most two significant figures that is not below `count`."""
    step: int = 10 ** max(0, len(str(count)) - 2)
    return -(-count // step) * step
