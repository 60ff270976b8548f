"""The mean loss of some cases with its plain range: the same number, by the same code, as everywhere else."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.failures.losses import Loss, Outcomes
from evaluator.metrics.measure import measure
from evaluator.plan.schema import Plan
from evaluator.records import EstimateStatus
from evaluator.statistics.influence import BoolArray


class Measured(NamedTuple):
    """Of the cases that a loss is about: how many, the sum of their losses, their mean loss and its range."""

    n: int
    total: float
    value: float | None
    low: float | None
    high: float | None
    method: str
    status: EstimateStatus
    reason: str


def measured(loss: Loss, outcomes: Outcomes, mask: BoolArray, plan: Plan, unit: str) -> Measured:
    """The mean loss of the cases in a mask over all rows.

    Parameters
    ----------
    unit : names the cases, as a key of random streams.
    """
    inside = np.flatnonzero(mask & outcomes.among(loss))
    n, total = inside.size, float(outcomes.values(loss)[inside].sum())
    rows = outcomes.rows.take(np.flatnonzero(mask)).with_weight()
    found = measure(
        loss.metric, rows, level=plan.settings.level, min_group=plan.data.min_group, seed=plan.settings.seed, unit=unit
    )
    if found.value is None or found.interval is None:
        return Measured(n, total, None, None, None, "none", found.status, found.reason)
    if n < plan.data.min_group:
        reason = f"{n:,} such cases; at least {plan.data.min_group:,} are needed."
        return Measured(n, total, None, None, None, "none", "too_few", reason)
    value, low, high = found.value, found.interval.low, found.interval.high
    if loss.turned:
        value, low, high = 1 - value, None if high is None else 1 - high, None if low is None else 1 - low
    return Measured(n, total, value, low, high, found.interval.method, found.status, "")
