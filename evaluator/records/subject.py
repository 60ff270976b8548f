"""What was examined: the run, its plan and files, and which rows a number is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Words:
    """The plan's own words for one case and its outcomes; every sentence uses only these.

    Verb phrases are past tense and follow "who"/"that" (`positive`: "repaid") or "was/were" (`predicted_positive`:
    "approved"). `people` chooses between "who" and "that". Without words in the plan, `plain` is True and sentences
    say "rows labelled 1". A predicted number has no such outcomes: they are '', `unit` is the unit of the label.
    """

    case: str
    cases: str
    positive: str
    negative: str
    predicted_positive: str
    predicted_negative: str
    bears_false_positive: str | None = None
    bears_false_negative: str | None = None
    favourable_positive: bool = True
    people: bool = True
    plain: bool = False
    unit: str = ""
    """The unit of the label ("days"), or ''."""
    outcome: str = ""
    """What is predicted, as a noun phrase: the words of the label's column."""


@dataclass(frozen=True, slots=True)
class Run:
    run_id: str
    schema_version: int
    plan_id: str
    title: str
    question: str
    model: str
    version: str
    task: str
    started_at: datetime
    seconds: float
    seed: int
    plan_sha256: str
    data_sha256: str
    model_sha256: str | None
    rows_sha256: str | None
    code_version: str
    environment: str
    result_sha256: str
    n: int
    period: str
    """What the rows cover, in words ("January to June 2026"), or ''."""
    test_set_use: int | None = None
    """Which evaluation this is on these test data: 1 when the store held none before; null before version 4."""


@dataclass(frozen=True, slots=True)
class PlanText:
    yaml: str
    canonical_json: str
    sha256: str
    locked_at: datetime | None
    """When the criteria were first locked; null without a lock."""
    lock_history: str
    """JSON list of the entries of the lock file, oldest first."""
    criteria_sha256: str = ""
    """Of the criteria that this run was judged by; '' before version 4."""
    first_result_at: datetime | None = None
    """When the store first held a result of this plan, this run included; null before version 4."""


@dataclass(frozen=True, slots=True)
class Population:
    """Which rows a number is about.

    `words` is a plural noun phrase that can follow "of 100" ("women", "applicants whose region is north"); `label` is
    its short form for chart rows ("north"). `attribute` is the column (or "a & b") that defines it, '' for all rows.
    `kind` is all, group, intersection, slice or window; `position` keeps the order of levels and bands.
    """

    population_id: str
    words: str
    label: str
    definition: str
    attribute: str
    kind: str
    position: int
    origin: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Provenance:
    role: str
    path: str
    rows: int
    columns: int
    sha256: str
    source: str
    licence: str
    collected: str
    declared_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    analysis: str
    seconds: float
    peak_mib: float
