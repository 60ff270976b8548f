"""Whether the features that an explanation names first are those that move the score most."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions, typical_rows
from evaluator.analyses.explanations.drawing import BoolArray, Drawn
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.reliance.redrawing import fewer
from evaluator.analyses.explanations.reliance.rows import (
    NOTHING_MOVES,
    ONE_FEATURE,
    TOO_FEW,
    TOO_SLOW,
    Seen,
    blank_row,
    seen_row,
)
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.catalogue.settings import MIN_GROUP
from evaluator.records import EstimateStatus, ExplanationCheck
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

DELETION, INSERTION = "deletion", "insertion"
SECONDS = 0.8
SIZES = (300, 100)
BACKGROUND = 4
"""Cases that each row's features are taken from; the mean over them is what is left of the score."""
POOL = 1_000
MOST_STEPS = 10
NOTHING = 1e-12


class Areas(NamedTuple):
    """How far the score moves, the mean over the number of features, for each row; shape (n,).

    `taken` : features taken away in the order of the explanation. `kept` : all but those it names first.
    `random` : features taken away, or all but some, in random order.
    """

    taken: FloatArray
    kept: FloatArray
    random: FloatArray


def faithfulness(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """Deletion and insertion, each in the order of the parts against a random order.

    Notes
    -----
    Row by row, the first m features by size of their part are replaced by those of background cases, for m from 1 to
    all but one; how far the score moves on average is the area. Deletion: that area minus the one of a random order.
    Insertion: with all but the first m replaced, the random area minus that of the explanation, since the score should
    be nearly restored. A reversed random order is random too, so one serves both. Under an order that says nothing both
    differences are zero in expectation, whatever the model. The range is a t interval over rows, weighted back.
    """
    asked, parts = explained.asked, explained.parts
    if parts is None:
        return _blank(asked, "not_tested", explained.withheld)
    if asked.mixer.width < 2:
        return _blank(asked, "not_tested", ONE_FEATURE)
    steps = steps_of(asked.mixer.width)
    size = affordable(explained.rate, SECONDS, 3 * steps.size * BACKGROUND, SIZES)
    if size is None:
        return _blank(asked, "not_tested", TOO_SLOW)
    if parts.drawn.n < MIN_GROUP:
        return _blank(asked, "too_few", TOO_FEW, n=parts.drawn.n)
    drawn, places = fewer(parts.drawn, size, stream(asked.seed, "explanations/faithfulness/rows"))
    return _rows(asked, drawn, areas_of(asked, drawn.index, named_order(parts, places), steps))


def named_order(parts: Contributions, places: IntArray) -> IntArray:
    """The place of each feature in the order that a row's parts name them, 0 for the largest; shape (n, k)."""
    order = np.argsort(-np.abs(parts.values[places]), axis=1, kind="stable")
    return np.argsort(order, axis=1, kind="stable").astype(np.int64)


def steps_of(width: int) -> IntArray:
    """Numbers of features to take away, symmetric: with m there is `width` - m."""
    some = np.rint(np.linspace(1, width - 1, min(width - 1, MOST_STEPS))).astype(np.int64)
    return np.unique(np.concatenate([some, width - some]))


def areas_of(asked: Asked, index: IntArray, named: IntArray, steps: IntArray) -> Areas:
    """How far the score of each row moves, for the named order and a random one."""
    rng = stream(asked.seed, "explanations/faithfulness/orders")
    pool = typical_rows(asked, POOL)
    background = pool[rng.integers(0, pool.size, (index.size, BACKGROUND))]
    random = rng.random(named.shape).argsort(axis=1).argsort(axis=1).astype(np.int64)
    own = asked.mixer.rows(index)
    replaced = (named[:, None, :] < steps[:, None], named[:, None, :] >= steps[:, None])
    masks = (*replaced, random[:, None, :] < steps[:, None])
    return Areas(*(_moved(asked, index, background, mask, own) for mask in masks))


def _moved(asked: Asked, index: IntArray, background: IntArray, mask: BoolArray, own: FloatArray) -> FloatArray:
    """Mean distance from the own score when the marked features, shape (n, steps, k), come from background cases."""
    source = np.where(mask[:, None], background[:, :, None, None], index[:, None, None, None])
    answers = asked.mixer.mixed(source.reshape(-1, source.shape[-1])).reshape(source.shape[:3])
    moved: FloatArray = np.abs(answers.mean(axis=1) - own[:, None]).mean(axis=1)
    return moved


def _rows(asked: Asked, drawn: Drawn, areas: Areas) -> tuple[ExplanationCheck, ...]:
    if max(float(area.max(initial=0.0)) for area in areas) <= NOTHING * max(1.0, float(np.abs(asked.score).max())):
        return _blank(asked, "undefined", NOTHING_MOVES, n=drawn.n)
    gains = np.stack([areas.taken - areas.random, areas.random - areas.kept], axis=1)
    means = weighted_means(gains, drawn)
    half = means.half_width(asked.level)
    return tuple(
        seen_row(asked, check, _seen(asked, float(means.value[place]), float(half[place]), drawn.n))
        for place, check in enumerate((DELETION, INSERTION))
    )


def _seen(asked: Asked, value: float, half: float, n: int) -> Seen:
    low, high = (value - half, value + half) if np.isfinite(half) else (None, None)
    proven = low is not None and low > 0
    return Seen(value, low, high, n, "t_over_rows", proven, 0.0, asked.unit_of(asked.space))


def _blank(asked: Asked, status: EstimateStatus, reason: str, *, n: int = 0) -> tuple[ExplanationCheck, ...]:
    return tuple(blank_row(asked, check, status, reason, n=n) for check in (DELETION, INSERTION))
