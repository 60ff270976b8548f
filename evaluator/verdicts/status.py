"""One criterion's status: from the interval against the limit, never from the point."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.records import Status


class Limits(NamedTuple):
    """`low` is the least and `high` the greatest allowed value; at least one is given."""

    low: float | None
    high: float | None


def status_of(low: float | None, high: float | None, limits: Limits) -> Status:
    """Met when the whole interval is on the good side (touching the limit is met), not met when it is wholly beyond.

    Parameters
    ----------
    low, high : ends of the interval; None when there is no range, which leaves the question inconclusive.
    """
    if low is None or high is None:
        return "inconclusive"
    if (limits.low is None or low >= limits.low) and (limits.high is None or high <= limits.high):
        return "met"
    if (limits.low is not None and high < limits.low) or (limits.high is not None and low > limits.high):
        return "not_met"
    return "inconclusive"


def nearest_limit(value: float, limits: Limits) -> float:
    """The limit that decides: the one that is closer to the value."""
    given = [limit for limit in limits if limit is not None]
    return min(given, key=lambda limit: abs(limit - value))
