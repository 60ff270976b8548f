"""What a feature does to the score: means and single cases beside the effects, who sits where, and pairs of features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class Dependence:
    """One point of a curve of scores when a feature is set to `x` (or `level`) and all else stays as it is.

    `kind` mean: the mean score of all cases looked at, with its range (partial dependence). `kind` case: the score of
    one of them, numbered by `line`; it has no range (individual conditional expectation). Both are scores as they are,
    not moved to a common height. `n` counts the cases behind the point. `far` marks points that most cases would have to
    be moved a long way to, so that the model is asked about people it may never have seen; it is looked for only for the
    features that count most, those with single cases, and False for the others.
    """

    subject: str
    class_: str
    population_id: str
    feature: str
    words: str
    kind: Literal["mean", "case"]
    line: int
    position: int
    x: float | None
    level: str
    label: str
    y: float
    low: float | None
    high: float | None
    se: float | None
    confidence: float
    n: int
    far: bool
    space: str
    unit: str
    thin: bool = False
    """Whether the point rests on fewer rows with about that value than a group needs, as in the effect at the point."""


@dataclass(frozen=True, slots=True)
class FeatureShare:
    """How many of a group have a value in one part of a feature's range: who sits where.

    `position` numbers the parts, `low_edge` and `high_edge` bound one of a quantity (None without a bound), `level` is
    one of a feature with levels. `share` with its range is of the group `population_id`, by weight; `n` of its `total`
    cases have such a value.
    """

    feature: str
    words: str
    population_id: str
    position: int
    low_edge: float | None
    high_edge: float | None
    level: str
    label: str
    n: int
    total: int
    share: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """How much two features do together beyond what each does alone.

    `value` is the mean size of the score's change that is of the pair alone, in the unit of `space`; `share` the part
    of the pair's joint effect that this makes up, in variance. `rank` orders the pairs, 1 for the largest.
    """

    subject: str
    class_: str
    feature: str
    other: str
    words: str
    other_words: str
    rank: int
    value: float | None
    low: float | None
    high: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    proven: bool
    """Whether the range leaves out nothing at all, with every pair looked at taken into account; of chances, whether that
    is so of their log-odds too, as chances bend next to 0 and 1 however features add up."""
    family_size: int
    level: float
    method: str
    n: int
    space: str
    unit: str
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class InteractionPoint:
    """One point of the curve of `feature` when `other` lies in one of few bands: the score minus its average.

    `band` numbers the bands of `other`, `band_words` says which it is ("up to 20 %").
    """

    subject: str
    class_: str
    feature: str
    other: str
    band: int
    band_words: str
    position: int
    x: float | None
    level: str
    label: str
    y: float
    low: float | None
    high: float | None
    confidence: float
    n: int
    space: str
    unit: str
