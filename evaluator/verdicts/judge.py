"""The plan's criteria held against the tables of a run."""

from __future__ import annotations

from dataclasses import replace

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.metrics import METRICS
from evaluator.plan.schema import CriterionPart, Plan
from evaluator.records import MODEL, AnalysisTables, CriterionResult, Estimate, Paired, Status
from evaluator.statistics.power import rows_needed
from evaluator.statistics.quantiles import normal_quantile
from evaluator.subject.columns import gap_columns
from evaluator.subject.subject import Subject, criterion_class, criterion_population_id
from evaluator.verdicts.gap_evidence import ABSENT, Evidence, asked_of, gap_evidence, gaps_by_question
from evaluator.verdicts.status import Limits, nearest_limit, status_of
from evaluator.wording import join_words

NO_RANGE = "There is no range to hold against the limit."
GAPS = "fairness"
"""The analysis that compares groups."""
ALONE = "each requirement on its own"
"""All requirements must be met, so that each is judged at the level of the plan (intersection-union)."""


def judge(plan: Plan, subject: Subject, tables: AnalysisTables) -> tuple[CriterionResult, ...]:
    """Every criterion of the plan, once, in the plan's order."""
    # Two analyses may measure the same thing; the first one counts.
    estimates = {(row.metric, row.class_, row.subject, row.population_id): row for row in reversed(tables.estimates)}
    paired = {(row.metric, row.class_, row.b, row.population_id): row for row in tables.paired}
    gaps = gaps_by_question(tables.gaps)
    unknown = {level.criterion_id: level for level in subject.unknown_levels}
    results = []
    for position, criterion in enumerate(plan.criteria):
        population_id = criterion_population_id(subject, criterion)
        if level := unknown.get(criterion.id):
            nearest = f" The nearest is '{level.nearest}'." if level.nearest else ""
            reason = f"The data hold no '{level.level}' in column '{level.column}'.{nearest}"
            evidence = replace(ABSENT, reason=reason)
        elif criterion.gap is not None:
            evidence = gap_evidence(criterion, subject, gaps)
        else:
            evidence = _evidence(criterion, criterion_class(subject, criterion), population_id, estimates, paired)
        results.append(_result(criterion, position, population_id, evidence, plan, subject))
    return tuple(results)


def _evidence(
    criterion: CriterionPart,
    class_: str,
    population_id: str,
    estimates: dict[tuple[str, str, str, str], Estimate],
    paired: dict[tuple[str, str, str, str], Paired],
) -> Evidence:
    if criterion.against is not None:
        pair = paired.get((criterion.metric, class_, criterion.against, population_id))
        if pair is None:
            return ABSENT
        return Evidence(pair.difference, pair.low, pair.high, pair.se, pair.method, pair.n, pair.status, pair.reason)
    row = estimates.get((criterion.metric, class_, MODEL, population_id))
    if row is None:
        return ABSENT
    return Evidence(row.value, row.low, row.high, row.se, row.method, row.n, row.status, row.reason)


def _status(evidence: Evidence, limits: Limits) -> tuple[Status, str]:
    if evidence.status == "ok":
        status = status_of(evidence.low, evidence.high, limits)
        return status, NO_RANGE if evidence.low is None else ""
    if evidence.status in ("too_few", "not_applicable"):
        return ("too_few" if evidence.status == "too_few" else "not_applicable"), evidence.reason
    return "not_tested", evidence.reason


def _result(
    criterion: CriterionPart, position: int, population_id: str, evidence: Evidence, plan: Plan, subject: Subject
) -> CriterionResult:
    limits = Limits(criterion.at_least, criterion.at_most)
    status, reason = _status(evidence, limits)
    gap = criterion.gap
    asked = asked_of(criterion, subject)
    return CriterionResult(
        criterion_id=criterion.id, position=position, question=criterion.question or _question(criterion, subject),
        analysis=_analysis_of(criterion.metric) if gap is None else GAPS, metric=criterion.metric,
        class_=criterion_class(subject, criterion), subject=MODEL,
        population_id=population_id, gap_by=asked.by, gap_kind=gap.kind if gap else "",
        gap_against=asked.against, against=criterion.against or "",
        limit_low=criterion.at_least, limit_high=criterion.at_most, value=evidence.value, low=evidence.low,
        high=evidence.high, level=plan.settings.level, method=evidence.method, n=evidence.n, status=status,
        reason=reason, rows_needed=_rows_needed(evidence, status, limits, plan.settings.level),
        blocking=criterion.blocking, why=criterion.why or "", family=evidence.family if gap else ALONE,
        family_size=evidence.family_size if gap else 1,
    )  # fmt: skip


def _question(criterion: CriterionPart, subject: Subject) -> str:
    """What a criterion without a question of its own asks: its metric, its class, and the groups it compares, in words."""
    asked, class_ = METRICS[criterion.metric].label, criterion_class(subject, criterion)
    if class_ and subject.classes is not None:
        asked += f": {subject.classes.labels[subject.classes.values.index(class_)]}"
    if criterion.gap is not None:
        words = {column.name: column.words for column in subject.columns}
        asked += f", gap by {join_words([words.get(name, name) for name in gap_columns(criterion.gap)])}"
    return f"{asked}?"


def _rows_needed(evidence: Evidence, status: Status, limits: Limits, level: float) -> int | None:
    if status != "inconclusive" or evidence.value is None or evidence.se is None:
        return None
    n = evidence.n if evidence.n_settling is None else evidence.n_settling
    limit = nearest_limit(evidence.value, limits)
    level = evidence.level or level
    return rows_needed(evidence.value, limit, _width(evidence, limit, level), n, level)


def _analysis_of(metric: str) -> str:
    task = METRICS[metric].tasks[0]
    return next(entry.name for entry in ANALYSES.values() if task in entry.tasks)


def _width(evidence: Evidence, limit: float, level: float) -> float:
    """The standard error, or what the range on the side of the limit is worth where that is wider.

    A range that errs on the safe side has to shrink below the limit too.
    """
    assert evidence.value is not None
    assert evidence.se is not None
    end = evidence.high if limit > evidence.value else evidence.low
    return evidence.se if end is None else max(evidence.se, abs(end - evidence.value) / normal_quantile(level))
