"""Numbers as text: counts, shares, ranges, decimals, plurals, months.

Fractions are fractions until they get here. A share is printed "of 100", "of 1,000" or "of 10,000", whichever is the
smallest that keeps a value, the ends of its range and its limit apart after rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

MINUS = "\u2212"
SCALES = (100, 1_000, 10_000)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_PLACES = 6
_MORE_DIGITS = 4
MAGNITUDES: dict[int, str] = {10**12: "trillion", 10**9: "billion", 10**6: "million", 1: ""}
"""What large numbers are counted in, and its name."""


def round_half_up(value: float) -> int:
    """Nearest whole number, halves away from zero, blind to the noise of binary fractions."""
    whole = math.floor(round(abs(value), 9) + 0.5)
    return -whole if value < 0 else whole


def format_count(n: float) -> str:
    """12345 -> "12,345"; negatives carry a true minus sign."""
    whole = round_half_up(n)
    return f"{MINUS if whole < 0 else ''}{abs(whole):,}"


def format_people(n: float, fewer_than: int | None) -> str:
    """A count of people, or "fewer than 10" for readers who may not see small ones; 0 stays 0.

    A negative count stands for one that is kept from the reader.
    """
    if n < 0:
        return "not shown"
    if fewer_than is not None and 0 < n < fewer_than:
        return f"fewer than {format_count(fewer_than)}"
    return format_count(n)


def format_share(value: float, per: int) -> str:
    """A fraction as a whole number of `per`: 0.098 of 1,000 -> "98"."""
    return format_count(value * per)


def format_range(low: float, high: float, per: int) -> str:
    """Two fractions as "63 to 80"; never with a hyphen, which would read as a minus."""
    return f"{format_share(low, per)} to {format_share(high, per)}"


def format_exact(value: float) -> str:
    """A limit as it was set, without trailing zeros and with at most six decimals."""
    text = f"{abs(value):,.{_MOST_PLACES}f}".rstrip("0").rstrip(".")
    return f"{MINUS if value < 0 and text != '0' else ''}{text}"


def format_as_set(value: float, magnitude: int = 1) -> str:
    """A limit in the unit of the label, every digit kept: 1250000 in millions -> "1.25"."""
    text = f"{Decimal(repr(abs(float(value)))) / magnitude:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS if value < 0 else ''}{text}"


def format_decimal(value: float, unit: str = "", *, places: int | None = None) -> str:
    """A score: `places` decimals, or enough for three significant digits; `unit` follows after a space."""
    places = _three_digits(value) if places is None else places
    text = f"{abs(value):,.{places}f}"
    minus = MINUS if value < 0 and any(digit in text for digit in "123456789") else ""
    return f"{minus}{text} {unit}".rstrip()


def _three_digits(value: float) -> int:
    if value == 0 or not math.isfinite(value):
        return 2
    return min(max(2 - math.floor(math.log10(abs(value))), 0), _MOST_PLACES)


def choose_scale(values: Iterable[float], *, exact: Sequence[float] = ()) -> int:
    """The smallest of 100, 1,000, 10,000 that keeps different values different after rounding.

    Limits go into `exact`: they must stay apart from the values and be whole numbers on the scale.
    """
    spread = sorted({*values, *exact})
    for per in SCALES:
        apart = all(round_half_up(a * per) < round_half_up(b * per) for a, b in pairwise(spread))
        whole = all(math.isclose(limit * per, round(limit * per), abs_tol=1e-9) for limit in exact)
        if apart and whole:
            return per
    return SCALES[-1]


def choose_places(values: Iterable[float]) -> int:
    """The fewest decimals, two or three at least, that keep different scores different after rounding."""
    spread = sorted(set(values))
    fewest = 3 if max((abs(value) for value in spread), default=1.0) < 0.1 else 2
    for places in range(fewest, _MOST_PLACES):
        if all(round(a, places) < round(b, places) for a, b in pairwise(spread)):
            return places
    return _MOST_PLACES


def choose_span_places(values: Iterable[float]) -> int:
    """Decimals for many numbers on one scale: two digits of the distance from the smallest to the largest."""
    shown = list(values)
    span = max(shown, default=0.0) - min(shown, default=0.0)
    if span == 0 or all(float(value).is_integer() for value in shown):
        return choose_unit_places(shown)
    return max(1 - math.floor(math.log10(span)), 0)


def choose_unit_places(values: Iterable[float]) -> int:
    """The fewest decimals that show two digits of the largest number and keep different numbers different.

    Whole numbers need none. Numbers that agree in the first six digits of the largest count as alike.
    """
    shown = set(values)
    largest = max((abs(value) for value in shown), default=0.0)
    if all(float(value).is_integer() for value in shown):
        return 0
    fewest = max(1 - math.floor(math.log10(largest)), 0)
    most = fewest + _MORE_DIGITS
    apart = len({round(value, most) for value in shown})
    enough = (places for places in range(fewest, most) if len({round(value, places) for value in shown}) == apart)
    return next(enough, most)


def choose_magnitude(values: Iterable[float]) -> int:
    """What to count in: millions and more from one million on, else ones."""
    largest = max((abs(value) for value in values), default=0.0)
    return next((magnitude for magnitude in MAGNITUDES if largest >= magnitude), 1)


def format_level(level: float) -> str:
    """0.95 -> "95", 0.975 -> "97.5"; the per cent sign is the sentence's."""
    return format_exact(round(level * 100, 4))


def round_two_figures(n: float) -> int:
    """To two significant figures: 4437 -> 4400."""
    if n == 0:
        return 0
    step = 10.0 ** max(math.floor(math.log10(abs(n))) - 1, 0)
    return round_half_up(n / step) * int(step)


def plural(n: float, one: str, many: str) -> str:
    """`one` for exactly 1, else `many`."""
    return one if n == 1 else many


def join_words(items: Sequence[str]) -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def months_for(rows: float, volume_per_year: float, share: float = 1.0) -> int:
    """Whole months until `rows` cases have come in, when `share` of the yearly volume are such cases."""
    return math.ceil(round(12 * rows / (volume_per_year * share), 9))


def format_months(months: int) -> str:
    """21 -> "21 months"."""
    return f"{format_count(months)} {plural(months, 'month', 'months')}"


def format_date(day: date) -> str:
    """24 Nov 2026, whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
