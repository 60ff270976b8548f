"""Which way a feature moves the score, and which features move together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.effects import Curve
from evaluator.records import Direction
from evaluator.statistics.spread import FloatArray

MOSTLY = 0.9
"""Part of a curve's ups and downs that must go one way to be called a direction."""
TOGETHER = 0.7
"""Rank correlation from which two features are said to move together."""


def direction_of(curve: Curve | None) -> Direction:
    """What more of the feature does to the score, all else as it is."""
    if curve is None:
        return "unknown"
    steps = np.diff(curve.y)
    moved = float(np.abs(steps).sum())
    if moved <= 1e-12 * max(1.0, float(np.abs(curve.y).max())):
        return "unused"
    if curve.at is None:
        return "by_level"
    up = float(steps.clip(min=0.0).sum()) / moved
    return "higher" if up >= MOSTLY else "lower" if up <= 1 - MOSTLY else "mixed"


def moving_together(asked: Asked, drawn: Drawn) -> tuple[tuple[str, ...], ...]:
    """For each feature, the others that rise or fall with it, by rank correlation of the drawn rows."""
    ranks = np.stack([_ranks(asked, place, drawn) for place in range(asked.mixer.width)], axis=1)
    spread = ranks.std(axis=0)
    scaled = (ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    close = np.abs(scaled.T @ scaled / drawn.n) >= TOGETHER
    np.fill_diagonal(close, False)
    names = np.array(asked.names, dtype=object)
    return tuple(tuple(names[row]) for row in close)


def _ranks(asked: Asked, place: int, drawn: Drawn) -> FloatArray:
    """Ranks of a column of numbers or truth values; zeros for others, which have no order."""
    series = asked.frame.iloc[drawn.index, place]
    if not pd.api.types.is_numeric_dtype(series.dtype):
        return np.zeros(drawn.n)
    return np.asarray(series.astype(np.float64).rank().fillna(0.0), dtype=np.float64)
