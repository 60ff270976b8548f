"""Rates of categories as rules on selection tools define them: exact counts, nothing estimated."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray

TIED = 0.1
"""Above this share of scores at the median, how ties are counted decides the table."""


class AboveMedian(NamedTuple):
    """Who scores strictly above the median, shape (n,); the median, and how many of its sample stand on it."""

    above: BoolArray
    median: float
    tied: int
    many_tied: bool


def above_median(score: FloatArray, sample: BoolArray, *, reverse: bool = False) -> AboveMedian:
    """Who scores strictly above the median of a sample; strictly below it when `reverse`.

    Parameters
    ----------
    score : of everyone, shape (n,).
    sample : whose median it is, shape (n,); not empty.

    Notes
    -----
    Rules of the City of New York, title 6, section 5-300: the scoring rate counts scores above the sample's median.
    """
    inside = score[sample]
    median = float(np.median(inside))
    tied = int(np.count_nonzero(inside == median))
    above = score < median if reverse else score > median
    return AboveMedian(above, median, tied, tied > TIED * inside.size)


def is_left_out(n: int, total: int, below: float | None) -> bool:
    """Whether a category is so small that the plan leaves it out: a share strictly under `below`, in exact arithmetic."""
    return below is not None and n < Decimal(repr(below)) * total


def impact_ratios(counted: list[int], n: list[int], compared: list[bool]) -> list[float | None]:
    """Each category's rate over the highest rate among those compared; None without one.

    Categories that are not compared, or hold nobody, have none; nor has any where the highest rate is 0.
    """
    rates = [c / m if m else None for c, m in zip(counted, n, strict=True)]
    taking_part = [rate for rate, used in zip(rates, compared, strict=True) if used and rate is not None]
    highest = max(taking_part, default=0.0)
    if highest == 0:
        return [None] * len(rates)
    return [rate / highest if used and rate is not None else None for rate, used in zip(rates, compared, strict=True)]


def shortfall(counted: int, n: int, best_counted: int, best_n: int, *, fifths: int) -> int:
    """How many more of `n` would have to be counted for their rate to reach so many fifths of the best rate.

    In whole numbers: ceil(fifths / 5 * best_counted / best_n * n - counted), never negative.
    """
    whole = 5 * best_n
    return max(0, -((counted * whole - fifths * best_counted * n) // whole))
