"""The frozen records that everything else speaks in.

The records under "tables of a run file" mirror the store's tables field by field: the store derives its columns from
them, so a field added here is a column added there. A trailing underscore (`class_`) is dropped in the column name.
Fractions are fractions in every record; percentages exist in sentences alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Status = Literal["met", "not_met", "inconclusive", "too_few", "not_tested", "not_applicable"]
EstimateStatus = Literal["ok", "undefined", "too_few", "not_tested", "not_applicable", "failed"]
Coverage = Literal["guaranteed", "nominal", "approximate", "exact_count", "none"]
RecommendationCode = Literal["approve", "approve_with_conditions", "defer", "do_not_approve"]
Severity = Literal["critical", "high", "medium", "low", "observation"]
Outcome = Literal["found", "clear", "not_tested"]
RunState = Literal["draft", "released", "superseded", "withdrawn"]
Direction = Literal["higher", "lower", "mixed", "by_level", "unused", "unknown"]

MODEL = "model"
PREVIOUS = "previous"
ALL = "all"


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


# --- tables of a run file -------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class PlanText:
    yaml: str
    canonical_json: str
    sha256: str
    locked_at: datetime | None
    lock_history: str


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
class Importance:
    """How much one feature counts for one model.

    `method` shap: mean size of its contribution to the score; permutation: how much the loss grows when the feature is
    taken from other rows. `space` is the unit of `value`: chance (fractions), log_odds, score (the unit of the label,
    or of a score that promises no probability), brier or squared_error. `how` names the calculation: tree, additive,
    sampled or shifted.
    """

    method: Literal["shap", "permutation"]
    subject: str
    population_id: str
    feature: str
    words: str
    value: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    share: float | None
    share_low: float | None
    share_high: float | None
    """Its part of the sum over all features (shap), and the range of that."""
    rank_low: int | None
    rank_high: int | None
    """Best and worst rank that fit the data, 1 for the feature that counts most; simultaneous over all features."""
    times_first: int | None
    repeats: int
    """In how many of so many redrawn samples the feature came first."""
    direction: Direction
    """What more of the feature does to the score; by_level for features that are no quantities."""
    moves_with: str
    """JSON list of the features that rise or fall together with it."""
    space: str
    unit: str
    how: str
    n: int
    """Rows looked at, drawn from all and weighted back to them."""
    background: int | None
    """Cases that contributions are counted from (shap)."""
    weighted: bool
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One point of what a feature does to the score, all else as it is: the score there minus the average score.

    Quantities: accumulated local effects at `x`, the curve's points in order; `n` counts the rows since the point
    before (0 at the first). Features with levels: mean score when every row had that level; `n` counts its rows.
    `thin` marks points that rest on fewer rows than a group needs. `confidence` is the level of the range.
    """

    subject: str
    population_id: str
    feature: str
    words: str
    kind: Literal["quantity", "levels"]
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
    share: float
    thin: bool
    space: str
    unit: str


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


@dataclass(frozen=True, slots=True)
class CriterionResult:
    criterion_id: str
    position: int
    question: str
    analysis: str
    metric: str
    class_: str
    subject: str
    population_id: str
    gap_by: str
    gap_kind: str
    gap_against: str
    against: str
    """'' for a plain limit; the compared subject (`previous`, `baseline:...`) for a paired criterion."""
    limit_low: float | None
    limit_high: float | None
    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    n: int
    status: Status
    reason: str
    rows_needed: int | None
    """Further rows of the population that would settle an inconclusive status; null when more rows are unlikely to."""
    blocking: bool
    why: str
    family: str = ""
    """What the range holds together with: the family of its gap, or nothing else. '' without a gap, or before version 3."""
    family_size: int | None = None
    """How many ranges that is; null without a gap, or before version 3."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    recommendation: RecommendationCode
    deciding_criterion: str
    sentence: str
    counts: str
    """JSON object: status -> number of criteria."""


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    analysis: str
    severity: Severity
    outcome: Outcome
    sentence: str
    population_id: str
    metric: str
    evidence: str
    action: str


@dataclass(frozen=True, slots=True)
class NotTested:
    """Something the plan did not let us test: `what` and `reason` in words, `add_to_plan` as a line of YAML."""

    analysis: str
    what: str
    reason: str
    add_to_plan: str
    failed: bool = False


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


# --- records that travel between packages ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnalysisTables:
    """What one analysis contributes to a run file."""

    estimates: tuple[Estimate, ...] = ()
    gaps: tuple[Gap, ...] = ()
    quality: tuple[Quality, ...] = ()
    paired: tuple[Paired, ...] = ()
    curves: tuple[CurvePoint, ...] = ()
    importances: tuple[Importance, ...] = ()
    effects: tuple[Effect, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_tested: tuple[NotTested, ...] = ()
    calibrations: tuple[Calibration, ...] = ()


@dataclass(frozen=True, slots=True)
class RunContent:
    """Everything a run file holds, table by table; the store publishes exactly this."""

    run: Run
    plan: PlanText
    populations: tuple[Population, ...]
    tables: AnalysisTables
    criteria: tuple[CriterionResult, ...]
    recommendation: Recommendation
    provenance: tuple[Provenance, ...]
    timings: tuple[Timing, ...]


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


Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total) by long work."""
