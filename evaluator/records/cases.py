"""Single cases: why each got its score, how the most similar ones ended, and what would change the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus

CaseRole = Literal["typical", "borderline", "worst_error", "versions_disagree"]
ReasonTest = Literal["fidelity", "stability", "other_method", "actionable"]


@dataclass(frozen=True, slots=True)
class Case:
    """One case picked by role. `number` counts from 1 over all roles; `row_id` is for evaluators alone.

    `score` is the model's, `previous` the earlier version's. `base` is the mean score of the `background` cases that
    parts are counted from; with the parts it adds up to the score. `cut_off`, `decision` and `label` are None where
    there are none; `decision` and `label` are 1 for the positive one, or a number of the label's unit, and
    `outcome` is the label as the data spell it. `class_` is the class that was explained, of several.

    Where the score could not be split (`status` not_tested), `base` is None and there are no parts. `moved` is the
    largest change of a part under another background, in the unit of `space`, and `same_first` whether
    the part that counts most stayed the same one.
    """

    subject: str
    class_: str
    number: int
    role: CaseRole
    row_id: str
    score: float
    previous: float | None
    cut_off: float | None
    decision: float | None
    label: float | None
    outcome: str
    wrong: bool | None
    base: float | None
    background: int
    moved: float | None
    same_first: bool | None
    how: str
    space: str
    unit: str
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class CasePart:
    """What one feature adds to the score of a case, from the usual score.

    `position` orders the parts by size, 1 for the largest. `value` and `usual` are the case's value and the usual one
    (the weighted median, or the commonest level), as people read them ("48%", "applicants who rent"). `low` and `high`
    are what the choice of background leaves open.
    """

    subject: str
    class_: str
    number: int
    position: int
    feature: str
    words: str
    value: str
    usual: str
    part: float
    low: float | None
    high: float | None
    other_part: float | None
    """The same under another background."""
    level: float
    held_by: int | None = None
    """How many cases have about this value; None where they were not counted."""
    band: str = ""
    """The value for readers who may not see it exactly: a band or a level; '' where it must not be told."""


@dataclass(frozen=True, slots=True)
class SimilarCases:
    """How the most similar real cases ended.

    `count` of `n` had the positive outcome (None for a regression); `mean` is their mean label. `low` and `high` are the
    range of their mean chance or expected label, as a share or in the unit of the label; of the case itself they
    promise nothing. `same_decision` of them got the same decision. `distance` is how far the farthest of them is, in parts
    of the median distance between two cases, so that 1 is no more similar than any two.
    """

    subject: str
    class_: str
    number: int
    n: int
    count: int | None
    mean: float | None
    low: float | None
    high: float | None
    same_decision: int | None
    distance: float | None
    features: str
    """JSON list of the features that similarity was measured by."""
    level: float
    method: str
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """One set of changes that turns the decision about a case, asked of the model itself.

    `option` counts from 1, the cheapest first. `score` and `decision` are the model's about the changed case. `cost` is
    the sum of the changes, each in parts of that feature's usual spread. `nearest` is the distance from the changed
    case to the nearest real one, in the unit of `SimilarCases.distance`; `plausible` says whether real cases are as far
    from each other. `found` is false in the one row that says why there is none.
    """

    subject: str
    class_: str
    number: int
    option: int
    found: bool
    changes: int
    score: float | None
    decision: float | None
    cost: float | None
    nearest: float | None
    plausible: bool | None
    nearest_row_id: str
    asked: int
    """How many changed cases the model was asked about."""
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class WayOutChange:
    """One change of a way out: from what to what, as people read it and as the model does."""

    subject: str
    class_: str
    number: int
    option: int
    position: int
    feature: str
    words: str
    from_value: float | None
    to_value: float | None
    from_text: str
    to_text: str
    cost: float
    held_by: int | None = None
    """How many cases have about the value that is changed; None where they were not counted."""
    from_band: str = ""
    """`from_text` for readers who may not see it exactly; '' where it must not be told."""
    to_band: str = ""
    """`to_text` for these readers."""


@dataclass(frozen=True, slots=True)
class RecourseRate:
    """For how many of the cases with the unfavourable decision a way out was found, with at most `changes` changes.

    `count` of the `n` cases looked at; `value` with its range is for all `total` such cases of the group. `cost` is the
    median cost of the cheapest way out among those found. `immutable` lists, as JSON, what was not allowed to change.
    """

    subject: str
    class_: str
    population_id: str
    changes: int
    n: int
    total: int
    count: int
    value: float | None
    low: float | None
    high: float | None
    cost: float | None
    immutable: str
    level: float
    method: str
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the main reasons for the unfavourable decision about a case, the weightiest first.

    `part` is how far the feature pulled the score away from what favourable decisions have.
    """

    subject: str
    class_: str
    number: int
    position: int
    feature: str
    words: str
    value: str
    part: float
    can_change: bool
    held_by: int | None = None
    """How many cases have about this value; None where they were not counted."""
    band: str = ""
    """The value for readers who may not see it exactly: a band or a level; '' where it must not be told."""


@dataclass(frozen=True, slots=True)
class ReasonCheck:
    """Whether lists of reasons can be relied on, over `n` cases with the unfavourable decision.

    fidelity: share of cases whose score rises more when the named reasons are set to the usual than when as many other
    features are; stability: mean share of the named reasons that stay with another background; other_method: the same
    with another way of calculating; actionable: share of cases where at least one named reason may change.
    """

    subject: str
    class_: str
    test: ReasonTest
    value: float | None
    low: float | None
    high: float | None
    by_chance: float | None
    """What lists drawn at random would give."""
    count: int | None
    n: int
    level: float
    method: str
    status: EstimateStatus
    reason: str
