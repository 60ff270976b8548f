"""Numbers to axes: steps, ticks, ranges and positions. Pure functions on floats."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"


def nice_step(span: float, target: int = 5) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts `span` into about `target` parts, never more."""
    if not (math.isfinite(span) and span > 0):
        raise ValueError(f"a span must be finite and above zero, found {span}")
    rough = span / target
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))


def nice_ticks(low: float, high: float, *, target: int = 5, min_step: float = 0.0) -> tuple[float, ...]:
    """Round numbers within [low, high], ascending."""
    step = max(nice_step(high - low, target), min_step)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(_tidy(index * step) for index in range(first, last + 1))


def nice_range(
    values: Iterable[float],
    *,
    zero: bool = False,
    bounds: tuple[float | None, float | None] = (None, None),
    target: int = 5,
    min_step: float = 0.0,
) -> tuple[float, float]:
    """A range with round ends that holds every value, never of zero width.

    `zero` makes zero one of the values; `bounds` are the ends a quantity cannot pass (0 and 1 for a share) and cut the
    range unless a value lies beyond them.
    """
    known = [float(value) for value in values] + ([0.0] if zero else [])
    if not known or not all(map(math.isfinite, known)):
        raise ValueError("an axis needs finite values")
    low, high = _widened(min(known), max(known), min_step)
    step = max(nice_step(high - low, target), min_step)
    low, high = _tidy(math.floor(low / step + 1e-9) * step), _tidy(math.ceil(high / step - 1e-9) * step)
    low, high = min(low, *known), max(high, *known)
    return _bounded(low, high, known, bounds)


def position(value: float, low: float, high: float) -> float:
    """Where `value` lies in [low, high]: 0 at low, 1 at high, cut off outside."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def decimals_for(low: float, high: float, per: int = 1) -> int:
    """Decimals that tell a hundredth of the range apart; none for people out of 100 or more."""
    if per > 1:
        return 0
    return min(6, max(0, math.ceil(-math.log10(high - low)) + 2))


def format_number(value: float, decimals: int = 0) -> str:
    """A number as printed: thousands separated, halves rounded up, a true minus sign, no negative zero."""
    rounded = Decimal(repr(_tidy(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,}"
    return f"{MINUS}{text}" if rounded < 0 else text


def _widened(low: float, high: float, min_step: float) -> tuple[float, float]:
    """Equal ends are pushed apart, so that a single value sits in the middle of a real range."""
    if high - low > max(abs(low) * 1e-9, abs(high) * 1e-9, 1e-12):
        return low, high
    half = max(abs(low) * 0.1, min_step, 1e-6)
    return low - half, high + half


def _bounded(
    low: float, high: float, known: list[float], bounds: tuple[float | None, float | None]
) -> tuple[float, float]:
    floor, ceiling = bounds
    if floor is not None and min(known) >= floor:
        low = max(low, floor)
    if ceiling is not None and max(known) <= ceiling:
        high = min(high, ceiling)
    return low, high


def _tidy(value: float) -> float:
    """Without the last floating-point digits, so that 3 * 0.1 reads 0.3."""
    return float(f"{value:.15g}")
