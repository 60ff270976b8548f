"""Which way a feature moves the score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.effects import Curve
from evaluator.records import Direction

MOSTLY = 0.9
"""Part of a curve's ups and downs that must go one way to be called a direction."""


def directions_of(asked: Asked, curves: Sequence[Curve | None]) -> tuple[Direction, ...]:
    """The direction of every feature; one that is the same in every row can move nothing."""
    return tuple(
        "unused" if curve is None and _is_constant(asked, place) else direction_of(curve)
        for place, curve in enumerate(curves)
    )


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


def shared_direction(directions: Sequence[Direction]) -> Direction:
    """Several directions as one: theirs, when those of all that is used are the same."""
    used = {direction for direction in directions if direction != "unused"}
    if len(used) == 1:
        return used.pop()
    return "unused" if not used else "unknown" if "unknown" in used else "mixed"


def _is_constant(asked: Asked, place: int) -> bool:
    return bool(asked.frame.iloc[:, place].nunique(dropna=False) <= 1)
