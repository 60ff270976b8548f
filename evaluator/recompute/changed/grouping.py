"""The groups of the plan's sensitive columns, as filters with their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.link import write_filter
from evaluator.recompute.masks import Mask, filter_mask
from evaluator.recompute.population import population, question_label, question_words
from evaluator.recompute.question import Filter, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.records import Population
from evaluator.subject.cells import MOST_LEVELS


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Rows of one group among all rows of the run."""

    attribute: str
    population: Population
    mask: Mask


def groups_of(rows: LoadedRows, sensitive: Sequence[str], among: Mask) -> Iterator[Group]:
    """Every group that has some of the rows `among`, but not all, column by column; `population` counts those."""
    known = int(np.count_nonzero(among))
    for name in sensitive:
        column = rows.columns.get(name)
        for one in [] if column is None else group_filters(column):
            mask = filter_mask(one, rows.columns) & among
            n = int(np.count_nonzero(mask))
            if 0 < n < known:
                asked, phrasing = Question((one,)), rows.facts.phrasing
                words = question_words(asked, rows.columns, phrasing)
                label = question_label(asked, rows.columns, phrasing)
                yield Group(name, population(write_filter(one), words, label, asked, n, known), mask)


def group_filters(column: AskedColumn) -> tuple[Filter, ...]:
    """The levels or bands of a column, and rows without a value; none for one that has no groups."""
    if column.coded and len(column.levels) <= MOST_LEVELS:
        found = [Filter(column.name, "in", (level,)) for level in column.levels]
    else:
        found = [Filter(column.name, "between", low=band.low, high=band.high) for band in column.bands]
    return (*found, Filter(column.name, "missing")) if found and column.has_missing else tuple(found)


def ungrouped(columns: Mapping[str, AskedColumn], sensitive: Sequence[str]) -> tuple[str, ...]:
    """The sensitive columns, in words, that make no groups here."""
    known = (columns[name] for name in sensitive if name in columns)
    return tuple(column.words.words for column in known if not group_filters(column))
