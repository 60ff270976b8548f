"""What a test of one cause in one slice hands back, before all of a slice are judged together."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import EstimateStatus


@dataclass(frozen=True, slots=True)
class Answered:
    """A number here beside the same number elsewhere; the fields are those of the record.

    `p_value` is this cause's own, before the others are taken into account.
    """

    cause: str
    value: float
    low: float | None
    high: float | None
    elsewhere: float | None
    unit: str
    p_value: float
    explains: float | None
    n: int
    method: str
    feature: str = ""
    words: str = ""
    count: int | None = None
    fits: float = 0.0
    """Of causes that read the same departure of outcomes from promises: how well each describes it."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a cause could not be tested, and what the plan would need for it."""

    cause: str
    reason: str
    add_to_plan: str = ""
    status: EstimateStatus = "not_tested"


Answer = Answered | Unanswered
