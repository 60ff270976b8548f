"""Which features pulled a score most away from those of favourable decisions, and the usual values of those."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.distance import measure
from evaluator.analyses.explanations.cases.usual import commonest, middle
from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.contributions import to_space, within
from evaluator.analyses.explanations.drawing import background_of
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.parts_under import parts_under
from evaluator.analyses.explanations.ways import NOT_ADDING_UP
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

MOST_REASONS = 4
NOTHING = 1e-9
"""A pull that is a smaller part of all that is moved is none."""


class WithheldError(Exception):
    """There are no parts that reasons could be read from; the message says why."""


class Listed(NamedTuple):
    """Reasons of several cases: places of features, the weightiest first, -1 for none, shape (n, 4); and how many."""

    place: IntArray
    n: IntArray


def favourable_background(explained: Explained, turn: Turn, size: int, number: int = 0) -> IntArray:
    """The `number`-th set of typical cases with the favourable decision, spread over their scores."""
    asked, rows = explained.asked, np.flatnonzero(~turn.unfavourable)
    rng = stream(asked.seed, "explanations/reasons/background", str(number))
    weight = None if asked.weight is None else asked.weight[rows]
    places = background_of(size, rng, asked.score[rows], weight, own_places=number > 0)
    return np.asarray(rows[places], dtype=np.int64)


def pulls(explained: Explained, turn: Turn, index: IntArray, background: IntArray) -> FloatArray:
    """How far each feature takes each score away from the favourable decision, shape (n, k).

    Notes
    -----
    The parts of the score counted from favourably decided cases alone, with the sign turned so that what speaks
    against the favourable decision is positive.

    Raises
    ------
    WithheldError : the parts do not add up to the model's own score, or there are none under this background.
    """
    try:
        found = parts_under(explained, index, background)
    except ValueError as problem:
        raise WithheldError(str(problem)) from problem
    assert explained.parts is not None
    asked, space = explained.asked, explained.parts.space
    distance = np.abs(found.base + found.values.sum(axis=1) - to_space(asked.mixer.rows(index), space))
    if not (distance <= within(asked, space)).all():
        raise WithheldError(NOT_ADDING_UP)
    return -turn.gain(found.values)


def listed(pull: FloatArray, most: int = MOST_REASONS) -> Listed:
    """The features with the largest pulls, ties in the model's order; those without one are no reasons."""
    order = np.argsort(-pull, axis=1, kind="stable")[:, :most]
    largest = np.take_along_axis(pull, order, axis=1)
    counts = largest > NOTHING * np.abs(pull).sum(axis=1, keepdims=True)
    counts &= largest > 0
    return Listed(np.where(counts, order, -1).astype(np.int64), counts.sum(axis=1).astype(np.int64))


def usual_rows(asked: Asked, rows: IntArray) -> IntArray:
    """For each feature, one of `rows` that has the value usual among them; shape (k,)."""
    weight = None if asked.weight is None else asked.weight[rows]
    return np.array([_usual_row(asked, place, rows, weight) for place in range(asked.mixer.width)], dtype=np.int64)


def _usual_row(asked: Asked, place: int, rows: IntArray, weight: FloatArray | None) -> int:
    one = measure(asked, place)
    values = one.values[rows]
    if one.quantity:
        off = np.abs(values - middle(values, weight))
        return int(rows[0 if np.isnan(off).all() else np.nanargmin(off)])
    return int(rows[np.flatnonzero(values == commonest(values.astype(np.int64), weight))[0]])
