"""Stored columns of a run as arrays of the smallest type that holds them, read a batch of rows at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.recompute.masks import Mask
from evaluator.store import ColumnSpan, RowsReader
from evaluator.subject.levels import Coded, canonical_codes

MOST_BYTES = 512 * 2**20
"""Of columns that are read at their first question and kept; the one asked about last is kept whatever its size."""

WHOLE = tuple(np.dtype(name) for name in ("uint8", "int8", "uint16", "int16", "uint32", "int32"))


class KeptColumns:
    """Columns read when a question first asks about them, the last ones kept; safe between threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, NDArray[Any]] = OrderedDict()

    def values(self, name: str, read: Callable[[str], NDArray[Any]]) -> NDArray[Any]:
        with self._lock:
            if name not in self._kept:
                self._kept[name] = fixed(read(name))
            self._kept.move_to_end(name)
            found = self._kept[name]
            while len(self._kept) > 1 and sum(one.nbytes for one in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return found


class StoredColumns:
    """Reads columns of the scored rows; `kept` says which rows count, all when None. Arrays are read-only."""

    def __init__(self, reader: RowsReader, kept: Mask | None) -> None:
        self._reader, self._kept = reader, kept
        self.all_count = kept is None
        self._n = reader.n if kept is None else int(np.count_nonzero(kept))

    def array(self, name: str, dtype: Any) -> NDArray[Any]:
        """The values as one type that holds them all."""
        found = np.empty(self._n, dtype=dtype)
        for part, values in self._parts(self._reader.batches(name)):
            found[part] = values
        return fixed(found)

    def flags(self, name: str) -> Mask | None:
        """True or false of every row; None when some rows have neither."""
        (span,) = self._reader.spans([name]).values()
        return None if span.missing else self.array(name, np.bool_)

    def numbers(self, name: str) -> NDArray[Any]:
        """Numbers in as few bytes as hold them without loss; NaN, in a type that has it, for missing ones."""
        (span,) = self._reader.spans([name]).values()
        found: NDArray[Any] = np.empty(self._n, dtype=_smallest(span))
        for part, values in self._parts(self._reader.batches(name)):
            if not _put(found, part, values):
                found = found.astype(np.float64)
                found[part] = values
        return fixed(found)

    def times(self, name: str) -> NDArray[np.datetime64[Any]]:
        """Times in UTC; text that is no date counts as missing."""
        found = np.empty(self._n, dtype="datetime64[ns]")
        for part, values in self._parts(self._reader.batches(name)):
            found[part] = values if values.dtype.kind == "M" else _read_times(values)
        return fixed(found)

    def coded(self, name: str) -> Coded:
        """A column of few values as `canonical_codes` codes it, in as few bytes as hold the codes."""
        place_of: dict[Any, int] = {}
        raw = np.empty(self._n, dtype=np.int32)
        encoded = (batch.dictionary_encode() for batch in self._reader.batches(name))
        for part, values in self._parts(encoded, lambda batch: _placed(batch, place_of)):
            raw[part] = values
        coded = canonical_codes(pd.Series(list(place_of)) if place_of else pd.Series([], dtype=object))
        codes = np.append(coded.codes, -1).astype(np.min_scalar_type(-max(2, len(coded.levels))))
        return Coded(fixed(codes[raw]), coded.levels)

    def _parts(
        self, batches: Iterator[Any], read: Callable[[Any], NDArray[Any]] | None = None
    ) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Where the rows of each batch that count go, and their values."""
        row = place = 0
        for batch in batches:
            values = batch.to_numpy(zero_copy_only=False) if read is None else read(batch)
            size = values.size
            if self._kept is not None:
                values = values[self._kept[row : row + size]]
            yield slice(place, place + values.size), values
            row, place = row + size, place + values.size


def fixed(values: NDArray[Any]) -> NDArray[Any]:
    """The same array, no longer writable: loaded rows are shared between readers."""
    values.setflags(write=False)
    return values


def _placed(encoded: Any, place_of: dict[Any, int]) -> NDArray[np.int32]:
    """The place of every value among those seen so far, -1 for a missing one; new values are added."""
    values = encoded.dictionary.to_numpy(zero_copy_only=False)
    places = [place_of.setdefault(value, len(place_of)) for value in values]
    index = encoded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False)
    found: NDArray[np.int32] = np.array([*places, -1], dtype=np.int32)[index]
    return found


def _smallest(span: ColumnSpan) -> np.dtype[Any]:
    """A type that may do: of whole numbers by their span, of others to be tried."""
    if span.missing == 0 and isinstance(span.low, int) and isinstance(span.high, int):
        fits = (one for one in WHOLE if np.iinfo(one).min <= span.low and span.high <= np.iinfo(one).max)
        return next(fits, np.dtype(np.float64))
    return np.dtype(np.float32)


def _put(found: NDArray[Any], part: slice, values: NDArray[Any]) -> bool:
    """Whether the type holds the values without loss; then they are there."""
    with np.errstate(over="ignore", invalid="ignore"):
        found[part] = values
    if found.dtype == np.float64:
        return True
    return bool(np.array_equal(found[part].astype(np.float64), values.astype(np.float64), equal_nan=True))


def _read_times(values: NDArray[Any]) -> NDArray[np.datetime64[Any]]:
    times = pd.to_datetime(pd.Series(values), format="ISO8601", utc=True, errors="coerce")
    return np.asarray(times.dt.tz_localize(None).astype("datetime64[ns]"))
