"""Which rows a question is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.question import Combine, Edge, Filter

Mask = NDArray[np.bool_]
Columns = Mapping[str, AskedColumn]


def filter_mask(asked: Filter, columns: Columns) -> Mask:
    """Rows that fit one checked filter."""
    column = columns[asked.column]
    if asked.operator == "missing":
        return column.missing()
    if asked.operator == "between":
        return _between(column.values, asked.low, asked.high)
    found = _listed(column, asked.values)
    return found if asked.operator == "in" else ~found


def joined_mask(filters: Sequence[Filter], combine: Combine, columns: Columns, n: int) -> Mask:
    """Rows that fit all, or any, of the filters; every row without filters."""
    if not filters:
        return np.ones(n, dtype=np.bool_)
    join = np.logical_and if combine == "all" else np.logical_or
    found = filter_mask(filters[0], columns)
    for one in filters[1:]:
        join(found, filter_mask(one, columns), out=found)
    return found


def _listed(column: AskedColumn, values: Sequence[str]) -> Mask:
    if column.coded:
        wanted: list[float] = [column.levels.index(value) for value in values]
    else:
        wanted = [float(value) for value in values]
    if len(wanted) > 8:
        return np.asarray(np.isin(column.values, wanted))
    found = np.zeros(column.values.size, dtype=np.bool_)
    for value in wanted:
        found |= column.values == value
    return found


def _between(values: NDArray[Any], low: Edge | None, high: Edge | None) -> Mask:
    """From `low` to under `high`; comparisons with a missing value are false."""
    if low is None:
        return np.asarray(values < _moment(high))
    found = np.asarray(values >= _moment(low))
    if high is not None:
        found &= values < _moment(high)
    return found


def _moment(end: Edge | None) -> Any:
    return np.datetime64(end, "ns") if isinstance(end, date) else end
