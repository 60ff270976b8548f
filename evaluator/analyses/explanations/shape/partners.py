"""Means over rows and their partners, and how uncertain they are together."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.weighting import sums_by_group
from evaluator.statistics.spread import FloatArray, IntArray


class Spreads(NamedTuple):
    """Standard errors of several estimates, shape (k,), their correlation, shape (k, k), and degrees of freedom."""

    se: FloatArray
    correlation: FloatArray
    df: float


def spreads(influence: FloatArray, unit: IntArray, partner: IntArray) -> Spreads:
    """How uncertain estimates are that every row influences together with its partner.

    Parameters
    ----------
    influence : of each row with its partner, summing to 0, shape (n, k).
    unit : cluster of each row, or a number of its own, from 0 without gaps, shape (n,).
    partner : place of each row's partner, shape (n,).

    Returns
    -------
    NaN with fewer than two units.

    Notes
    -----
    Sums of influence go together when they share a unit, on either side: V = sum over units of S_g S_g', S_g all
    influence that g has a part in, less what two units share, which is then counted twice (dyadic robust variance,
    Fafchamps and Gubert 2007; Aronow, Samii and Assenova 2015). Times G/(G - 1); never below the variance of
    independent couples, which chance may give.
    """
    other = unit[partner]
    units = int(unit.max(initial=-1)) + 1
    k = influence.shape[1]
    if units < 2:
        return Spreads(np.full(k, math.nan), np.eye(k), 1.0)
    own = unit == other
    by_unit = sums_by_group(influence, unit, units) + sums_by_group(
        np.where(own[:, None], 0.0, influence), other, units
    )
    couple = np.minimum(unit, other) * np.int64(units) + np.maximum(unit, other)
    number = np.unique(couple[~own], return_inverse=True)[1]
    by_couple = sums_by_group(influence[~own], number, int(number.max(initial=-1)) + 1)
    every = sums_by_group(influence, np.unique(couple, return_inverse=True)[1], np.unique(couple).size)
    covariance = by_unit.T @ by_unit - by_couple.T @ by_couple
    variance = np.maximum(np.diag(covariance), (every**2).sum(axis=0)) * units / (units - 1)
    return Spreads(np.sqrt(variance), _correlation(covariance), units - 1.0)


def _correlation(covariance: FloatArray) -> FloatArray:
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    outer = np.outer(scale, scale)
    found: FloatArray = np.where(outer > 0, covariance / np.where(outer > 0, outer, 1.0), 0.0).clip(-1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found
