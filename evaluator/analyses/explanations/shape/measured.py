"""How much each pair of features does beyond what both do alone, with ranges for all pairs at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.shape.partners import Spreads, spreads
from evaluator.analyses.explanations.shape.swapping import Swapped
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.proportions import clopper_pearson
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.simultaneous import max_t_quantile
from evaluator.statistics.spread import FloatArray, IntArray, effective_n
from evaluator.statistics.streams import stream


class Sizes(NamedTuple):
    """Of every pair, shape (k,) each; NaN where unknown. `n` counts the swaps behind a pair."""

    value: FloatArray
    low: FloatArray
    high: FloatArray
    share: FloatArray
    share_low: FloatArray
    share_high: FloatArray
    proven: BoolArray
    bent: BoolArray
    """Whether a pair is beyond nothing as chances go, and not as log-odds go."""
    n: IntArray


class _Weighed(NamedTuple):
    """Parts of the whole that each row with its partner makes up, shape (n, k); and clusters as `spreads` has them."""

    part: FloatArray
    unit: IntArray
    partner: IntArray


class _Means(NamedTuple):
    value: FloatArray
    influence: FloatArray


class _Ends(NamedTuple):
    low: FloatArray
    high: FloatArray


def sizes(asked: Asked, found: Swapped) -> Sizes:
    """Mean size of what is of the pair alone, and its share of the joint effect.

    Notes
    -----
    value: mean of abs(beyond). share: mean of beyond^2 / 4 over the mean of `joint`, from 0 to 1 (its range by the delta
    method). Both over swaps between values that occur together, with t intervals for all pairs at once (max-t).
    Where fewer than 10 swaps show anything, the range of the value goes from 0 to the exact upper end of their share
    times the largest size there can be. Proven: the range is above 0, and that in log-odds too where scores are chances,
    because chances cannot rise over 1 however features add up.
    """
    weighed = _weighed(found)
    size, beyond2, joint = (
        _mean(values, weighed) for values in (np.abs(found.beyond), found.beyond**2 / 4, found.joint)
    )
    hits = ((found.beyond != 0) & found.real).sum(axis=0)
    ends = _ends(size, hits, weighed, asked.level, _rng(asked, "value"))
    ends = _rare(asked, found, hits, ends)
    odds_hits = ((found.odds != 0) & found.real).sum(axis=0)
    odds = _ends(_mean(np.abs(found.odds), weighed), odds_hits, weighed, asked.level, _rng(asked, "odds"))
    share = _ratio(beyond2, joint)
    share_ends = _ends(share, hits, weighed, asked.level, _rng(asked, "share"))
    above = ends.low > 0
    return Sizes(
        size.value, ends.low, ends.high, share.value.clip(0, 1), share_ends.low.clip(0, 1), share_ends.high.clip(0, 1),
        above & (odds.low > 0), above & ~(odds.low > 0), found.real.sum(axis=0).astype(np.int64),
    )  # fmt: skip


def _rng(asked: Asked, what: str) -> np.random.Generator:
    return stream(asked.seed, f"explanations/shape/pairs/{what}")


def _weighed(found: Swapped) -> _Weighed:
    drawn = found.drawn
    both = drawn.weight * drawn.weight[found.partner]
    part = both[:, None] * found.real
    total = part.sum(axis=0)
    unit = np.arange(drawn.n) if drawn.cluster is None else np.unique(drawn.cluster, return_inverse=True)[1]
    return _Weighed(part / np.where(total > 0, total, 1.0), unit.astype(np.int64), found.partner)


def _mean(values: FloatArray, weighed: _Weighed) -> _Means:
    mean = np.where(weighed.part.any(axis=0), (weighed.part * values).sum(axis=0), np.nan)
    return _Means(mean, np.nan_to_num(weighed.part * (values - mean)))


def _ratio(above: _Means, below: _Means) -> _Means:
    """Undefined where the pair does nothing at all."""
    some = below.value > 0
    scale = np.where(some, below.value, 1.0)
    ratio = np.where(some, above.value / scale, np.nan)
    return _Means(ratio, np.nan_to_num((above.influence - ratio * below.influence) / scale))


def _ends(means: _Means, hits: IntArray, weighed: _Weighed, level: float, rng: np.random.Generator) -> _Ends:
    """t intervals of the pairs with enough to show, all at once with those of the others; NaN for those."""
    k = means.value.size
    low, high = np.full(k, np.nan), np.full(k, np.nan)
    shown = np.flatnonzero((hits >= MIN_RELEVANT) & np.isfinite(means.value))
    if shown.size:
        spread = spreads(means.influence[:, shown], weighed.unit, weighed.partner)
        half = _quantile(spread, 1 - (1 - level) * shown.size / k, rng) * spread.se
        low[shown], high[shown] = np.maximum(means.value[shown] - half, 0.0), means.value[shown] + half
    return _Ends(low, high)


def _quantile(spread: Spreads, level: float, rng: np.random.Generator) -> float:
    if not np.isfinite(spread.se).all():
        return float("nan")
    return max(max_t_quantile(spread.correlation, level, rng=rng, df=spread.df), t_quantile(level, spread.df))


def _rare(asked: Asked, found: Swapped, hits: IntArray, ends: _Ends) -> _Ends:
    """From 0 to what may hide behind few swaps that show anything."""
    low, high = ends.low.copy(), ends.high.copy()
    level = 1 - (1 - asked.level) / hits.size
    for pair in np.flatnonzero(hits < MIN_RELEVANT):
        worth = _worth(found, int(pair))
        if worth >= 1:
            most = clopper_pearson(min(float(hits[pair]), worth), worth, level).high
            low[pair], high[pair] = 0.0, (most or 1.0) * _largest(asked, found)
    return _Ends(low, high)


def _worth(found: Swapped, pair: int) -> float:
    """Independent swaps: by weight, and no more than clusters."""
    drawn, kept = found.drawn, found.real[:, pair]
    if not kept.any():
        return 0.0
    # A row takes part in two swaps, so that these are worth half as many.
    size = effective_n((drawn.weight * drawn.weight[found.partner])[kept]) / 2
    return size if drawn.cluster is None else min(size, np.unique(drawn.cluster[kept]).size / 2)


def _largest(asked: Asked, found: Swapped) -> float:
    """The largest size there can be: two changes over the whole range of scores."""
    return 2.0 if asked.space == "chance" else 2 * found.span
