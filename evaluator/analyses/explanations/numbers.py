"""Numbers of explanations as printed: points of chance, or the unit of the score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluator.wording import Phrase, Quoted, format_decimal
from evaluator.wording.sentence import Figure

MOST_PLACES = 6
POINTS = 100.0
"""A point is one of 100 parts of chance."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers of one sentence or picture are printed: times `per`, with `unit` after them."""

    per: float
    unit: str
    places: int | None

    def text(self, value: float) -> str:
        """The number without its unit; as many decimals as it needs when none are set."""
        if self.places is None:
            return _shortest(value * self.per)
        return format_decimal(value * self.per, places=self.places)

    def figure(self, value: float, role: str, evidence: str) -> Figure:
        """The number as a figure of a sentence."""
        return Figure(self.text(value), value * self.per, role, evidence)

    def with_unit(self, value: float, role: str, evidence: str) -> Phrase:
        """The number and its unit: "1 point", "12 minutes"."""
        figure = self.figure(value, role, evidence)
        unit = "point" if self.unit == "points" and figure.text.lstrip("\u2212") == "1" else self.unit
        return (figure, " ", Quoted(unit)) if unit else (figure,)


def scale_of(space: str, unit: str, numbers: Sequence[float]) -> Scale:
    """The scale that keeps different numbers apart with the fewest decimals."""
    per = POINTS if space == "chance" else 1.0
    return Scale(per, unit, _places([number * per for number in numbers]))


def _places(numbers: Sequence[float]) -> int:
    """The fewest decimals that keep numbers apart, and show two digits of a number that stands alone."""
    spread = sorted(set(numbers))
    if len(spread) == 1 and spread[0] != 0:
        return min(max(1 - math.floor(math.log10(abs(spread[0]))), 0), MOST_PLACES)
    for places in range(MOST_PLACES):
        if all(round(a, places) < round(b, places) for a, b in pairwise(spread)):
            return places
    return MOST_PLACES


def _shortest(value: float) -> str:
    """As few decimals as show four significant digits, without zeros at the end."""
    if value == 0 or not math.isfinite(value):
        return format_decimal(value, places=0)
    places = min(max(3 - math.floor(math.log10(abs(value))), 0), MOST_PLACES)
    text = format_decimal(value, places=places)
    return text.rstrip("0").rstrip(".") if "." in text else text
