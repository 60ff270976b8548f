"""The terms a plan asks for: groups of sensitive columns, windows of time, populations of criteria."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from evaluator.errors import InputError, nearest_name
from evaluator.plan.schema import CriterionPart, Scalar
from evaluator.subject.cells import Cells
from evaluator.subject.dates import calendar_edges
from evaluator.subject.levels import canonical_level, find_level, nfc
from evaluator.subject.problems import Problems
from evaluator.subject.subject import UnknownLevel
from evaluator.subject.terms import Band, Level, Part, Term, Window, parse_band, parse_window


def group_terms(cells: Cells, column: str, bands: Sequence[float], first: Sequence[str] = ()) -> list[Term]:
    """One term per band or level of a column, and one for missing values when there are any.

    `first` are the levels that come first, in their order; the others follow in their own.
    """
    parts: list[Part] = list(_bands(cells, column, bands)) if bands else _levels(cells, column, first)
    if cells.missing(column).any():
        parts.append(Level(None))
    return [Term(column, (part,)) for part in parts]


def n_levels(cells: Cells, column: str) -> int:
    return int(cells.frame[column].nunique(dropna=False))


def _levels(cells: Cells, column: str, first: Sequence[str]) -> list[Part]:
    levels = cells.coded(column).levels
    known = [level for level in first if level in levels]
    return [Level(level) for level in dict.fromkeys([*known, *levels])]


def _bands(cells: Cells, column: str, edges: Sequence[float]) -> Iterable[Band]:
    """The bands between the edges, and the open ones below and above where there are rows."""
    below, above = Band(None, edges[0]), Band(edges[-1], None)
    if cells.mask([Term(column, (below,))]).any():
        yield below
    for low, high in pairwise(edges):
        yield Band(low, high)
    if cells.mask([Term(column, (above,))]).any():
        yield above


def window_terms(cells: Cells, windows: str | Sequence[date]) -> list[Term]:
    """One term per month, quarter or year that has rows, or per span between the given dates.

    Given dates are edges like those of bands: rows before the first and after the last have open windows.
    """
    if cells.times is None or cells.time_column is None:
        return []
    given = [] if isinstance(windows, str) else list(windows)
    spans = _given_spans(given) if given else _calendar_spans(cells, str(windows))
    between = set(spans[1:-1]) if given else set()
    terms = [Term(cells.time_column, (span,)) for span in spans if span in between or _has_rows(cells, span)]
    if np.isnat(cells.times).any():
        terms.append(Term(cells.time_column, (Level(None),)))
    return terms


def _given_spans(edges: Sequence[date]) -> list[Window]:
    open_edges = [None, *edges, None]
    return [Window(start, end) for start, end in pairwise(open_edges)]


def _calendar_spans(cells: Cells, kind: str) -> list[Window]:
    span = time_span(cells)
    if span is None:
        return []
    edges = calendar_edges(*span, kind)
    return [Window(start, end) for start, end in pairwise(edges)]


def _has_rows(cells: Cells, window: Window) -> bool:
    return bool(cells.mask([Term(str(cells.time_column), (window,))]).any())


def time_span(cells: Cells) -> tuple[date, date] | None:
    """First and last day of the rows, or None without times."""
    if cells.times is None or np.isnat(cells.times).all():
        return None
    known = cells.times[~np.isnat(cells.times)]
    return pd.Timestamp(known.min()).date(), pd.Timestamp(known.max()).date()


def criterion_terms(
    cells: Cells, criterion: CriterionPart, where: str, problems: Problems
) -> tuple[tuple[Term, ...], list[UnknownLevel]]:
    """The terms of a criterion's population, and its levels that no row has."""
    terms, unknown = [], []
    for written, value in criterion.population.items():
        column = nfc(written)
        wanted = value if isinstance(value, tuple) else (value,)
        parts: list[Part] = []
        for one in wanted:
            try:
                part = _part(cells, column, one)
            except InputError as error:
                problems.add_error(f"{where}.population.{column}", error)
                continue
            if part is None:
                text = canonical_level(one)
                unknown.append(_unknown(cells, criterion.id, column, text))
                part = Level(text)
            parts.append(part)
        terms.append(Term(column, tuple(dict.fromkeys(parts))))
    return tuple(terms), unknown


def _part(cells: Cells, column: str, value: Scalar | None) -> Part | None:
    """The level, band or window that a value of the plan means; None when no row has it."""
    if value is None:
        return Level(None) if cells.missing(column).any() else None
    span: Part | None = None
    if isinstance(value, str) and column == cells.time_column and cells.times is not None:
        span = parse_window(value)
    elif isinstance(value, str) and cells.is_number(column):
        span = parse_band(value)
    if span is not None:
        return span
    level = find_level(value, cells.coded(column).levels)
    return None if level is None else Level(level)


def _unknown(cells: Cells, criterion_id: str, column: str, text: str | None) -> UnknownLevel:
    if text is None:
        return UnknownLevel(criterion_id, column, "?", None)
    return UnknownLevel(criterion_id, column, text, nearest_name(text, cells.coded(column).levels))
