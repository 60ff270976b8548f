"""What each feature adds to the scores of single cases, and what the choice of the background leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Parts, to_space, within
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.parts_under import other_background, parts_under, questions_per_row
from evaluator.analyses.explanations.sampled_way import random_turns, sampled_parts
from evaluator.analyses.explanations.ways import NOT_ADDING_UP, TOO_SLOW
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

SECONDS = 1.5
SETS = 6
"""Backgrounds drawn independently of each other, so that they tell how much a part depends on the draw."""
SIZES = (160, 50, 15, 5)
"""Cases in each."""
ALL_CASES = 12
"""Over all classes, which share the time."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The scores of some cases, split over the features.

    Attributes
    ----------
    parts, low, high : what each feature adds, and the range that other backgrounds of this size would give; shape (n, k).
    other : the parts under another background as large.
    base : the mean score of the background, shape (n,), in the space of the parts.
    background : different cases in the background.
    adds_up : whether base and parts give the model's own score, shape (n,).
    """

    parts: FloatArray
    low: FloatArray
    high: FloatArray
    other: FloatArray
    base: FloatArray
    background: int
    adds_up: BoolArray


class Unsplit(NamedTuple):
    """Why the scores could not be split."""

    reason: str


def split(explained: Explained, index: IntArray) -> Split | Unsplit:
    """Split the scores of the rows `index`, shape (n,).

    Notes
    -----
    A part is a mean over background cases, so it is estimated by the mean of `SETS` independent backgrounds of `m` cases
    and its standard error by their spread, sd / sqrt(SETS), with SETS - 1 degrees of freedom. Where a background
    already holds every case the part is exact and the range a point.
    """
    if explained.parts is None:
        return Unsplit(explained.withheld)
    size = _size(explained, index.size)
    if size is None:
        return Unsplit(TOO_SLOW)
    sets = [other_background(explained, size, number) for number in range(SETS)]
    another = [other_background(explained, SETS * size, SETS)]
    try:
        own, other = (_by_set(explained, index, some) for some in (sets, another))
    except ValueError:  # the way of the shown contributions does not suit these rows after all
        return Unsplit(NOT_ADDING_UP)
    parts, base = own.values.mean(axis=0), own.base.mean(axis=0)
    se = own.values.std(axis=0, ddof=1) / np.sqrt(SETS)
    half = t_quantile(explained.asked.level, SETS - 1) * se
    return Split(
        parts, parts - half, parts + half, other.values.mean(axis=0), base,
        int(np.unique(np.concatenate(sets)).size),
        _adds_up(explained.asked, explained.parts.space, index, base + parts.sum(axis=1)),
    )  # fmt: skip


def _by_set(explained: Explained, index: IntArray, sets: Sequence[IntArray]) -> Parts:
    """Values of shape (sets, n, k) and base of shape (sets, n); sets are of the same size."""
    assert explained.parts is not None
    if explained.parts.how == "sampled":
        return _sampled(explained.asked, index, sets)
    found = [parts_under(explained, index, rows) for rows in sets]
    return Parts(np.stack([one.values for one in found]), np.stack([one.base for one in found]))


def _sampled(asked: Asked, index: IntArray, sets: Sequence[IntArray]) -> Parts:
    """Each set in random orders of its own: what these leave to chance must show in the spread of the sets."""
    pairs, n = sets[0].size, index.size
    turn = np.stack(
        [
            random_turns(stream(asked.seed, "explanations/cases", f"{place} {pairs} {row}"), (pairs, asked.mixer.width))
            for place in range(len(sets))
            for row in index
        ]
    )
    background = np.repeat(np.stack(sets), n, axis=0)
    found = sampled_parts(asked, np.tile(index, len(sets)), background, turn)
    return Parts(found.values.reshape(len(sets), n, -1), found.base.reshape(len(sets), n))


def _size(explained: Explained, n: int) -> int | None:
    """The largest background that there is time for, with the questions about the background itself counted."""
    asked = explained.asked
    seconds = SECONDS if asked.classes == 1 else SECONDS * asked.classes * n / ALL_CASES
    for size in SIZES:
        background = SETS * size
        questions = 2 * (n * questions_per_row(explained, background) + background * (asked.mixer.width + 1))
        if affordable(explained.rate, seconds, questions, [1]):
            return size
    return None


def _adds_up(asked: Asked, space: str, index: IntArray, total: FloatArray) -> BoolArray:
    distance = np.abs(total - to_space(asked.mixer.rows(index), space))
    return np.asarray(distance <= within(asked, space), dtype=np.bool_)
