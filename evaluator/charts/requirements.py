"""Requirements against their limits, each on its own scale, better always to the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from evaluator.charts.axis import SCALES
from evaluator.charts.chart import Chart, check_finite, check_interval, check_marks
from evaluator.charts.rows import check_status
from evaluator.charts.scale import decimals_for, format_number

Direction = Literal["higher", "lower", "target"]


class TrackRange(NamedTuple):
    """The numbers at the left and right end of a row's track; left is above right when smaller is better."""

    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRow:
    """One requirement in words, with what was found and what was asked.

    `better` is 'higher' (limit_low is the limit), 'lower' (limit_high) or 'target' (between both). Without a value the
    row shows a hatched empty track. Numbers print per `per`, with `unit` after them; `printed` and `limit_words`
    replace what would be printed.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    limit_low: float | None = None
    limit_high: float | None = None
    status: str
    note: str = ""
    better: Direction = "higher"
    per: int = 1
    decimals: int | None = None
    unit: str = ""
    printed: str = ""
    limit_words: str = ""

    def __post_init__(self) -> None:
        where = f"requirement '{self.label}'"
        check_interval(where, self.value, self.low, self.high)
        check_finite(where, self.limit_low, self.limit_high)
        check_status(where, self.status)
        if self.per not in SCALES:
            raise ValueError(f"{where}: counts per 1, 100, 1,000 or 10,000, found {self.per}")
        needed = {"higher": (True, False), "lower": (False, True), "target": (True, True)}[self.better]
        if (self.limit_low is not None, self.limit_high is not None) != needed:
            raise ValueError(f"{where}: limits {self.limit_low} and {self.limit_high} do not fit '{self.better}'")
        if self.limit_low is not None and self.limit_high is not None and self.limit_low >= self.limit_high:
            raise ValueError(f"{where}: the lower limit must be below the upper")

    def limits(self) -> tuple[float, ...]:
        """One limit, or both ends of a target, ascending."""
        return tuple(limit for limit in (self.limit_low, self.limit_high) if limit is not None)

    def anchor(self) -> float:
        """The limit that stands on the common line: of a target, the end the value is nearest to."""
        limits = self.limits()
        if self.value is None:
            return limits[-1] if self.better == "lower" else limits[0]
        value = self.value
        return min(limits, key=lambda limit: abs(limit - value))

    def track(self) -> TrackRange:
        """The numbers at both ends of the track, with the anchor at its centre and what is asked for to its right."""
        anchor = self.anchor()
        known = [number for number in (*self.limits(), self.value, self.low, self.high) if number is not None]
        half = max(abs(number - anchor) for number in known) * 1.2
        if half <= max(abs(anchor) * 1e-9, 1e-12):
            half = max(abs(anchor) * 0.1, 1e-6)
        falling = anchor == self.limit_high
        return TrackRange(anchor + half, anchor - half) if falling else TrackRange(anchor - half, anchor + half)

    def place(self, number: float) -> float:
        """Where a number lies on the track: 0 at the left (worse), 1 at the right (better)."""
        left, right = self.track()
        return min(1.0, max(0.0, (number - left) / (right - left)))

    def number(self, value: float) -> str:
        """A value as printed in this row, without its unit."""
        return format_number(value * self.per, self._decimals())

    def estimate(self) -> str:
        """The value with its range and unit as printed, or '' without a value."""
        if self.value is None:
            return ""
        if self.printed:
            return self.printed
        text = self.number(self.value)
        if self.low is not None and self.high is not None:
            text = f"{text} ({self.number(self.low)} to {self.number(self.high)})"
        return f"{text} {self.unit}".strip()

    def limit_text(self) -> str:
        """The limit in words: "at least 78", "at most 50", "18 to 22"."""
        if self.limit_words:
            return self.limit_words
        numbers = " to ".join(self.number(limit) for limit in self.limits())
        return {"higher": "at least ", "lower": "at most ", "target": ""}[self.better] + numbers

    def _decimals(self) -> int:
        left, right = sorted(self.track())
        return decimals_for(left, right, self.per) if self.decimals is None else self.decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements(Chart):
    """All requirements of a plan, in the order given (worst first). Rows do not share a scale, their limits align."""

    rows: tuple[RequirementRow, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("a chart of requirements needs at least one row")
        check_marks(len(self.rows) * 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalBar(Chart):
    """One requirement as an inline bar, for a card that says the rest in words."""

    row: RequirementRow
