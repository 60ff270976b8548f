"""The one vocabulary of statuses and recommendations, with the shape, word and colour each is shown by.

Status colours mean status and nothing else. The palette is colour-blind safe; orange fails contrast against white, so
its mark carries a dark outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["circle", "square", "diamond", "ring", "triangle", "dash"]


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """How a status is shown. `severity` sorts worst first (higher is worse)."""

    code: str
    word: str
    shape: Shape
    colour: str
    outline: str | None
    severity: int


@dataclass(frozen=True, slots=True)
class RecommendationEntry:
    """How a recommendation is said. `rests_on` is the status that leads to it."""

    code: str
    word: str
    verb: str
    severity: int


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """How a committee's decision is said: as a choice, in a sentence, and once it is taken."""

    code: str
    word: str
    verb: str
    past: str


STATUSES: dict[str, StatusEntry] = {
    entry.code: entry
    for entry in (
        StatusEntry("not_met", "Not met", "square", "#D55E00", None, 5),
        StatusEntry("inconclusive", "Inconclusive", "diamond", "#E69F00", "#5C3D00", 4),
        StatusEntry("too_few", "Too few cases", "triangle", "#767676", None, 3),
        StatusEntry("not_tested", "Not tested", "ring", "#767676", None, 2),
        StatusEntry("met", "Met", "circle", "#0072B2", None, 1),
        StatusEntry("not_applicable", "Not applicable", "dash", "#767676", None, 0),
    )
}

RECOMMENDATIONS: dict[str, RecommendationEntry] = {
    entry.code: entry
    for entry in (
        RecommendationEntry("do_not_approve", "Do not approve", "do not approve", 3),
        RecommendationEntry("defer", "Defer: not enough evidence", "defer, because the evidence is not sufficient", 2),
        RecommendationEntry("approve_with_conditions", "Approve with conditions", "approve with conditions", 1),
        RecommendationEntry("approve", "Approve", "approve", 0),
    )
}

DECISIONS: dict[str, DecisionEntry] = {
    entry.code: entry
    for entry in (
        DecisionEntry("approve", "Approve", "approve", "Approved"),
        DecisionEntry(
            "approve_with_conditions", "Approve with conditions", "approve with conditions", "Approved with conditions"
        ),
        DecisionEntry(
            "defer", "Defer: not enough evidence", "defer, because the evidence is not sufficient", "Deferred"
        ),
        DecisionEntry("do_not_approve", "Do not approve", "do not approve", "Not approved"),
        DecisionEntry("withdraw", "Withdraw the model", "withdraw the model", "Model withdrawn"),
    )
}

RUN_STATES: dict[str, str] = {
    "draft": "Draft, not for decision",
    "released": "Released",
    "superseded": "Superseded",
    "withdrawn": "Withdrawn",
}


def worst_status(codes: list[str]) -> str | None:
    """The code that needs attention first, or None for an empty list."""
    return max(codes, key=lambda code: STATUSES[code].severity, default=None)
