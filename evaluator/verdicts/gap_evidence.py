"""What criteria are judged on, and the gap behind a criterion that compares groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from evaluator.plan.schema import CriterionPart
from evaluator.records import MODEL, EstimateStatus, Gap
from evaluator.subject.columns import gap_columns
from evaluator.subject.subject import Subject, criterion_class, criterion_population_id


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a criterion is judged on, whichever table it came from.

    `n` counts the rows it is about. For a gap, more rows of the smaller group would settle it: `n_settling` of them
    are there, and `level` is what one pair of groups takes. `family` is what its ends hold together with, `family_size`
    how many ranges that is.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    method: str
    n: int
    status: EstimateStatus
    reason: str
    n_settling: int | None = None
    level: float | None = None
    family: str = ""
    family_size: int | None = None


ABSENT = Evidence(None, None, None, None, "none", 0, "not_tested", "No analysis produced this number.")

GapKey = tuple[str, str, str, str, str, str]
"""Metric, class, attribute, within, kind, against."""


class AskedGap(NamedTuple):
    """By which attribute a criterion compares, and against what; both empty when it compares no groups."""

    by: str
    against: str


def asked_of(criterion: CriterionPart, subject: Subject) -> AskedGap:
    """What a criterion compares, also where it could not be tested."""
    if criterion.gap is None:
        return AskedGap("", "")
    question = subject.gap_questions.get(criterion.id)
    if question is not None:
        return AskedGap(question.attribute, question.against)
    return AskedGap(" & ".join(gap_columns(criterion.gap)), str(criterion.gap.against))


def gaps_by_question(gaps: Iterable[Gap]) -> dict[GapKey, Gap]:
    """The gaps of the model under review, as criteria ask for them."""
    return {
        (row.metric, row.class_, row.attribute, row.within, row.kind, row.against): row
        for row in gaps
        if row.subject == MODEL
    }


def gap_evidence(criterion: CriterionPart, subject: Subject, gaps: Mapping[GapKey, Gap]) -> Evidence:
    """The gap that a criterion is about; its ends hold for all pairs of groups together."""
    question, gap = subject.gap_questions.get(criterion.id), criterion.gap
    if question is None or gap is None:
        return ABSENT
    class_ = criterion_class(subject, criterion)
    row = gaps.get((criterion.metric, class_, question.attribute, question.within, gap.kind, question.against))
    if row is None:
        return ABSENT
    n = _n_rows(subject, criterion_population_id(subject, criterion))
    if row.status != "ok":
        return Evidence(None, None, None, None, row.method, n, row.status, row.reason)
    return Evidence(
        row.value,
        row.at_least,
        row.at_most,
        row.se,
        row.method,
        n,
        "ok",
        "",
        _n_rows(subject, smaller_group(row)),
        row.pair_level,
        row.family,
        row.family_size,
    )


def smaller_group(gap: Gap) -> str:
    """Population id of the group, of the two that lie farthest apart, with fewer relevant cases."""
    return gap.group_low if (gap.n_low or 0) <= (gap.n_high or 0) else gap.group_high


def _n_rows(subject: Subject, population_id: str) -> int:
    rows = subject.find_rows(population_id)
    return 0 if rows is None else rows.population.n
