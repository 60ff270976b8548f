"""One run as `show` tells it: records with the sentences that say them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evaluator.catalogue.metrics import METRICS
from evaluator.cli.printing import plain
from evaluator.plan import Plan, parse_plan, words_of
from evaluator.plan.plan_words import class_words
from evaluator.records import (
    ALL,
    MODEL,
    PREVIOUS,
    CriterionResult,
    Estimate,
    NotTested,
    Population,
    Recommendation,
    Run,
    Words,
)
from evaluator.report.identity import state_words
from evaluator.report.standing import Standing, standing_of
from evaluator.store import RunReader, check_unchanged, open_run, read_events
from evaluator.subject.classes import class_labels
from evaluator.wording import criterion_sentences, decision_sentences, metric_sentence

MAJORITY = "baseline:majority"


@dataclass(frozen=True, slots=True)
class RunView:
    """What a reader of one run is told; each criterion and headline estimate with its sentences."""

    run: Run
    standing: Standing
    file_sha256: str
    recommendation: Recommendation
    criteria: tuple[tuple[CriterionResult, str], ...]
    headline: tuple[tuple[Estimate, str], ...]
    not_tested: tuple[NotTested, ...]
    decided: tuple[str, ...]
    """What the committee decided, in sentences."""

    @property
    def state_words(self) -> str:
        return state_words(self.standing)

    @property
    def covers(self) -> str:
        period = f", {self.run.period}" if self.run.period else ""
        return f"{self.run.model} {self.run.version} on {self.run.n:,} rows{period}."

    def as_data(self) -> dict[str, object]:
        """The same for machines; `decision` is null until one is recorded."""
        recommendation = plain(self.recommendation) | {"counts": json.loads(self.recommendation.counts)}
        return {
            "run": plain(self.run),
            "state": self.standing.state,
            "standing": self._standing_data(),
            "run_file_sha256": self.file_sha256,
            "recommendation": recommendation,
            "decision": self._decision_data(),
            "criteria": [plain(criterion) | {"sentences": said} for criterion, said in self.criteria],
            "headline": [plain(estimate) | {"sentence": said} for estimate, said in self.headline],
            "not_tested": plain(self.not_tested),
        }

    def _standing_data(self) -> object:
        standing = self.standing
        return plain(
            {
                "since": standing.since,
                "by": standing.by,
                "checked": standing.checked,
                "why": standing.why,
                "replaced_by": standing.replaced_by,
                "decisions": len(standing.decisions),
            }
        )

    def _decision_data(self) -> object:
        return decision_data(self.standing, self.decided)


def read_view(store: Path, run_id: str) -> RunView:
    """Read one run and put its records into words; StoreError when it or its ledger was changed."""
    reader = open_run(store, run_id)
    events = read_events(store, run_id)
    check_unchanged(store, run_id, events)
    standing = standing_of(events)
    plan = parse_plan(reader.plan().yaml, source=f"the plan of {run_id}")
    words, names = words_of(plan), _names(plan)
    return RunView(
        run=reader.run(),
        standing=standing,
        file_sha256=reader.file_sha256(),
        recommendation=reader.recommendation(),
        criteria=_criteria(reader, plan, words, names),
        headline=_headline(reader, words, names),
        not_tested=reader.not_tested(),
        decided=tuple(map(str, decision_sentences(standing.decision, datetime.now(UTC).date()))),
    )


def decision_data(standing: Standing, sentences: tuple[str, ...]) -> dict[str, object] | None:
    """The decision that counts, for machines: what was decided, by whom and when, and how it is said."""
    recorded = standing.decision
    if recorded is None:
        return None
    decided: dict[str, object] = plain(recorded.decision)
    event = {"at": recorded.at, "by": recorded.by, "checked": recorded.checked, "event_sha256": recorded.event_sha256}
    told: dict[str, object] = plain({**event, "sentences": sentences})
    return decided | told


def _names(plan: Plan) -> dict[str, str]:
    """What sentences call the two models."""
    names = {MODEL: f"version {plan.model.version}"}
    return names | {PREVIOUS: f"version {plan.compare_with.version}"} if plan.compare_with else names


def _criteria(
    reader: RunReader, plan: Plan, words: Words, names: Mapping[str, str]
) -> tuple[tuple[CriterionResult, str], ...]:
    populations = {population.population_id: population for population in reader.populations()}
    told = []
    classes = _class_words(reader, plan)
    for criterion in reader.criteria():
        # A criterion about an unknown level has no population; its sentence then speaks of none.
        population = populations.get(criterion.population_id, populations[ALL])
        sentences = criterion_sentences(
            criterion, classes.get(criterion.class_, words), population, estimate=_estimate_of(reader, criterion), names=names,
            volume_per_year=plan.use.volume_per_year,
        )  # fmt: skip
        told.append((criterion, " ".join(sentence.text for sentence in sentences)))
    return tuple(told)


def _estimate_of(reader: RunReader, criterion: CriterionResult) -> Estimate | None:
    if criterion.against or criterion.gap_by:
        return None
    return _one(reader, criterion.metric, criterion.subject, criterion.population_id, criterion.class_)


def _one(reader: RunReader, metric: str, subject: str, population_id: str, class_: str = "") -> Estimate | None:
    found = reader.estimates(metric=metric, subject=subject, population_id=population_id)
    return next((row for row in found if row.class_ == class_), None)


def _class_words(reader: RunReader, plan: Plan) -> dict[str, Words]:
    """The words for each class against the rest; empty for tasks without several classes."""
    rows = reader.estimates(subject=MODEL, population_id=ALL)
    values = list(dict.fromkeys(row.class_ for row in rows if row.class_))
    labels = class_labels(plan, values) if values else ()
    return {value: class_words(plan, label) for value, label in zip(values, labels, strict=True)}


def _headline(reader: RunReader, words: Words, names: Mapping[str, str]) -> tuple[tuple[Estimate, str], ...]:
    everyone: Population = next(row for row in reader.populations() if row.population_id == ALL)
    told: list[tuple[Estimate, str]] = []
    overall = (row for row in reader.estimates(subject=MODEL, population_id=ALL) if not row.class_)
    for estimate in {row.metric: row for row in overall}.values():
        if METRICS[estimate.metric].headline and estimate.status == "ok":
            baseline = _one(reader, "accuracy", MAJORITY, ALL) if estimate.metric == "accuracy" else None
            said = metric_sentence(estimate, words, everyone, level_said=bool(told), baseline=baseline, names=names)
            told.append((estimate, said.text))
    return tuple(told)
