"""Exact contributions for models that add up one term per feature: linear models and the like, in closed form."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import (
    Contributions,
    Parts,
    held_against_model,
    to_space,
    typical_rows,
)
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.mixing import ROWS_AT_ONCE
from evaluator.statistics.spread import FloatArray, IntArray

BACKGROUND = 1_000


def additive_contributions(asked: Asked, drawn: Drawn, space: str) -> Contributions | None:
    """The parts of the drawn rows, right whenever they add up; None where log-odds are infinite.

    Notes
    -----
    If f(x) = c + sum_j g_j(x_j), the contribution of feature j is g_j(x_j) minus its mean over the background. The
    terms are read off the model itself: f of one fixed case with feature j taken from elsewhere. A model with
    interactions does not add up this way, and the check against its own scores says so.
    """
    background = typical_rows(asked, BACKGROUND)
    found = additive_parts(asked, drawn.index, background, space)
    if found is None:
        return None
    return held_against_model(
        asked, drawn, found.values, found.base, how="additive", space=space, background=background.size
    )


def additive_parts(asked: Asked, index: IntArray, background: IntArray, space: str) -> Parts | None:
    """The parts of some rows against a background; None where log-odds are infinite."""
    mixed = _by_feature(asked, background[0], np.concatenate([index, background]), space)
    if not np.isfinite(mixed).all():
        return None
    terms, expected = mixed[: index.size], mixed[index.size :]
    base = np.full(index.size, to_space(asked.mixer.rows(background), space).mean())
    return Parts(terms - expected.mean(axis=0), base)


def _by_feature(asked: Asked, fixed: np.int64, source: IntArray, space: str) -> FloatArray:
    """What the model says about one case with feature j from each source row, shape (n, k)."""
    width = asked.mixer.width
    at_once = max(1, ROWS_AT_ONCE // source.size)
    blocks = np.array_split(np.arange(width), -(-width // at_once))
    answers = [asked.mixer.mixed(_moved(fixed, source, block, width)).reshape(-1, source.size) for block in blocks]
    return to_space(np.concatenate(answers).T, space)


def _moved(fixed: np.int64, source: IntArray, places: IntArray, width: int) -> IntArray:
    """One case with the feature at each place from each source row, one place after the other."""
    rows = np.full((places.size, source.size, width), fixed)
    rows[np.arange(places.size), :, places] = source
    return rows.reshape(-1, width)
