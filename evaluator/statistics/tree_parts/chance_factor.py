"""From log-odds to chance: what the parts of a pair of rows are multiplied by, and its product form."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from evaluator.statistics.spread import FloatArray

CLOSE = 1e-3
"""Scores closer than this are taken for one point and its curvature, where the difference quotient would round."""
KEPT = 1e-12
"""Terms of the product form are kept down to this part of the first."""
EXACT = 1e-11
"""Largest error of the product form that passes."""
POINTS = (32, 64, 128, 256)
WIDEST_HALF = 32.0
PROBES = 400
GOLDEN = 2.399963
"""Steps of this angle never come close to where they have been."""


class ProductForm(NamedTuple):
    """`chance_factor(u, v)` as the sum over k of own[:, k] for u times other[:, k] for v."""

    own: FloatArray
    other: FloatArray


def chance_factor(u: FloatArray, v: FloatArray) -> FloatArray:
    """How much chance a difference of log-odds is worth: (s(u) - s(v)) / (u - v), s the logistic function.

    Where both are equal it is the slope of s. So parts of u - v that add up become parts of s(u) - s(v) that do.
    """
    u, v = np.broadcast_arrays(u, v)
    difference = u - v
    slope = expit((u + v) / 2) * expit(-(u + v) / 2)
    near = slope * (1 + difference**2 / 24 * (1 - 6 * slope))
    with np.errstate(invalid="ignore", divide="ignore"):
        far = (expit(u) - expit(v)) / difference
    factor: FloatArray = np.where(np.abs(difference) < CLOSE, near, far)
    return factor


def product_form(u: FloatArray, v: FloatArray) -> ProductForm | None:
    """The factor of every pair of `u`, shape (n,), and `v`, shape (b,), as products; None beyond scores of 32.

    Notes
    -----
    The factor is smooth, so it is interpolated between Chebyshev points of both arguments; the singular values of the
    matrix over these points fall so fast that 8 to 16 terms are exact to rounding. The span is a power of two, so that
    single rows hardly ever change it for the others.
    """
    half = _half(max(np.abs(u).max(initial=0.0), np.abs(v).max(initial=0.0)))
    terms = _terms(half)
    if terms is None:
        return None
    return ProductForm(_between(u, half, len(terms.own)) @ terms.own, _between(v, half, len(terms.other)) @ terms.other)


def terms_for(largest: float) -> int | None:
    """How many products `product_form` needs for log-odds up to `largest` either way; None where it has none."""
    found = _terms(_half(largest))
    return None if found is None else found.own.shape[1]


def _half(largest: float) -> float:
    """Half the span that scores are interpolated in; infinite beyond the widest."""
    return float(2.0 ** np.ceil(np.log2(max(1.0, largest)))) if largest <= WIDEST_HALF else np.inf


@cache
def _terms(half: float) -> ProductForm | None:
    """The terms at Chebyshev points from -half to half, shape (points, K) for each argument."""
    if half > WIDEST_HALF:
        return None
    probes = half * np.cos(np.arange(PROBES) * GOLDEN)
    exact = chance_factor(probes[:, None], probes)
    for points in POINTS:
        at, between = half * _angles(points)[0], _between(probes, half, points)
        left, size, right = np.linalg.svd(chance_factor(at[:, None], at))
        kept = size > KEPT * size[0]
        found = ProductForm(left[:, kept] * size[kept], right[kept].T)
        if np.abs(between @ found.own @ (between @ found.other).T - exact).max() <= EXACT:
            return found
    return None


def _angles(points: int) -> tuple[FloatArray, FloatArray]:
    """Chebyshev points of the first kind in [-1, 1] and their barycentric weights."""
    angle = (np.arange(points) + 0.5) * np.pi / points
    return np.cos(angle), np.where(np.arange(points) % 2, -1.0, 1.0) * np.sin(angle)


def _between(x: FloatArray, half: float, points: int) -> FloatArray:
    """What each point counts in the interpolation at x, shape (n, points), by the barycentric formula."""
    at, weight = _angles(points)
    apart = x[:, None] / half - at
    hit = np.abs(apart) < 1e-15
    share = weight / np.where(hit, 1.0, apart)
    counts: FloatArray = np.where(hit.any(axis=1, keepdims=True), hit, share / share.sum(axis=1, keepdims=True))
    return counts
