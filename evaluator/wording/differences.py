"""How differences are printed: "16 fewer", "0.012 lower", and their limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS
from evaluator.wording.numbers import choose_places, choose_scale, format_decimal, format_exact, round_half_up
from evaluator.wording.reading import is_share
from evaluator.wording.sentence import Figure, Phrase


@dataclass(frozen=True, slots=True)
class Ruler:
    """The unit of a sentence: so many of `per`, or a decimal with `places` when `per` is None."""

    per: int | None
    places: int = 0

    def size(self, value: float) -> str:
        """The size of a number without its sign."""
        if self.per is None:
            return format_decimal(abs(value), places=self.places)
        return f"{round_half_up(abs(value) * self.per):,}"

    def scaled(self, value: float) -> float:
        """The number on the scale of the sentence."""
        return value if self.per is None else value * self.per

    def figure(self, value: float, role: str, evidence: str) -> Figure:
        """A number that cannot be negative."""
        return Figure(self.size(value), self.scaled(abs(value)), role, evidence)

    def exact(self, value: float, role: str, evidence: str) -> Figure:
        """A limit, printed as it was set."""
        number = round(self.scaled(value), 9)
        return Figure(format_exact(number), number, role, evidence)

    def is_zero(self, value: float) -> bool:
        """Whether a number prints as zero."""
        return float(self.size(value).replace(",", "")) == 0


def choose_ruler(metric: str, values: Iterable[float | None], limits: Sequence[float], per: int | None = None) -> Ruler:
    """The scale or the decimals that keep the numbers of a sentence apart."""
    shown = [value for value in values if value is not None]
    if is_share(metric):
        return Ruler(per or choose_scale(shown, exact=limits))
    return Ruler(None, choose_places([*shown, *limits]))


def comparative(metric: str) -> tuple[str, str]:
    """The words for a positive and a negative difference: ("more", "fewer") of people, ("higher", "lower") of scores."""
    if METRICS[metric].unit != "fraction":
        return "higher", "lower"
    return ("larger", "smaller") if metric == "expected_calibration_error" else ("more", "fewer")


def signed(metric: str, ruler: Ruler, value: float, role: str, evidence: str) -> Phrase:
    """ "16 fewer", "4 more", "0"."""
    figure = ruler.figure(value, role, evidence)
    if ruler.is_zero(value):
        return (figure,)
    above, below = comparative(metric)
    return (figure, f" {above if value > 0 else below}")


def signed_range(metric: str, ruler: Ruler, low: float, high: float, evidence: str) -> Phrase:
    """ "13 to 20" when both ends lie on one side of zero, else "9 fewer to 4 more"."""
    if low > 0:
        return (ruler.figure(low, "low", evidence), " to ", ruler.figure(high, "high", evidence))
    if high < 0:
        return (ruler.figure(high, "high", evidence), " to ", ruler.figure(low, "low", evidence))
    start = signed(metric, ruler, low, "low", evidence)
    return (*start, " to ", *signed(metric, ruler, high, "high", evidence))


def better_or_worse(metric: str, difference: float) -> str:
    """What a difference `a` minus `b` means for `a`: better, worse, the same, or different when neither way is better."""
    direction = METRICS[metric].direction
    if difference == 0:
        return "the same"
    if direction == "target":
        return "different"
    return "better" if (difference > 0) == (direction == "higher") else "worse"
