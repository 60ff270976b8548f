"""What is held against what, and how far apart values are on that account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluator.statistics.spread import FloatArray, IntArray

GapKind = Literal["difference", "ratio"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A question about the groups of a partition.

    `against` is extremes (each group against each), overall (each against everyone else) or the level in words;
    `reference` is the population id of that level, '' for the other two.
    """

    kind: GapKind
    against: str = "extremes"
    reference: str = ""


def every_pair(k: int) -> tuple[IntArray, IntArray]:
    """Each of k groups against each, the first before the second."""
    first, second = np.triu_indices(k, 1)
    return first.astype(np.int64), second.astype(np.int64)


def against_one(k: int, reference: int) -> tuple[IntArray, IntArray]:
    """Every other group against one."""
    others = np.array([position for position in range(k) if position != reference], dtype=np.int64)
    return others, np.full(others.size, reference, dtype=np.int64)


def widest(contrast: Contrast, values: FloatArray, weight: FloatArray, reference: int) -> FloatArray:
    """The largest difference or the smallest ratio of values that a contrast looks at.

    Parameters
    ----------
    values : shape (..., k), one per group. `weight` : cases of each group, shape (k,), for everyone else.
    reference : position of the group that the others are held against, where there is one.
    """
    if contrast.reference:
        first, second = np.delete(values, reference, axis=-1), values[..., [reference]]
    elif contrast.against == "overall":
        total = (values * weight).sum(axis=-1, keepdims=True)
        first, second = values, (total - values * weight) / (weight.sum() - weight)
    else:
        first, second = values.max(axis=-1, keepdims=True), values.min(axis=-1, keepdims=True)
    if contrast.kind == "difference":
        largest: FloatArray = np.abs(first - second).max(axis=-1)
        return largest
    smallest: FloatArray = ratio_of(first, second).min(axis=-1)
    return smallest


def ratio_of(first: FloatArray, second: FloatArray) -> FloatArray:
    """Smaller value to larger; 1 where both are 0, for then they are equal."""
    smaller, larger = np.minimum(first, second), np.maximum(first, second)
    ratio: FloatArray = np.where(larger > 0, smaller / np.where(larger > 0, larger, 1.0), 1.0)
    return ratio
