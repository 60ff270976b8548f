"""One axis: its range, unit, ticks, and how its values are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from evaluator.charts.chart import check_finite
from evaluator.charts.scale import decimals_for, format_number, nice_range, nice_ticks

Better = Literal["right", "left"]
SCALES = (1, 100, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Axis:
    """Range and unit of one direction of a chart.

    `low`, `high` and `ticks` are in the data's own unit; printed numbers are multiplied by `per` ("per 1,000"). Without
    `ticks`, round ones are chosen. `tick_labels` replace the printed ticks (months, band names). `better` says which
    end is the good one. `decimals` is derived from the range when None.
    """

    title: str
    low: float
    high: float
    per: int = 1
    better: Better | None = None
    ticks: tuple[float, ...] = ()
    tick_labels: tuple[str, ...] = ()
    decimals: int | None = None

    def __post_init__(self) -> None:
        check_finite("axis", self.low, self.high, *self.ticks)
        if self.low >= self.high:
            raise ValueError(f"an axis needs low < high, found {self.low} and {self.high}")
        if self.per not in SCALES:
            raise ValueError(f"an axis counts per 1, 100, 1,000 or 10,000, found {self.per}")
        if self.tick_labels and len(self.tick_labels) != len(self.ticks):
            raise ValueError(f"{len(self.tick_labels)} tick labels for {len(self.ticks)} ticks")
        if any(not self.low <= tick <= self.high for tick in self.ticks):
            raise ValueError("every tick must lie on the axis")

    @property
    def printed_decimals(self) -> int:
        return decimals_for(self.low, self.high, self.per) if self.decimals is None else self.decimals

    def shown_ticks(self) -> tuple[float, ...]:
        """The given ticks, else round ones."""
        smallest = _smallest_step(self.per, self.printed_decimals)
        return self.ticks or nice_ticks(self.low, self.high, min_step=smallest)

    def shown_labels(self) -> tuple[str, ...]:
        """One label per shown tick, all with the same decimals."""
        if self.tick_labels:
            return self.tick_labels
        ticks = self.shown_ticks()
        decimals = _decimals_needed([tick * self.per for tick in ticks], self.printed_decimals)
        return tuple(format_number(tick * self.per, decimals) for tick in ticks)

    def number(self, value: float) -> str:
        """A value as printed on this axis."""
        return format_number(value * self.per, self.printed_decimals)

    def estimate(self, value: float, low: float | None, high: float | None) -> str:
        """A value with its range as printed: "37 (27 to 47)"."""
        if low is None or high is None:
            return self.number(value)
        return f"{self.number(value)} ({self.number(low)} to {self.number(high)})"


def axis_for(
    title: str,
    values: Iterable[float | None],
    *,
    per: int = 1,
    better: Better | None = None,
    zero: bool = False,
    bounds: tuple[float | None, float | None] = (None, None),
    decimals: int | None = None,
) -> Axis:
    """An axis with round ends that holds every known value, range end and limit given."""
    known = [value for value in values if value is not None]
    if not known:
        known = [0.0, 1.0]
    smallest = _smallest_step(per, decimals or 0) if per > 1 or decimals is not None else 0.0
    low, high = nice_range(known, zero=zero, bounds=bounds, min_step=smallest)
    return Axis(title, low, high, per=per, better=better, decimals=decimals)


def _smallest_step(per: int, decimals: int) -> float:
    """The smallest step that printed ticks can tell apart."""
    return 10.0**-decimals / per


def _decimals_needed(numbers: list[float], most: int) -> int:
    """The fewest decimals that print every number exactly, up to `most`."""
    for decimals in range(most):
        if all(abs(round(number, decimals) - number) < 1e-9 * max(1.0, abs(number)) for number in numbers):
            return decimals
    return most
