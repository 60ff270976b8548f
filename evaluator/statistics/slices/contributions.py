"""What each condition of a slice contributes to its difference from everyone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from evaluator.statistics.slices.cube import Condition, Cube
from evaluator.statistics.slices.moments import Asked, asked_of, mean_of_slice
from evaluator.statistics.spread import FloatArray


def shapley(
    cube: Cube, conditions: Sequence[Condition], events: Sequence[int], among: Sequence[int] | None = None
) -> FloatArray:
    """Split the difference of a slice from everyone among its conditions.

    Parameters
    ----------
    conditions : features with their levels, up to as many as the cube has ways.
    events, among : as in `test_cube`.

    Returns
    -------
    Contributions in the order of `conditions`, adding up to the slice's mean loss less everyone's; NaN where the slice
    holds no case that counts.

    Notes
    -----
    Shapley 1953: for condition i of the set S, the mean over all orders of what adding i changes, the sum over J in S
    without i of |J|! (|S| - |J| - 1)! / |S|! times [value(J and i) - value(J)]; every value is in the cube.
    """
    asked = asked_of(cube, events, among)
    return np.array([_part_of(cube, asked, conditions, place) for place in range(len(conditions))])


def _part_of(cube: Cube, asked: Asked, conditions: Sequence[Condition], place: int) -> float:
    others = [condition for other, condition in enumerate(conditions) if other != place]
    total, size = 0.0, len(conditions)
    for count in range(size):
        share = math.factorial(count) * math.factorial(size - count - 1) / math.factorial(size)
        for chosen in combinations(others, count):
            with_it = mean_of_slice(cube, asked, (*chosen, conditions[place]))
            total += share * (with_it - mean_of_slice(cube, asked, chosen))
    return total
