"""The interval of a mean loss where one outcome was hardly seen: its losses are large, and few samples hold one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval
from evaluator.statistics.betting import betting_interval
from evaluator.statistics.influence import log_loss_rows
from evaluator.statistics.proportions import RARE, map_interval


def is_rare_outcome(rows: BinaryRows) -> bool:
    """Whether one outcome of independent rows of equal weight was seen so seldom that no standard error knows it."""
    plain = rows.weight is None and rows.real_clusters is None
    return plain and min(rows.positives, rows.negatives) < RARE


def rare_loss_range(metric: str, rows: BinaryRows, level: float, rng: np.random.Generator) -> Interval:
    """The interval of a mean loss that no distribution of the losses can break.

    A squared error is at most 1. A log loss is bounded by the largest that the scores at hand could have had, which is
    approximate: other rows may have bolder scores.
    """
    assert rows.score is not None
    if metric == "brier_loss":
        return betting_interval((rows.score - rows.label) ** 2, level, rng)
    losses = log_loss_rows(rows.label, rows.score)
    largest = float(np.maximum(losses, log_loss_rows(~rows.label, rows.score)).max())
    found = map_interval(betting_interval(losses / largest, level, rng), lambda share: share * largest, "betting")
    return replace(found, coverage="approximate")
