"""One run's records, indexed for reading: what pages and documents take their sentences and pictures from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluator.catalogue.metrics import METRICS
from evaluator.plan.lock import NO_LOCK, Lock, lock_of
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import (
    ALL,
    MODEL,
    PREVIOUS,
    Calibration,
    Case,
    CasePart,
    Conditional,
    Conflict,
    CriterionResult,
    CurvePoint,
    Dependence,
    Distance,
    Effect,
    ErrorLeaf,
    Estimate,
    ExplanationCheck,
    FeatureShare,
    Finding,
    Gap,
    GroupGap,
    Importance,
    Interaction,
    InteractionPoint,
    NotTested,
    Paired,
    Population,
    Price,
    Provenance,
    Quality,
    Reason,
    ReasonCheck,
    Recommendation,
    RecourseRate,
    Run,
    SelectionRatio,
    Shrunken,
    SimilarCases,
    Slice,
    SliceCause,
    SliceCondition,
    SliceSearch,
    StatutoryTable,
    Stratum,
    SurrogateLeaf,
    Timing,
    Trace,
    UnknownBound,
    WayOut,
    WayOutChange,
    Words,
)
from evaluator.store.reader import RunReader

EstimateKey = tuple[str, str, str]
CurveKey = tuple[str, str, str]
ClassKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything a reader may ask of one run.

    `estimates` are keyed by (metric, subject, population), `paired` by (metric, other subject, population), `curves` by
    (name, subject, population). These and `gaps` are about all classes together; what is about one class stands in
    `class_estimates`, `class_paired` and `class_curves`, keyed by (metric or name, class, ...), and in `class_gaps`.
    """

    run: Run
    plan: Plan
    words: Words
    populations: Mapping[str, Population]
    estimates: Mapping[EstimateKey, Estimate]
    paired: Mapping[EstimateKey, Paired]
    curves: Mapping[CurveKey, tuple[CurvePoint, ...]]
    criteria: tuple[CriterionResult, ...]
    recommendation: Recommendation
    findings: tuple[Finding, ...]
    not_tested: tuple[NotTested, ...]
    provenance: tuple[Provenance, ...]
    timings: tuple[Timing, ...]
    gaps: tuple[Gap, ...]
    quality: tuple[Quality, ...]
    importances: tuple[Importance, ...]
    effects: tuple[Effect, ...]
    file_sha256: str
    class_estimates: Mapping[ClassKey, Estimate] = field(default_factory=dict)
    class_paired: Mapping[ClassKey, Paired] = field(default_factory=dict)
    class_curves: Mapping[ClassKey, tuple[CurvePoint, ...]] = field(default_factory=dict)
    class_gaps: tuple[Gap, ...] = ()
    calibrations: Mapping[ClassKey, Calibration] = field(default_factory=dict)
    """Keyed by (check, class, subject, population)."""
    shrunken: tuple[Shrunken, ...] = ()
    group_gaps: tuple[GroupGap, ...] = ()
    distances: tuple[Distance, ...] = ()
    conditionals: tuple[Conditional, ...] = ()
    strata: tuple[Stratum, ...] = ()
    selection_ratios: tuple[SelectionRatio, ...] = ()
    statutory_tables: tuple[StatutoryTable, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    prices: tuple[Price, ...] = ()
    traces: tuple[Trace, ...] = ()
    unknown_bounds: tuple[UnknownBound, ...] = ()
    slice_searches: tuple[SliceSearch, ...] = ()
    slices: tuple[Slice, ...] = ()
    slice_conditions: tuple[SliceCondition, ...] = ()
    slice_causes: tuple[SliceCause, ...] = ()
    error_leaves: tuple[ErrorLeaf, ...] = ()
    dependences: tuple[Dependence, ...] = ()
    feature_shares: tuple[FeatureShare, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    interaction_points: tuple[InteractionPoint, ...] = ()
    cases: tuple[Case, ...] = ()
    case_parts: tuple[CasePart, ...] = ()
    similar_cases: tuple[SimilarCases, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    way_out_changes: tuple[WayOutChange, ...] = ()
    recourse_rates: tuple[RecourseRate, ...] = ()
    reasons: tuple[Reason, ...] = ()
    reason_checks: tuple[ReasonCheck, ...] = ()
    explanation_checks: tuple[ExplanationCheck, ...] = ()
    surrogate_leaves: tuple[SurrogateLeaf, ...] = ()
    fewer_than: int | None = None
    """Figures about fewer people than this are not shown; None shows all."""
    lock: Lock = NO_LOCK
    """Whether the limits were fixed before the results."""

    @property
    def everyone(self) -> Population:
        return self.populations[ALL]

    def estimate(
        self, metric: str, subject: str = MODEL, population_id: str = ALL, class_: str = ""
    ) -> Estimate | None:
        """One estimate, of one class or ('') of all together, or None when the run holds none of that key."""
        if class_:
            return self.class_estimates.get((metric, class_, subject, population_id))
        return self.estimates.get((metric, subject, population_id))

    def all_metrics(self, population_id: str = ALL, class_: str = "") -> dict[str, Estimate]:
        """The model's estimates on one population, of one class or ('') of all together, by metric."""
        found = {metric: self.estimate(metric, MODEL, population_id, class_) for metric in METRICS}
        return {metric: row for metric, row in found.items() if row is not None}

    def value(self, metric: str, subject: str = MODEL, population_id: str = ALL, class_: str = "") -> Estimate | None:
        """One estimate that has a value and a range, or None."""
        row = self.estimate(metric, subject, population_id, class_)
        return row if row is not None and row.status == "ok" and row.low is not None else None

    def names(self) -> dict[str, str]:
        """What sentences call the other subjects."""
        earlier = self.plan.compare_with
        return {PREVIOUS: f"version {earlier.version}"} if earlier else {}

    def criterion(self, criterion_id: str) -> CriterionResult | None:
        return next((row for row in self.criteria if row.criterion_id == criterion_id), None)


def read_evidence(reader: RunReader) -> Evidence:
    """Read a whole run; some milliseconds, and cacheable for ever by run id."""
    text = reader.plan()
    plan = Plan.model_validate_json(text.canonical_json)
    curves: dict[CurveKey, list[CurvePoint]] = {}
    class_curves: dict[ClassKey, list[CurvePoint]] = {}
    for point in reader.curves():
        if point.class_:
            class_curves.setdefault((point.name, point.class_, point.subject, point.population_id), []).append(point)
        else:
            curves.setdefault((point.name, point.subject, point.population_id), []).append(point)
    found, paired, gaps = _first_of_each(reader.estimates()), reader.paired(), reader.gaps()
    return Evidence(
        run=reader.run(),
        plan=plan,
        words=words_of(plan),
        populations={row.population_id: row for row in reader.populations()},
        estimates={(key[0], key[2], key[3]): row for key, row in found.items() if not key[1]},
        paired={(row.metric, row.b, row.population_id): row for row in paired if not row.class_},
        curves={key: tuple(points) for key, points in curves.items()},
        criteria=reader.criteria(),
        recommendation=reader.recommendation(),
        findings=reader.findings(),
        not_tested=reader.not_tested(),
        provenance=reader.provenance(),
        timings=reader.timings(),
        gaps=tuple(row for row in gaps if not row.class_),
        quality=reader.quality(),
        importances=reader.importances(),
        effects=reader.effects(),
        file_sha256=reader.file_sha256(),
        class_estimates={key: row for key, row in found.items() if key[1]},
        class_paired={(row.metric, row.class_, row.b, row.population_id): row for row in paired if row.class_},
        class_curves={key: tuple(points) for key, points in class_curves.items()},
        class_gaps=tuple(row for row in gaps if row.class_),
        lock=lock_of(text, reader.run()),
        calibrations={(row.check, row.class_, row.subject, row.population_id): row for row in reader.calibrations()},
        shrunken=reader.rows_of(Shrunken),
        group_gaps=reader.rows_of(GroupGap),
        distances=reader.rows_of(Distance),
        conditionals=reader.rows_of(Conditional),
        strata=reader.rows_of(Stratum),
        selection_ratios=reader.rows_of(SelectionRatio),
        statutory_tables=reader.rows_of(StatutoryTable),
        conflicts=reader.rows_of(Conflict),
        prices=reader.rows_of(Price),
        traces=reader.rows_of(Trace),
        unknown_bounds=reader.rows_of(UnknownBound),
        slice_searches=reader.rows_of(SliceSearch),
        slices=reader.rows_of(Slice),
        slice_conditions=reader.rows_of(SliceCondition),
        slice_causes=reader.rows_of(SliceCause),
        error_leaves=reader.rows_of(ErrorLeaf),
        dependences=reader.rows_of(Dependence),
        feature_shares=reader.rows_of(FeatureShare),
        interactions=reader.rows_of(Interaction),
        interaction_points=reader.rows_of(InteractionPoint),
        cases=reader.rows_of(Case),
        case_parts=reader.rows_of(CasePart),
        similar_cases=reader.rows_of(SimilarCases),
        ways_out=reader.rows_of(WayOut),
        way_out_changes=reader.rows_of(WayOutChange),
        recourse_rates=reader.rows_of(RecourseRate),
        reasons=reader.rows_of(Reason),
        reason_checks=reader.rows_of(ReasonCheck),
        explanation_checks=reader.rows_of(ExplanationCheck),
        surrogate_leaves=reader.rows_of(SurrogateLeaf),
    )


def _first_of_each(rows: Iterable[Estimate]) -> dict[ClassKey, Estimate]:
    """Estimates by key; where two analyses measured the same, the first one counts."""
    found: dict[ClassKey, Estimate] = {}
    for row in rows:
        found.setdefault((row.metric, row.class_, row.subject, row.population_id), row)
    return found


def metric_label(metric: str) -> str:
    """The catalogue's label of a metric, or the name itself for one that this version does not know."""
    return METRICS[metric].label if metric in METRICS else metric
