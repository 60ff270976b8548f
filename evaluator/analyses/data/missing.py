"""What is missing, in every column and in every group, and where groups provably differ in it."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np

from evaluator.analyses.data.examined import Examined
from evaluator.analyses.data.quality_rows import counted
from evaluator.records import ALL, Population, Quality
from evaluator.statistics.comparison import newcombe_difference
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.proportions import wilson
from evaluator.statistics.spread import IntArray, spread_of
from evaluator.subject.row_codes import MISSING


class Missing(NamedTuple):
    """A group's missing values in one column; `design_effect` is what clusters take from its rows."""

    row: Quality
    population: Population
    design_effect: float


class MissingGap(NamedTuple):
    """Two groups that differ in what is missing, and the difference that is at least there."""

    low: Missing
    high: Missing
    at_least: float


def missing_everywhere(examined: Examined) -> tuple[Quality, ...]:
    """The share of missing values of every column, over all rows."""
    return tuple(
        _missing(examined, name, codes.evaluation == MISSING, None, ALL)[0] for name, codes in examined.codes.items()
    )


def missing_by_group(examined: Examined) -> tuple[Missing, ...]:
    """The same in every group of people, for columns that miss anything; a column is not cut by itself."""
    groups = [rows for rows in examined.subject.populations if rows.population.kind == "group"]
    found = []
    for name, codes in examined.codes.items():
        mask = codes.evaluation == MISSING
        for rows in groups if mask.any() else ():
            population = rows.population
            if population.attribute != name and population.n > 0:
                index = np.arange(examined.n) if rows.index is None else rows.index
                row, effect = _missing(examined, name, mask[index], index, population.population_id)
                found.append(Missing(row, population, effect))
    return tuple(found)


def _missing(
    examined: Examined, column: str, mask: BoolArray, index: IntArray | None, population_id: str
) -> tuple[Quality, float]:
    count, n = int(np.count_nonzero(mask)), mask.size
    effect = _design_effect(examined, mask, index) if 0 < count < n else 1.0
    interval = wilson(count / effect, n / effect, examined.level)
    words = examined.columns[column].words
    row = counted(
        "missing", column, count, n, examined.level, population_id=population_id, interval=interval, words=words
    )
    return row, effect


def _design_effect(examined: Examined, mask: BoolArray, index: IntArray | None) -> float:
    """How many times more the share varies than with independent rows; never below 1."""
    cluster = examined.subject.cluster
    if cluster is None:
        return 1.0
    own = cluster if index is None else cluster[index]
    spread = spread_of((mask - mask.mean()) / mask.size, own)
    return max(1.0, spread.design_effect)


def missing_gaps(groups: tuple[Missing, ...], *, level: float, min_group: int) -> tuple[MissingGap, ...]:
    """Columns and attributes whose groups differ by more than chance, the largest certain difference first.

    Notes
    -----
    All pairs of groups of an attribute are compared (Newcombe) in every column that misses anything, at the level
    1 - alpha / m, m the number of pairs over all columns and attributes.
    """
    families: dict[tuple[str, str], list[Missing]] = {}
    for group in groups:
        if group.row.n >= min_group:
            families.setdefault((group.row.column, group.population.attribute), []).append(group)
    pairs = sum(comb(len(family), 2) for family in families.values())
    found = [_gap(family, 1 - (1 - level) / max(pairs, 1)) for family in families.values() if len(family) > 1]
    return tuple(sorted((gap for gap in found if gap.at_least > 0), key=lambda gap: -gap.at_least))


def _gap(family: list[Missing], level: float) -> MissingGap:
    """The pair of groups whose difference is most certain."""
    ordered = sorted(family, key=lambda group: group.row.share)
    gaps = [MissingGap(low, high, _at_least(low, high, level)) for low, high in combinations(ordered, 2)]
    return max(gaps, key=lambda gap: gap.at_least)


def _at_least(low: Missing, high: Missing, level: float) -> float:
    (count_low, n_low), (count_high, n_high) = _independent(low), _independent(high)
    interval = newcombe_difference(count_high, n_high, count_low, n_low, level)
    assert interval.low is not None
    return interval.low


def _independent(group: Missing) -> tuple[int, int]:
    """Count and size of as many independent rows as the group is worth."""
    n = max(1, round(group.row.n / group.design_effect))
    return min(n, round(group.row.count / group.design_effect)), n
