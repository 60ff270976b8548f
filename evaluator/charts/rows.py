"""One row per group, window or model: dots with intervals, and bars from zero."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.statuses import STATUSES
from evaluator.charts.axis import Axis
from evaluator.charts.chart import Chart, check_finite, check_interval, check_marks


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow:
    """One labelled value with its range.

    Without a value the row shows a hatched empty track and its status word or note. `chance` is what chance alone
    would give, drawn as a short tick; `limit` what was asked of this row alone, drawn as a firm one. `printed` replaces
    the number the axis would print.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    emphasis: bool = False
    status: str | None = None
    note: str = ""
    chance: float | None = None
    limit: float | None = None
    printed: str = ""

    def __post_init__(self) -> None:
        where = f"row '{self.label}'"
        check_interval(where, self.value, self.low, self.high)
        check_finite(where, self.chance)
        check_finite(where, self.limit)
        check_status(where, self.status)


@dataclass(frozen=True, slots=True)
class Limit:
    """A labelled line on the axis: what was asked for, or a point to compare with."""

    value: float
    label: str

    def __post_init__(self) -> None:
        check_finite(f"limit '{self.label}'", self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalDots(Chart):
    """Dots with intervals on one axis: groups, windows, comparisons. The order of `rows` is the order shown."""

    axis: Axis
    rows: tuple[IntervalRow, ...]
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        check_rows(self.axis, self.rows, self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Chart):
    """Horizontal bars with intervals; the axis holds zero, where every bar begins."""

    axis: Axis
    rows: tuple[IntervalRow, ...]
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        check_rows(self.axis, self.rows, self.limits)
        if not self.axis.low <= 0 <= self.axis.high:
            raise ValueError(f"bars begin at zero, the axis runs from {self.axis.low} to {self.axis.high}")


def printed_value(row: IntervalRow, axis: Axis) -> str:
    """What stands beside the row: the number with its range, or nothing when there is no value."""
    if row.value is None:
        return ""
    return row.printed or axis.estimate(row.value, row.low, row.high)


def check_rows(axis: Axis, rows: tuple[IntervalRow, ...], limits: tuple[Limit, ...]) -> None:
    """At least one row, not too many marks, and everything on the axis."""
    if not rows:
        raise ValueError("a chart of rows needs at least one row")
    check_marks(len(rows) * 4 + len(limits))
    for row in rows:
        _check_on_axis(axis, f"row '{row.label}'", row.value, row.low, row.high, row.chance, row.limit)
    for limit in limits:
        _check_on_axis(axis, f"limit '{limit.label}'", limit.value)


def check_status(where: str, status: str | None) -> None:
    if status is not None and status not in STATUSES:
        raise ValueError(f"{where}: unknown status '{status}', known: {', '.join(STATUSES)}")


def _check_on_axis(axis: Axis, where: str, *values: float | None) -> None:
    tolerance = (axis.high - axis.low) * 1e-9
    for value in values:
        if value is not None and not axis.low - tolerance <= value <= axis.high + tolerance:
            raise ValueError(f"{where}: {value} lies off the axis from {axis.low} to {axis.high}")
