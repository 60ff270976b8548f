"""Judgements about single classes. Each takes all classes, or all pairs of them, into account at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.analyses.performance.class_words import (
    FOUND,
    ClassWords,
    class_sentence,
    confusion_evidence,
    mix_up_sentence,
    mix_ups,
)
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.records import ALL, MODEL, AnalysisTables, CurvePoint, Estimate, Outcome, Population
from evaluator.statistics.quantiles import normal_quantile
from evaluator.wording import Sentence, compose, evidence_id
from evaluator.wording.reading import scale, share

Checked = tuple[Outcome, Sentence | str, str, Sequence[str]]
"""Outcome, sentence, metric, ids of the evidence."""
MIXED_UP = 0.1
"""The share of a class taken for one other that is worth a finding."""
FOUND_LESS = 0.05
"""How much less often than the others a class is found that is worth a finding."""
PER = 100


@dataclass(frozen=True, slots=True)
class ClassMaterial:
    """What the checks on classes read: the model's numbers on all rows, by (metric, class), and its mistakes."""

    words: ClassWords
    estimates: dict[tuple[str, str], Estimate]
    confusion: tuple[CurvePoint, ...]
    everyone: Population


def class_material(tables: AnalysisTables, everyone: Population, words: ClassWords) -> ClassMaterial:
    """The numbers of the model about one class each, on all rows."""
    about = [row for row in tables.estimates if row.class_ and (row.subject, row.population_id) == (MODEL, ALL)]
    return ClassMaterial(
        words,
        {(row.metric, row.class_): row for row in about},
        tuple(point for point in tables.curves if (point.name, point.subject) == ("confusion", MODEL)),
        everyone,
    )


def often_mixed_up(material: ClassMaterial) -> Checked:
    """Whether a class is provably taken for one other in more than `MIXED_UP` of its cases."""
    if not material.words:
        return "not_tested", "There are not several classes to mix up.", FOUND, ()
    if not material.confusion:
        return "not_tested", "No case was given a class, so none can be mixed up.", FOUND, ()
    made = mix_ups(material.confusion, list(material.words))
    proven = [one for one in made if (one.point.low or 0.0) > MIXED_UP and one.point.n >= FEWER_THAN]
    evidence = [confusion_evidence(value) for value in material.words]
    if not proven:
        limit = (share(MIXED_UP, PER, "limit", "catalogue:PERF05"), " of ", scale(PER, "catalogue:PERF05"))
        return (
            "clear",
            compose("no class is provably taken for one other in more than ", limit, " cases."),
            FOUND,
            evidence,
        )
    worst = max(proven, key=lambda one: one.point.low or 0.0)
    level = next(iter(material.estimates.values())).level
    return "found", mix_up_sentence(worst, material.words, material.everyone, level=level), FOUND, evidence


def found_less_often(material: ClassMaterial) -> Checked:
    """Whether a class is provably found less often than the mean of the others, by more than `FOUND_LESS`."""
    known = [row for (metric, _), row in material.estimates.items() if metric == FOUND and row.se is not None]
    if len(known) < 2:
        return "not_tested", "There are not two classes with enough cases to compare.", FOUND, ()
    behind = [(least, row) for row in known if (least := _behind_at_least(row, known)) > FOUND_LESS]
    evidence = [evidence_id(row) for row in known]
    if not behind:
        limit = (share(FOUND_LESS, PER, "limit", "catalogue:PERF06"), " of ", scale(PER, "catalogue:PERF06"))
        said = compose("no class is provably found less often than the others by more than ", limit, " cases.")
        return "clear", said, FOUND, evidence
    _, worst = max(behind, key=lambda pair: pair[0])
    return "found", class_sentence(worst, material.words, material.everyone), FOUND, evidence


def _behind_at_least(row: Estimate, rows: Sequence[Estimate]) -> float:
    """How much less often, at least, a class is found than the mean of the others; all classes looked at together."""
    others = [other for other in rows if other is not row]
    apart = sum(other.value or 0.0 for other in others) / len(others) - (row.value or 0.0)
    return apart - _quantile(row.level, len(rows)) * _spread(row, others)


def _spread(row: Estimate, others: Sequence[Estimate]) -> float:
    """Standard error of that difference; classes that share clusters may vary together, which the sum allows for."""
    own, errors = _error(row), [_error(other) / len(others) for other in others]
    return own + sum(errors) if row.n_clusters is not None else math.hypot(own, *errors)


def _error(row: Estimate) -> float:
    """Standard error of a share; where all or no cases were found, that of half a case more on either side."""
    n = row.relevant_count or row.n
    nearly = ((row.value or 0.0) * n + 0.5) / (n + 1)
    return max(row.se or 0.0, math.sqrt(nearly * (1 - nearly) / n))


def _quantile(level: float, family: int) -> float:
    return normal_quantile(1 - (1 - level) / family)
