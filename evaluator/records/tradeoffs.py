"""Fairness goals that these data cannot hold together, and what holding one of them costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus

Goal = Literal["equal_false_negative_rate", "equal_false_positive_rate", "equal_selection_rate", "equal_precision"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two groups whose share of positive outcomes differs, and what that forces.

    FPR = p / (1 - p) * (1 - PPV) / PPV * TPR, with p the share of positive outcomes. Equal PPV and TPR force the false
    positive rates of `population_a` (the lower share) and `population_b` apart by the ratio of the odds of p
    (`forced_ratio`, at least 1); equal TPR and FPR (those of everyone) force the precisions `forced_precision_a` and
    `_b`. The pair is the one that provably differs most, or seems to where none provably does. All ranges are at
    `pair_level`, so that they hold for the pair although it was chosen among `family_size`.
    """

    subject: str
    attribute: str
    population_a: str
    population_b: str
    base_a: float | None
    base_b: float | None
    base_difference: float | None
    base_low: float | None
    base_high: float | None
    forced_ratio: float | None
    forced_ratio_low: float | None
    forced_ratio_high: float | None
    seen_ratio: float | None
    seen_ratio_low: float | None
    seen_ratio_high: float | None
    """Ratio of the false positive rates as they are, b to a; the high end is null where nothing bounds it."""
    forced_precision_a: float | None
    forced_precision_a_low: float | None
    forced_precision_a_high: float | None
    forced_precision_b: float | None
    forced_precision_b_low: float | None
    forced_precision_b_high: float | None
    proven: bool
    """Whether the shares of positive outcomes provably differ, all pairs of the attribute taken together."""
    pairs_proven: int
    """How many pairs of groups provably differ."""
    n_a: int
    n_b: int
    weighted: bool
    level: float
    pair_level: float | None
    method: str
    family: str
    family_size: int
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Price:
    """What one number becomes when group thresholds hold one goal for an attribute.

    `metric` is a share of all cases of the population: missed (false negatives), wrongly_positive (false positives) or
    selected; or a gap over the groups: gap_<metric> on `all`. `threshold` is that of the group under the goal, null on
    `all` and for groups too small to have one of their own. Changes are after minus before, with ranges that count the
    uncertainty of the thresholds. A gap has a range for what it becomes alone (`after_low` to `after_high`: at least
    and at most, over all pairs of groups).
    """

    goal: Goal
    subject: str
    attribute: str
    population_id: str
    metric: str
    before: float | None
    before_low: float | None
    before_high: float | None
    after: float | None
    after_low: float | None
    after_high: float | None
    change: float | None
    low: float | None
    high: float | None
    threshold: float | None
    level: float
    method: str
    n: int
    """Rows of the population; negative where a reader may not see it."""
    n_kept: int
    """Of these, rows of groups too small to have a threshold of their own, which keep today's."""
    weighted: bool
    family: str
    family_size: int
    status: EstimateStatus
    reason: str
