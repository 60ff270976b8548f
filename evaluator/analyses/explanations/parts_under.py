"""The parts of some rows under a background that the caller chooses, the same way as the shown contributions."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.additive_way import additive_parts
from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions, Parts
from evaluator.analyses.explanations.drawing import background_of
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.sampled_way import questions_per_row as sampled_questions
from evaluator.analyses.explanations.sampled_way import random_turns, sampled_parts
from evaluator.analyses.explanations.tree_way import tree_way_of
from evaluator.statistics.spread import IntArray
from evaluator.statistics.streams import stream


def parts_under(explained: Explained, index: IntArray, background: IntArray) -> Parts:
    """What each feature adds to the scores of some rows, compared with every one of the background rows.

    The same rows and background give the same parts, whichever other rows are asked about.

    Parameters
    ----------
    index : positions of the rows among the asked ones, shape (n,).
    background : positions of the rows that all of them are compared with, shape (b,).

    Returns
    -------
    Parts in the space of `explained.parts`: values, shape (n, k), and base, shape (n,).

    Raises
    ------
    ValueError : there are no contributions to follow, or the way gives none under this background.
    """
    if explained.parts is None:
        raise ValueError("contributions were withheld, so there are no parts under another background")
    found = _parts(explained.asked, explained.parts, index, background)
    if found is None:
        raise ValueError("the way of the shown contributions gives none under this background")
    return found


def questions_per_row(explained: Explained, background: int) -> int:
    """How often the model is asked about each row by `parts_under`; 0 where its trees are read instead.

    The other ways ask about the background too, once or once for each feature; that is not counted here.
    """
    parts, width = explained.parts, explained.asked.mixer.width
    if parts is None or parts.how == "tree":
        return 0
    return sampled_questions(width, background) if parts.how == "sampled" else width


def other_background(explained: Explained, n: int, number: int) -> IntArray:
    """The `number`-th other set of typical rows: one drawn by chance from each of `n` equal bands of the scores.

    Every row when there are no more than `n` and none has a weight, so that all sets are the same.
    """
    asked = explained.asked
    rng = stream(asked.seed, "explanations/background", f"other {number}")
    return background_of(n, rng, asked.order, asked.weight, own_places=True)


def _parts(asked: Asked, shown: Contributions, index: IntArray, background: IntArray) -> Parts | None:
    if shown.how == "tree":
        way = tree_way_of(asked)
        return None if way is None else way.parts_of(index, background)
    if shown.how == "additive":
        return additive_parts(asked, index, background, shown.space)
    turn = np.stack([_turns_of(asked, int(row), background.size) for row in index])
    return sampled_parts(asked, index, np.broadcast_to(background, (index.size, background.size)), turn)


def _turns_of(asked: Asked, row: int, pairs: int) -> IntArray:
    """Orders of the row's own, so that its parts do not depend on which other rows are asked about."""
    rng = stream(asked.seed, "explanations/orders under", str(row))
    return random_turns(rng, (pairs, asked.mixer.width))
