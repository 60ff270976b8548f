"""Changes put into the rows that a model reads. Nothing here asks the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.errors import InputError, did_you_mean
from evaluator.recompute.changed.change import Change
from evaluator.recompute.changed.result import ChangedInput
from evaluator.subject.levels import NUMBER, canonical_codes
from evaluator.subject.words import visible

Index = NDArray[np.intp]
Ends = tuple[float | None, float | None]
_LARGEST_WHOLE = 2.0**53
"""Beyond it, not every whole number has a float of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """The rows asked about with their changes, and what became of each changed column."""

    frame: pd.DataFrame
    inputs: tuple[ChangedInput, ...]


def applied(
    whole: pd.DataFrame, index: Index, changes: Sequence[Change], declared: Mapping[str, Ends] | None = None
) -> Applied:
    """A changed copy of some rows.

    Parameters
    ----------
    whole : every row of the run, with the columns that the model reads.
    index : places of the rows asked about.
    changes : checked ones; each is made of the column as it is in `whole`.
    declared : least and largest value that the plan declares, by column.

    Raises
    ------
    InputError : the model does not read a column, its values do not fit the change, or a number grows beyond all bounds.
    """
    frame = whole.iloc[index].reset_index(drop=True)
    names = [str(name) for name in frame.columns]
    inputs = []
    for change in changes:
        _check_read(change, names)
        values = _changed(whole[change.column], index, change)
        inputs.append(_seen(change, whole[change.column], frame[change.column], values, (declared or {})))
        frame.isetitem(names.index(change.column), values.array)
    return Applied(frame, tuple(inputs))


def _check_read(change: Change, names: Sequence[str]) -> None:
    if change.column not in names:
        raise InputError(
            f"The model does not read '{visible(change.column)}', so changing it changes nothing.",
            did_you_mean(change.column, [visible(name) for name in names]),
        )


def _changed(column: pd.Series[Any], index: Index, change: Change) -> pd.Series[Any]:
    """The new values of the rows at `index`, in their order."""
    if change.kind == "missing":
        return _nothing(column, index.size)
    if change.kind == "swap":
        return _swapped(column, index, *change.levels)
    if change.levels:
        value = _level_value(column, change.levels[0])
        return pd.Series([value] * index.size, dtype=_with_room(column.iloc[:0], value).dtype)
    return _calculated(column.iloc[index].reset_index(drop=True), change)


def _nothing(column: pd.Series[Any], n: int) -> pd.Series[Any]:
    """As the store gives missing values: NaN for numbers and text, NA for truth values."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.Series(pd.array([pd.NA] * n, dtype="boolean"))
    if pd.api.types.is_integer_dtype(column.dtype):
        return pd.Series(np.full(n, np.nan))
    return pd.Series([None] * n, dtype=column.dtype)


def _swapped(column: pd.Series[Any], index: Index, first: str, second: str) -> pd.Series[Any]:
    coded = canonical_codes(column)
    codes = coded.codes[index]
    values = column.iloc[index].reset_index(drop=True)
    for level, other in ((first, second), (second, first)):
        if level in coded.levels:
            value = _level_value(column, other)
            values = _with_room(values, value)
            values[codes == coded.levels.index(level)] = value
    return values


def _level_value(column: pd.Series[Any], level: str) -> Any:
    """A level as the column itself holds it; one that no row has, as the column's type would hold it."""
    coded = canonical_codes(column)
    if level in coded.levels:
        return column.iloc[int(np.flatnonzero(coded.codes == coded.levels.index(level))[0])]
    if pd.api.types.is_bool_dtype(column.dtype) and level in ("true", "false"):
        return level == "true"
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return level
    if not NUMBER.fullmatch(level) or not np.isfinite(float(level)):
        raise InputError(
            f"'{visible(str(column.name))}' is kept as numbers, found '{visible(level)}'.", "Use a number."
        )
    return int(level) if level.lstrip("+-").isdigit() else float(level)


def _with_room(values: pd.Series[Any], value: Any) -> pd.Series[Any]:
    """The same values in a type that can hold `value` too."""
    whole = pd.api.types.is_integer_dtype(values.dtype)
    if whole and (isinstance(value, float) or not _fits(np.array([value], dtype=np.float64), values.dtype)):
        return values.astype(np.float64)
    return values


def _calculated(values: pd.Series[Any], change: Change) -> pd.Series[Any]:
    """Numbers moved, multiplied or set; whole numbers keep their type while they stay whole."""
    kept = values.dtype
    if not pd.api.types.is_numeric_dtype(kept) or pd.api.types.is_bool_dtype(kept):
        raise InputError(f"'{visible(change.column)}' is not kept as numbers.", "Set it to another value instead.")
    assert change.number is not None
    before = values.to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        after = _arithmetic(before, change.kind, change.number)
        rounded = after.astype(kept) if isinstance(kept, np.dtype) and kept.kind == "f" else after
    if lost := int(np.count_nonzero(~np.isfinite(rounded) & ~(np.isnan(before) & np.isnan(rounded)))):
        raise InputError(
            f"With this change, '{visible(change.column)}' is no finite number in {lost:,} rows.", "Change it by less."
        )
    return pd.Series(rounded).astype(kept) if _fits(after, kept) else pd.Series(rounded)


def _arithmetic(before: NDArray[np.float64], kind: str, number: float) -> NDArray[np.float64]:
    if kind == "set":
        return np.full(before.size, number)
    return np.asarray(before + number if kind == "shift" else before * number)


def _fits(values: NDArray[np.float64], kept: Any) -> bool:
    """Whether a type of whole numbers holds every value."""
    if not (isinstance(kept, np.dtype) and kept.kind in "iu") or not values.size:
        return False
    ends = np.iinfo(kept)
    low, high = max(float(ends.min), -_LARGEST_WHOLE), min(float(ends.max), _LARGEST_WHOLE)
    return bool(np.all((values == np.floor(values)) & (values >= low) & (values <= high)))


def _seen(
    change: Change, whole: pd.Series[Any], before: pd.Series[Any], after: pd.Series[Any], declared: Mapping[str, Ends]
) -> ChangedInput:
    """What a reader must know of one change: rows that keep no value, and values beyond what is known."""
    still = int((before.isna() & after.isna()).sum()) if change.kind != "missing" else 0
    if change.number is None:
        known = canonical_codes(whole).levels
        return ChangedInput(change.column, still, 0, 0, tuple(level for level in change.levels if level not in known))
    values = after.to_numpy(dtype=np.float64, na_value=np.nan)
    all_values = whole.to_numpy(dtype=np.float64, na_value=np.nan)
    known_values = all_values[~np.isnan(all_values)]
    ends: Ends = (float(known_values.min()), float(known_values.max())) if known_values.size else (None, None)
    return ChangedInput(
        change.column, still, _outside(values, ends), _outside(values, declared.get(change.column, (None, None))), ()
    )


def _outside(values: NDArray[np.float64], ends: Ends) -> int:
    low, high = (-np.inf if ends[0] is None else ends[0]), (np.inf if ends[1] is None else ends[1])
    return int(np.count_nonzero((values < low) | (values > high)))
