"""Numbers of explanations as printed: points of chance, or the unit of the score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.wording import Phrase, format_decimal, label_ruler
from evaluator.wording.rulers import Ruler
from evaluator.wording.sentence import Figure

MOST_PLACES = 6
POINTS = 100.0
"""A point is one of 100 parts of chance."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers of one sentence or picture are printed: times `per`, as `ruler` prints them."""

    per: float
    ruler: Ruler

    def text(self, value: float) -> str:
        """The number without its unit."""
        return self.ruler.text(value * self.per)

    def figure(self, value: float, role: str, evidence: str) -> Figure:
        """The number as a figure of a sentence."""
        return self.ruler.signed_figure(value * self.per, role, evidence)

    def with_unit(self, value: float, role: str, evidence: str) -> Phrase:
        """The number and its unit: "1 point", "12 minutes"."""
        return self.ruler.with_unit(self.figure(value, role, evidence))


def scale_of(space: str, unit: str, numbers: Sequence[float]) -> Scale:
    """The scale that keeps different numbers apart with few decimals."""
    per = POINTS if space == "chance" else 1.0
    return Scale(per, label_ruler([number * per for number in numbers], unit=unit))


def shortest(value: float, role: str, evidence: str) -> Figure:
    """A number by itself, such as the value of a feature: four significant digits, without zeros at the end."""
    places = 0
    if value != 0 and math.isfinite(value):
        places = min(max(3 - math.floor(math.log10(abs(value))), 0), MOST_PLACES)
    text = format_decimal(value, places=places)
    return Figure(text.rstrip("0").rstrip(".") if "." in text else text, value, role, evidence)
