"""One run's records, indexed for reading: what pages and documents take their sentences and pictures from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import (
    ALL,
    MODEL,
    PREVIOUS,
    CriterionResult,
    CurvePoint,
    Effect,
    Estimate,
    Finding,
    Gap,
    Importance,
    NotTested,
    Paired,
    Population,
    Provenance,
    Quality,
    Recommendation,
    Run,
    Timing,
    Words,
)
from evaluator.store.reader import RunReader

EstimateKey = tuple[str, str, str]
CurveKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything a reader may ask of one run.

    `estimates` are keyed by (metric, subject, population), `paired` by (metric, other subject, population), `curves` by
    (name, subject, population).
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
    fewer_than: int | None = None
    """Figures about fewer people than this are not shown; None shows all."""

    @property
    def everyone(self) -> Population:
        return self.populations[ALL]

    def estimate(self, metric: str, subject: str = MODEL, population_id: str = ALL) -> Estimate | None:
        """One estimate, or None when the run holds none of that key."""
        return self.estimates.get((metric, subject, population_id))

    def value(self, metric: str, subject: str = MODEL, population_id: str = ALL) -> Estimate | None:
        """One estimate that has a value and a range, or None."""
        row = self.estimate(metric, subject, population_id)
        return row if row is not None and row.status == "ok" and row.low is not None else None

    def names(self) -> dict[str, str]:
        """What sentences call the other subjects."""
        earlier = self.plan.compare_with
        return {PREVIOUS: f"version {earlier.version}"} if earlier else {}

    def criterion(self, criterion_id: str) -> CriterionResult | None:
        return next((row for row in self.criteria if row.criterion_id == criterion_id), None)


def read_evidence(reader: RunReader) -> Evidence:
    """Read a whole run; some milliseconds, and cacheable for ever by run id."""
    plan = Plan.model_validate_json(reader.plan().canonical_json)
    curves: dict[CurveKey, list[CurvePoint]] = {}
    for point in reader.curves():
        curves.setdefault((point.name, point.subject, point.population_id), []).append(point)
    return Evidence(
        run=reader.run(),
        plan=plan,
        words=words_of(plan),
        populations={row.population_id: row for row in reader.populations()},
        estimates=_first_of_each(reader.estimates()),
        paired={(row.metric, row.b, row.population_id): row for row in reader.paired()},
        curves={key: tuple(points) for key, points in curves.items()},
        criteria=reader.criteria(),
        recommendation=reader.recommendation(),
        findings=reader.findings(),
        not_tested=reader.not_tested(),
        provenance=reader.provenance(),
        timings=reader.timings(),
        gaps=reader.gaps(),
        quality=reader.quality(),
        importances=reader.importances(),
        effects=reader.effects(),
        file_sha256=reader.file_sha256(),
    )


def _first_of_each(rows: Iterable[Estimate]) -> dict[EstimateKey, Estimate]:
    """Estimates by key; where two analyses measured the same, the first one counts."""
    found: dict[EstimateKey, Estimate] = {}
    for row in rows:
        found.setdefault((row.metric, row.subject, row.population_id), row)
    return found


def metric_label(metric: str) -> str:
    """The catalogue's label of a metric, or the name itself for one that this version does not know."""
    return METRICS[metric].label if metric in METRICS else metric
