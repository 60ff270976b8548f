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
from evaluator.analyses.explanations.tree_way import TreeWay, tree_way_of
from evaluator.analyses.explanations.ways import NOT_ADDING_UP, TOO_SLOW
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

SECONDS = 1.5
TREE_SECONDS = 3.0
"""The same where trees are read."""
SETS = 6
"""Backgrounds drawn independently of each other, so that they tell how much a part depends on the draw."""
FEWER_SETS = 3
"""The same for trees that take long for each background, however small."""
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
    A part is a mean over background cases, so it is estimated by the mean of S independent backgrounds of `m` cases and
    its standard error by their spread, sd / sqrt(S), with S - 1 degrees of freedom; S is `SETS`, or `FEWER_SETS` for
    slow trees. Where a background already holds every case the part is exact and the range a point.
    """
    if explained.parts is None:
        return Unsplit(explained.withheld)
    there_is = _affordable(explained, index.size)
    if there_is is None:
        return Unsplit(TOO_SLOW)
    n_sets, size = there_is
    sets = [other_background(explained, size, number) for number in range(n_sets)]
    another = [other_background(explained, n_sets * size, n_sets)]
    try:
        own, other = (_by_set(explained, index, some) for some in (sets, another))
    except ValueError:  # the way of the shown contributions does not suit these rows after all
        return Unsplit(NOT_ADDING_UP)
    parts, base = own.values.mean(axis=0), own.base.mean(axis=0)
    se = own.values.std(axis=0, ddof=1) / np.sqrt(n_sets)
    half = t_quantile(explained.asked.level, n_sets - 1) * se
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


class _Sets(NamedTuple):
    """How many backgrounds, and cases in each."""

    sets: int
    size: int


def _affordable(explained: Explained, n: int) -> _Sets | None:
    """The most and largest backgrounds that there is time for, with what the background itself takes counted."""
    asked = explained.asked
    part = 1.0 if asked.classes == 1 else asked.classes * n / ALL_CASES
    if explained.parts is not None and explained.parts.how == "tree" and (way := tree_way_of(asked)) is not None:
        return _affordable_trees(way, n, part * TREE_SECONDS)
    for size in SIZES:
        background = SETS * size
        questions = 2 * (n * questions_per_row(explained, background) + background * (asked.mixer.width + 1))
        if affordable(explained.rate, part * SECONDS, questions, [1]):
            return _Sets(SETS, size)
    return None


def _affordable_trees(way: TreeWay, n: int, seconds: float) -> _Sets | None:
    """By nominal seconds, which grow with the number of backgrounds more than with their size."""
    for sets in (SETS, FEWER_SETS):
        for size in SIZES:
            each, other = way.pace(size), way.pace(sets * size)
            if sets * (each.background + n * each.row) + other.background + n * other.row <= seconds:
                return _Sets(sets, size)
    return None


def _adds_up(asked: Asked, space: str, index: IntArray, total: FloatArray) -> BoolArray:
    distance = np.abs(total - to_space(asked.mixer.rows(index), space))
    return np.asarray(distance <= within(asked, space), dtype=np.bool_)
