"""Fewer of the explained rows, and importances of redrawn rows."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.drawing import Drawn, draw
from evaluator.analyses.explanations.shifting import Shifted
from evaluator.statistics.spread import FloatArray, IntArray


def fewer(drawn: Drawn, n: int, rng: np.random.Generator) -> tuple[Drawn, IntArray]:
    """About `n` of the drawn rows, each standing for more of the population, and their places among the drawn ones.

    The rows drawn first are the population of the second draw, with what each of them stands for as its weight.
    """
    stratum = np.unique(drawn.stratum, return_inverse=True)[1].astype(np.int64)
    again = draw(n, rng, stratum, weight=drawn.weight, cluster=drawn.cluster)
    places = again.index
    kept = Drawn(drawn.index[places], again.own, again.stratum, again.size, again.taken, again.cluster)
    return kept, places


def redrawn_counts(drawn: Drawn, times: int, rng: np.random.Generator) -> IntArray:
    """How often each row is in redrawn samples, shape (times, n): rows, or whole clusters, drawn with replacement."""
    unit = _units(drawn)
    n_units = int(unit.max()) + 1
    counts: IntArray = rng.multinomial(n_units, np.full(n_units, 1.0 / n_units), size=times)[:, unit]
    return counts


def redrawn_weights(drawn: Drawn, times: int, rng: np.random.Generator) -> FloatArray:
    """Weights of the rows in redrawn samples, shape (times, n)."""
    weights: FloatArray = redrawn_counts(drawn, times, rng) * drawn.weight
    return weights


def redrawn_means(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean of each column of `values`, shape (n, k), in each redrawn sample, shape (times, k)."""
    total = weights.sum(axis=1, keepdims=True)
    means: FloatArray = weights @ values / np.where(total > 0, total, 1.0)
    return means


def redrawn_pair_means(shifted: Shifted, counts: IntArray) -> FloatArray:
    """Weighted mean of each column of the pairs of rows in each redrawn sample, shape (times, k).

    Notes
    -----
    A pair of rows i, j weighs w_i w_j, and c_i + c_j - 1 as much in a sample with c_i of one and c_j of the other, or c_i
    where both are redrawn together. The mean then varies as the sum over rows of all pairs that they are in, as in the
    variance of dyadic data (`mean_growth`), but pairs count with both of their rows. With every row in pairs with S
    others, what is of single rows varies by 1 + 1/S as much in variance as it should, on the safe side; with c_i c_j it
    would by 1 + 2/S.
    """
    drawn, unit = shifted.drawn, _units(shifted.drawn)
    total, sums = np.zeros((len(counts), 1)), np.zeros((len(counts), shifted.pairs.shape[2]))
    for donor, growth in zip(shifted.donor, shifted.pairs, strict=True):
        times = np.where(unit == unit[donor], counts, counts + counts[:, donor] - 1)
        weights = times * (drawn.weight * drawn.weight[donor])
        total += weights.sum(axis=1, keepdims=True)
        sums += weights @ growth
    # A sample of few clusters, hardly any of them twice, may be left without weight.
    means: FloatArray = np.where(total > 0, sums / np.where(total > 0, total, 1.0), 0.0)
    return means


def _units(drawn: Drawn) -> IntArray:
    """What is redrawn as a whole, numbered from 0: each row, or each cluster."""
    unit = np.arange(drawn.n) if drawn.cluster is None else np.unique(drawn.cluster, return_inverse=True)[1]
    return unit.astype(np.int64)
