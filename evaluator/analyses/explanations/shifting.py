"""Permutation importance: how much worse the model does when one feature is another case's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream

SHIFTS = 3


class Shifted(NamedTuple):
    """How much the loss of each row grows when feature j is taken from another row, shape (n, k)."""

    drawn: Drawn
    growth: FloatArray
    space: str


def questions_per_row(width: int) -> int:
    """How often the model is asked about each row."""
    return SHIFTS * width + 1


def shifted_losses(asked: Asked, drawn: Drawn) -> Shifted:
    """Growth of the squared error by row and feature, the mean over a few shifts.

    Notes
    -----
    One random order of the rows is fixed; shift s gives each row the feature of the row s places further on, round
    the end. Every value is used as often as before, and the range comes from the rows, not from repeats.
    """
    order = stream(asked.seed, "explanations/shifts").permutation(drawn.n)
    place = np.argsort(order)
    label = asked.label[drawn.index]
    before = (asked.mixer.rows(drawn.index) - label) ** 2
    growth = np.zeros((drawn.n, asked.mixer.width))
    for column in range(asked.mixer.width):
        for shift in range(1, SHIFTS + 1):
            donor = drawn.index[order[(place + shift) % drawn.n]]
            growth[:, column] += (asked.mixer.replaced(drawn.index, column, donor) - label) ** 2 - before
    return Shifted(drawn, growth / SHIFTS, "brier" if asked.probability else "squared_error")
