"""What every chart description has, and the checks they share."""

from __future__ import annotations

import math
from dataclasses import dataclass

MAX_MARKS = 2000


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The data behind a chart, as printed: one row per mark."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"table row {number} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture with its meaning: `title` is the finding, a sentence; `alt` says it to those who do not see it."""

    title: str
    how_to_read: str
    alt: str
    table: ChartTable


def check_marks(count: int) -> None:
    """A chart with more marks than this should be aggregated first."""
    if count > MAX_MARKS:
        raise ValueError(f"a chart holds at most {MAX_MARKS:,} marks, found {count:,}: aggregate first")


def check_finite(where: str, *values: float | None) -> None:
    if any(value is not None and not math.isfinite(value) for value in values):
        raise ValueError(f"{where}: numbers must be finite, found {values}")


def check_interval(where: str, value: float | None, low: float | None, high: float | None) -> None:
    """Finite, both ends or none, and low <= value <= high."""
    check_finite(where, value, low, high)
    if (low is None) != (high is None):
        raise ValueError(f"{where}: a range needs both ends, found {low} and {high}")
    if low is None or high is None:
        return
    if value is None:
        raise ValueError(f"{where}: a range without a value")
    if not low <= value <= high:
        raise ValueError(f"{where}: expected low <= value <= high, found {low}, {value}, {high}")
