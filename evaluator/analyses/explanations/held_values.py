"""How many cases have about the value that a chosen case has, and the band that stands for it where few may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from evaluator.analyses.explanations.cases.chosen import chosen
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.value_bands import Bands
from evaluator.records import AnalysisTables, CasePart, Reason, WayOutChange
from evaluator.statistics.spread import FloatArray

NEAR = 0.25
"""Quantities this far apart, in parts of the range of the middle half of all cases, are about the same."""
Valued = TypeVar("Valued", CasePart, Reason, WayOutChange)
Told = TypeVar("Told", CasePart, Reason)


def with_held_by(explained: Explained, tables: AnalysisTables) -> AnalysisTables:
    """The tables of one look with `held_by` and the bands of parts, reasons and changes of the chosen cases filled in."""
    if not any(_valued(tables)):
        return tables
    return counted(explained, tables, {case.number: case.position for case in chosen(explained)})


def counted(explained: Explained, tables: AnalysisTables, place_of: Mapping[int, int]) -> AnalysisTables:
    """The same for cases at given places among the asked rows, by their numbers.

    A level is held by all cases that have it, a missing value by all that miss it. A quantity is held by the fewer of
    those about as large (`NEAR`) and those at least as far out on its side of the data.
    """
    found: dict[tuple[int, str], int] = {}
    wanted = {(row.number, row.feature) for rows in _valued(tables) for row in rows if row.number in place_of}
    columns = {column.name: place for place, column in enumerate(explained.asked.columns)}
    for feature in sorted({feature for _, feature in wanted} & set(columns)):
        rows = {number: place_of[number] for number, name in wanted if name == feature}
        for number, held_by in _held_by(explained, columns[feature], rows).items():
            found[number, feature] = held_by
    bands = Bands(explained)
    own = {(number, name): bands.own(columns[name], place_of[number]) for number, name in wanted if name in columns}
    return replace(
        tables, case_parts=_banded(_filled(tables.case_parts, found), own),
        reasons=_banded(_filled(tables.reasons, found), own),
        way_out_changes=tuple(
            replace(row, from_band=own[row.number, row.feature], to_band=_reached(bands, columns[row.feature], place_of, row))
            if (row.number, row.feature) in own
            else row
            for row in _filled(tables.way_out_changes, found)
        ),
    )  # fmt: skip


def _valued(tables: AnalysisTables) -> tuple[tuple[CasePart | Reason | WayOutChange, ...], ...]:
    return (tables.case_parts, tables.reasons, tables.way_out_changes)


def _filled(rows: tuple[Valued, ...], found: Mapping[tuple[int, str], int]) -> tuple[Valued, ...]:
    return tuple(replace(row, held_by=found.get((row.number, row.feature))) for row in rows)


def _banded(rows: tuple[Told, ...], own: Mapping[tuple[int, str], str]) -> tuple[Told, ...]:
    return tuple(replace(row, band=own.get((row.number, row.feature), "")) for row in rows)


def _reached(bands: Bands, place: int, place_of: Mapping[int, int], row: WayOutChange) -> str:
    """The band of the value that is changed to."""
    if row.to_value is None:
        return bands.of_level(place, row.to_text)
    return bands.of_number(place, row.to_value, place_of[row.number])


def _held_by(explained: Explained, place: int, rows: dict[int, int]) -> dict[int, int]:
    """Of one feature, by the number of the case."""
    column = explained.asked.frame.iloc[:, place]
    missing = column.isna().to_numpy()
    blank = {number: int(missing.sum()) for number, row in rows.items() if missing[row]}
    known = {number: row for number, row in rows.items() if not missing[row]}
    if not is_quantity(explained.asked.columns[place]):
        return blank | {number: int((column == column.iloc[row]).sum()) for number, row in known.items()}
    x = column.to_numpy(dtype=np.float64, na_value=np.nan)
    near = _near(x[np.isfinite(x)])
    return blank | {number: _alike(x, float(x[row]), near) for number, row in known.items()}


def _near(x: FloatArray) -> float:
    """How far apart quantities are about the same; of values that half of the cases share, by their mean distance."""
    if x.size == 0:
        return 0.0
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75])
    return NEAR * (float(high - low) or float(np.abs(x - middle).mean()))


def _alike(x: FloatArray, value: float, near: float) -> int:
    if not np.isfinite(value):
        return int((x == value).sum())
    about = int((np.abs(x - value) <= near).sum())
    return min(about, int((x <= value).sum()), int((x >= value).sum()))
