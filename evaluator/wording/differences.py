"""How differences are printed: "16 fewer", "0.012 lower", and their limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.catalogue.metrics import METRICS
from evaluator.wording.numbers import choose_places, choose_scale
from evaluator.wording.reading import is_in_unit, is_share
from evaluator.wording.rulers import Ruler, metric_ruler
from evaluator.wording.sentence import Phrase

TOO = ("too high", "too low")
"""The two sides of a predicted number."""
# metric -> words for a positive and a negative difference, where its unit does not decide them
_SIDES: dict[str, tuple[str, str]] = {
    "expected_calibration_error": ("larger", "smaller"),
    "mean_absolute_error": ("more", "less"),
    "median_absolute_error": ("larger", "smaller"),
    "p90_absolute_error": ("larger", "smaller"),
    "r2": ("more", "fewer"),
}


def choose_ruler(
    metric: str, values: Iterable[float | None], limits: Sequence[float], per: int | None = None, *, unit: str = ""
) -> Ruler:
    """The scale or the decimals that keep the numbers of a sentence apart; `unit` is the label's."""
    shown = [value for value in values if value is not None]
    if is_in_unit(metric):
        return metric_ruler(metric, shown, limits, unit)
    if is_share(metric):
        return Ruler(per or choose_scale(shown, exact=limits))
    return Ruler(None, choose_places([*shown, *limits]))


def comparative(metric: str) -> tuple[str, str]:
    """The words for a positive and a negative difference: ("more", "fewer") of people, ("higher", "lower") of scores."""
    usual = ("more", "fewer") if METRICS[metric].unit == "fraction" else ("higher", "lower")
    return _SIDES.get(metric, usual)


def signed(metric: str, ruler: Ruler, value: float, role: str, evidence: str) -> Phrase:
    """ "16 fewer", "4 points more", "0"."""
    return sided(comparative(metric), ruler, value, role, evidence)


def sided(sides: tuple[str, str], ruler: Ruler, value: float, role: str, evidence: str) -> Phrase:
    """A number with its unit and the word for its side of zero: "3 points too low"."""
    return _on_side(sides, ruler, value, ruler.with_unit(ruler.figure(value, role, evidence)))


def signed_range(metric: str, ruler: Ruler, low: float, high: float, evidence: str) -> Phrase:
    """ "13 to 20" when both ends lie on one side of zero, else "9 fewer to 4 more"."""
    return sided_range(comparative(metric), ruler, low, high, evidence)


def sided_range(sides: tuple[str, str], ruler: Ruler, low: float, high: float, evidence: str) -> Phrase:
    """A range around zero; the unit was said with the value."""
    start, end = ruler.figure(low, "low", evidence), ruler.figure(high, "high", evidence)
    if low > 0:
        return (start, " to ", end)
    if high < 0:
        return (end, " to ", start)
    return (*_on_side(sides, ruler, low, (start,)), " to ", *_on_side(sides, ruler, high, (end,)))


def _on_side(sides: tuple[str, str], ruler: Ruler, value: float, said: Phrase) -> Phrase:
    if ruler.is_zero(value):
        return said
    return (*said, f" {sides[0] if value > 0 else sides[1]}")


def better_or_worse(metric: str, difference: float) -> str:
    """What a difference `a` minus `b` means for `a`: better, worse, the same, or different when neither way is better."""
    direction = METRICS[metric].direction
    if difference == 0:
        return "the same"
    if direction == "target":
        return "different"
    return "better" if (difference > 0) == (direction == "higher") else "worse"
