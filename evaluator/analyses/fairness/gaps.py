"""Gaps between groups: what they are at least and at most, the best guess, and what chance alone would give."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.analyses.fairness.compared import Compared, is_usable
from evaluator.analyses.fairness.contrast import Contrast, against_one, every_pair, ratio_of, widest
from evaluator.analyses.fairness.families import family_of
from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.metrics.influences import has_influence
from evaluator.metrics.measure import Measurement
from evaluator.records import EstimateStatus, Gap
from evaluator.statistics.pairs import (
    Ends,
    Span,
    koopman_ends,
    largest_difference,
    mover_difference,
    quantiles,
    smallest_ratio,
)
from evaluator.statistics.shrinkage import shrink
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.subject import Partition

ANALYSIS_NAME = "fairness"
DRAWS = 400
"""Draws behind the value that chance alone would give."""


def gap_row(
    contrast: Contrast,
    partition: Partition,
    groups: Sequence[Measurement],
    sides: Compared,
    *,
    subject: str,
    level: float,
    seed: int,
    class_: str = "",
) -> Gap:
    """One gap as a row of the table.

    Parameters
    ----------
    groups : what was measured on every group of the partition.
    sides : the usable ones as arrays; for the contrast with everyone else, the rests follow the groups.

    Notes
    -----
    Each pair takes the level at which all pairs hold together (`families.family_of`), with the interval that suits it:
    Newcombe's for differences of shares, Koopman's for their ratios, MOVER for the rest.
    """
    excluded = _excluded(partition, groups)
    blank = _blank(contrast, partition, sides.metric, subject, class_, level, excluded)
    if all(row.status == "not_tested" for row in groups):
        return _without(blank, "not_tested", groups[0].reason if groups else "There are no groups.")
    first, second = _pairs(contrast, partition, sides)
    if first.size == 0:
        return _without(blank, "too_few", _too_few(contrast, partition, sides))
    if contrast.kind == "ratio" and sides.value.max() == 0:
        return _without(blank, "undefined", "The share is 0 in every group, so there is no ratio.")
    return _measured(blank, contrast, partition, sides, (first, second), seed)


def _excluded(partition: Partition, groups: Sequence[Measurement]) -> list[str]:
    return [name for name, row in zip(partition.groups, groups, strict=True) if not is_usable(row)]


def _blank(
    contrast: Contrast, partition: Partition, metric: str, subject: str, class_: str, level: float,
    excluded: Sequence[str],
) -> Gap:  # fmt: skip
    return Gap(
        analysis=ANALYSIS_NAME, metric=metric, class_=class_, subject=subject, attribute=partition.attribute,
        within=partition.within, kind=contrast.kind, value=None, group_low="", group_high="", at_least=None, at_most=None,
        best_guess=None, chance_value=None, level=level, method="none", family_size=0, status="too_few", reason="",
        against=contrast.against, excluded=json.dumps(list(excluded)),
    )  # fmt: skip


def _without(blank: Gap, status: EstimateStatus, reason: str) -> Gap:
    return replace(blank, status=status, reason=reason)


def _too_few(contrast: Contrast, partition: Partition, sides: Compared) -> str:
    if contrast.reference and partition.groups.index(contrast.reference) not in sides.place:
        return "The group that the others are held against has too few cases."
    return "Fewer than two groups have enough cases."


def _pairs(contrast: Contrast, partition: Partition, sides: Compared) -> tuple[IntArray, IntArray]:
    """Positions, among the usable ones, of both sides of every pair; empty when there is nothing to compare."""
    if contrast.against == "overall":
        return _against_rest(len(partition.groups), sides)
    if not contrast.reference:
        return every_pair(sides.k)
    place = np.flatnonzero(sides.place == partition.groups.index(contrast.reference))
    return against_one(sides.k, int(place[0])) if place.size else every_pair(0)


def _against_rest(n_groups: int, sides: Compared) -> tuple[IntArray, IntArray]:
    """Every usable group with its own rest, when the rest is usable too; alone, a group has nobody beside it."""
    of = {int(place): position for position, place in enumerate(sides.place)}
    known = [(of[place], of[place + n_groups]) for place in of if place < n_groups and place + n_groups in of]
    if len(known) < 2:
        return every_pair(0)
    first, second = np.array(known, dtype=np.int64).T
    return first, second


def _measured(
    blank: Gap, contrast: Contrast, partition: Partition, sides: Compared, pairs: tuple[IntArray, IntArray], seed: int
) -> Gap:
    about = [blank.class_] if blank.class_ else []
    unit = "/".join((blank.subject, *about, partition.attribute, partition.within, contrast.kind, contrast.against))
    # The same draws for all families: rates that add up to 1 then have the same gap to the last digit.
    rng = stream(seed, "simultaneous")
    family = family_of(contrast, sides, pairs, attribute=partition.by, level=blank.level, rng=rng)
    ends = _pair_ends(contrast, sides, pairs, family.pair_level, seed)
    span = _span(contrast, blank.metric, ends)
    if not math.isfinite(span.at_most):
        return _without(blank, "too_few", "At the level that all pairs need together, a group has too few cases.")
    named = _named(contrast, sides, pairs)
    low, high = _lower_first(sides, pairs[0][named], pairs[1][named])
    value = _apart(contrast, sides.value[[low]], sides.value[[high]])
    guess, chance = _guess_and_chance(contrast, partition, sides, pairs[0], seed, unit)
    return replace(
        blank, value=float(value[0]), group_low=sides.arms[low].population_id,
        group_high=sides.arms[high].population_id, at_least=span.at_least, at_most=span.at_most,
        best_guess=min(max(guess, span.at_least), span.at_most), chance_value=chance,
        method=_method(contrast, sides), family_size=family.size, status="ok",
        se=_standard_error(contrast, sides, low, high), n_low=int(sides.count[low]), n_high=int(sides.count[high]),
        family=family.words, pair_level=family.pair_level, names_proven=_differ(contrast, ends, named),
    )  # fmt: skip


def _apart(contrast: Contrast, first: FloatArray, second: FloatArray) -> FloatArray:
    return np.abs(first - second) if contrast.kind == "difference" else ratio_of(first, second)


def _named(contrast: Contrast, sides: Compared, pairs: tuple[IntArray, IntArray]) -> int:
    """Which pair lies farthest apart."""
    apart = _apart(contrast, sides.value[pairs[0]], sides.value[pairs[1]])
    return int(np.argmax(apart) if contrast.kind == "difference" else np.argmin(apart))


def _lower_first(sides: Compared, one: int, other: int) -> tuple[int, int]:
    return (int(one), int(other)) if sides.value[one] <= sides.value[other] else (int(other), int(one))


def _pair_ends(contrast: Contrast, sides: Compared, pairs: tuple[IntArray, IntArray], level: float, seed: int) -> Ends:
    """The interval of every pair at the level of one: first minus second, or first to second."""
    first, second = pairs
    correlation = sides.correlation[first, second]
    if contrast.kind == "ratio":
        return _ratio_ends(sides, first, second, correlation, level)
    ends = sides.ends(level, seed)
    return mover_difference(
        sides.value[first], Ends(ends.low[first], ends.high[first]),
        sides.value[second], Ends(ends.low[second], ends.high[second]), correlation,
    )  # fmt: skip


def _span(contrast: Contrast, metric: str, ends: Ends) -> Span:
    """What the widest pair is at least and at most."""
    if contrast.kind == "ratio":
        return smallest_ratio(ends)
    span = largest_difference(ends)
    entry = METRICS[metric]
    most = math.inf if entry.low is None or entry.high is None else entry.high - entry.low
    return Span(span.at_least, min(span.at_most, most))


def _differ(contrast: Contrast, ends: Ends, pair: int) -> bool:
    """Whether the interval of one pair leaves out equality."""
    equal = 0.0 if contrast.kind == "difference" else 1.0
    return bool(ends.low[pair] > equal or ends.high[pair] < equal)


def _ratio_ends(sides: Compared, first: IntArray, second: IntArray, correlation: FloatArray, level: float) -> Ends:
    """Score intervals at as many independent cases as make the log ratio as uncertain as it is.

    Never at more cases than there are: pairs within clusters may narrow a difference, but not a ratio of small counts.
    """
    relative = sides.standard_errors("ratio")
    apart = relative[first] ** 2 + relative[second] ** 2
    together = apart - 2 * correlation * relative[first] * relative[second]
    factor = apart / np.maximum(together, 1e-12)
    n_first, n_second = (np.minimum(sides.size[side] * factor, sides.count[side]) for side in (first, second))
    quantile = quantiles(level, np.minimum(sides.df[first], sides.df[second]))
    return koopman_ends(sides.value[first], n_first, sides.value[second], n_second, quantile)


def _standard_error(contrast: Contrast, sides: Compared, low: int, high: int) -> float | None:
    se = np.sqrt(sides.variance[[low, high]])
    if contrast.kind == "ratio":
        if sides.value[low] == 0:
            return None
        se = se / sides.value[[low, high]]
    variance = float(np.dot(se, se) - 2 * sides.correlation[low, high] * se[0] * se[1])
    scale = 1.0 if contrast.kind == "difference" else float(sides.value[low] / sides.value[high])
    return scale * math.sqrt(variance) if variance > 0 else None


def _guess_and_chance(
    contrast: Contrast, partition: Partition, sides: Compared, first: IntArray, seed: int, unit: str
) -> tuple[float, float | None]:
    """The gap between shrunken values, and the mean gap that groups without any difference would show."""
    used = np.flatnonzero(sides.place < len(partition.groups))
    if contrast.against == "overall":
        used = first
    value, variance, size = sides.value[used], sides.variance[used], sides.size[used]
    reference = -1
    if contrast.reference:
        place = partition.groups.index(contrast.reference)
        reference = int(np.flatnonzero(sides.place[used] == place)[0])
    guess = float(widest(contrast, shrink(value, variance), size, reference))
    draws = _without_difference(sides.metric, value, variance, size, seed, unit)
    chance = None if draws is None else float(widest(contrast, draws, size, reference).mean())
    return guess, chance


def _without_difference(
    metric: str, value: FloatArray, variance: FloatArray, size: FloatArray, seed: int, unit: str
) -> FloatArray | None:
    """What groups of these sizes would show if all had the pooled value, shape (DRAWS, k)."""
    rng = stream(seed, f"chance/{metric}", unit)
    if metric in PROPORTIONS:
        n = np.maximum(1, np.round(size)).astype(np.int64)
        pooled = min(1.0, float(np.dot(size, value) / size.sum()))
        shares: FloatArray = rng.binomial(n, pooled, size=(DRAWS, n.size)) / n
        return shares
    if not has_influence(metric):
        return None
    noise: FloatArray = rng.standard_normal((DRAWS, value.size)) * np.sqrt(variance)
    return noise


def _method(contrast: Contrast, sides: Compared) -> str:
    """Short name of how the range was found; either ending says that all pairs hold together."""
    if sides.metric not in PROPORTIONS:
        name = "mover" if has_influence(sides.metric) else "mover_triangle"
    else:
        name = ("newcombe" if contrast.kind == "difference" else "koopman") + ("" if sides.plain else "_effective")
    return f"{name}_against_rest" if contrast.against == "overall" else f"{name}_simultaneous"
