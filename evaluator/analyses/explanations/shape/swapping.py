"""What the model says when two features are swapped with those of another case: one, the other, and both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import within
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.shape.coarse import Coarse, coarse, together
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

CELL = 20
"""Rows that a cell of two unrelated features holds, at least, if there are enough rows for two classes of each."""
MOST_CLASSES = 10
FEWEST_IN_CELL = 3
"""Two values occur together when so many rows have about both."""
EDGE = 1e-6
"""Of chances closer to 0 or 1 the log-odds are not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Swapped:
    """Answers about drawn rows and their partners, for several pairs of features.

    Attributes
    ----------
    partner : for each drawn row the place among them of the row it swaps with; every row is the partner of one.
    pairs : places of both features of each pair.
    beyond : change of the score when both are swapped, less the changes of swapping each alone, shape (n, pairs).
    joint : half of the mean squared change when both are set anew, of the row and with the roles exchanged, shape (n,
        pairs). `beyond` squared over 4 is the part of it that is of the pair alone.
    odds : `beyond` in log-odds where scores are chances, else as `beyond`.
    span : highest score seen less the lowest, before and after all swaps.
    real : whether about such pairs of values occur, before and after each swap, shape (n, pairs).
    """

    drawn: Drawn
    partner: IntArray
    pairs: tuple[tuple[int, int], ...]
    beyond: FloatArray
    joint: FloatArray
    odds: FloatArray
    span: float
    real: BoolArray


def questions_per_row(features: int) -> int:
    """How often the model is asked about each row: as it is, each feature swapped, each pair swapped."""
    return 1 + features + features * (features - 1) // 2


def swapped(asked: Asked, drawn: Drawn, places: Sequence[int], rng: np.random.Generator) -> Swapped:
    """Ask about every pair of the features at `places`.

    Notes
    -----
    With f(x, z) of the pair, f(x', z') of the partner and all else as in the row, f(x, z) - f(x', z) - f(x, z') +
    f(x', z') is exactly 0 for a model in which the two add up, so that no chance enters. Its mean square over 4 is the
    variance of all parts of the score that need both features, if features are unrelated (superset importance, Liu and
    Owen 2006). Values that hardly occur together are never mixed: there the model says what nobody has checked.
    """
    pairs = tuple(combinations(places, 2))
    partner = _partners(drawn.n, rng)
    source = drawn.index[partner]
    plain = asked.mixer.mixed(np.repeat(drawn.index[:, None], asked.mixer.width, axis=1))
    one = {place: asked.mixer.replaced(drawn.index, place, source) for place in places}
    fours = [(plain, one[a], one[b], _both(asked, drawn.index, source, (a, b))) for a, b in pairs]
    beyond = np.stack([_difference(four, within(asked, asked.space)) for four in fours], axis=1)
    odds = beyond
    if asked.space == "chance":
        odds = np.stack([_difference_of_odds(four, within(asked, "chance")) for four in fours], axis=1)
    joint = np.stack([((a - d) ** 2 + (b - c) ** 2) / 4 for a, b, c, d in fours], axis=1)
    span = float(np.ptp(np.concatenate([asked.score, *(score for four in fours for score in four)])))
    return Swapped(drawn, partner, pairs, beyond, joint, odds, span, _real(asked, drawn, partner, pairs))


Four = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
"""Scores as they are, with the first swapped, with the second, and with both; shape (n,) each."""


def _partners(n: int, rng: np.random.Generator) -> IntArray:
    """One round through all rows, so that none is its own partner."""
    order = rng.permutation(n)
    partner = np.empty(n, dtype=np.int64)
    partner[order] = np.roll(order, 1)
    return partner


def _both(asked: Asked, index: IntArray, source: IntArray, pair: tuple[int, int]) -> FloatArray:
    rows = np.repeat(index[:, None], asked.mixer.width, axis=1)
    rows[:, list(pair)] = source[:, None]
    return asked.mixer.mixed(rows)


def _difference(four: Four, rounding: float) -> FloatArray:
    """Beyond adding up; 0 where that may be rounding."""
    a, b, c, d = four
    found = a - b - c + d
    return np.where(np.abs(found) > 4 * rounding, found, 0.0)


def _difference_of_odds(four: Four, rounding: float) -> FloatArray:
    """The same in log-odds: the least that fits the chances, each of which may be off by rounding.

    Of a chance next to 0 or 1 no more is known than that its log-odds are at least so far out, so that it proves
    something only together with chances on the other side.
    """
    chances = np.stack(four)
    low, high = (chances + side * rounding for side in (-1, 1))
    least = np.where(low <= EDGE, -np.inf, special.logit(low.clip(EDGE, 1 - EDGE)))
    most = np.where(high >= 1 - EDGE, np.inf, special.logit(high.clip(EDGE, 1 - EDGE)))
    below = least[0] - most[1] - most[2] + least[3]
    above = most[0] - least[1] - least[2] + most[3]
    found: FloatArray = np.where(below > 0, below, np.where(above < 0, above, 0.0))
    return found


def _real(asked: Asked, drawn: Drawn, partner: IntArray, pairs: Sequence[tuple[int, int]]) -> BoolArray:
    classes = int(np.clip(np.sqrt(asked.n / CELL), 2, MOST_CLASSES))
    places = sorted({place for pair in pairs for place in pair})
    known = {place: coarse(asked.frame.iloc[:, place], asked.columns[place], classes) for place in places}
    return np.stack([_real_pair(known[a], known[b], drawn.index, partner) for a, b in pairs], axis=1)


def _real_pair(first: Coarse, second: Coarse, index: IntArray, partner: IntArray) -> BoolArray:
    often = together(first, second) >= FEWEST_IN_CELL
    a, b = first.code[index], second.code[index]
    found: BoolArray = often[a, b] & often[a[partner], b] & often[a, b[partner]] & often[a[partner], b[partner]]
    return found
