"""Groups beside each other: drawn to what they share, held against one another, and apart in their scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class Shrunken:
    """The best guess about one group: its own value, drawn towards what the other groups say, the less certain the more.

    Groups of one attribute are drawn to the common mean; groups of several attributes to the value that the attributes
    add up to (`toward_what`). `weight` is the part that its own cases have in `value`, from 0 to 1. A group too small to
    be measured has no numbers but `n`, its relevant cases.
    """

    metric: str
    class_: str
    subject: str
    attribute: str
    population_id: str
    value: float | None
    raw: float | None
    toward: float | None
    toward_what: Literal["mean", "additive"]
    weight: float | None
    between_sd: float | None
    """Standard deviation between groups beyond what `toward` explains; 0 where chance alone explains them."""
    n: int
    status: EstimateStatus = "ok"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GroupGap:
    """One group held against another, with a range that holds together with those of the other groups.

    `against` is best (the group with the best value, or the highest where neither direction is better) or rest
    (everyone else); `against_id` is the population of best, '' for rest. Differences are the group minus the other,
    ratios the group over the other. The best group itself is held against nobody: not applicable.
    """

    metric: str
    class_: str
    subject: str
    attribute: str
    population_id: str
    against: Literal["best", "rest"]
    against_id: str
    difference: float | None
    low: float | None
    high: float | None
    ratio: float | None
    """None where the other's value is 0; `ratio_high` is None where no ratio is too large."""
    ratio_low: float | None
    ratio_high: float | None
    level: float
    method: str
    family: str
    """What the range holds together with."""
    family_size: int
    n: int
    """Relevant cases of the group."""
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the scores (or predictions, or errors) of a group lie from those of everyone else.

    `measure` is ks, the largest difference between the two cumulative shares, or wasserstein, the mean distance between
    them in the unit of `what`. `p_adjusted` is over all groups of the attribute (Holm); wasserstein has no test of its
    own. Ranges hold for all groups of the attribute at once.
    """

    measure: Literal["ks", "wasserstein"]
    what: Literal["score", "prediction", "error"]
    subject: str
    attribute: str
    population_id: str
    value: float | None
    low: float | None
    high: float | None
    at: float | None
    """Where the largest difference lies (ks)."""
    higher: bool | None
    """Whether the group's values are higher than those of everyone else on the whole; null where means are alike."""
    chance_value: float | None
    """What two groups of these sizes show on average when they do not differ."""
    p_value: float | None
    p_adjusted: float | None
    level: float
    method: str
    family: str
    family_size: int
    n: int
    n_rest: int
    status: EstimateStatus
    reason: str
