"""Loaded rows kept between questions: a few runs at a time, however many people ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from evaluator.recompute.loading import load_rows
from evaluator.recompute.rows import LoadedRows
from evaluator.records import Progress
from evaluator.store import rows_stamp

MOST_ROWS = 3_000_000
"""Rows of all runs together; the one asked last is kept whatever its size."""


class KeptRows:
    """Reads the rows of a run at the first question, once however many ask at the same time."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._reading: dict[tuple[str, str], threading.Lock] = {}
        self._kept: OrderedDict[tuple[str, str], tuple[object, LoadedRows]] = OrderedDict()

    def rows(self, store: Path, run_id: str, progress: Progress | None = None) -> LoadedRows:
        """The rows of a run; `progress` is told only by whoever has to wait for the reading.

        Raises
        ------
        StoreError : see `load_rows`.
        """
        key, stamp = (str(store), run_id), rows_stamp(store, run_id)
        with self._lock_of(key):
            found = self._get(key, stamp)
            if found is None:
                found = load_rows(store, run_id, progress)
                self._put(key, stamp, found)
        return found

    def _lock_of(self, key: tuple[str, str]) -> threading.Lock:
        with self._lock:
            return self._reading.setdefault(key, threading.Lock())

    def _get(self, key: tuple[str, str], stamp: object) -> LoadedRows | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def _put(self, key: tuple[str, str], stamp: object, rows: LoadedRows) -> None:
        with self._lock:
            self._kept[key] = (stamp, rows)
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(one.n for _, one in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
