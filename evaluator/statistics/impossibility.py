"""What unequal shares of positive outcomes force: goals that cannot hold together, computed.

With p the share of positive outcomes of a group, FPR = p / (1 - p) * (1 - PPV) / PPV * TPR holds in every table of
decisions (Chouldechova 2017, arXiv 1610.07524). Groups that differ in p therefore cannot share all three rates, unless
nobody is selected wrongly (PPV 1, FPR 0) or nobody rightly (TPR 0).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from evaluator.statistics.pairs import Ends, mover_difference
from evaluator.statistics.spread import FloatArray


class Ranged(NamedTuple):
    """A number with the ends of its range."""

    value: float
    low: float
    high: float


def false_positive_rate(base: float, precision: float, true_positive_rate: float) -> float:
    """The false positive rate that the other three numbers of a group fix, all of them fractions in (0, 1]."""
    return base / (1 - base) * (1 - precision) / precision * true_positive_rate


def forced_precision(base: float, true_positive_rate: float, wrong_rate: float) -> float:
    """The precision of a group with these true and false positive rates: TPR p / (TPR p + FPR (1 - p))."""
    right, wrong = true_positive_rate * base, wrong_rate * (1 - base)
    return right / (right + wrong)


def forced_ratio(base_a: float, base_b: float) -> float:
    """By how much equal PPV and equal TPR force FPR_b apart from FPR_a: odds(p_b) / odds(p_a)."""
    return base_b / (1 - base_b) * (1 - base_a) / base_a


def odds_ratio(bases: tuple[float, float], ends: tuple[Ends, Ends], correlation: float = 0.0) -> Ranged:
    """The odds of the second share over those of the first, with a range from the ranges of both.

    Parameters
    ----------
    bases : shares in (0, 1) of the first and of the second group.
    ends : range of each share, arrays of one number; the range of the ratio has their level.
    correlation : between the estimates of both shares.

    Notes
    -----
    MOVER (Zou 2008) on the log-odds scale, where the ratio is a difference.
    """
    first, second = (np.array([_logit(base)]) for base in bases)
    first_ends, second_ends = (Ends(_logits(one.low), _logits(one.high)) for one in ends)
    found = mover_difference(second, second_ends, first, first_ends, np.array([correlation]))
    low, high = (math.exp(float(end[0])) for end in found)
    return Ranged(forced_ratio(*bases), low, high)


def log_precision_influence(
    base: float, inside: FloatArray, true_positive_rate: float, wrong_rate: float, *,
    label: FloatArray, decision: FloatArray, weight: FloatArray,
) -> FloatArray:  # fmt: skip
    """Influence of every row on the log-odds of the precision that everyone's rates force on one group.

    Parameters
    ----------
    base : share of positive outcomes of the group, in (0, 1).
    inside : 1 for rows of the group, else 0, shape (n,); so are `label`, `decision` (1 or 0) and `weight`.
    true_positive_rate, wrong_rate : of everyone, both above 0.

    Notes
    -----
    logit(PPV) = log TPR - log FPR + logit(p), so that the influences of three logarithms add up.
    """
    positive, negative, group = weight * label, weight * (1 - label), weight * inside
    caught = positive * (decision - true_positive_rate) / (positive.sum() * true_positive_rate)
    wrong = negative * (decision - wrong_rate) / (negative.sum() * wrong_rate)
    share = group * (label - base) / (group.sum() * base * (1 - base))
    influence: FloatArray = caught - wrong + share
    return influence


def precision_range(base: float, true_positive_rate: float, wrong_rate: float, half: float) -> Ranged:
    """The forced precision, `half` the half-width of its range in log-odds."""
    value = forced_precision(base, true_positive_rate, wrong_rate)
    if value >= 1:
        return Ranged(1.0, 1.0, 1.0)
    centre = _logit(value)
    return Ranged(value, _share(centre - half), _share(centre + half))


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _logits(shares: FloatArray) -> FloatArray:
    found: FloatArray = np.log(shares / (1 - shares))
    return found


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
