"""A bounded memory of what was read from files; a file that was replaced is read anew."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from evaluator.store.layout import FileStamp

Value = TypeVar("Value")


class StampedCache(Generic[Value]):
    """The `size` values used last, by path. Values are dropped, never closed: others may still be using them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._entries: OrderedDict[Path, tuple[FileStamp, Value]] = OrderedDict()

    def get(self, path: Path, stamp: FileStamp) -> Value | None:
        """The value read from this very file; one read from a file it replaced is dropped."""
        with self._lock:
            entry = self._entries.pop(path, None)
            if entry is None or entry[0] != stamp:
                return None
            self._entries[path] = entry
            return entry[1]

    def put(self, path: Path, stamp: FileStamp, value: Value) -> Value:
        with self._lock:
            self._entries[path] = (stamp, value)
            self._entries.move_to_end(path)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
        return value
