"""A number in a slice against the same number elsewhere, and what is left of the excess without some rows."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evaluator.analyses.failures.causes.scene import Here, Scene
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.statistics.influence import BoolArray, mean
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.proportions import wilson
from evaluator.statistics.spread import FloatArray, Spread, effective_n, spread_of
from evaluator.statistics.two_proportions import SMALL_EXPECTED, fisher_p_value, score_p_values, smallest_expected

Kind = TypeVar("Kind", bound=np.generic)
Side = Literal["greater", "less", "both"]
FEWEST_LEFT = 0.1
"""With a smaller share of a slice left, those left say nothing about the slice without the others."""
FEWEST_LIKE = 30


class Compared(NamedTuple):
    """A number here with its range, the same number elsewhere, and the p-value of their difference."""

    value: float
    low: float | None
    high: float | None
    elsewhere: float
    p_value: float
    method: str


def compare_means(values: FloatArray, here: BoolArray, rest: BoolArray, scene: Scene, side: Side) -> Compared:
    """Means of rows here and elsewhere, by Welch's test on the influence of rows or clusters."""
    spread, (own, other) = _difference_of(values, here, rest, scene)
    inside = spread_of(_influence(values, here, scene)[here], _part(scene.cluster, here))
    interval = t_interval(own, inside, scene.level) if inside.se >= 0 else None
    low, high = (None, None) if interval is None else (interval.low, interval.high)
    return Compared(own, low, high, other, _p_value(own - other, spread, side), "welch")


def p_of_means(values: FloatArray, here: BoolArray, rest: BoolArray, scene: Scene, side: Side) -> float:
    """The p-value of `compare_means` alone."""
    spread, (own, other) = _difference_of(values, here, rest, scene)
    return _p_value(own - other, spread, side)


def p_of_mean(values: FloatArray, here: BoolArray, scene: Scene) -> float:
    """One-sided p-value of a mean above zero."""
    spread = spread_of(_influence(values, here, scene)[here], _part(scene.cluster, here))
    own = float(np.average(values[here], weights=_part(scene.weight, here)))
    return _p_value(own, spread, "greater")


def compare_shares(flag: BoolArray, here: BoolArray, rest: BoolArray, scene: Scene, side: Side) -> Compared:
    """Shares of rows here and elsewhere: Fisher's exact test of small tables, else the score test.

    Weights and clusters make each side worth fewer rows (`effective_n` over the design effect).
    """
    own, n_own = share_of(flag, here, scene)
    other, n_other = share_of(flag, rest, scene)
    interval = wilson(own * n_own, n_own, scene.level)
    p_value, method = p_of_shares(own, n_own, other, n_other, side)
    return Compared(own, interval.low, interval.high, other, p_value, method)


def p_of_shares(own: float, n_own: float, other: float, n_other: float, side: Side) -> tuple[float, str]:
    """The p-value of two shares and its method; the exact test counts as many whole rows as both sides are worth."""
    p_value, method = _two_sided(own, n_own, other, n_other)
    return _sided(p_value, own - other, side), method


def _two_sided(own: float, n_own: float, other: float, n_other: float) -> tuple[float, str]:
    sides = [np.array([number]) for number in (own, n_own, other, n_other)]
    if smallest_expected(sides[0], sides[1], sides[2], sides[3])[0] < SMALL_EXPECTED:
        whole = [max(1, round(n)) for n in (n_own, n_other)]
        counts = [min(n, round(share * n)) for share, n in zip((own, other), whole, strict=True)]
        return fisher_p_value(counts[0], whole[0], counts[1], whole[1]), "fisher"
    return float(score_p_values(sides[0], sides[1], sides[2], sides[3], np.array([np.inf]))[0]), "score"


def share_of(flag: BoolArray, rows: BoolArray, scene: Scene) -> tuple[float, float]:
    """A share and the number of independent equal rows that it is worth."""
    weight, values = _part(scene.weight, rows), flag[rows].astype(np.float64)
    n = float(values.size) if weight is None else effective_n(weight)
    found = mean(values, weight)
    if scene.cluster is None or not 0 < found.value < 1:
        return found.value, n
    return found.value, n / max(1.0, spread_of(found.rows, scene.cluster[rows]).design_effect)


def _difference_of(
    values: FloatArray, here: BoolArray, rest: BoolArray, scene: Scene
) -> tuple[Spread, tuple[float, float]]:
    own, other = (float(np.average(values[rows], weights=_part(scene.weight, rows))) for rows in (here, rest))
    sides = [_influence(values, rows, scene) for rows in (here, rest)]
    if scene.cluster is None:
        return _welch(spread_of(sides[0][here]), spread_of(sides[1][rest])), (own, other)
    both = here | rest
    return spread_of((sides[0] - sides[1])[both], scene.cluster[both]), (own, other)


def _welch(one: Spread, two: Spread) -> Spread:
    """The spread of a difference of two sides that share no row and no cluster, with Satterthwaite's degrees of freedom."""
    first, second = one.se**2, two.se**2
    if not first + second > 0:
        return one
    df = (first + second) ** 2 / (first**2 / one.df + second**2 / two.df)
    return Spread(math.sqrt(first + second), df, None, 1.0)


def _influence(values: FloatArray, rows: BoolArray, scene: Scene) -> FloatArray:
    full = np.zeros(values.size)
    full[rows] = mean(values[rows], _part(scene.weight, rows)).rows
    return full


def _part(values: NDArray[Kind] | None, rows: BoolArray) -> NDArray[Kind] | None:
    return None if values is None else values[rows]


def _p_value(difference: float, spread: Spread, side: Side) -> float:
    if not spread.se > 0:
        return 1.0
    return _sided(float(2 * special.stdtr(spread.df, -abs(difference) / spread.se)), difference, side)


def _sided(p_value: float, difference: float, side: Side) -> float:
    """A one-sided p-value from a two-sided one and the side on which the difference lies."""
    if side == "both":
        return min(1.0, p_value)
    towards = difference > 0 if side == "greater" else difference < 0
    return p_value / 2 if towards else 1 - p_value / 2


def explained_without(here: Here, flag: BoolArray) -> float | None:
    """The share of the excess that goes when rows are left out here and elsewhere.

    Where hardly any row of the slice is left, those left out are held against rows elsewhere that have the same; where
    there are none, all of the excess goes with them.
    """
    left, others = here.here & ~flag, here.rest & ~flag
    enough = max(MIN_RELEVANT, FEWEST_LEFT * here.n)
    if np.count_nonzero(left) >= enough and others.any():
        return share_of_excess(here, here.mean(left) - here.mean(others))
    like = here.rest & flag
    if np.count_nonzero(like) < FEWEST_LIKE:
        return 1.0
    return share_of_excess(here, here.mean(here.here & flag) - here.mean(like))


def share_of_excess(here: Here, remains: float) -> float | None:
    """How much of the excess is gone when `remains` is left of it, from 0 to 1; None without an excess."""
    if not here.excess > 0 or not math.isfinite(remains):
        return None
    return min(1.0, max(0.0, 1 - remains / here.excess))
