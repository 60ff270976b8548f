"""Contributions for any model, by adding features in random orders."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import (
    Contributions,
    Pairwise,
    Parts,
    held_against_model,
    typical_rows,
)
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.mixing import ROWS_AT_ONCE
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

POOL = 1_000
"""Background cases that each row's own are taken from."""


def questions_per_row(width: int, background: int) -> int:
    """How often the model is asked about each explained row."""
    return background * 2 * max(width - 1, 1)


def sampled_contributions(asked: Asked, drawn: Drawn, size: int) -> Contributions:
    """The parts of the drawn rows, each against `size` background rows of its own, in the space of the score.

    Notes
    -----
    Shapley values by antithetic permutations: a background case becomes the explained one feature by feature, in a
    random order and in its reverse; a feature's part is what the score changes when it is its turn, on average. Each
    pair of explained and background case has an order of its own. Each row has background cases of its own, spread
    over all scores, so that what they leave to chance is part of the differences between rows, and of the range.
    """
    pool, rng = typical_rows(asked, POOL), stream(asked.seed, "explanations/orders")
    case = pool[_own_background(drawn.n, pool.size, size, rng)]
    turn = random_turns(rng, (*case.shape, asked.mixer.width))
    pairs, expected = pair_parts(asked, drawn.index, case, turn)
    return held_against_model(
        asked, drawn, pairs.mean(axis=1), expected.mean(axis=1), how="sampled", space=asked.space,
        background=pool.size, pairwise=Pairwise(pairs, case),
    )  # fmt: skip


def random_turns(rng: np.random.Generator, shape: tuple[int, ...]) -> IntArray:
    """Random orders of the features: the place of each along the last axis."""
    turns: IntArray = rng.random(shape, dtype=np.float32).argsort(axis=-1).astype(np.int64)
    return turns


def sampled_parts(asked: Asked, index: IntArray, background: IntArray, turn: IntArray) -> Parts:
    """The parts of some rows, each against background rows of its own, shape (n, b), in orders given by `turn`.

    `turn` is the place of each feature in the order of a pair, shape (n, b, k).
    """
    pairs, expected = pair_parts(asked, index, background, turn)
    return Parts(pairs.mean(axis=1), expected.mean(axis=1))


def pair_parts(asked: Asked, index: IntArray, background: IntArray, turn: IntArray) -> tuple[FloatArray, FloatArray]:
    """The same for each background row, shape (n, b, k), and what the model says about these, shape (n, b)."""
    own = _unmixed(asked, index)
    rows, places = np.unique(background, return_inverse=True)
    expected = _unmixed(asked, rows)[places.reshape(background.shape)]
    at_once = max(1, ROWS_AT_ONCE // questions_per_row(asked.mixer.width, background.shape[1]))
    values = [
        _parts(asked, Pairs(index[rows], background[rows], turn[rows], own[rows], expected[rows]))
        for rows in np.array_split(np.arange(index.size), -(-index.size // at_once))
    ]
    return np.concatenate(values), expected


class Pairs(NamedTuple):
    """Explained rows, shape (r,), each with its background rows, shape (r, b), and what the model says about both.

    `turn` is the place of each feature in the order of a pair, shape (r, b, k).
    """

    rows: IntArray
    background: IntArray
    turn: IntArray
    own: FloatArray
    expected: FloatArray


def _own_background(n: int, pool: int, size: int, rng: np.random.Generator) -> IntArray:
    """For each row, places in the pool at equal distances from a random start, shape (n, size)."""
    size = min(size, pool)
    places: IntArray = ((np.arange(size) + rng.random((n, 1))) * pool / size).astype(np.int64)
    return places


def _unmixed(asked: Asked, index: IntArray) -> FloatArray:
    """What the model says about rows as they are, put together like mixtures and asked in two halves.

    So a model that minds how a row is put together, or in whose company it is asked about, is found out when its
    answers are held against those about the table itself.
    """
    answers = np.zeros(index.size)
    for half in (slice(0, None, 2), slice(1, None, 2)):
        if index[half].size:
            answers[half] = asked.mixer.mixed(np.repeat(index[half, None], asked.mixer.width, axis=1))
    return answers


def _parts(asked: Asked, pairs: Pairs) -> FloatArray:
    """Parts of some rows against each of their background rows, over both orders, shape (r, b, k)."""
    turn, width = pairs.turn, pairs.turn.shape[2]
    steps = np.arange(1, width)[:, None]
    from_own = np.stack([turn[:, :, None, :] < steps, turn[:, :, None, :] >= width - steps], axis=2)
    background = pairs.background[:, :, None, None, None]
    source = np.where(from_own, pairs.rows[:, None, None, None, None], background)
    between = asked.mixer.mixed(source.reshape(-1, width)) if width > 1 else np.zeros(0)
    changes = _changes(between.reshape(from_own.shape[:4]), pairs)
    place = np.stack([turn, width - 1 - turn], axis=2)
    parts: FloatArray = np.take_along_axis(changes, place, axis=3).mean(axis=2)
    return parts


def _changes(between: FloatArray, pairs: Pairs) -> FloatArray:
    """What each step of each order changes, from the background case to the explained one."""
    ends = (*pairs.expected.shape, 2, 1)
    start = np.broadcast_to(pairs.expected[:, :, None, None], ends)
    end = np.broadcast_to(pairs.own[:, None, None, None], ends)
    return np.diff(np.concatenate([start, between, end], axis=3), axis=3)
