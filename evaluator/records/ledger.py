"""What people do with a run: events, and the decision that some of them hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from evaluator.records.vocabulary import RecommendationCode


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One thing people did with a run. `sha256` is over the event itself, which names the one before."""

    n: int
    kind: str
    at: datetime
    by: str
    checked: bool
    body: Mapping[str, object] = field(default_factory=dict)
    previous_sha256: str = ""
    sha256: str = ""


DecisionCode = Literal["approve", "approve_with_conditions", "defer", "do_not_approve", "withdraw"]


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be done: what, by whom, and until when (None: no date was set)."""

    text: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a committee decided about one run.

    `recommendation` is what the evaluator recommended then; departing from it needs `departure`, the reason. Votes are
    null where none were counted. `present` and `conflicts` are as they were declared.
    """

    decision: DecisionCode
    recommendation: RecommendationCode
    conditions: tuple[Condition, ...] = ()
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    dissent: str = ""
    departure: str = ""
    present: tuple[str, ...] = ()
    conflicts: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision with who recorded it; `checked` says whether a sign-in vouched for the name."""

    decision: Decision
    at: datetime
    by: str
    checked: bool
    event_sha256: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question kept for the minutes of a meeting.

    `link` holds the recompute question as the address holds it, empty for one that was written down. `answer` is what
    was said then, '' for a question that was parked.
    """

    text: str
    answer: str
    link: Mapping[str, str]
    at: datetime
    by: str
    checked: bool


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A what-if question saved with a note, as everyone may read it: no figure in it is about fewer than 10 people.

    `link` holds the question as the address holds it, `question` and `answer` how it was said then. `columns` and
    `lines` are its numbers as printed, one line per metric.
    """

    question: str
    answer: str
    note: str
    link: Mapping[str, str]
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    at: datetime
    by: str
    checked: bool
