"""Best guesses for slices that were picked because they stand out: drawn back as far as all slices together suggest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.statistics.slices.clustered import clustered
from evaluator.statistics.slices.moments import rows_of
from evaluator.statistics.slices.testing import SliceTests
from evaluator.statistics.spread import FloatArray, IntArray

MOST_LEARNT = 20_000
"""Slices that the spread of true differences is learnt from, evenly spaced."""
MOST_CLUSTERED = 200
"""Slices that tell how much larger variances are for clusters."""
STEPS = 100
SCALES = 16
NULL_COUNT = 10.0
"""Slices without a difference that are added, so that none is promised where nothing says so."""


def shrunken(tests: SliceTests, positions: IntArray) -> FloatArray:
    """The difference of slices from everyone else, shrunken against the curse of having been picked.

    Parameters
    ----------
    positions : which of the tests, shape (m,); however they were picked.

    Returns
    -------
    Between 0 and the raw difference, shape (m,).

    Notes
    -----
    Adaptive shrinkage (Stephens 2017): true differences of all slices are drawn from a mixture of a point at 0 and
    normals around 0 of growing spread, whose parts are learnt from all slices by expectation and maximisation. The
    guess is the mean of the difference given its estimate; it needs no correction for the choice. One normal for all
    would draw the few real differences to nothing, because nearly all slices have none.
    """
    if positions.size == 0:
        return np.zeros(0)
    tests = _with_known_design(tests)
    difference, se = tests.difference, tests.se
    learnt = np.arange(0, tests.examined, max(1, -(-tests.examined // MOST_LEARNT)))
    usable = learnt[se[learnt] > 0]
    scale = _scales(difference[usable], se[usable])
    parts = _learnt_parts(_log_likelihood(difference[usable], se[usable], scale))
    return _posterior_mean(difference[positions], se[positions], scale, parts)


def _with_known_design(tests: SliceTests) -> SliceTests:
    """With clusters, variances of slices that were not tested again are taken to be larger by the mean of some of them."""
    if tests.clusters is None or tests.examined == 0:
        return tests
    some = np.unique(np.linspace(0, tests.examined - 1, MOST_CLUSTERED).astype(np.int64))
    rows = rows_of(tests.cube, tests.asked)
    found = clustered(tests.cube, tests.slices[some], tests.part.at(some), tests.everyone, rows, tests.clusters)
    usual = float(found.design.mean())
    return replace(tests, design=np.where(tests.retested, tests.design, usual))


def _scales(difference: FloatArray, se: FloatArray) -> FloatArray:
    """Standard deviations of the parts: none, and a ladder from a part of the smallest error to the largest difference."""
    if difference.size == 0:
        return np.zeros(1)
    largest = 2 * float(np.sqrt(max(0.0, float((difference**2 - se**2).max()))))
    smallest = float(se.min()) / 4
    return np.concatenate(([0.0], np.geomspace(smallest, max(largest, 2 * smallest), SCALES)))


def _log_likelihood(difference: FloatArray, se: FloatArray, scale: FloatArray) -> FloatArray:
    """Of each difference under each part, shape (m, parts)."""
    variance = se[:, None] ** 2 + scale**2
    found: FloatArray = -0.5 * (np.log(variance) + difference[:, None] ** 2 / variance)
    return found


def _learnt_parts(log_likelihood: FloatArray) -> FloatArray:
    """How common each part is."""
    parts = np.full(log_likelihood.shape[1], 1 / log_likelihood.shape[1])
    if len(log_likelihood) == 0:
        return parts
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    for _ in range(STEPS):
        owned = likelihood * parts
        parts = (owned / owned.sum(axis=1, keepdims=True)).sum(axis=0)
        parts[0] += NULL_COUNT
        parts /= parts.sum()
    return parts


def _posterior_mean(difference: FloatArray, se: FloatArray, scale: FloatArray, parts: FloatArray) -> FloatArray:
    log = _log_likelihood(difference, np.maximum(se, 1e-300), scale) + np.log(np.maximum(parts, 1e-300))
    owned = np.exp(log - log.max(axis=1, keepdims=True))
    owned /= owned.sum(axis=1, keepdims=True)
    kept = scale**2 / (scale**2 + np.maximum(se, 1e-300)[:, None] ** 2)
    guess: FloatArray = difference * (owned * kept).sum(axis=1)
    return guess
