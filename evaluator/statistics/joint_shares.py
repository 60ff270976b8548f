"""Shares of all cases that were wrong in one way: how many of everyone, not how many of those it could happen to.

A run records rates among some of the cases (of those who repaid, how many were refused) with their standard errors.
With clusters or weights the standard error of the share among all cases is not among them, yet it follows from them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from evaluator.records import Estimate, Interval
from evaluator.statistics.proportions import RARE, clopper_pearson, proportion
from evaluator.statistics.quantiles import t_quantile

Cell = Literal["false_negative", "false_positive"]
RATES = (
    "accuracy", "selection_rate", "true_positive_rate", "false_positive_rate", "precision", "negative_predictive_value",
)  # fmt: skip
"""The rates whose standard errors fix those of the shares."""
_RATE_OF: dict[Cell, str] = {"false_negative": "false_negative_rate", "false_positive": "false_positive_rate"}
_PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
_MOST_UNEVEN = 1e8
"""Equations whose solution would magnify rounding by more than this are not solved."""


@dataclass(frozen=True, slots=True)
class JointShare:
    """A share of all cases with its range, and the record it was taken from."""

    value: float
    interval: Interval
    source: Estimate


def joint_share(cell: Cell, rates: Mapping[str, Estimate]) -> JointShare | None:
    """The share of all cases that were missed (false_negative) or wrongly flagged (false_positive).

    Parameters
    ----------
    cell : which mistake.
    rates : the estimates of one model on one population by metric: those of `RATES`, false_negative_rate and
        false_positive_rate.

    Returns
    -------
    Share in [0, 1] of all cases (of all weight), or None where the rates leave it open.

    Notes
    -----
    Independent cases are counted: an exact or a score interval of so many of n. With clusters or weights the six
    recorded standard errors are six linear equations in the six variances and covariances of the shares of missed,
    wrongly flagged and rightly flagged cases. Where they cannot be solved, the standard error of the product of two
    shares takes its largest possible value (Cauchy and Schwarz).
    """
    source = rates.get(_RATE_OF[cell])
    if source is None or source.status != "ok" or source.value is None:
        return None
    if source.successes is not None and source.n_clusters is None:
        return JointShare(source.successes / source.n, proportion(source.successes, source.n, source.level), source)
    parts = _parts(cell, rates)
    if parts is None:
        return None
    value = parts[0][0] * parts[1][0]
    return JointShare(value, _dependent(value, _standard_error(cell, rates, parts), source, rates), source)


def _parts(cell: Cell, rates: Mapping[str, Estimate]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The share is a product: how many were decided so, and how many of those wrongly; each with its standard error."""
    decided, right = rates.get("selection_rate"), rates.get(_RIGHT_OF[cell])
    if decided is None or right is None or decided.value is None or right.value is None:
        return None
    if decided.se is None or right.se is None:
        return None
    flagged = decided.value if cell == "false_positive" else 1 - decided.value
    return (flagged, decided.se), (1 - right.value, right.se)


_RIGHT_OF: dict[Cell, str] = {"false_negative": "negative_predictive_value", "false_positive": "precision"}


def _standard_error(
    cell: Cell, rates: Mapping[str, Estimate], parts: tuple[tuple[float, float], tuple[float, float]]
) -> float:
    """From the six rates where they fix it, else the largest that two of them allow."""
    (one, se_one), (other, se_other) = parts
    largest = other * se_one + one * se_other
    solved = cell_variances(rates)
    if solved is None:
        return largest
    variance = solved[0 if cell == "false_negative" else 1]
    return min(math.sqrt(variance), largest) if variance > 0 else largest


def cell_variances(rates: Mapping[str, Estimate]) -> tuple[float, float, float] | None:
    """Variances of the shares of missed, wrongly flagged and rightly flagged cases among all; None where left open.

    Notes
    -----
    Each rate is, to first order, a fixed linear combination of the three shares, so its variance is a quadratic form
    in their covariance matrix.
    """
    known = [rates.get(name) for name in RATES]
    if any(row is None or row.value is None or row.se is None for row in known):
        return None
    directions = _directions({row.metric: float(row.value or 0.0) for row in known if row is not None})
    if directions is None:
        return None
    rows = [[d[i] * d[j] * (1 if i == j else 2) for i, j in _PAIRS] for d in directions]
    matrix = np.array(rows)
    scale = np.linalg.norm(matrix, axis=1)
    if not np.all(scale > 0) or np.linalg.cond(matrix / scale[:, None]) > _MOST_UNEVEN:
        return None
    squares = np.array([float(row.se or 0.0) ** 2 for row in known if row is not None])
    found = np.linalg.solve(matrix / scale[:, None], squares / scale)
    return float(found[0]), float(found[1]), float(found[2])


def _directions(value: Mapping[str, float]) -> tuple[tuple[float, float, float], ...] | None:
    """How each of `RATES` moves with the shares of missed, wrongly flagged and rightly flagged cases."""
    chosen, found, wrong = value["selection_rate"], value["true_positive_rate"], value["false_positive_rate"]
    right, cleared = value["precision"], value["negative_predictive_value"]
    positive = chosen * right + (1 - chosen) * (1 - cleared)
    if min(chosen, 1 - chosen, positive, 1 - positive) <= 0:
        return None
    negative, left = 1 - positive, 1 - chosen
    return (
        (1.0, 1.0, 0.0),
        (0.0, 1.0, 1.0),
        (-found / positive, 0.0, (1 - found) / positive),
        (wrong / negative, 1 / negative, wrong / negative),
        (0.0, -right / chosen, (1 - right) / chosen),
        (1 / left, (1 - cleared) / left, (1 - cleared) / left),
    )


def _dependent(value: float, se: float, source: Estimate, rates: Mapping[str, Estimate]) -> Interval:
    """The range of a share of clustered or weighted cases; exact at what the cases are worth when few were wrong."""
    largest = source.n_effective or float(source.n)
    if value <= 0 or value >= 1 or se <= 0:
        share, worth = min(max(value, 0.0), 1.0), min(largest, float(source.n_clusters or source.n))
        return replace(clopper_pearson(share * worth, worth, source.level), coverage="nominal")
    worth = min(largest, value * (1 - value) / se**2)
    if value * worth < RARE or (1 - value) * worth < RARE:
        return replace(clopper_pearson(value * worth, worth, source.level), coverage="nominal")
    half = _quantile(source, rates) * se / (value * (1 - value))
    centre = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(-(centre + side * half))) for side in (-1, 1))
    return Interval(low, high, source.level, "logit_joint", source.coverage)


def _quantile(source: Estimate, rates: Mapping[str, Estimate]) -> float:
    """The quantile behind the recorded range of the share decided so, which knows how unequal the clusters are."""
    units = (source.n_clusters or source.n) - 1
    usual = t_quantile(source.level, max(units, 1))
    decided = rates["selection_rate"]
    low, high, value, se = decided.low, decided.high, decided.value, decided.se
    if decided.method != "logit_influence" or not low or not high or not value or not se or high >= 1 or value >= 1:
        return usual
    half = (math.log(high / (1 - high)) - math.log(low / (1 - low))) / 2
    return max(usual, half * value * (1 - value) / se)
