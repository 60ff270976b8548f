"""How likely chance alone gives a slice of a whole so high a loss: exact for counts, close in the far tail for the rest."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.slices.hypergeometric import as_many_or_more
from evaluator.statistics.slices.moments import Moments
from evaluator.statistics.spread import FloatArray

BINS = 512
"""Bins that stand for the distribution of a loss."""
TILTS = np.concatenate(([0.0], np.geomspace(1e-4, 50.0, 400)))
"""Exponential tilts at which its cumulants are known, in standard deviations."""
WORTH_EXACTNESS = 0.02
"""Above this p-value the normal approximation is kept: no proof is decided there, nor a lead while few slices are leads."""
NEAR = 1e-3
"""Closer to the mean than this, in standard errors, the tail is one half."""


def exact_tail(part: Moments, whole: Moments) -> FloatArray:
    """One-sided p-value of Fisher's exact test of each part of a whole against the rest of it.

    Parameters
    ----------
    part, whole : counts of rows and errors, shapes that go together; no weights.

    Notes
    -----
    With errors spread by chance over the whole, those of the part are hypergeometric (Fisher 1935): the probability of
    as many or more. Where the score test says more than .02, of enough cases, its value is kept to save time.
    """
    n, x = part.n, part.wl
    total, errors = np.broadcast_to(whole.n, n.shape), np.broadcast_to(whole.wl, n.shape)
    share = errors / total
    variance = n * share * (1 - share) * (total - n) / np.maximum(1.0, total - 1)
    found: FloatArray = special.ndtr(-(x - n * share) / np.sqrt(np.where(variance > 0, variance, np.inf)))
    far = (found < WORTH_EXACTNESS) | (n * np.minimum(share, 1 - share) < 5)
    far &= x > n * share
    found[far] = as_many_or_more(x[far], n[far], errors[far], total[far])
    return np.clip(found, 0.0, 1.0)


class LossCurve(NamedTuple):
    """Cumulants of a loss under exponential tilts, in standard deviations from its mean.

    `cumulant` is log E exp(t z), `slope` and `bend` its derivatives, at every tilt t.
    """

    mean: float
    sd: float
    cumulant: FloatArray
    slope: FloatArray
    bend: FloatArray


def loss_curve(loss: FloatArray, weight: FloatArray) -> LossCurve:
    """The curve of the losses of everyone.

    Notes
    -----
    Rows stand in bins, each spread to both ends of its bin with its mean kept: no distribution with these means within
    these bins has a heavier tail.
    """
    total = float(weight.sum())
    mean = float((weight * loss).sum()) / total
    sd = math.sqrt(float((weight * (loss - mean) ** 2).sum()) / total)
    if sd == 0:
        return LossCurve(mean, 0.0, np.zeros(TILTS.size), np.zeros(TILTS.size), np.ones(TILTS.size))
    value, share = _two_points((loss - mean) / sd, weight / total)
    power = TILTS[:, None] * value
    top = power.max(axis=1)
    mass = share * np.exp(power - top[:, None])
    whole = mass.sum(axis=1)
    slope = (mass * value).sum(axis=1) / whole
    bend = (mass * (value - slope[:, None]) ** 2).sum(axis=1) / whole
    return LossCurve(mean, sd, np.log(whole) + top, np.maximum.accumulate(slope), np.maximum(bend, 1e-12))


def _two_points(z: FloatArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(z, kind="stable")
    z, share = z[order], share[order]
    # The largest losses decide about the tail: there the bins get finer, down to single rows.
    finer = z.size * (1 - np.geomspace(1 / BINS, 1 / max(BINS, z.size), BINS))
    first = np.unique(np.append(np.linspace(0, z.size, BINS + 1)[:-1], finer).astype(np.intp))
    last = np.append(first[1:], z.size) - 1
    held = np.add.reduceat(share, first)
    low, high = z[first], z[last]
    middle = np.clip(np.add.reduceat(share * z, first) / np.where(held > 0, held, 1.0), low, high)
    wide = high > low
    upper = np.where(wide, (middle - low) / np.where(wide, high - low, 1.0), 0.0)
    return np.concatenate((low, high)), np.concatenate((held * (1 - upper), held * upper))


def saddle_tail(part: Moments, whole: Moments, curve: LossCurve) -> FloatArray:
    """Probability that so many rows drawn from everyone have so high a mean loss.

    Notes
    -----
    Lugannani and Rice 1980 for the mean of n* draws, and never above Chernoff's bound. n* = n / (1 - f), f the part's share of the whole, gives drawing without replacement its variance; its skewness is
    then overstated, so that the tail is, if anything, too heavy. n is Kish's effective number for weighted rows.
    """
    if curve.sd == 0:
        return np.ones(part.n.shape)
    n = part.n_effective / _left(part, whole)
    z = (part.mean - curve.mean) / curve.sd
    tilt = np.interp(z, curve.slope, TILTS)
    rate = np.maximum(0.0, tilt * z - np.interp(tilt, TILTS, curve.cumulant))
    w = np.sqrt(2 * n * rate)
    u = tilt * np.sqrt(n * np.interp(tilt, TILTS, curve.bend))
    far = (w > NEAR) & (u > NEAR)
    w_, u_ = np.where(far, w, 1.0), np.where(far, u, 1.0)
    tail = special.ndtr(-w_) + np.exp(-(w_**2) / 2) / math.sqrt(2 * math.pi) * (1 / u_ - 1 / w_)
    near: FloatArray = np.where(z > 0, 0.5, 1.0)
    return np.where(far & (z > 0), np.clip(tail, 0.0, np.exp(-n * rate)), near)


def binomial_tail(part: Moments, whole: Moments) -> FloatArray:
    """The same for weighted errors: the binomial tail at the effective number of draws.

    Notes
    -----
    The number is Kish's, or the variance of one case about everyone's share over that of the mean where that is less: a
    slice whose few errors carry the large weights then says no more than they do.
    """
    share, value = whole.mean, part.mean
    variance, single = part.variance_about(share), value * (1 - share) ** 2 + (1 - value) * share**2
    own = np.where(variance > 0, single / np.where(variance > 0, variance, 1.0), np.inf)
    n = np.minimum(part.n_effective, own) / _left(part, whole)
    found: FloatArray = special.betainc(np.maximum(n * value, 1e-300), n * (1 - value) + 1, share)
    tail: FloatArray = np.where(value > 0, found, 1.0)
    return tail


def _left(part: Moments, whole: Moments) -> FloatArray:
    """The share of the whole outside the part: drawing without replacement has so much of the variance of drawing with."""
    left: FloatArray = 1 - np.minimum(part.w / whole.w, 1 - 1e-9)
    return left


def welch_tail(part: Moments, rest: Moments, design: FloatArray | float = 1.0) -> FloatArray:
    """One-sided p-value of the difference of two means, each with its own variance; degrees of freedom of the part.

    Parameters
    ----------
    design : how many times as large the variance is as that of independent rows.
    """
    apart = part.mean - rest.mean
    spread = np.sqrt((part.variance + rest.variance) * design)
    some = spread > 0
    t = np.where(some, apart / np.where(some, spread, 1.0), np.where(apart > 0, np.inf, 0.0))
    df = np.maximum(1.0, part.n_effective / design - 1)
    found: FloatArray = special.stdtr(df, -t)
    return found
