"""What a reader may not see of few people: the same evidence, with every figure about fewer than ten taken out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from evaluator.analyses.performance.class_words import CONFUSION
from evaluator.records import (
    Calibration,
    Conditional,
    CriterionResult,
    CurvePoint,
    Estimate,
    Finding,
    GroupGap,
    Population,
    Quality,
    Shrunken,
    Stratum,
    UnknownBound,
)
from evaluator.report.class_suppression import closed_classes, hide_mix_ups, withhold_number, withhold_promise
from evaluator.report.classes import found_rows, labels_of, words_by_class
from evaluator.report.evidence import ClassKey, Evidence
from evaluator.report.explanations_parts.withheld import withhold as withhold_explanations
from evaluator.report.failures_parts import withheld
from evaluator.report.fairness_parts import (
    burden,
    conditional_withheld,
    distributions,
    four_fifths,
    statutory,
    traces,
    tradeoffs_withheld,
    unknowns,
    which_people,
)

OfClass = TypeVar("OfClass", Shrunken, GroupGap)
Counted = TypeVar("Counted", Shrunken, GroupGap, Conditional, Stratum)
KEPT = -1
"""In place of a count that is kept from the reader."""

HISTOGRAMS = frozenset({"score_histogram", "error_histogram"})
"""Curves whose points are edges of bars, with the number of rows in each."""


def suppress(evidence: Evidence, fewer_than: int) -> Evidence:
    """Evidence for readers who may not see figures about fewer than `fewer_than` people.

    Reasons lose their counts, points of curves about few people are left out, and `Evidence.fewer_than` makes every
    sentence and table say "fewer than 10" instead of a small number of people.
    """
    few = f"fewer than {fewer_than}"
    closed = _closed(evidence, fewer_than)
    small = frozenset(row.population_id for row in evidence.populations.values() if 0 < row.n < fewer_than)
    group_gaps = burden.withhold(_without_zeros(evidence.group_gaps, small), fewer_than)
    group_gaps = which_people.withhold_gaps(group_gaps, fewer_than)
    guesses = which_people.withhold_guesses(_without_zeros(evidence.shrunken, small), fewer_than)
    bounds = tuple(_bound(row, small, fewer_than) for row in evidence.unknown_bounds)
    ratios = four_fifths.withhold(evidence.selection_ratios, fewer_than)
    ratios, tables = statutory.withhold(ratios, evidence.statutory_tables, fewer_than)
    estimates = {key: _estimate(row, fewer_than, few) for key, row in evidence.estimates.items()}
    curves = {key: _points(points, fewer_than) for key, points in evidence.curves.items()}
    slices = withheld.withhold_slices(evidence.slices, fewer_than)
    class_curves = {
        key: _points(points, fewer_than)
        for key, points in evidence.class_curves.items()
        if key[0] != CONFUSION and key[1] not in closed and not _few_of_class(evidence, key, fewer_than)
    }
    return replace(
        withhold_explanations(evidence, fewer_than, closed),
        populations=_populations(evidence.populations, small),
        estimates=estimates,
        curves={key: points for key, points in curves.items() if points},
        class_estimates={
            key: withhold_number(row, fewer_than) if row.class_ in closed else _estimate(row, fewer_than, few)
            for key, row in evidence.class_estimates.items()
        },
        class_paired={key: row for key, row in evidence.class_paired.items() if row.class_ not in closed},
        class_gaps=tuple(row for row in evidence.class_gaps if row.class_ not in closed),
        findings=_findings(evidence, closed),
        class_curves={
            **{key: points for key, points in class_curves.items() if points},
            **hide_mix_ups(evidence.class_curves, list(labels_of(evidence)), fewer_than, closed),
        },
        criteria=tuple(_criterion(row, evidence, fewer_than, few) for row in evidence.criteria),
        quality=tuple(_quality(row, fewer_than) for row in evidence.quality),
        calibrations={
            key: withhold_promise(row, "not shown") if row.class_ in closed else _calibration(row, fewer_than, few)
            for key, row in evidence.calibrations.items()
        },
        shrunken=_without_classes(guesses, closed),
        group_gaps=_without_classes(group_gaps, closed),
        distances=distributions.withhold(evidence.distances, fewer_than),
        conditionals=conditional_withheld.withhold(_without_zeros(evidence.conditionals, small), fewer_than),
        strata=conditional_withheld.withhold(_without_zeros(evidence.strata, small), fewer_than),
        selection_ratios=ratios,
        statutory_tables=tables,
        conflicts=tradeoffs_withheld.withhold(evidence.conflicts, fewer_than),
        prices=tradeoffs_withheld.withhold(evidence.prices, fewer_than),
        traces=traces.withhold(evidence.traces, fewer_than),
        unknown_bounds=unknowns.withhold(bounds, fewer_than),
        slices=slices,
        slice_causes=withheld.withhold_causes(evidence.slice_causes, slices, fewer_than),
        error_leaves=withheld.withhold_leaves(evidence.error_leaves, fewer_than),
        fewer_than=fewer_than,
    )


def _populations(every: Mapping[str, Population], small: Collection[str]) -> dict[str, Population]:
    """That none of a small group is of another group as well is a figure about few people too."""
    terms_of = {row.population_id: json.loads(row.definition).get("terms", []) for row in every.values()}
    few = [terms_of[name][0] for name in small if len(terms_of[name]) == 1]
    return {
        name: replace(row, n=KEPT) if not row.n and any(term in few for term in terms_of[name]) else row
        for name, row in every.items()
    }


def _without_zeros(rows: Sequence[Counted], small: Collection[str]) -> tuple[Counted, ...]:
    """That none of a small group is one of those that a number is about is a figure about few people too."""
    return tuple(replace(row, n=KEPT) if not row.n and row.population_id in small else row for row in rows)


def _bound(row: UnknownBound, small: Collection[str], fewer_than: int) -> UnknownBound:
    return unknowns.close_row(row, fewer_than) if row.unknown_id in small else row


def _without_classes(rows: Sequence[OfClass], closed: frozenset[str]) -> tuple[OfClass, ...]:
    return tuple(row for row in rows if row.class_ not in closed)


def is_few(row: Estimate, fewer_than: int) -> bool:
    """Whether an estimate is about too few people to be shown."""
    return row.n < fewer_than or (row.relevant_count is not None and row.relevant_count < fewer_than)


def _closed(evidence: Evidence, fewer_than: int) -> frozenset[str]:
    """Classes of which nothing is shown; empty for other tasks."""
    sizes = {row.class_: row.relevant_count or 0 for row in found_rows(evidence)}
    return closed_classes(sizes, fewer_than, {row.class_ for row in evidence.criteria})


def _findings(evidence: Evidence, closed: frozenset[str]) -> tuple[Finding, ...]:
    """Without those whose sentence counts the cases of a closed class."""
    if not closed:
        return evidence.findings
    counted = [words.positive for value, words in words_by_class(evidence).items() if value in closed]
    return tuple(row for row in evidence.findings if not any(words in row.sentence for words in counted))


def _few_of_class(evidence: Evidence, key: ClassKey, fewer_than: int) -> bool:
    """Whether a curve is about a class of too few cases, or that too few are without: its steps would count them."""
    row = evidence.calibrations.get(("debiased", *key[1:]))
    return row is not None and row.relevant_count is not None and row.relevant_count < fewer_than


def _estimate(row: Estimate, fewer_than: int, few: str) -> Estimate:
    if not is_few(row, fewer_than):
        return row
    return replace(row, value=None, low=None, high=None, se=None, successes=None, status="too_few", reason=few)


def _calibration(row: Calibration, fewer_than: int, few: str) -> Calibration:
    if row.n >= fewer_than and (row.relevant_count is None or row.relevant_count >= fewer_than):
        return row
    return withhold_promise(row, few)


def _criterion(row: CriterionResult, evidence: Evidence, fewer_than: int, few: str) -> CriterionResult:
    estimate = evidence.estimate(row.metric, row.subject, row.population_id, row.class_)
    hidden = row.n < fewer_than or (estimate is not None and is_few(estimate, fewer_than))
    return replace(row, reason=few) if hidden and row.status == "too_few" else row


def _points(points: Sequence[CurvePoint], fewer_than: int) -> tuple[CurvePoint, ...]:
    if points and points[0].name in HISTOGRAMS:
        return _bars(points, fewer_than)
    return tuple(point for point in points if point.n >= fewer_than)


def _bars(points: Sequence[CurvePoint], fewer_than: int) -> tuple[CurvePoint, ...]:
    """Bars of few people are not drawn, their places on the axis stay; nothing when no bar is left.

    The bars that are drawn tell by their sum how many people the others hold, so that these are never few either.
    """
    hidden: set[int] = set()
    for place in sorted((place for place, point in enumerate(points) if point.n), key=lambda place: points[place].n):
        if points[place].n >= fewer_than and sum(points[one].n for one in hidden) not in range(1, fewer_than):
            break
        hidden.add(place)
    shown = tuple(replace(point, y=0.0, n=0) if place in hidden else point for place, point in enumerate(points))
    return shown if any(point.n for point in shown) else ()


def _quality(row: Quality, fewer_than: int) -> Quality:
    """A share of few people keeps neither its count nor what the count follows from."""
    if not 0 < row.count < fewer_than and row.n >= fewer_than:
        return row
    return replace(row, count=0, share=0.0, low=None, high=None, words=f"fewer than {fewer_than}")
