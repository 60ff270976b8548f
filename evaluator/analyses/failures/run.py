"""The analysis from plan and subject to tables."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.failures.causes import causes
from evaluator.analyses.failures.features import features_of
from evaluator.analyses.failures.findings import Material, findings
from evaluator.analyses.failures.found import FoundSlice
from evaluator.analyses.failures.leaves import error_leaves, halves_of
from evaluator.analyses.failures.losses import outcomes_of
from evaluator.analyses.failures.rows import search_row, slice_rows
from evaluator.analyses.failures.search import Search, Searched, look_through
from evaluator.analyses.failures.untested import NO_ANSWER, Obstacle, nothing_tested, obstacle, without_cases
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Progress
from evaluator.records.failures import ErrorLeaf, Slice, SliceCause, SliceCondition
from evaluator.statistics.influence import BoolArray
from evaluator.subject.cells import Cells
from evaluator.subject.subject import Subject
from evaluator.subject.terms import Term, Window

STEPS = 4


def run(plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """Look through every combination of up to three features, ask what could be behind what is found, tell a story."""
    progress("features", 0, STEPS)
    outcomes = outcomes_of(subject)
    features = features_of(plan, subject)
    stopped = obstacle(outcomes, features)
    if outcomes is None or stopped is not None:
        return _nothing(plan, stopped or NO_ANSWER)
    search = Search(plan, features, outcomes)
    progress("combinations of features", 1, STEPS)
    searched = look_through(search)
    progress("what could be behind it", 2, STEPS)
    causes_found = _causes(plan, subject, search, searched)
    progress("a tree of errors", 3, STEPS)
    tables = _tables(search, searched, causes_found, {column.name: column.words for column in subject.columns})
    progress("", STEPS, STEPS)
    return tables


def _nothing(plan: Plan, stopped: Obstacle) -> AnalysisTables:
    found = findings(Material(words_of(plan), stopped.reason))
    return AnalysisTables(findings=found, not_tested=nothing_tested(stopped))


def _tables(
    search: Search, searched: tuple[Searched, ...], causes_found: tuple[SliceCause, ...], names: dict[str, str]
) -> AnalysisTables:
    searches = tuple(search_row(search, one, names) for one in searched)
    slices: list[Slice] = []
    conditions: list[SliceCondition] = []
    leaves: list[ErrorLeaf] = []
    halves = halves_of(search)
    for one in searched:
        found, held = slice_rows(search, one)
        slices += found
        conditions += held
        leaves += error_leaves(search, one.loss, halves)
    material = Material(words_of(search.plan), "", searches, tuple(slices), causes_found)
    return AnalysisTables(
        slice_searches=searches, slices=tuple(slices), slice_conditions=tuple(conditions), slice_causes=causes_found,
        error_leaves=tuple(leaves), findings=findings(material),
        not_tested=without_cases(search.plan, search.outcomes),
    )  # fmt: skip


def _causes(plan: Plan, subject: Subject, search: Search, searched: tuple[Searched, ...]) -> tuple[SliceCause, ...]:
    found = [
        FoundSlice(
            one.loss.name, search.slice_id(slice_.conditions), search.mask(slice_.conditions),
            tuple(term.column for term in search.terms(slice_.conditions)), _worst_parent(search, one, slice_.conditions),
            _in_training(subject, search.terms(slice_.conditions)),
        )
        for one in searched
        for slice_ in one.found
        if slice_.status == "confirmed"
    ]  # fmt: skip
    return causes(plan, subject, found) if found else ()


def _worst_parent(search: Search, searched: Searched, conditions: tuple[tuple[int, int], ...]) -> BoolArray | None:
    """Of the slices with one condition less, the one that fails most: the others are explained soonest by it."""
    if len(conditions) < 2:
        return None
    parents = [search.mask(tuple(one for one in conditions if one != left)) for left in conditions]
    among, values = search.kept & search.outcomes.among(searched.loss), search.outcomes.values(searched.loss)
    return max(parents, key=lambda mask: float(np.mean(values[mask & among])))


def _in_training(subject: Subject, terms: tuple[Term, ...]) -> BoolArray | None:
    """The training rows that fit all conditions, or None where the training data do not hold the columns."""
    training = subject.training
    if training is None or any(term.column not in training.columns for term in terms):
        return None
    if any(isinstance(part, Window) for term in terms for part in term.parts):
        return None
    return Cells(training).mask(terms)
