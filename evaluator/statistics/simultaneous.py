"""Quantiles that make several intervals hold together: the largest of correlated statistics, and of all pairs of groups.

With the quantile c of max abs(T_j), the intervals estimate_j +- c * se_j hold all at once with the level asked. It lies
between the quantile of one interval alone and that of as many independent ones.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import FloatArray, IntArray

DRAWS = 2048
"""Directions looked at. The level .95 is off by .0005 in standard error for 5 statistics, .0015 for 50, .002 for 200."""
MOST_AT_ONCE = 2**17
"""Numbers held at once, so that they stay near the processor."""
ROUNDING = 1e-12
"""Spread this small beside that of its parts is rounding."""
EDGE = 1e-12
"""Probabilities closer to 0 or 1 are moved here, where normal quantiles are finite."""


class Bands(NamedTuple):
    """Lower and upper ends that hold together, shape (k,) each, and the quantile behind them."""

    low: FloatArray
    high: FloatArray
    quantile: float


def bands(
    values: FloatArray, covariance: FloatArray, level: float, *,
    rng: np.random.Generator, df: float = math.inf, draws: int = DRAWS,
) -> Bands:  # fmt: skip
    """Intervals of several estimates that all hold at once with probability `level`.

    Parameters
    ----------
    values : the estimates, shape (k,), each in its own unit.
    covariance : of the estimates, shape (k, k); an estimate without spread keeps its value as both ends.
    df : degrees of freedom behind all the standard errors, such as clusters minus one.

    Notes
    -----
    estimate +- c * se, c the quantile of `max_t_quantile` (Hothorn, Bretz and Westfall 2008).
    """
    se = np.sqrt(np.maximum(0.0, np.diag(covariance)))
    spread = se > 0
    scale = np.outer(se[spread], se[spread])
    correlation = covariance[np.ix_(spread, spread)] / scale
    quantile = max_t_quantile(correlation, level, rng=rng, df=df, draws=draws)
    return Bands(values - quantile * se, values + quantile * se, quantile)


def max_t_quantile(
    correlation: FloatArray, level: float, *, rng: np.random.Generator, df: float = math.inf, draws: int = DRAWS
) -> float:
    """The c such that all of several correlated statistics lie in [-c, c] with probability `level`.

    Parameters
    ----------
    correlation : of the statistics, shape (k, k), with ones on its diagonal.
    rng : the only source of chance; the same state gives the same quantile, and a higher level a higher one.
    df : statistics are normal when infinite, else Student's t with one common denominator.

    Returns
    -------
    Exact for one statistic and for independent normal ones; otherwise simulated.

    Notes
    -----
    A normal vector is a direction times a length. The level given the direction is known exactly, from the chi or the F
    distribution of the length; directions are spread evenly by a shifted lattice (Genz and Bretz 2009, section 4).
    Never above the quantile of independent statistics, which bounds that of any correlation (Sidak 1967).
    """
    k = correlation.shape[0]
    most = _sidak(level, k, df)
    if k <= 1 or (math.isinf(df) and _independent(correlation)):
        return most
    root = _root(correlation)
    return _solved(_largest(np.eye(k) if root is None else root, rng, draws), k, level, df, most)


def max_pair_quantile(
    se: FloatArray, correlation: FloatArray, pairs: tuple[IntArray, IntArray], level: float, *,
    rng: np.random.Generator, df: float = math.inf, draws: int = DRAWS,
) -> float:  # fmt: skip
    """The c such that the differences of all `pairs` of groups hold together: each within c of its standard errors.

    Parameters
    ----------
    se : standard error of the estimate of each group, shape (k,).
    correlation : between the estimates of every two groups, shape (k, k); its diagonal is taken as one.
    pairs : positions of both sides of every pair, shape (p,) each; a pair whose difference has no spread is left out.
    df : as in `max_t_quantile`.

    Notes
    -----
    max over pairs of abs(Z_a se_a - Z_b se_b) / se_ab, from directions of the k groups, so that the correlation between
    differences is never written down. Equal independent groups give Tukey's studentised range over sqrt(2).
    """
    first, second, apart = _with_spread(se, correlation, pairs)
    most = _sidak(level, apart.size, df)
    if apart.size <= 1:
        return most
    largest = _largest_pair(se, _root(correlation), (first, second, apart), rng, draws)
    return _solved(largest, se.size, level, df, most)


def _with_spread(
    se: FloatArray, correlation: FloatArray, pairs: tuple[IntArray, IntArray]
) -> tuple[IntArray, IntArray, FloatArray]:
    """The pairs whose difference varies, and the standard error of each difference."""
    first, second = pairs
    a, b = se[first], se[second]
    variance = a**2 + b**2 - 2 * correlation[first, second] * a * b
    kept = (variance > (ROUNDING * (a + b)) ** 2) & (first != second)
    return first[kept], second[kept], np.sqrt(variance[kept])


def _alone(level: float, df: float) -> float:
    """Quantile of one statistic."""
    return normal_quantile(level) if math.isinf(df) else t_quantile(level, df)


def _sidak(level: float, k: int, df: float) -> float:
    """Quantile of the largest of `k` independent statistics."""
    return _alone(level ** (1 / max(1, k)), df)


def _solved(largest: FloatArray, k: int, level: float, df: float, most: float) -> float:
    """The quantile, from the largest statistic in each direction of length one."""
    least = _alone(level, df)
    # In order, because neighbours are then found at once in the table of lengths.
    inverse = np.sort(1 / np.maximum(largest, np.finfo(np.float64).tiny))

    def excess(quantile: float) -> float:
        return float(_shorter(quantile * inverse, k, df).mean()) - level

    if excess(least) >= 0:
        return least
    return most if excess(most) <= 0 else float(optimize.brentq(excess, least, most, xtol=1e-9))


def _shorter(length: FloatArray, k: int, df: float) -> FloatArray:
    """Probability that a vector of `k` independent statistics is shorter: chi, or the root of k times F."""
    if math.isfinite(df):
        found: FloatArray = special.fdtr(k, df, length**2 / k)
        return found
    grid, held = _chi(k)
    return np.interp(length, grid, held)


@lru_cache(maxsize=64)
def _chi(k: int) -> tuple[FloatArray, FloatArray]:
    """The chi distribution on a grid so fine that values in between are right to 1e-6."""
    grid = np.linspace(0, math.sqrt(k) + 8, 8193)
    return grid, special.chdtr(k, grid**2)


def _independent(correlation: FloatArray) -> bool:
    return bool(np.count_nonzero(correlation) == np.count_nonzero(np.diag(correlation)))


def _root(correlation: FloatArray) -> FloatArray | None:
    """The symmetric root, or None for independent groups.

    It is the only root that does not depend on which of equally good eigenvectors a machine returns.
    """
    if _independent(correlation):
        return None
    whole = correlation.copy()
    np.fill_diagonal(whole, 1.0)
    values, vectors = np.linalg.eigh(whole)
    root: FloatArray = (vectors * np.sqrt(np.where(values > ROUNDING * values.size, values, 0.0))) @ vectors.T
    return root


def _largest(statistics: FloatArray, rng: np.random.Generator, draws: int) -> FloatArray:
    """The largest of all statistics, each a mixture of independent ones, in every direction, shape (draws,)."""
    wide, k = statistics.shape
    directions = _directions(tuple(float(part) for part in rng.random((k,))), draws)
    block = max(1, MOST_AT_ONCE // max(k, wide))
    parts = (directions[:, start : start + block] for start in range(0, draws, block))
    return np.concatenate([np.abs(statistics @ part).max(axis=0) for part in parts])


def _largest_pair(
    se: FloatArray, root: FloatArray | None, pairs: tuple[IntArray, IntArray, FloatArray], rng: np.random.Generator,
    draws: int,
) -> FloatArray:  # fmt: skip
    """The largest difference of all pairs in standard errors, in every direction, shape (draws,).

    Group by group and not pair by pair: a pair is the difference of two rows, so that no matrix of pairs is made.
    """
    first, second, apart = pairs
    directions = _directions(tuple(float(part) for part in rng.random((se.size,))), draws)
    block = max(1, MOST_AT_ONCE // max(se.size, apart.size))
    found = np.empty(draws)
    for start in range(0, draws, block):
        part = directions[:, start : start + block]
        groups = se[:, None] * (part if root is None else root @ part)
        differences = groups[first]
        differences -= groups[second]
        np.abs(differences, out=differences)
        differences /= apart[:, None]
        found[start : start + block] = differences.max(axis=0)
    return found


@lru_cache(maxsize=8)
def _directions(shift: tuple[float, ...], draws: int) -> FloatArray:
    """Vectors of length one, spread evenly, shape (k, draws); kept, because families of one size share them."""
    k = len(shift)
    place = (np.sqrt(_primes(k))[:, None] * np.arange(1, draws + 1) + np.array(shift)[:, None]) % 1
    # Folding the unit interval makes what is averaged periodic, which a lattice likes.
    normal: FloatArray = special.ndtri(np.clip(np.abs(2 * place - 1), EDGE, 1 - EDGE))
    normal /= np.sqrt(np.square(normal).sum(axis=0))
    normal.setflags(write=False)
    return normal


@lru_cache(maxsize=64)
def _primes(count: int) -> IntArray:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return np.array(found, dtype=np.int64)
