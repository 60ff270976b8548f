"""Numbers recorded in another unit in one place: the same shape as elsewhere, a known factor larger or smaller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.data.codes import MISSING, Codes
from evaluator.analyses.data.examined import FREE_ROLES, Examined, is_number, numbers
from evaluator.analyses.data.quality_rows import counted
from evaluator.records import Quality
from evaluator.subject.levels import canonical_level
from evaluator.subject.subject import ColumnInfo
from evaluator.subject.terms import Level, Term, population_id

FACTORS = (12.0, 24.0, 52.0, 60.0, 100.0, 365.0, 1_000.0, 3_600.0, 1_000_000.0)
"""Months, hours, weeks and minutes in a larger unit; cents, days, thousands, seconds, millions."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FARTHEST = math.log(1.3)
"""How far the ratio of medians may lie from a factor, on the log scale."""
WIDEST = math.log(1.7)
"""How far the ratios of other quantiles may lie from each other; groups of people differ in shape, units do not."""
SUSPICIOUS = math.log(4.0)
FEWEST_VALUES = 30
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
    divided by those of the unsuspicious levels, all give about one factor of `FACTORS` or its inverse. Where several
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


def off_levels(logs: NDArray[np.float64], places: Codes) -> dict[int, float]:
    """Levels whose values are a known factor off, with the log of their ratio to the rest.

    Parameters
    ----------
    logs : logarithms of the values, shape (n,).
    places : code of the level of each, shape (n,).
    """
    if logs.size < 2 * FEWEST_VALUES:
        return {}
    by_level = pd.Series(logs).groupby(places)
    medians, sizes = by_level.median(), by_level.size()
    off = (medians - float(np.median(logs))).abs() > SUSPICIOUS
    suspects = [int(code) for code in medians.index[off & (sizes >= FEWEST_VALUES)]]
    rest = logs[~np.isin(places, medians.index[off])]
    if not suspects or rest.size < FEWEST_VALUES:
        return {}
    usual = np.quantile(rest, QUANTILES)
    ratios = {code: np.quantile(logs[places == code], QUANTILES) - usual for code in suspects}
    return {code: float(ratio[2]) for code, ratio in ratios.items() if is_unit(ratio)}


def is_unit(log_ratios: Sequence[float] | NDArray[np.float64]) -> bool:
    """Whether the ratios of all quantiles are about the same known factor."""
    ratios = np.asarray(log_ratios)
    nearest = min(abs(abs(float(ratios[2])) - math.log(factor)) for factor in FACTORS)
    return nearest <= FARTHEST and float(np.ptp(ratios)) <= WIDEST


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
