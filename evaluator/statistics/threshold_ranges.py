"""The price of holding one rate equal, with ranges that count that the cut-offs were found on the same rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.statistics.group_thresholds import OUT_OF_REACH, Today, find_cuts, rates_of, shares_of, with_everyone
from evaluator.statistics.pairs import quantiles, wilson_ends
from evaluator.statistics.quantiles import normal_level, normal_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.threshold_draws import Drawn, Grid, rest_of, selected_by

MOST_TOGETHER = 12
"""More groups than this take the level of as many independent pairs, which is wider."""


class Span(NamedTuple):
    """Value and range, arrays of one shape."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


class Units(NamedTuple):
    """Of every group and of everyone, shape (k + 1,): what squared errors are multiplied by, degrees of freedom, and
    independent rows they are worth."""

    factor: FloatArray
    df: FloatArray
    size: FloatArray


class Priced(NamedTuple):
    """What holding one rate gives.

    `before`, `after` and `change` have shape (k + 1, 3): groups and everyone, by `SHARES`. The ranges of the groups hold
    together for each share. `gap_before`, shape (4,), and `gap`, likewise, are the largest differences between groups in
    each of `RATES`, the range of `gap` simultaneous over all pairs; NaN where a rate is undefined. `out_of_reach` is
    the share of draws in which some group had no such cut-off.
    """

    before: Span
    after: Span
    change: Span
    gap_before: FloatArray
    gap: Span
    out_of_reach: float


class _Replayed(NamedTuple):
    """Cells of the groups, shape (replicates, k, 4): drawn rows today, drawn rows at the cuts they give, the original
    rows at those; and the drawn cells of the rows left as they are."""

    before: FloatArray
    after: FloatArray
    original: FloatArray
    rest: FloatArray
    reached: FloatArray


def price(
    today: Today, grid: Grid, drawn: Drawn, rate: int, cuts: IntArray, *, level: float, units: Units
) -> Priced:  # fmt: skip
    """What becomes of everyone when each group takes its cut of `cuts`, shape (k,), all of them within reach.

    Notes
    -----
    Each draw finds its own target and its own cuts. Two errors follow: how far what it gives lies from what the rows
    give (of the price of the goal), and how far what it gives lies from what its cuts give on the rows (of these
    cut-offs, on cases they were not found on). The standard error is the larger of both.
    """
    replayed = _replay(today, grid, drawn, rate)
    reached = replayed.reached > 0
    # Where no draw has such cut-offs there is no price, as `out_of_reach` says; all draws keep the numbers finite.
    replayed = _Replayed(*(part[reached | ~reached.any()] for part in replayed))
    before_cells, after_cells = today.cells([curve.today for curve in today.curves]), today.cells(cuts)
    before, after = (_shares(cells, today.rest) for cells in (before_cells, after_cells))
    drawn_before, drawn_after = (_shares(cells, replayed.rest) for cells in (replayed.before, replayed.after))
    original = _shares(replayed.original, today.rest)
    of_before = drawn_before - before
    of_after = (drawn_after - after, drawn_after - original)
    of_change = (
        drawn_after - drawn_before - (after - before),
        drawn_after - drawn_before - (original - before),
    )  # fmt: skip
    return Priced(
        before=_level(before, (of_before,), level, units),
        after=_level(after, of_after, level, units),
        change=_change(after - before, of_change, level, units, before),
        gap_before=_widest(rates_of(before_cells)),
        gap=_gap(rates_of(after_cells), _rate_errors(after_cells, replayed), level, units),
        out_of_reach=1 - float(np.mean(reached)),
    )


def _replay(today: Today, grid: Grid, drawn: Drawn, rate: int) -> _Replayed:
    rest = rest_of(drawn, grid)
    curves = list(zip(today.curves, grid.kept, strict=True))
    selected = [selected_by(drawn, grid, position) for position in range(len(curves))]
    at_today = [int(np.searchsorted(kept, curve.today)) for curve, kept in curves]
    before = np.stack([_cells(p, n, np.full(p.shape[0], at)) for (p, n), at in zip(selected, at_today, strict=True)], 1)
    target = rates_of(with_everyone(before, rest)[:, -1])[:, rate]
    after, original = np.empty_like(before), np.empty_like(before)
    reached = np.isfinite(target)
    for position, ((curve, kept), (p, n), at) in enumerate(zip(curves, selected, at_today, strict=True)):
        found = find_cuts(
            rate, p, n, np.nan_to_num(target), place=curve.place[kept], judged=curve.judged[kept], today=at
        )
        reached &= found != OUT_OF_REACH
        found = np.maximum(found, 0)
        after[:, position] = _cells(p, n, found)
        original[:, position] = _original(curve.positive[kept], curve.negative[kept], found)
    return _Replayed(before, after, original, rest, reached.astype(np.float64))


def _cells(positive: FloatArray, negative: FloatArray, cut: IntArray) -> FloatArray:
    rows = np.arange(positive.shape[0])
    return np.stack((positive[rows, cut], negative[rows, cut], positive[:, 0], negative[:, 0]), axis=-1)


def _original(positive: FloatArray, negative: FloatArray, cut: IntArray) -> FloatArray:
    whole = (np.full(cut.size, positive[0]), np.full(cut.size, negative[0]))
    return np.stack((positive[cut], negative[cut], *whole), axis=-1)


def _shares(cells: FloatArray, rest: FloatArray) -> FloatArray:
    return np.asarray(np.nan_to_num(shares_of(with_everyone(cells, rest))), dtype=np.float64)


def _error(errors: tuple[FloatArray, ...], factor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The largest of several standard errors, and the errors behind it in its units."""
    sizes = [np.sqrt(np.mean(part**2, axis=0) * factor) for part in errors]
    largest, series = sizes[0], errors[0]
    for size, part in zip(sizes[1:], errors[1:], strict=True):
        series = np.where(size > largest, part, series)
        largest = np.maximum(size, largest)
    scale = np.where(largest > 0, largest, 1.0) / np.sqrt(factor)
    return largest, series / scale


def _quantiles(series: FloatArray, level: float, units: Units) -> FloatArray:
    """Of each group and share, so that all groups hold together; of everyone alone. Shape (k + 1, 3)."""
    k = series.shape[1] - 1
    together = _together(np.abs(series[:, :k]).max(axis=1), k, level) if k else np.full(series.shape[2], level)
    return np.stack(
        [np.append(quantiles(one, units.df[:k]), quantiles(level, units.df[k:])) for one in together], axis=-1
    )  # fmt: skip


def _together(largest: FloatArray, count: int, level: float) -> FloatArray:
    """The level of one number at which all `count` hold together, from the largest of each draw, shape (draws, ...)."""
    most = normal_quantile(level ** (1 / max(1, count)))
    found = np.clip(np.quantile(largest, level, axis=0), normal_quantile(level), most)
    return np.asarray(np.vectorize(normal_level)(found), dtype=np.float64)


def _level(share: FloatArray, errors: tuple[FloatArray, ...], level: float, units: Units) -> Span:
    """A share with Wilson's interval at as many cases as make it as uncertain as it is."""
    se, series = _error(errors, units.factor[:, np.newaxis])
    variance = share * (1 - share)
    size = np.broadcast_to(units.size[:, np.newaxis], share.shape)
    worth = np.where((se > 0) & (variance > 0), variance / np.where(se > 0, se, 1.0) ** 2, size)
    ends = wilson_ends(share, np.maximum(worth, 1.0), _quantiles(series, level, units))
    return Span(share, ends.low, ends.high)


def _change(
    change: FloatArray, errors: tuple[FloatArray, ...], level: float, units: Units, before: FloatArray
) -> Span:  # fmt: skip
    """A change of a share, which takes it no lower than 0 and no higher than 1."""
    se, series = _error(errors, units.factor[:, np.newaxis])
    # One case more: where no row lies between two cut-offs, others like it may.
    half = _quantiles(series, level, units) * np.hypot(se, 1 / units.size[:, np.newaxis])
    return Span(change, np.maximum(change - half, -before), np.minimum(change + half, 1 - before))


def _widest(rates: FloatArray) -> FloatArray:
    """Largest difference between groups, NaN where a group's rate is undefined; shape (4,) from (k, 4)."""
    return np.asarray(rates.max(axis=0) - rates.min(axis=0), dtype=np.float64)


def _rate_errors(after: FloatArray, replayed: _Replayed) -> tuple[FloatArray, FloatArray]:
    drawn = rates_of(replayed.after)
    return np.nan_to_num(drawn - rates_of(after)), np.nan_to_num(drawn - rates_of(replayed.original))


def _gap(rates: FloatArray, errors: tuple[FloatArray, FloatArray], level: float, units: Units) -> Span:
    """The largest difference between groups: what some pair is at least, and what every pair is at most."""
    k = rates.shape[0]
    first, second = np.triu_indices(k, 1)
    apart = np.abs(rates[first] - rates[second])
    factor = np.maximum(units.factor[first], units.factor[second])[:, np.newaxis]
    variance = np.maximum(*(_pair_variance(part, first, second) for part in errors)) * factor
    se = np.sqrt(variance)
    at = _pair_level(errors, (first, second), se / np.sqrt(factor), level)
    df = np.minimum(units.df[first], units.df[second])
    half = np.stack([quantiles(one, df) for one in at], axis=-1) * se
    low = np.maximum(0.0, (apart - half).max(axis=0))
    return Span(_widest(rates), low, np.minimum(1.0, (apart + half).max(axis=0)))


def _pair_variance(errors: FloatArray, first: IntArray, second: IntArray) -> FloatArray:
    together = np.einsum("bir,bjr->ijr", errors, errors) / max(1, errors.shape[0])
    apart = together[first, first] + together[second, second] - 2 * together[first, second]
    return np.asarray(np.maximum(apart, 0.0), dtype=np.float64)


def _pair_level(
    errors: tuple[FloatArray, FloatArray], pairs: tuple[IntArray, IntArray], se: FloatArray, level: float
) -> FloatArray:  # fmt: skip
    count = pairs[0].size
    if errors[0].shape[1] > MOST_TOGETHER:
        return np.full(se.shape[1], level ** (1 / count))
    scale = np.where(se > 0, se, np.inf)
    largest = [np.abs((part[:, pairs[0]] - part[:, pairs[1]]) / scale).max(axis=1) for part in errors]
    return _together(np.maximum(*largest), count, level)
