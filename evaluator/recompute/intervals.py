"""Intervals of the difference between two measurements."""

from __future__ import annotations

import math

import numpy as np

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.measure import Measurement
from evaluator.records import Interval
from evaluator.statistics.pairs import Ends, mover_difference


def joined_interval(
    metric: str, first: Measurement, second: Measurement, se: float | None, level: float, *, few_shared: bool = False
) -> Interval:
    """The interval of a difference from both intervals (MOVER), correlated as the standard errors say.

    Parameters
    ----------
    se : standard error of the difference; None for independent sides.
    few_shared : the sides have too few clusters in common to rely on a correlation that narrows the range.
    """
    ends = [_ends(one) for one in (first, second)]
    if ends[0] is None or ends[1] is None or first.value is None or second.value is None:
        return Interval(None, None, level, "none", "none")
    values = (np.array([first.value]), np.array([second.value]))
    correlation = _correlation(first, second, se)
    used = np.array([min(0.0, correlation) if few_shared else correlation])
    found = mover_difference(values[0], ends[0], values[1], ends[1], used)
    entry = METRICS[metric]
    most = math.inf if entry.low is None or entry.high is None else entry.high - entry.low
    low, high = max(-most, float(found.low[0])), min(most, float(found.high[0]))
    return Interval(low, high, level, "mover", "nominal")


def _correlation(first: Measurement, second: Measurement, se: float | None) -> float:
    if not first.se or not second.se or se is None or not math.isfinite(se):
        return 0.0
    found = (first.se**2 + second.se**2 - se**2) / (2 * first.se * second.se)
    # What rounding and the factors n/(n-1) leave behind is no correlation.
    return min(1.0, max(-1.0, found)) if abs(found) > 0.01 else 0.0


def _ends(found: Measurement) -> Ends | None:
    interval = found.interval
    if interval is None or interval.low is None or interval.high is None:
        return None
    return Ends(np.array([interval.low]), np.array([interval.high]))
