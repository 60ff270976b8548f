"""From one number to another by parts: each bar begins where the one before it ended."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.charts.axis import Axis
from evaluator.charts.chart import Chart, check_finite, check_interval, check_marks
from evaluator.charts.rows import Limit

ROUNDING = 1e-6
"""How far the parts may miss the end, in parts of the axis."""


@dataclass(frozen=True, slots=True)
class WaterfallEnd:
    """Where the bars begin, or what they end in; `printed` is the number as people read it."""

    label: str
    value: float
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterfallStep:
    """One part: how far it moves the number, its range, and how that is printed; `note` stands under the label."""

    label: str
    part: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    printed: str = ""

    def __post_init__(self) -> None:
        check_interval(f"step '{self.label}'", self.part, self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall(Chart):
    """Parts that add up from `start` to `end`; the order of `steps` is the order shown."""

    axis: Axis
    start: WaterfallEnd
    steps: tuple[WaterfallStep, ...]
    end: WaterfallEnd
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a waterfall needs at least one step")
        check_marks(len(self.steps) * 3 + 2 + len(self.limits))
        span = self.axis.high - self.axis.low
        total = self.start.value + sum(step.part for step in self.steps)
        if abs(total - self.end.value) > ROUNDING * span:
            raise ValueError(f"the parts add up to {total}, not to {self.end.value}")
        values = [*self.levels(), *(limit.value for limit in self.limits)]
        for begin, step in zip(self.levels(), self.steps, strict=False):
            values += [begin + end for end in (step.low, step.high) if end is not None]
        check_finite("waterfall", *values)
        if min(values) < self.axis.low - ROUNDING * span or max(values) > self.axis.high + ROUNDING * span:
            raise ValueError(f"bars lie off the axis from {self.axis.low} to {self.axis.high}")

    def levels(self) -> tuple[float, ...]:
        """The number before each step and after the last, shape (steps + 1,)."""
        levels = [self.start.value]
        for step in self.steps:
            levels.append(levels[-1] + step.part)
        return tuple(levels)
