"""Populations in the order they were first asked for, each made once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evaluator.records import Population
from evaluator.subject.cells import Cells
from evaluator.subject.subject import Rows
from evaluator.subject.terms import Term, definition_json, population_id
from evaluator.subject.words import Phrasing, population_label, population_words

ATTRIBUTE_JOINT = " & "


class PopulationList:
    """Populations made so far.

    Parameters
    ----------
    order : place of the columns that are cut into groups. Terms on these alone keep that order in words and
        attribute; other terms are sorted by column.
    """

    def __init__(self, cells: Cells, phrasing: Phrasing, order: Mapping[str, int] | None = None) -> None:
        self._cells = cells
        self._phrasing = phrasing
        self._order = order or {}
        self._rows: dict[str, Rows] = {}
        self._positions: Counter[str] = Counter()

    @property
    def rows(self) -> tuple[Rows, ...]:
        return tuple(self._rows.values())

    def add(self, terms: Sequence[Term], kind: str, index: NDArray[np.intp] | None = None) -> str:
        """Make the population of these terms unless it exists; returns its id.

        Parameters
        ----------
        index : sorted positions of its rows, when they are known already.
        """
        terms = self._sorted(terms)
        key = population_id(terms)
        if key not in self._rows:
            self._rows[key] = self._made(key, terms, kind, index)
        return key

    def index_of(self, key: str) -> NDArray[np.intp]:
        """Sorted positions of the rows of a population made before."""
        index = self._rows[key].index
        return np.arange(len(self._cells.frame), dtype=np.intp) if index is None else index

    def _sorted(self, terms: Sequence[Term]) -> list[Term]:
        if all(term.column in self._order for term in terms):
            return sorted(terms, key=lambda term: self._order[term.column])
        return sorted(terms, key=lambda term: term.column)

    def _made(self, key: str, terms: Sequence[Term], kind: str, index: NDArray[np.intp] | None) -> Rows:
        total = len(self._cells.frame)
        if index is None and terms:
            index = np.flatnonzero(self._cells.mask(terms))
        n = total if index is None else len(index)
        attribute = ATTRIBUTE_JOINT.join(term.column for term in terms)
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
