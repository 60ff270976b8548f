"""The pairs that are looked at together, and the level that each takes so that all of them hold at once.

One family is all pairs of one attribute, one metric and one kind: what is read as one statement about groups.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.fairness.compared import Compared
from evaluator.analyses.fairness.contrast import Contrast
from evaluator.catalogue.settings import PAIRS_TOGETHER_FROM
from evaluator.statistics.quantiles import normal_level
from evaluator.statistics.simultaneous import max_pair_quantile, max_t_quantile
from evaluator.statistics.spread import IntArray


class Family(NamedTuple):
    """`size` counts the pairs; `pair_level` is the level of one at which all hold together."""

    words: str
    size: int
    pair_level: float


def family_of(
    contrast: Contrast,
    sides: Compared,
    pairs: tuple[IntArray, IntArray],
    *,
    attribute: str,
    level: float,
    rng: np.random.Generator,
) -> Family:
    """The family of the given pairs.

    Parameters
    ----------
    attribute : in words.

    Notes
    -----
    The level of one pair is that of the quantile c of the largest abs(d)/se among all pairs (max-|t|): it lies between
    `level` and the level of as many independent pairs. The quantile is taken on the normal scale and each pair then uses
    its own interval at that level, Student's t with its own degrees of freedom included. Where a group has fewer than
    PAIRS_TOGETHER_FROM cases, each pair takes the level 1 - alpha / pairs instead (Bonferroni).
    """
    size = int(pairs[0].size)
    words = family_words(contrast, size, attribute)
    if sides.size[np.concatenate(pairs)].min() < PAIRS_TOGETHER_FROM:
        return Family(words, size, 1 - (1 - level) / size)
    return Family(words, size, level if size == 1 else normal_level(_quantile(contrast, sides, pairs, level, rng)))


def _quantile(
    contrast: Contrast, sides: Compared, pairs: tuple[IntArray, IntArray], level: float, rng: np.random.Generator
) -> float:
    """The largest of as many independent pairs bounds every correlation that is not known."""
    if contrast.against == "overall" or not sides.correlation_known:
        return max_t_quantile(np.eye(pairs[0].size), level, rng=rng)
    return max_pair_quantile(sides.standard_errors(contrast.kind), sides.correlation, pairs, level, rng=rng)


def family_words(contrast: Contrast, size: int, attribute: str) -> str:
    """ "all 10 pairs of groups by age"; `attribute` in words."""
    if contrast.against == "overall":
        return f"all {size} groups by {attribute}, each with everyone else"
    pairs = "the one pair of groups" if size == 1 else f"all {size} pairs of groups"
    return f"{pairs} by {attribute}" + (f" with {contrast.against}" if contrast.reference else "")
