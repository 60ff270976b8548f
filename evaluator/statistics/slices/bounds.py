"""Ranges of chosen slices: of their own mean loss, and of its difference from everyone else with the family in account."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.proportions import proportion
from evaluator.statistics.slices.moments import Moments
from evaluator.statistics.slices.testing import SliceTests
from evaluator.statistics.spread import FloatArray, IntArray


class SliceRanges(NamedTuple):
    """Ranges of slices, shape (m,) each.

    `low` and `high` are the plain range of the mean loss, at the level of the tests. `at_least` and `at_most` are those
    of the difference from everyone else and hold for all slices of the family at once.
    """

    low: FloatArray
    high: FloatArray
    at_least: FloatArray
    at_most: FloatArray
    method: str


def ranges(tests: SliceTests, positions: IntArray) -> SliceRanges:
    """Ranges of some of the tested slices.

    Parameters
    ----------
    positions : which of the tests, shape (m,).

    Notes
    -----
    Errors: Clopper and Pearson's interval on either side at level 1 - alpha / family, at the effective number of cases,
    brought together by the squares of their distances (Newcombe 1998, method 10, with exact ends). Losses: Student's t
    with the same level; for the upper end the loss is taken to spread in the slice no less than in everyone, because
    few rows of a skewed loss that happen to be low also happen to lie close together. A slice that Holm's procedure proves is known to be worse, so that its lower end is at least 0
    (Strassburger and Bretz 2008).
    """
    part, rest = tests.part.at(positions), tests.others.at(positions)
    tail = (1 - tests.level) / 2 / tests.family_size
    if tests.asked.binary:
        low, high = _plain_shares(tests, positions)
        least, most = _apart(part, rest, tests.design[positions], tests.df[positions], tail)
        method = "newcombe_exact"
    else:
        low, high = _by_t(part.mean, np.sqrt(part.variance * tests.design[positions]), tests.df[positions], tests)
        t, apart = special.stdtrit(np.maximum(1.0, tests.df[positions]), 1 - tail), part.mean - rest.mean
        least, most = apart - t * tests.se[positions], apart + t * _widest_error(tests, positions)
        method = "t"
    proven = tests.p_family[positions] <= 1 - tests.level
    return SliceRanges(low, high, np.where(proven, np.maximum(least, 0.0), least), most, method)


def _widest_error(tests: SliceTests, positions: IntArray) -> FloatArray:
    """Standard error of the difference where no slice's loss spreads less than everyone's."""
    part, rest, every = tests.part.at(positions), tests.others.at(positions), tests.everyone
    single = every.variance_about(every.mean) * every.n_effective
    found: FloatArray = np.sqrt(
        (np.maximum(part.variance, single / part.n_effective) + rest.variance) * tests.design[positions]
    )
    return found


def _plain_shares(tests: SliceTests, positions: IntArray) -> tuple[FloatArray, FloatArray]:
    part, tail = tests.part.at(positions), (1 - tests.level) / 2
    if tests.cube.row_weight is None and tests.clusters is None:
        found = [proportion(int(x), int(n), tests.level) for x, n in zip(part.wl, part.n, strict=True)]
        return np.array([one.low for one in found]), np.array([one.high for one in found])
    return _exact_ends(part.mean, _evidence(part, tests.design[positions], tests.df[positions], tail), tail)


def _by_t(mean: FloatArray, se: FloatArray, df: FloatArray, tests: SliceTests) -> tuple[FloatArray, FloatArray]:
    reach = special.stdtrit(np.maximum(1.0, df), (1 + tests.level) / 2) * se
    loss = tests.cube.row_loss
    least = 0.0 if loss is None or loss.min(initial=0.0) >= 0 else -np.inf
    return np.maximum(least, mean - reach), mean + reach


def _apart(
    part: Moments, rest: Moments, design: FloatArray, df: FloatArray, tail: float
) -> tuple[FloatArray, FloatArray]:
    low, high = _exact_ends(part.mean, _evidence(part, design, df, tail), tail)
    rest_low, rest_high = _exact_ends(rest.mean, rest.n_effective / design, tail)
    apart = part.mean - rest.mean
    below = np.hypot(part.mean - low, rest_high - rest.mean)
    above = np.hypot(high - part.mean, rest.mean - rest_low)
    return np.maximum(-1.0, apart - below), np.minimum(1.0, apart + above)


def _evidence(part: Moments, design: FloatArray, df: FloatArray, tail: float) -> FloatArray:
    """Independent cases that say as much: fewer for clusters, and again for few of them (Korn and Graubard 1998)."""
    few = np.where(design > 1, special.ndtri(tail) / special.stdtrit(np.maximum(1.0, df), tail), 1.0)
    found: FloatArray = np.maximum(1.0, part.n_effective / design * few**2)
    return found


def _exact_ends(share: FloatArray, n: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    """Clopper and Pearson's ends for any real number of cases."""
    x = share * n
    low = np.where(x > 0, special.betaincinv(np.maximum(x, 1e-9), n - x + 1, tail), 0.0)
    high = np.where(x < n, special.betaincinv(x + 1, np.maximum(n - x, 1e-9), 1 - tail), 1.0)
    return low, high
