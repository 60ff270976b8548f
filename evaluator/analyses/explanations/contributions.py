"""What each feature adds to a score, and whether the parts add up to what the model itself says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn, background_of
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

TOLERANCE = 1e-6
"""Largest distance between the sum of the parts and the model's own score, in points of chance or log-odds; for other
scores in parts of the span of the scores."""


class Parts(NamedTuple):
    """What each feature adds for each row, shape (n, k), and what the parts are added to, shape (n,)."""

    values: FloatArray
    base: FloatArray


class Pairwise(NamedTuple):
    """Parts of each row against each of its own background cases, shape (n, b, k), whose means are the row's parts.

    `case` is where each background case stands among all rows, shape (n, b).
    """

    values: FloatArray
    case: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """Parts of the scores of drawn rows, by one way of calculating them.

    Attributes
    ----------
    values : what each feature adds for each row, shape (n, k). `base` : what they are added to, the model's mean over
        the row's background, shape (n,).
    how : tree, additive or sampled. `space` : chance, log_odds or score.
    background : cases that the parts are counted from, over all rows.
    off : largest distance between base plus parts and the model's own score of the row.
    rows_off : rows whose distance is beyond what passes.
    pairwise : where parts are means over few background cases of each row, what these are the means of.
    """

    drawn: Drawn
    values: FloatArray
    base: FloatArray
    how: str
    space: str
    background: int
    off: float
    rows_off: int
    pairwise: Pairwise | None = None

    @property
    def adds_up(self) -> bool:
        return self.rows_off == 0


def held_against_model(
    asked: Asked, drawn: Drawn, values: FloatArray, base: FloatArray, *, how: str, space: str, background: int,
    pairwise: Pairwise | None = None,
) -> Contributions:  # fmt: skip
    """The parts, with how far their sum is from what the model says about the unmixed rows."""
    own = to_space(asked.mixer.rows(drawn.index), space)
    distance = np.abs(base + values.sum(axis=1) - own)
    off = float(distance.max()) if np.isfinite(distance).all() else np.inf
    beyond = int(np.count_nonzero(~(distance <= within(asked, space))))
    return Contributions(drawn, values, base, how, space, background, off, beyond, pairwise)


def within(asked: Asked, space: str) -> float:
    """The largest distance that still adds up."""
    if space != "score":
        return TOLERANCE
    return float(TOLERANCE * np.ptp(asked.score) + 1e-12 * np.abs(asked.score).max())


def to_space(score: FloatArray, space: str) -> FloatArray:
    """A score in the space that it is explained in; infinite log-odds where the chance is 0 or 1."""
    if space != "log_odds":
        return score
    with np.errstate(divide="ignore"):
        odds: FloatArray = np.log(score) - np.log1p(-score)
    return odds


def typical_rows(asked: Asked, n: int) -> IntArray:
    """The background: cases that stand for all, by score; with several classes, by the class that the model chose."""
    return background_of(n, stream(asked.seed, "explanations/background"), asked.order, asked.weight)
