"""Fewer of the explained rows, and importances of redrawn rows."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.drawing import Drawn, draw
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


def redrawn_weights(drawn: Drawn, times: int, rng: np.random.Generator) -> FloatArray:
    """Weights of the rows in redrawn samples, shape (times, n): rows, or whole clusters, drawn with replacement."""
    unit = np.arange(drawn.n) if drawn.cluster is None else np.unique(drawn.cluster, return_inverse=True)[1]
    n_units = int(unit.max()) + 1
    counts = rng.multinomial(n_units, np.full(n_units, 1.0 / n_units), size=times)
    weights: FloatArray = counts[:, unit] * drawn.weight
    return weights


def redrawn_means(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean of each column of `values`, shape (n, k), in each redrawn sample, shape (times, k)."""
    total = weights.sum(axis=1, keepdims=True)
    means: FloatArray = weights @ values / np.where(total > 0, total, 1.0)
    return means
