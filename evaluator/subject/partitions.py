"""Groups to compare with each other: the levels of a column, of several at once, and these inside a population."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from evaluator.records import ALL
from evaluator.subject.cells import Cells
from evaluator.subject.columns import ColumnPlan
from evaluator.subject.planned import group_terms
from evaluator.subject.population_list import ATTRIBUTE_JOINT, PopulationList
from evaluator.subject.subject import Partition
from evaluator.subject.terms import Term

MOST_CELLS = 400
"""Most intersections of sensitive columns that become populations."""


class Partitions:
    """Partitions made so far, each once; their groups are populations of the list."""

    def __init__(self, made: PopulationList, cells: Cells, columns: Collection[ColumnPlan]) -> None:
        self._made = made
        self._cells = cells
        self._columns = {column.name: column for column in columns}
        self._places = {name: place for place, name in enumerate(self._columns)}
        self._terms: dict[str, list[Term]] = {}
        self._codes: dict[str, NDArray[np.int64]] = {}
        self._cut: dict[tuple[str, str], Partition] = {}

    @property
    def all(self) -> tuple[Partition, ...]:
        return tuple(self._cut.values())

    def terms(self, name: str) -> list[Term]:
        """One term per group of a column."""
        if name not in self._terms:
            column = self._columns[name]
            self._terms[name] = group_terms(self._cells, name, column.bands, list(column.nouns))
        return self._terms[name]

    def ordered(self, names: Collection[str]) -> tuple[str, ...]:
        """Columns in the order in which groups, words and attribute name them."""
        return tuple(sorted(names, key=lambda name: self._places[name]))

    def is_group(self, term: Term) -> bool:
        """Whether a term is one of the groups its column was cut into."""
        return term in self._terms.get(term.column, ())

    def is_cut(self, name: str) -> bool:
        return name in self._terms

    def cut(self, names: Sequence[str], within: Sequence[Term] = (), within_id: str = ALL) -> Partition:
        """The groups of one or several columns, all rows or those of a population made before."""
        names = self.ordered(names)
        key = (ATTRIBUTE_JOINT.join(names), within_id)
        if key not in self._cut:
            groups = self._groups(names, within, within_id)
            words = " and ".join(self._columns[name].words for name in names)
            self._cut[key] = Partition(key[0], names, within_id, groups, words)
        return self._cut[key]

    def _groups(self, names: tuple[str, ...], within: Sequence[Term], within_id: str) -> tuple[str, ...]:
        kind = "slice" if within else "group" if len(names) == 1 else "intersection"
        cells = list(product(*(self.terms(name) for name in names)))
        indexes = self._indexes(names, within_id, len(cells))
        return tuple(self._made.add((*within, *cell), kind, index) for cell, index in zip(cells, indexes, strict=True))

    def _indexes(self, names: tuple[str, ...], within_id: str, n_cells: int) -> list[NDArray[np.intp]]:
        """Sorted positions of the rows of every cell, the last column changing fastest."""
        inside = self._made.index_of(within_id)
        sizes = [len(self.terms(name)) for name in names]
        codes = reduce(
            lambda code, part: code * part[1] + part[0][inside],
            zip([self._code(name) for name in names], sizes, strict=True),
            np.zeros(inside.size, dtype=np.int64),
        )
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(n_cells + 1))
        return [inside[order[start:end]] for start, end in pairwise(ends)]

    def _code(self, name: str) -> NDArray[np.int64]:
        """Which group of a column every row is in; the groups hold every row."""
        if name not in self._codes:
            code = np.zeros(len(self._cells.frame), dtype=np.int64)
            for position, term in enumerate(self.terms(name)):
                code[self._cells.mask([term])] = position
            self._codes[name] = code
        return self._codes[name]
