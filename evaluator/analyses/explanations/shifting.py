"""Permutation importance: how much worse the model does when a feature, or several at once, are another case's."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.mixing import ROWS_AT_ONCE
from evaluator.analyses.explanations.weighting import Means, sums_by_group
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

SHIFTS = 3


class Shifted(NamedTuple):
    """How much the loss of each row grows when something is taken from another row.

    Attributes
    ----------
    donor : the row that it is taken from, as a position among the drawn ones, shape (shifts, n).
    pairs : growth of the loss by pair of rows and column, shape (shifts, n, k).
    """

    drawn: Drawn
    donor: IntArray
    pairs: FloatArray
    space: str

    @property
    def growth(self) -> FloatArray:
        """Growth of the loss of each row, the mean over its donors, shape (n, k)."""
        mean: FloatArray = self.pairs.mean(axis=0)
        return mean


def questions_per_row(looked_at: int) -> int:
    """How often the model is asked about each row, for so many features and sets of features."""
    return SHIFTS * looked_at + 1


def shifted_losses(asked: Asked, drawn: Drawn, sets: Sequence[Sequence[int]] | None = None) -> Shifted:
    """Growth of the squared error by pair of rows, for every feature or for the given sets of features.

    Notes
    -----
    One random order of the rows is fixed; shift s gives each row the features of the row s places further on, round
    the end. Every value is used as often as before.
    """
    sets = [[column] for column in range(asked.mixer.width)] if sets is None else sets
    donor = _donors(asked, drawn.n)
    label = asked.label[drawn.index]
    before = (asked.mixer.rows(drawn.index) - label) ** 2
    pairs = np.empty((SHIFTS, drawn.n, len(sets)))
    every = list(itertools.product(range(SHIFTS), range(len(sets))))
    at_once = max(1, ROWS_AT_ONCE // drawn.n)
    for start in range(0, len(every), at_once):
        block = every[start : start + at_once]
        mixtures = np.concatenate([_mixture(asked, drawn.index, donor[shift], sets[place]) for shift, place in block])
        answers = asked.mixer.mixed(mixtures).reshape(len(block), drawn.n)
        for (shift, place), answer in zip(block, answers, strict=True):
            pairs[shift, :, place] = (answer - label) ** 2 - before
    return Shifted(drawn, donor, pairs, asked.loss_space)


def _mixture(asked: Asked, index: IntArray, donor: IntArray, columns: Sequence[int]) -> IntArray:
    source = np.repeat(index[:, None], asked.mixer.width, axis=1)
    source[:, list(columns)] = index[donor, None]
    return source


def mean_growth(shifted: Shifted) -> Means:
    """Mean growth by column for the population, and how uncertain it is.

    Notes
    -----
    A pair of rows i, j with weight w_i w_j; M = sum w_i w_j h_ij / sum w_i w_j. Every row is in several pairs, as the
    one that is asked about and as the one that is taken from, and pairs that share a row are not independent. With
    q_ij = w_i w_j (h_ij - M) / sum w_i w_j the variance is that of dyadic data (Fafchamps and Gubert 2007; Aronow,
    Samii and Assenova 2015): sum over rows of the square of all q they are in, minus the sum over pairs of q squared,
    which were counted with both of their rows. With clusters, the same of clusters in place of rows.
    """
    drawn, donor = shifted.drawn, shifted.donor
    weight = drawn.own * drawn.own[donor]
    total = float(weight.sum())
    columns = shifted.pairs.shape[2]
    mean = np.einsum("sn,snk->k", weight, shifted.pairs) / total
    parts = (weight[:, :, None] * (shifted.pairs - mean) / total).reshape(-1, columns)
    cluster = np.arange(drawn.n) if drawn.cluster is None else np.unique(drawn.cluster, return_inverse=True)[1]
    own, other = np.tile(cluster, len(donor)), cluster[donor].ravel()
    groups = int(cluster.max(initial=-1)) + 1
    factor = groups / (groups - 1) if groups > 1 else math.nan
    return Means(mean, factor * _dyadic(parts, own, other, groups), max(groups - 1, 1))


def _dyadic(parts: FloatArray, own: IntArray, other: IntArray, groups: int) -> FloatArray:
    """Covariance of the sums of columns of `parts`, shape (pairs, k), each pair between two groups, or in one."""
    apart = own != other
    touching = sums_by_group(parts, own, groups) + sums_by_group(parts[apart], other[apart], groups)
    key = np.minimum(own, other)[apart] * groups + np.maximum(own, other)[apart]
    kinds, code = np.unique(key, return_inverse=True)
    twice = sums_by_group(parts[apart], code, kinds.size)
    both = twice.T @ twice
    covariance = touching.T @ touching - both
    return _no_less_than_nothing(covariance, both)


def _no_less_than_nothing(covariance: FloatArray, pairs: FloatArray) -> FloatArray:
    """The difference of two sums can fall below zero by chance; the pairs alone then say how uncertain a mean is."""
    below = np.diag(covariance) <= 0
    outside = below[:, None] | below[None, :]
    kept: FloatArray = np.where(outside, pairs, covariance)
    return kept


def _donors(asked: Asked, n: int) -> IntArray:
    order = stream(asked.seed, "explanations/shifts").permutation(n)
    place = np.argsort(order)
    return np.stack([order[(place + shift) % n] for shift in range(1, SHIFTS + 1)])
