"""Equalized odds: the larger of the gaps in both error rates, with a range that holds for both together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.contrast import GapKind, every_pair, ratio_of
from evaluator.analyses.fairness.grouped import Grouped, View
from evaluator.catalogue.gap_measures import EQUALIZED_ODDS, GAP_MEASURES
from evaluator.catalogue.settings import PAIRS_TOGETHER_FROM
from evaluator.records import ALL, EstimateStatus, Gap
from evaluator.statistics.group_shares import GroupShares, joint_correlation
from evaluator.statistics.pairs import (
    Ends,
    Span,
    koopman_ends,
    largest_difference,
    mover_difference,
    quantiles,
    smallest_ratio,
    wilson_ends,
)
from evaluator.statistics.quantiles import normal_level
from evaluator.statistics.shrinkage import shrink
from evaluator.statistics.simultaneous import max_pair_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

RATES = GAP_MEASURES[EQUALIZED_ODDS].of
DRAWS = 400
"""Draws behind the value that chance alone would give."""
MOST_COLUMNS = 2
KINDS: tuple[GapKind, ...] = ("difference", "ratio")


@dataclass(frozen=True, eq=False)
class Both:
    """Both rates of the groups that have enough cases for each, one after the other: shape (k,) in all.

    Attributes
    ----------
    rate : which of the two rates, 0 or 1. `group` : position of the group in its partition.
    first, second : positions of both sides of every pair of one rate.
    """

    rate: IntArray
    group: IntArray
    value: FloatArray
    size: FloatArray
    cases: FloatArray
    df: FloatArray
    variance: FloatArray
    correlation: FloatArray
    first: IntArray
    second: IntArray

    def relative(self) -> FloatArray:
        """Standard error of the logarithm of each rate."""
        found: FloatArray = np.sqrt(self.variance) / np.maximum(self.value, 0.5 / self.size)
        return found


def equalized_odds(view: View, grouped: Grouped) -> list[Gap]:
    """Difference and ratio between the groups of a partition; none where the view makes no decisions about two outcomes."""
    if len(grouped.partition.columns) > MOST_COLUMNS:
        return []
    rates = [view.share(rate, grouped) for rate in RATES]
    known = [rate for rate in rates if rate is not None]
    if len(known) < len(RATES):
        return []
    return [_gap(kind, grouped, known) for kind in KINDS]


def _gap(kind: GapKind, grouped: Grouped, rates: Sequence[GroupShares]) -> Gap:
    few = [grouped.few(metric, rate.groups) for metric, rate in zip(RATES, rates, strict=True)]
    usable = [np.array([at for at, why in enumerate(whys) if not why], dtype=np.int64) for whys in few]
    excluded = [name for name, *whys in zip(grouped.partition.groups, *few, strict=True) if any(whys)]
    blank = _blank(kind, grouped, excluded)
    if min(part.size for part in usable) < 2:
        return _without(blank, "too_few", "Fewer than two groups have enough cases of both outcomes.")
    both = _both(grouped, rates, usable)
    if kind == "ratio" and not all(both.value[both.rate == rate].any() for rate in (0, 1)):
        return _without(blank, "undefined", "One of the two rates is 0 in every group, so there is no ratio.")
    return _measured(blank, kind, grouped, both)


def _blank(kind: GapKind, grouped: Grouped, excluded: Sequence[str]) -> Gap:
    seen = grouped.seen
    return Gap(
        analysis="fairness", metric=EQUALIZED_ODDS, class_=seen.class_, subject=seen.name,
        attribute=grouped.partition.attribute, within=ALL, kind=kind, value=None, group_low="", group_high="",
        at_least=None, at_most=None, best_guess=None, chance_value=None, level=seen.plan.settings.level, method="none",
        family_size=0, status="too_few", reason="", excluded=json.dumps(list(excluded)),
    )  # fmt: skip


def _without(blank: Gap, status: EstimateStatus, reason: str) -> Gap:
    return replace(blank, status=status, reason=reason)


def _both(grouped: Grouped, rates: Sequence[GroupShares], usable: Sequence[IntArray]) -> Both:
    k = len(grouped.partition.groups)
    pairs = [every_pair(part.size) for part in usable]
    offsets = (0, usable[0].size)
    first, second = (
        np.concatenate([pair[side] + offset for pair, offset in zip(pairs, offsets, strict=True)]) for side in (0, 1)
    )
    value, size, cases, df, variance = (
        np.concatenate([getattr(rate.groups, name)[part] for rate, part in zip(rates, usable, strict=True)])
        for name in ("value", "size", "cases", "df", "variance")
    )
    place = np.concatenate([usable[0], usable[1] + k])
    correlation = joint_correlation(rates[0], rates[1], grouped.rows)[np.ix_(place, place)]
    return Both(
        place // k, place % k, value, size, cases.astype(np.float64), df, variance, correlation, first, second
    )  # fmt: skip


def _measured(blank: Gap, kind: GapKind, grouped: Grouped, both: Both) -> Gap:
    seed, level = grouped.seen.plan.settings.seed, blank.level
    pair_level = _pair_level(kind, both, level, seed)
    ends = _ratios(both, pair_level) if kind == "ratio" else _differences(both, pair_level)
    span: Span = smallest_ratio(ends) if kind == "ratio" else largest_difference(ends)
    a, b = both.value[both.first], both.value[both.second]
    apart = ratio_of(a, b) if kind == "ratio" else np.abs(a - b)
    named = int(np.argmin(apart) if kind == "ratio" else np.argmax(apart))
    low, high = int(both.first[named]), int(both.second[named])
    if both.value[low] > both.value[high]:
        low, high = high, low
    equal = 1.0 if kind == "ratio" else 0.0
    guess, chance = _guess(kind, both), _chance(kind, grouped, both, blank, seed)
    pairs = int(both.first.size)
    at_most = min(1.0, span.at_most)
    return replace(
        blank, value=float(apart[named]), group_low=grouped.partition.groups[both.group[low]],
        group_high=grouped.partition.groups[both.group[high]], at_least=span.at_least, at_most=at_most,
        best_guess=min(max(guess, span.at_least), at_most), chance_value=chance, method=_method(kind, grouped),
        family_size=pairs, status="ok", n_low=int(both.cases[low]), n_high=int(both.cases[high]), pair_level=pair_level,
        family=f"all {pairs} pairs of groups by {grouped.partition.by} in both rates",
        names_proven=bool(ends.low[named] > equal or ends.high[named] < equal),
    )  # fmt: skip


def _pair_level(kind: GapKind, both: Both, level: float, seed: int) -> float:
    """The level of one pair of one rate at which all pairs of both rates hold together, as `families.family_of`."""
    pairs = both.first.size
    if both.size.min() < PAIRS_TOGETHER_FROM:
        return 1 - (1 - level) / pairs
    se = both.relative() if kind == "ratio" else np.sqrt(both.variance)
    rng = stream(seed, "simultaneous")
    return normal_level(max_pair_quantile(se, both.correlation, (both.first, both.second), level, rng=rng))


def _differences(both: Both, level: float) -> Ends:
    ends = wilson_ends(both.value, both.size, quantiles(level, both.df))
    first, second = both.first, both.second
    return mover_difference(
        both.value[first], Ends(ends.low[first], ends.high[first]), both.value[second],
        Ends(ends.low[second], ends.high[second]), both.correlation[first, second],
    )  # fmt: skip


def _ratios(both: Both, level: float) -> Ends:
    """Koopman's intervals at as many independent cases as make the log ratio as uncertain as it is."""
    first, second, relative = both.first, both.second, both.relative()
    apart = relative[first] ** 2 + relative[second] ** 2
    together = apart - 2 * both.correlation[first, second] * relative[first] * relative[second]
    factor = apart / np.maximum(together, 1e-12)
    n_first, n_second = (np.minimum(both.size[side] * factor, both.cases[side]) for side in (first, second))
    quantile = quantiles(level, np.minimum(both.df[first], both.df[second]))
    return koopman_ends(both.value[first], n_first, both.value[second], n_second, quantile)


def _widest(kind: GapKind, values: FloatArray, both: Both) -> FloatArray:
    """The larger difference or the smaller ratio of both rates, values of shape (..., k)."""
    spans = []
    for rate in (0, 1):
        part = values[..., both.rate == rate]
        low, high = part.min(axis=-1), part.max(axis=-1)
        spans.append(ratio_of(low, high) if kind == "ratio" else high - low)
    found: FloatArray = np.minimum(*spans) if kind == "ratio" else np.maximum(*spans)
    return found


def _guess(kind: GapKind, both: Both) -> float:
    """The gap between values drawn towards the mean of their rate."""
    values = np.concatenate(
        [shrink(both.value[both.rate == rate], both.variance[both.rate == rate]) for rate in (0, 1)]
    )
    return float(_widest(kind, values, both))


def _chance(kind: GapKind, grouped: Grouped, both: Both, blank: Gap, seed: int) -> float:
    """The mean gap that groups of these sizes would show if each rate were the same for all."""
    unit = "/".join((blank.subject, *([blank.class_] if blank.class_ else []), blank.attribute, kind))
    rng = stream(seed, f"chance/{EQUALIZED_ODDS}", unit)
    n = np.maximum(1, np.round(both.size)).astype(np.int64)
    pooled = np.empty(n.size)
    for rate in (0, 1):
        inside = both.rate == rate
        pooled[inside] = min(1.0, float(np.dot(both.size[inside], both.value[inside]) / both.size[inside].sum()))
    draws = rng.binomial(n, pooled, size=(DRAWS, n.size)) / n
    return float(_widest(kind, draws, both).mean())


def _method(kind: GapKind, grouped: Grouped) -> str:
    plain = not grouped.rows.clustered and grouped.rows.weight is None
    name = "newcombe" if kind == "difference" else "koopman"
    return f"{name}{'' if plain else '_effective'}_simultaneous"
