"""Efron's bootstrap: exactly as many draws as there are units, made from the hashed weights by a small correction."""

from __future__ import annotations

import numpy as np

from evaluator.statistics.resampling.hashing import Weights, drawn
from evaluator.statistics.resampling.lanes import LANES
from evaluator.statistics.streams import stream


def drawn_exactly(units: int, first: int, seed: int, key: str) -> Weights:
    """How often each unit is drawn in 64 replicates, shape (units, 64); every column sums to `units`.

    Notes
    -----
    Given their sum T, Poisson weights are T draws with replacement. Taking T - n of the draws back at random, or making
    n - T more, leaves n draws with replacement: Efron's multinomial weights. The correction is of order sqrt(n).
    """
    times = drawn(np.arange(units, dtype=np.uint32), first, seed)
    for lane in range(LANES):
        rng = stream(seed, f"resampling/exact_total/{key}", str(first + lane))
        times[:, lane] = _corrected(times[:, lane], rng)
    return times


def _corrected(times: Weights, rng: np.random.Generator) -> Weights:
    units, total = times.size, int(times.sum())
    if total < units:
        more = np.bincount(rng.integers(0, units, units - total), minlength=units)
        return times + more
    back = rng.choice(total, total - units, replace=False, shuffle=False)
    owner = np.searchsorted(np.cumsum(times), back, side="right")
    corrected: Weights = times - np.bincount(owner, minlength=units)
    return corrected
