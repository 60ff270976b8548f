"""Numbers recorded in another unit in one place: the same shape as elsewhere, a known factor larger or smaller."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from evaluator.analyses.data.examined import FREE_ROLES, Examined, is_number, numbers
from evaluator.analyses.data.quality_rows import counted
from evaluator.records import Quality
from evaluator.statistics.unit_factors import off_levels
from evaluator.subject.levels import canonical_level
from evaluator.subject.row_codes import MISSING
from evaluator.subject.subject import ColumnInfo
from evaluator.subject.terms import Level, Term, population_id

FEWEST_DIFFERENT = 20
MOST_LEVELS = 50


class UnitFault(NamedTuple):
    """A level of `by` in which a column is `ratio` times what it is elsewhere."""

    row: Quality
    column: ColumnInfo
    by: ColumnInfo
    value: str
    ratio: float


def unit_faults(examined: Examined) -> tuple[UnitFault, ...]:
    """Columns of numbers with another unit in one place, most rows first.

    Notes
    -----
    Zeros and negatives say nothing of a unit and are left out. A level is named when five quantiles of its values,
    divided by those of the unsuspicious levels, all give about one factor of `unit_factors.FACTORS` or its inverse. Where several
    columns cut out such rows, the one that holds most of them is named.
    """
    found: list[UnitFault] = []
    for column in _quantities(examined):
        faults = [_faults(examined, column, by) for by in _places(examined) if by.name != column.name]
        found += max(faults, key=lambda group: sum(fault.row.count for fault in group), default=[])
    return tuple(sorted(found, key=lambda fault: -fault.row.count))


def can_compare_units(examined: Examined) -> bool:
    """Whether there are quantities, and columns of few levels to compare them between."""
    return bool(_quantities(examined)) and bool(_places(examined))


def _quantities(examined: Examined) -> list[ColumnInfo]:
    return [
        column
        for column in examined.with_role(*FREE_ROLES)
        if is_number(examined.series(column.name)) and examined.codes[column.name].n_levels >= FEWEST_DIFFERENT
    ]


def _places(examined: Examined) -> list[ColumnInfo]:
    return [column for column in examined.with_role(*FREE_ROLES) if _is_place(examined, column)]


def _is_place(examined: Examined, column: ColumnInfo) -> bool:
    is_label = column.type in ("category", "boolean")
    return is_label and 2 <= examined.codes[column.name].n_levels <= MOST_LEVELS


def _faults(examined: Examined, column: ColumnInfo, by: ColumnInfo) -> list[UnitFault]:
    values, codes = numbers(examined.series(column.name)), examined.codes[by.name].evaluation
    usable = (values > 0) & np.isfinite(values) & (codes != MISSING)
    logs, places = np.log(values[usable]), codes[usable]
    return [_fault(examined, column, by, code, math.exp(ratio)) for code, ratio in off_levels(logs, places).items()]


def _fault(examined: Examined, column: ColumnInfo, by: ColumnInfo, code: int, ratio: float) -> UnitFault:
    here = examined.codes[by.name].evaluation == code
    value = canonical_level(examined.series(by.name).iloc[int(np.argmax(here))]) or ""
    known = examined.codes[column.name].evaluation != MISSING
    row = counted(
        "units", column.name, int(np.count_nonzero(here & known)), int(np.count_nonzero(known)), examined.level,
        population_id=population_id([Term(by.name, (Level(value),))]), words=_words(ratio),
    )  # fmt: skip
    return UnitFault(row, column, by, value, ratio)


def _words(ratio: float) -> str:
    times, side = (ratio, "larger") if ratio > 1 else (1 / ratio, "smaller")
    return f"about {times:,.0f} times {side} than elsewhere"
