"""Which rows a question is about."""

from __future__ import annotations

import math
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
    held = column.values
    if column.coded:
        wanted: list[Any] = [column.levels.index(value) for value in values]
    else:
        wanted = [one for value in values if (one := _same(float(value), held.dtype)) is not None]
    if len(wanted) > 8:
        return np.asarray(np.isin(held, np.array(wanted, dtype=held.dtype)))
    found = np.zeros(held.size, dtype=np.bool_)
    for value in wanted:
        found |= held == value
    return found


def _between(values: NDArray[Any], low: Edge | None, high: Edge | None) -> Mask:
    """From `low` to under `high`; comparisons with a missing value are false."""
    if low is None:
        return np.asarray(values < _end(high, values.dtype))
    found = np.asarray(values >= _end(low, values.dtype))
    if high is not None:
        found &= values < _end(high, values.dtype)
    return found


def _end(end: Edge | None, dtype: np.dtype[Any]) -> Any:
    """The end of a range in the type of the values: the least number of that type that is not below it."""
    assert end is not None
    if isinstance(end, date):
        return np.datetime64(end, "ns")
    if dtype.kind in "iu":
        return math.ceil(end)
    with np.errstate(over="ignore"):
        found = dtype.type(end)
    # As Python's numbers, or NumPy would round the end to the type of the values before it compares them.
    return np.nextafter(found, dtype.type(np.inf)) if float(found) < end else found


def _same(number: float, dtype: np.dtype[Any]) -> Any:
    """A number in the type of the values; None where that type does not hold it."""
    if dtype.kind in "iu":
        inside = number.is_integer() and np.iinfo(dtype).min <= number <= np.iinfo(dtype).max
        return int(number) if inside else None
    with np.errstate(over="ignore"):
        found = dtype.type(number)
    return found if float(found) == number else None
