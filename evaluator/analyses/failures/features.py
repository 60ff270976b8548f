"""The columns that cases are told apart by: what the model may read, groups and windows of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.failures.levels import MOST_SAID, Feature, as_numbers, category, quantity, window
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.statistics.readable_edges import MOST_BINS
from evaluator.subject.cells import Cells
from evaluator.subject.columns import column_words, plan_columns, sensitive_columns
from evaluator.subject.levels import nfc
from evaluator.subject.models.features import feature_names
from evaluator.subject.planned import window_terms
from evaluator.subject.problems import Problems
from evaluator.subject.subject import ColumnInfo, Subject
from evaluator.subject.words import Phrasing

MOST_FEATURES = 20
FEWEST_BINS = 2
"""Of few cases a quantity is cut into fewer bins, so that each holds twice what a group needs."""
ROLES = frozenset({"feature", "sensitive", "other", "time"})
"""Other roles say what the models did or who a row is, and tell nothing apart that could be mended."""
TEXT = "nearly every value is its own"
DATES = "it holds dates, and the plan names no windows of it"
ONE_VALUE = "it holds one value in every row"
EMPTY = "it holds no value"
TOO_MANY = f"no more than {MOST_FEATURES} columns are looked at: those of planned groups, then those with the most known values"
ABSENT = "the data hold no such column"


@dataclass(frozen=True, eq=False)
class Features:
    """What is looked through, and what is left out and why: column -> reason."""

    features: tuple[Feature, ...]
    left_out: Mapping[str, str]
    phrasing: Phrasing


def features_of(plan: Plan, subject: Subject) -> Features:
    """The columns as levels; edges of bins come from the training data where there are any, and never from errors."""
    cells = Cells(subject.frame, None if plan.data.time is None else nfc(plan.data.time), subject.time)
    phrasing, nouns = _phrasing(plan, cells)
    infos = {column.name: column for column in subject.columns}
    left_out: dict[str, str] = {}
    found: list[tuple[int, Feature]] = []
    for name in _names(plan, subject):
        info = infos.get(name)
        reason = ABSENT if info is None else _unfit(info, plan, cells)
        if info is None or info.role not in ROLES or reason:
            left_out |= {name: reason} if reason else {}
            continue
        found.append((int((~cells.missing(name)).sum()), _feature(info, plan, subject, cells, nouns.get(name, ()))))
    left_out |= {feature.name: ONE_VALUE for _, feature in found if feature.card < 2}
    found = [(known, feature) for known, feature in found if feature.card > 1]
    planned = set(_planned(plan, subject))
    ordered = sorted(found, key=lambda one: (one[1].name not in planned, -one[0]))
    kept = {feature.name for _, feature in ordered[:MOST_FEATURES]}
    left_out |= {feature.name: TOO_MANY for _, feature in found if feature.name not in kept}
    return Features(tuple(feature for _, feature in found if feature.name in kept), left_out, phrasing)


def _names(plan: Plan, subject: Subject) -> list[str]:
    """What the model may read, then the columns of planned groups."""
    read = feature_names(plan, subject.columns, subject.model)
    return list(dict.fromkeys([*read, *_planned(plan, subject)]))


def _planned(plan: Plan, subject: Subject) -> list[str]:
    """Sensitive columns, those that criteria ask about, and the time where it has windows."""
    cut = [name for name, _ in sensitive_columns(plan)]
    asked = [nfc(name) for criterion in plan.criteria for name in criterion.population]
    asked += [name for partition in subject.partitions for name in partition.columns]
    times = [nfc(plan.data.time)] if plan.data.time is not None and plan.data.windows is not None else []
    return list(dict.fromkeys([*cut, *asked, *times]))


def _phrasing(plan: Plan, cells: Cells) -> tuple[Phrasing, dict[str, tuple[str, ...]]]:
    """The words of every column, and the levels that the plan names."""
    words = words_of(plan)
    columns = plan_columns(plan, cells.frame, cells, Problems())
    said = {column.name: column_words(column, cells.frame[column.name]) for column in columns}
    return Phrasing(words.cases, words.people, said), {column.name: tuple(column.nouns) for column in columns}


def _unfit(info: ColumnInfo, plan: Plan, cells: Cells) -> str:
    """Why a column tells no groups of cases apart, or ''."""
    if info.role not in ROLES:
        return ""
    if cells.missing(info.name).all():
        return EMPTY
    if info.type == "text":
        return TEXT
    if info.type == "time":
        windowed = plan.data.windows is not None and info.role == "time"
        return "" if windowed else DATES
    if info.type == "number":
        return "" if np.isfinite(as_numbers(cells.frame[info.name])).any() else EMPTY
    return TEXT if len(cells.coded(info.name).levels) > MOST_SAID else ""


def _feature(info: ColumnInfo, plan: Plan, subject: Subject, cells: Cells, nouns: tuple[str, ...]) -> Feature:
    if info.type == "time":
        assert plan.data.windows is not None
        known = [term for term in window_terms(cells, plan.data.windows) if not _is_missing(term.parts)]
        return window(info.name, cells, known)
    if info.type == "number":
        training = subject.training
        there = training is not None and info.name in training.columns
        reference = training[info.name] if there and training is not None else None
        bins = int(np.clip(subject.n // (2 * plan.data.min_group), FEWEST_BINS, MOST_BINS))
        return quantity(info.name, cells.frame[info.name], info.bands, reference, bins)
    return category(info.name, cells, nouns)


def _is_missing(parts: tuple[object, ...]) -> bool:
    return any(getattr(part, "value", "") is None for part in parts)
