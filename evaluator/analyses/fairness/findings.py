"""Judgements of this analysis: code, outcome, sentence, evidence."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evaluator.analyses.fairness.judged import DISTANCES, OTHER_SIDE, fair_metrics, lead_metric, usual_gaps
from evaluator.analyses.finding_row import finding_row
from evaluator.catalogue.metrics import METRICS
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, AnalysisTables, Finding, Gap, Outcome, Population, Words
from evaluator.subject.columns import gap_columns, sensitive_columns
from evaluator.subject.subject import Subject
from evaluator.wording import Figure, Quoted, Sentence, compose, evidence_id, gap_sentence, join, join_words, plural
from evaluator.wording.reading import count, scale

MARGIN = 0.05
"""A rate that provably differs by more than this between groups should have been given a limit."""
SHARE_OF_ERROR = 0.1
"""Likewise for predicted numbers, as a share of the average error."""
LOOKED_AT = ("false_negative_rate", "false_positive_rate", "selection_rate")
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Material:
    """What the checks read. `limited` holds (metric, attribute) of every criterion on a gap."""

    gaps: tuple[Gap, ...]
    attributes: Mapping[str, str]
    limited: frozenset[tuple[str, str]]
    populations: Mapping[str, Population]
    words: Words
    lead: str
    looked_at: tuple[str, ...]
    margin: float


def findings(tables: AnalysisTables, plan: Plan, subject: Subject) -> tuple[Finding, ...]:
    """Run every check of this analysis."""
    shown = {column.name: column.words for column in subject.columns}
    material = Material(
        gaps=tables.gaps,
        attributes={name: shown[name] for name, _ in sensitive_columns(plan)},
        limited=frozenset(_limited(plan)),
        populations={rows.population.population_id: rows.population for rows in subject.populations},
        words=words_of(plan),
        lead=lead_metric(subject.task, words_of(plan)),
        looked_at=_looked_at(subject.task),
        margin=_margin_of(tables, subject.task),
    )
    return tuple(_finding(code, check(material)) for code, check in CHECKS.items())


def _looked_at(task: str) -> tuple[str, ...]:
    """The metrics whose gaps are held against the margin; of predicted numbers those in its unit."""
    if task == "binary":
        return LOOKED_AT
    return tuple(name for name in fair_metrics(task) if task != "regression" or name in DISTANCES)


def _margin_of(tables: AnalysisTables, task: str) -> float:
    """What a gap without a limit may be at most before it is named, in the unit of the metric."""
    if task != "regression":
        return MARGIN
    overall = [row for row in tables.estimates if (row.metric, row.population_id) == ("mean_absolute_error", ALL)]
    sizes = [row.value for row in overall if row.subject == MODEL and row.value is not None]
    return SHARE_OF_ERROR * sizes[0] if sizes else math.inf


def _limited(plan: Plan) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for criterion in plan.criteria:
        if criterion.gap is not None and criterion.class_ is None and len(gap_columns(criterion.gap)) == 1:
            (column,) = gap_columns(criterion.gap)
            found += [
                (metric, column) for metric in (criterion.metric, OTHER_SIDE.get(criterion.metric, criterion.metric))
            ]
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `gaps` is its evidence."""

    outcome: Outcome
    sentence: Sentence
    metric: str
    gaps: Sequence[Gap] = ()
    population_id: str = ALL


def _finding(code: str, checked: Checked) -> Finding:
    evidence = map(evidence_id, checked.gaps)
    return finding_row(code, checked.outcome, checked.sentence, checked.metric, evidence, checked.population_id)


def _large_without_limit(material: Material) -> Checked:
    rows = [
        row
        for metric in material.looked_at
        for row in usual_gaps(material.gaps, metric, tuple(material.attributes))
        if row.status == "ok" and (row.metric, row.attribute) not in material.limited
    ]
    metric = material.lead
    if not rows:
        return Checked("not_tested", compose("there are no gaps without a limit to look at."), metric)
    large = [row for row in rows if (row.at_least or 0.0) > material.margin]
    if not large:
        said = compose("no gap without a limit is provably larger than ", *_margin(rows[0]), ".")
        return Checked("clear", said, metric, rows)
    largest = max(large, key=lambda row: row.at_least or 0.0)
    said = join(
        gap_sentence(largest, material.words, material.populations[ALL], by=material.attributes[largest.attribute]),
        compose("that is provably more than ", *_margin(largest), "; no limit was set."),
    )
    return Checked("found", said, largest.metric, large)


def _margin(gap: Gap) -> tuple[Figure | str, ...]:
    evidence = evidence_id(gap)
    if METRICS[gap.metric].unit == "label":
        return ("a tenth of the average error",)
    return (Figure("50", MARGIN * 1_000, "bound", evidence), " in ", scale(1_000, evidence))


def _groups_not_judged(material: Material) -> Checked:
    metric = material.lead
    rows = usual_gaps(material.gaps, metric, tuple(material.attributes))
    if not [row for row in rows if row.status != "not_tested"]:
        return Checked("not_tested", compose("there are no groups to compare."), metric)
    few = [row for row in rows if json.loads(row.excluded)]
    names = [material.populations[name] for row in few for name in json.loads(row.excluded)]
    if not names:
        return Checked("clear", compose("every group has enough cases to be judged."), metric, rows)
    told = join_words([group.words for group in names[:MOST_NAMED]])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    number = count(len(names), "count", evidence_id(few[0]))
    groups = plural(len(names), " group: ", " groups: ")
    said = compose("too few cases to judge ", number, groups, Quoted(told + more), ".")
    return Checked("found", said, metric, few, names[0].population_id if len(names) == 1 else ALL)


CHECKS: dict[str, Callable[[Material], Checked]] = {
    "FAIR01": _large_without_limit,
    "FAIR02": _groups_not_judged,
}
