"""Whether numbers are recorded in another unit in one place: the same shape as elsewhere, a known factor apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

FACTORS = (12.0, 24.0, 52.0, 60.0, 100.0, 365.0, 1_000.0, 3_600.0, 1_000_000.0)
"""Months, hours, weeks and minutes in a larger unit; cents, days, thousands, seconds, millions."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
FARTHEST = math.log(1.3)
"""How far the ratio of medians may lie from a factor, on the log scale."""
WIDEST = math.log(1.7)
"""How far the ratios of other quantiles may lie from each other; groups of people differ in shape, units do not."""
SUSPICIOUS = math.log(4.0)
FEWEST_VALUES = 30


def off_levels(logs: FloatArray, places: IntArray) -> dict[int, float]:
    """Levels whose values are a known factor off, with the log of their ratio to the rest.

    Parameters
    ----------
    logs : logarithms of the values, shape (n,).
    places : code of the level of each, not negative, shape (n,).
    """
    if logs.size < 2 * FEWEST_VALUES:
        return {}
    order = np.argsort(places, kind="stable")
    levels, starts = np.unique(places[order], return_index=True)
    by_level = dict(zip(levels.tolist(), np.split(logs[order], starts[1:]), strict=True))
    middle = float(np.median(logs))
    off = [code for code, own in by_level.items() if abs(float(np.median(own)) - middle) > SUSPICIOUS]
    suspects = [code for code in off if by_level[code].size >= FEWEST_VALUES]
    rest = logs[~np.isin(places, off)]
    if not suspects or rest.size < FEWEST_VALUES:
        return {}
    ratios = {code: log_ratios(by_level[code], rest) for code in suspects}
    return {code: float(ratio[2]) for code, ratio in ratios.items() if is_unit(ratio)}


def off_rows(logs: FloatArray, here: BoolArray) -> float | None:
    """Log of the ratio of the rows `here` to all others where they are a known factor off, else None."""
    own, rest = logs[here], logs[~here]
    if min(own.size, rest.size) < FEWEST_VALUES:
        return None
    if abs(float(np.median(own)) - float(np.median(rest))) <= SUSPICIOUS:
        return None
    ratio = log_ratios(own, rest)
    return float(ratio[2]) if is_unit(ratio) else None


def log_ratios(own: FloatArray, rest: FloatArray) -> FloatArray:
    """How far the quantiles `QUANTILES` of logarithms lie from those of the rest."""
    found: FloatArray = np.quantile(own, QUANTILES) - np.quantile(rest, QUANTILES)
    return found


def is_unit(log_ratios: Sequence[float] | FloatArray) -> bool:
    """Whether the ratios of all quantiles are about the same known factor."""
    ratios = np.asarray(log_ratios)
    nearest = min(abs(abs(float(ratios[2])) - math.log(factor)) for factor in FACTORS)
    return nearest <= FARTHEST and float(np.ptp(ratios)) <= WIDEST
