"""Upper tails of many hypergeometric counts at once, accurate far out."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from evaluator.statistics.spread import FloatArray

SMALL = 16.0
"""Below this Stirling's series is replaced by the factorial itself."""
NEGLIGIBLE = 1e-15


def as_many_or_more(x: FloatArray, n: FloatArray, errors: FloatArray, total: FloatArray) -> FloatArray:
    """Probability of `x` errors or more among `n` cases drawn from `total` cases with `errors` errors, shape (m,) each.

    Parameters
    ----------
    x : within the possible, and not below the expected number: the terms that follow then only fall.

    Notes
    -----
    The first term times 1 + r_1 + r_1 r_2 + ..., r the ratio of one term to that before. Right to about 1e-10 of its
    value for a million cases, however small it is.
    """
    first = np.exp(_log_probability(x, n, errors, total))
    whole = np.ones(x.size)
    going, drawn, term = np.arange(x.size), x.astype(np.float64), np.ones(x.size)
    left = [errors, n, total - errors - n]
    while going.size:
        wrong, cases, more = left
        term = term * ((wrong - drawn) * (cases - drawn) / ((drawn + 1) * (more + drawn + 1)))
        whole[going] += term
        drawn = drawn + 1
        far = term > NEGLIGIBLE * whole[going]
        # Taking the finished ones out costs as much as a step, so that it waits until they are many.
        if np.count_nonzero(far) < 0.8 * far.size:
            going, drawn, term, left = going[far], drawn[far], term[far], [part[far] for part in left]
    found: FloatArray = np.minimum(1.0, first * whole)
    return found


def _log_probability(x: FloatArray, n: FloatArray, errors: FloatArray, total: FloatArray) -> FloatArray:
    """Loader 2000: binomial probabilities by their deviance, in which large factorials do not cancel."""
    share = n / total
    return (
        _log_binomial(x, errors, share)
        + _log_binomial(n - x, total - errors, share)
        - _log_binomial(n, total, share)
    )  # fmt: skip


def _log_binomial(x: FloatArray, n: FloatArray, share: FloatArray) -> FloatArray:
    rest = n - x
    deviance = special.kl_div(x, n * share) + special.kl_div(rest, n * (1 - share))
    found: FloatArray = _beyond(n) - _beyond(x) - _beyond(rest) - deviance
    return found


def _beyond(x: FloatArray) -> FloatArray:
    """log x! less x log x - x."""
    large = np.maximum(x, SMALL)
    series = 1 / (12 * large) - 1 / (360 * large**3) + 1 / (1260 * large**5) - 1 / (1680 * large**7)
    small = special.gammaln(x + 1) - special.xlogy(x, x) + x
    found: FloatArray = np.where(x < SMALL, small, 0.5 * np.log(2 * math.pi * large) + series)
    return found
