"""The unit of a sentence: so many of a hundred, a bare decimal, or the unit of the label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS
from evaluator.wording.numbers import (
    MAGNITUDES,
    MINUS,
    choose_magnitude,
    choose_unit_places,
    format_as_set,
    format_decimal,
    format_exact,
    round_half_up,
)
from evaluator.wording.phrases import is_counted_in, one_unit
from evaluator.wording.sentence import Figure, Phrase, Quoted, phrase_text


@dataclass(frozen=True, slots=True)
class Ruler:
    """How the numbers of a sentence are printed.

    So many of `per`, or a decimal with `places` when `per` is None. A decimal in the unit of the label is counted in
    `magnitude` (1, or a million and more) and carries `unit`.
    """

    per: int | None
    places: int = 0
    magnitude: int = 1
    unit: str = ""
    label: bool = False

    def size(self, value: float) -> str:
        """The size of a number without its sign."""
        if self.per is None:
            return format_decimal(abs(self.scaled(value)), places=self.places)
        return f"{round_half_up(abs(value) * self.per):,}"

    def text(self, value: float) -> str:
        """A number with its sign; what rounds to zero has none."""
        return self.size(value) if value >= 0 or self.is_zero(value) else f"{MINUS}{self.size(value)}"

    def scaled(self, value: float) -> float:
        """The number on the scale of the sentence."""
        return value / self.magnitude if self.per is None else value * self.per

    def figure(self, value: float, role: str, evidence: str) -> Figure:
        """The size of a number, whatever its sign."""
        return Figure(self.size(value), self.scaled(abs(value)), role, evidence)

    def signed_figure(self, value: float, role: str, evidence: str) -> Figure:
        """A number with its sign."""
        return Figure(self.text(value), self.scaled(value), role, evidence)

    def exact(self, value: float, role: str, evidence: str) -> Figure:
        """A limit, printed as it was set."""
        if self.label:
            return Figure(format_as_set(value, self.magnitude), self.scaled(value), role, evidence)
        number = round(self.scaled(value), 9)
        return Figure(format_exact(number), number, role, evidence)

    def with_unit(self, figure: Figure) -> Phrase:
        """A figure and the unit after it: "43 points", "1.2 million euros", "1 point"."""
        words = MAGNITUDES[self.magnitude]
        unit = one_unit(self.unit) if figure.text == "1" and not words else self.unit
        return (figure, *((f" {words}",) if words else ()), *((" ", Quoted(unit)) if unit else ()))

    def unit_words(self) -> str:
        """What the numbers are counted in: "points", "million euros" or ''."""
        return f"{MAGNITUDES[self.magnitude]} {self.unit}".strip()

    def is_zero(self, value: float) -> bool:
        """Whether a number prints as zero."""
        return float(self.size(value).replace(",", "")) == 0


def label_ruler(values: Iterable[float | None], limits: Sequence[float] = (), unit: str = "") -> Ruler:
    """The decimals and the magnitude that keep numbers in the unit of the label apart and short."""
    shown = [*(value for value in values if value is not None), *limits]
    unit = unit.strip()
    magnitude = 1 if is_counted_in(unit) else choose_magnitude(shown)
    return Ruler(None, choose_unit_places(value / magnitude for value in shown), magnitude, unit, label=True)


def metric_ruler(metric: str, values: Iterable[float | None], limits: Sequence[float], unit: str) -> Ruler:
    """The ruler of a metric in the unit of the label; one with an ideal between two sides keeps apart from it."""
    entry = METRICS[metric]
    return label_ruler([*values, *([entry.ideal] if entry.direction == "target" else [])], limits, unit)


def format_in_unit(
    value: float,
    low: float | None = None,
    high: float | None = None,
    *,
    unit: str = "",
    limits: Sequence[float] = (),
) -> str:
    """An estimate in the unit of the label, for a table or a picture: "43 points (39 to 47)"."""
    ruler = label_ruler((value, low, high), limits, unit)
    number = phrase_text(ruler.with_unit(ruler.signed_figure(value, "value", "")))
    return number if low is None or high is None else f"{number} ({ruler.text(low)} to {ruler.text(high)})"
