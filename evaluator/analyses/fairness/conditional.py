"""Differences between groups among people who are alike in a legitimate factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.analyses.fairness.alike import SELECTION, Question, compare, strata_of
from evaluator.analyses.fairness.findings_conditional import alike_finding
from evaluator.analyses.fairness.judged import lead_metric
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.strata import MOST_STRATA, Factor, TooMany, factors_of
from evaluator.metrics.influences import rate_parts
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.records import AnalysisTables, Conditional, NotTested, Stratum
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.multiplicity import holm
from evaluator.statistics.spread import IntArray
from evaluator.subject.subject import Partition, Subject

WHAT = "Differences among cases that are alike in a factor which may rightly count"
NAME_ONE = "fairness: {legitimate: [COLUMN]}"
NAME_BANDS = "fairness: {legitimate: [{column: COLUMN, bands: [0, 10, 20]}]}"


def conditional(measured: Measured) -> AnalysisTables:
    """Differences between groups among people who are alike in a legitimate factor."""
    missing = _missing(measured)
    if missing is not None:
        return AnalysisTables(findings=(alike_finding(measured, (), missing.reason),), not_tested=(missing,))
    factors, left_out = factors_of(measured.plan, measured.subject)
    rows: list[Conditional] = []
    strata: list[Stratum] = []
    for partition in measured.attributes:
        for question, index in _questions(measured, partition):
            rows += _compared(question, factors, index)
            strata += _levels(question, factors, index)
    return AnalysisTables(
        conditionals=tuple(rows),
        strata=tuple(strata),
        findings=(alike_finding(measured, rows, "the factors have too many levels"),),
        not_tested=tuple(_too_many(one) for one in left_out),
    )


def _missing(measured: Measured) -> NotTested | None:
    """What the plan lacks for this part."""
    rows = measured.model.rows
    if not measured.plan.fairness.legitimate:
        return NotTested("fairness", WHAT, "the plan names no factor that may rightly count", NAME_ONE)
    if not isinstance(rows, BinaryRows):
        return NotTested("fairness", WHAT, "shares of yes-or-no decisions are compared, and there are none", "")
    if rows.decision is None:
        return NotTested("fairness", WHAT, "there is no decision to judge", "task: {prediction: COLUMN}")
    return None


def _too_many(one: TooMany) -> NotTested:
    reason = f"there are {one.count:,} levels; at most {MOST_STRATA} are compared one by one"
    return NotTested("fairness", f"Differences among cases that are alike in {one.words}", reason, NAME_BANDS)


def _questions(measured: Measured, partition: Partition) -> list[tuple[Question, IntArray]]:
    """Selection, then the error that hurts the person, by one attribute; each with the rows that it is about."""
    rows, words = measured.model.rows, words_of(measured.plan)
    assert isinstance(rows, BinaryRows)
    group, kept = _group_of_row(partition, measured.subject), _weighs(rows)
    sizes = np.bincount(group[kept], minlength=len(partition.groups))
    named = next(column.words for column in measured.subject.columns if column.name == partition.attribute)
    found: list[tuple[Question, IntArray]] = []
    for metric in (SELECTION, lead_metric(measured.subject.task, words)):
        counted, among = rate_parts(metric, rows)
        index = np.flatnonzero(among & kept)
        question = Question(
            metric=metric, attribute=partition.attribute, attribute_words=named, groups=partition.groups,
            group=group[index], counted=counted[index], sizes=sizes,
            weight=None if rows.weight is None else rows.weight[index],
            cluster=None if rows.real_clusters is None else rows.real_clusters[index],
            unfavourable_counted=not words.favourable_positive, level=measured.plan.settings.level,
            min_group=measured.plan.data.min_group,
        )  # fmt: skip
        found.append((question, index))
    return found


def _weighs(rows: BinaryRows) -> BoolArray:
    """Rows that are evidence: those of weight zero are none."""
    return np.ones(rows.n, dtype=np.bool_) if rows.weight is None else rows.weight > 0


def _group_of_row(partition: Partition, subject: Subject) -> IntArray:
    """Position of every row's group."""
    group = np.zeros(subject.n, dtype=np.int64)
    for place, name in enumerate(partition.groups):
        found = subject.find_rows(name)
        if found is not None:
            group[slice(None) if found.index is None else found.index] = place
    return group


def _compared(question: Question, factors: Sequence[Factor], index: IntArray) -> list[Conditional]:
    """Every group and factor, with p-values adjusted over all of them."""
    rows = [
        compare(question, factor, factor.code[index], place, len(factors))
        for factor in factors
        for place in range(len(question.groups))
        if question.sizes[place] > 0
    ]
    return _adjusted(rows, mirrored=question.mirrored)


def _adjusted(rows: Sequence[Conditional], *, mirrored: bool) -> list[Conditional]:
    """With Holm's p-values; where every comparison stands twice, seen from either group, it is adjusted once."""
    known = [position for position, row in enumerate(rows) if row.p_value is not None]
    times = 2 if mirrored else 1
    tested = np.array([rows[position].p_value for position in known[::times]], dtype=np.float64)
    by_place = dict(zip(known, holm(tested).repeat(times).tolist(), strict=True))
    return [replace(row, p_adjusted=by_place.get(position)) for position, row in enumerate(rows)]


def _levels(question: Question, factors: Sequence[Factor], index: IntArray) -> list[Stratum]:
    """The levels of every single factor, for every group with enough cases."""
    return [row for factor in factors if factor.levels for row in strata_of(question, factor, factor.code[index])]
