"""Curves with bands, and histograms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.charts.axis import Axis
from evaluator.charts.chart import Chart, check_finite, check_interval, check_marks

Style = Literal["line", "points", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One named curve. `lows` and `highs` are its band (or the intervals of its points), both or neither.

    A `faint` curve is one of many behind the others: thin, and without a name at its end.
    """

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    emphasis: bool = False
    style: Style = "line"
    faint: bool = False

    def __post_init__(self) -> None:
        where = f"series '{self.name}'"
        if not self.xs:
            raise ValueError(f"{where}: no points")
        sizes = {len(self.xs), len(self.ys)} | ({len(self.lows), len(self.highs)} - {0})
        if len(sizes) != 1 or bool(self.lows) != bool(self.highs):
            raise ValueError(f"{where}: xs, ys, lows and highs must have equal lengths")
        check_finite(where, *self.xs)
        if list(self.xs) != sorted(self.xs):
            raise ValueError(f"{where}: xs must ascend")
        for index, y in enumerate(self.ys):
            check_interval(where, y, *self.range_at(index))

    def range_at(self, index: int) -> tuple[float | None, float | None]:
        return (self.lows[index], self.highs[index]) if self.lows else (None, None)

    def value_at(self, x: float) -> float | None:
        """The curve's height at x: between points on the straight line or the step before; None outside."""
        if not self.xs[0] <= x <= self.xs[-1] or self.style == "points":
            return None
        after = next(index for index, known in enumerate(self.xs) if known >= x)
        if self.xs[after] == x or after == 0:
            return self.ys[after]
        if self.style == "steps":
            return self.ys[after - 1]
        share = (x - self.xs[after - 1]) / (self.xs[after] - self.xs[after - 1])
        return self.ys[after - 1] + share * (self.ys[after] - self.ys[after - 1])


@dataclass(frozen=True, slots=True)
class Reference:
    """A labelled line to compare with: the diagonal ("as promised", "guessing"), or a height."""

    label: str
    height: float | None = None
    """None draws the diagonal y = x."""

    def __post_init__(self) -> None:
        check_finite(f"reference '{self.label}'", self.height)


@dataclass(frozen=True, slots=True)
class Marker:
    """A labelled vertical line, such as today's cut-off; curves print their value where they cross it."""

    x: float
    label: str

    def __post_init__(self) -> None:
        check_finite(f"marker '{self.label}'", self.x)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the level axis that is hatched, such as one that rests on few cases."""

    low: float
    high: float
    label: str

    def __post_init__(self) -> None:
        check_finite(f"span '{self.label}'", self.low, self.high)
        if self.low >= self.high:
            raise ValueError(f"span '{self.label}': expected low < high, found {self.low} and {self.high}")


@dataclass(frozen=True, slots=True)
class Crowd:
    """How close the cases stand between two places of the level axis; 1 where they stand closest."""

    low: float
    high: float
    height: float

    def __post_init__(self) -> None:
        check_finite("crowd", self.low, self.high, self.height)
        if self.low >= self.high or not 0 <= self.height <= 1:
            raise ValueError(f"a crowd needs low < high and a height from 0 to 1, found {self}")


CROWD_ROOM = 0.14
"""The part of the plane's height that the closest crowd takes, at its foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Chart):
    """Curves on one pair of axes, each named at its end; `crowds` stand as low bars at the foot of the plane."""

    x_axis: Axis
    y_axis: Axis
    series: tuple[Series, ...]
    reference: Reference | None = None
    markers: tuple[Marker, ...] = ()
    spans: tuple[Span, ...] = ()
    crowds: tuple[Crowd, ...] = ()

    def __post_init__(self) -> None:
        if not self.series:
            raise ValueError("a chart of lines needs at least one series")
        check_marks(sum(len(series.xs) for series in self.series) + len(self.crowds))
        ends = [end for span in self.spans for end in (span.low, span.high)]
        ends += [end for crowd in self.crowds for end in (crowd.low, crowd.high)]
        _check_within(self.x_axis, "stretch", tuple(ends))
        for series in self.series:
            _check_within(self.x_axis, series.name, series.xs)
            _check_within(self.y_axis, series.name, (*series.ys, *series.lows, *series.highs))
        _check_within(self.x_axis, "marker", tuple(marker.x for marker in self.markers))
        if self.reference is not None and self.reference.height is not None:
            _check_within(self.y_axis, self.reference.label, (self.reference.height,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram(Chart):
    """Counts between edges; `y_axis` begins at zero."""

    x_axis: Axis
    y_axis: Axis
    edges: tuple[float, ...]
    counts: tuple[float, ...]
    marker: Marker | None = None

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.counts) + 1 or not self.counts:
            raise ValueError(f"{len(self.counts)} counts need {len(self.counts) + 1} edges, found {len(self.edges)}")
        if list(self.edges) != sorted(set(self.edges)):
            raise ValueError("edges must ascend")
        if self.y_axis.low != 0 or min(self.counts) < 0:
            raise ValueError("counts are drawn from zero and cannot be negative")
        check_marks(len(self.counts))
        _check_within(self.x_axis, "edges", self.edges)
        _check_within(self.y_axis, "counts", self.counts)
        _check_within(self.x_axis, "marker", () if self.marker is None else (self.marker.x,))


def _check_within(axis: Axis, where: str, values: tuple[float, ...]) -> None:
    check_finite(where, *values)
    tolerance = (axis.high - axis.low) * 1e-9
    if values and not (axis.low - tolerance <= min(values) and max(values) <= axis.high + tolerance):
        raise ValueError(f"{where}: values lie off the axis '{axis.title}' from {axis.low} to {axis.high}")
