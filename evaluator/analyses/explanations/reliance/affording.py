"""How many rows can be explained several times, each under a background, in the time there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.parts_under import questions_per_row
from evaluator.analyses.explanations.tree_way import tree_way_of

SIZES = (300, 100, 30)
"""Rows explained each time."""
BACKGROUNDS, SMALL_BACKGROUNDS = (100, 30), (10,)
"""Cases in a background; few where the model is asked about each pair of a row and one of them."""


class Affordable(NamedTuple):
    """Rows to explain each time, and cases in each background."""

    rows: int
    background: int


def affordable_repeats(
    explained: Explained, times: int, seconds: float, sizes: Sequence[int] = SIZES
) -> Affordable | None:
    """What can be explained so many times, told from nominal paces; None for a model that is too slow."""
    sampled = explained.parts is not None and explained.parts.how == "sampled"
    for background in SMALL_BACKGROUNDS if sampled else BACKGROUNDS:
        rows = _rows(explained, background, times, seconds, sizes)
        if rows is not None:
            return Affordable(rows, background)
    return None


def _rows(explained: Explained, background: int, times: int, seconds: float, sizes: Sequence[int]) -> int | None:
    per_row = questions_per_row(explained, background)
    if per_row:
        return affordable(explained.rate, seconds, times * per_row, sizes)
    way = tree_way_of(explained.asked)
    if way is None:
        return None
    pace = way.pace(background)
    return affordable(1 / pace.row, seconds / explained.asked.classes / times - pace.background, 1, sizes)
