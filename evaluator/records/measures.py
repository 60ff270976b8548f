"""What was measured: numbers with their ranges, gaps, pairs, curves, counts of data checks and promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import Coverage, EstimateStatus


@dataclass(frozen=True, slots=True)
class Interval:
    """A range and what it promises.

    `method` is a short stable name ("wilson", "logit_delong", ...). `coverage` says how firm the promise is:
    guaranteed (never below the level), nominal (tested close to it), approximate (outside the tested regime),
    exact_count (no sampling uncertainty is claimed) or none.
    """

    low: float | None
    high: float | None
    level: float
    method: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its honesty.

    `value`, `low`, `high` and `se` are in the metric's own unit (fractions for rates). `relevant_count` is the count
    that limits the metric's precision (catalogue), which chose the method. `successes` is the integer numerator of an
    unweighted proportion and `relevant_count` its denominator; null for everything else.
    """

    analysis: str
    metric: str
    class_: str
    subject: str
    population_id: str
    value: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    method: str
    coverage: Coverage
    n: int
    relevant_count: int | None
    successes: int | None
    n_clusters: int | None
    n_effective: float | None
    weighted: bool
    family: str
    family_size: int
    unit: str
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    analysis: str
    metric: str
    class_: str
    subject: str
    attribute: str
    within: str
    kind: Literal["difference", "ratio"]
    value: float | None
    group_low: str
    group_high: str
    at_least: float | None
    at_most: float | None
    best_guess: float | None
    chance_value: float | None
    level: float
    method: str
    family_size: int
    status: EstimateStatus
    reason: str
    against: str = "extremes"
    """extremes, overall, or the level every other group is held against."""
    se: float | None = None
    """Standard error of the gap between the two groups named."""
    n_low: int | None = None
    n_high: int | None = None
    """Relevant cases of the group with the lowest and of the one with the highest value."""
    excluded: str = "[]"
    """JSON list of the ids of groups too small to take part."""
    family: str = ""
    """What holds together, such as "all 10 pairs of groups by age": one attribute, one metric, one kind. '' before
    version 3."""
    pair_level: float | None = None
    """The level of one pair at which all `family_size` pairs hold together at `level`; null before version 3."""
    names_proven: bool | None = None
    """Whether the two groups named provably differ, with the whole family taken into account; null before version 3."""


@dataclass(frozen=True, slots=True)
class Quality:
    """One count of a data check: `count` of `n` rows (or columns); `low` and `high` bound the share where it is a sample.

    `check` is a stable name (missing, duplicates, overlap, constant, ...), `column` the column it is about or ''.
    """

    check: str
    column: str
    population_id: str
    count: int
    n: int
    share: float
    low: float | None
    high: float | None
    level: float
    method: str
    words: str


@dataclass(frozen=True, slots=True)
class Paired:
    """Difference `a` minus `b` of one metric on the same rows."""

    metric: str
    class_: str
    population_id: str
    a: str
    b: str
    difference: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    method: str
    n: int
    relevant_count: int | None
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    analysis: str
    name: str
    class_: str
    subject: str
    population_id: str
    x: float
    y: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """One check of promised probabilities against what happened, beside what a perfectly calibrated model would show.

    `check` is a stable name: debiased, smooth and plug_in (distances between promised and seen share, fractions),
    spiegelhalter (a standardised statistic), slope and intercept (log-odds), and the parts of the Brier score:
    miscalibration, discrimination and uncertainty. `low` and `high` are the range of the value, where it has one.
    """

    check: str
    class_: str
    subject: str
    population_id: str
    value: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    method: str
    coverage: Coverage
    null_low: float | None
    null_mean: float | None
    null_high: float | None
    """What a perfectly calibrated model would show with these rows: of 100 such models, 100 times `level` show no more
    than `null_high`, as many no less than `null_low` (for spiegelhalter, which has a sign: so many lie between)."""
    p_value: float | None
    """How likely a perfectly calibrated model is at least as far off."""
    p_adjusted: float | None
    """The same, adjusted for all tests of the family (Holm)."""
    draws: int | None
    """Draws behind the null reference; null where it is a formula."""
    n: int
    relevant_count: int | None
    n_clusters: int | None
    weighted: bool
    family: str
    family_size: int
    status: EstimateStatus
    reason: str
