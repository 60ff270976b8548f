"""Populations and their rows, each made once however often the plan asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.plan.schema import Plan
from evaluator.records import Population
from evaluator.subject.cells import MOST_LEVELS, Cells
from evaluator.subject.columns import ColumnPlan
from evaluator.subject.planned import criterion_terms, group_terms, n_levels, window_terms
from evaluator.subject.problems import Problems
from evaluator.subject.subject import Rows, UnknownLevel
from evaluator.subject.terms import Term, definition_json, population_id
from evaluator.subject.words import Phrasing, population_label, population_words


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """All planned populations, the one of each criterion, and what could not be made."""

    rows: tuple[Rows, ...]
    of_criteria: dict[str, str]
    unknown_levels: tuple[UnknownLevel, ...]
    warnings: tuple[str, ...]


class PopulationList:
    """Populations in the order they were first asked for."""

    def __init__(self, cells: Cells, phrasing: Phrasing) -> None:
        self._cells = cells
        self._phrasing = phrasing
        self._rows: dict[str, Rows] = {}
        self._positions: Counter[str] = Counter()

    @property
    def rows(self) -> tuple[Rows, ...]:
        return tuple(self._rows.values())

    def add(self, terms: Sequence[Term], kind: str) -> str:
        """Make the population of these terms unless it exists; returns its id."""
        terms = sorted(terms, key=lambda term: term.column)
        key = population_id(terms)
        if key not in self._rows:
            self._rows[key] = self._made(key, terms, kind)
        return key

    def _made(self, key: str, terms: Sequence[Term], kind: str) -> Rows:
        total = len(self._cells.frame)
        index = np.flatnonzero(self._cells.mask(terms)) if terms else None
        n = total if index is None else len(index)
        attribute = " & ".join(term.column for term in terms)
        population = Population(
            population_id=key,
            words=population_words(terms, self._phrasing),
            label=population_label(terms, self._phrasing),
            definition=definition_json(terms),
            attribute=attribute,
            kind=kind,
            position=self._positions[attribute],
            origin="planned",
            n=n,
            share=n / total,
        )
        self._positions[attribute] += 1
        return Rows(population, index)


def plan_populations(
    plan: Plan, columns: Sequence[ColumnPlan], cells: Cells, phrasing: Phrasing, problems: Problems
) -> Planned:
    """All rows, then groups, windows and the populations of the criteria."""
    made = PopulationList(cells, phrasing)
    warnings: list[str] = []
    made.add((), "all")
    for column in (column for column in columns if column.sensitive):
        count = len(column.bands) + 1 if column.bands else n_levels(cells, column.name)
        if _few_enough(count, f"'{column.name}'", "Add bands to it in the plan, or group its levels.", warnings):
            for term in group_terms(cells, column.name, column.bands, list(column.nouns)):
                made.add([term], "group")
    if plan.data.windows is not None:
        windows = window_terms(cells, plan.data.windows)
        if _few_enough(len(windows), f"'{cells.time_column}'", "Choose longer windows.", warnings):
            for term in windows:
                made.add([term], "window")
    of_criteria, unknown = _add_criteria(plan, made, cells, problems)
    return Planned(made.rows, of_criteria, tuple(unknown), tuple(warnings))


def _few_enough(count: int, what: str, hint: str, warnings: list[str]) -> bool:
    if count <= MOST_LEVELS:
        return True
    warnings.append(f"{what} has {count:,} levels; at most {MOST_LEVELS} become populations, so none were made. {hint}")
    return False


def _add_criteria(
    plan: Plan, made: PopulationList, cells: Cells, problems: Problems
) -> tuple[dict[str, str], list[UnknownLevel]]:
    of_criteria, unknown_levels = {}, []
    for position, criterion in enumerate(plan.criteria):
        terms, unknown = criterion_terms(cells, criterion, f"criteria[{position}]", problems)
        unknown_levels += unknown
        of_criteria[criterion.id] = population_id(terms) if unknown else made.add(terms, _kind(terms, cells))
    return of_criteria, unknown_levels


def _kind(terms: Collection[Term], cells: Cells) -> str:
    if not terms:
        return "all"
    if len(terms) > 1:
        return "intersection"
    return "window" if next(iter(terms)).column == cells.time_column else "group"
