"""Goals that cannot hold together on these data, and the price of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.arms import Arm, arms_of, shared_clusters
from evaluator.analyses.fairness.compared import Compared, compared
from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.contrast import Contrast, every_pair
from evaluator.analyses.fairness.families import Family, family_of
from evaluator.analyses.fairness.findings_tradeoffs import findings_of
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.prices import prices_of, why_no_prices
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.measure import Measurement
from evaluator.metrics.rows import BinaryRows
from evaluator.records import AnalysisTables, Conflict
from evaluator.statistics.impossibility import Ranged, log_precision_influence, odds_ratio, precision_range
from evaluator.statistics.pairs import Ends, koopman_ends, mover_difference, quantiles
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray, spread_of
from evaluator.statistics.streams import stream
from evaluator.subject.subject import Partition, Subject

BASE = "selection_rate"
"""With the outcome in place of the decision, the share selected is the share of positive outcomes."""
WRONG = "false_positive_rate"
METHOD = "mover_log_odds_simultaneous"


def tradeoffs(measured: Measured) -> AnalysisTables:
    """Goals that cannot hold together on these data, and the price of each; of two outcomes alone."""
    seen = measured.model
    if not isinstance(seen.rows, BinaryRows):
        return AnalysisTables(findings=findings_of((), measured))
    conflicts = tuple(conflict_of(partition, seen) for partition in measured.attributes)
    untested = why_no_prices(seen) if measured.attributes else ()
    return AnalysisTables(
        conflicts=conflicts,
        prices=prices_of(measured.attributes, seen),
        findings=findings_of(conflicts, measured),
        not_tested=untested,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """The pair of groups that differs most: positions among the usable ones, lower share first."""

    low: int
    high: int
    difference: Ranged
    proven: bool
    pairs_proven: int
    family: Family


def conflict_of(partition: Partition, seen: Seen) -> Conflict:
    """The two groups of an attribute whose shares of positive outcomes provably differ most, and what that forces."""
    assert isinstance(seen.rows, BinaryRows)
    arms = arms_of(partition, seen.subject, seen.rows)
    base = _bases(arms, seen)
    if base.k < 2:
        return replace(_blank(partition, seen), reason="Fewer than two groups have enough cases of both outcomes.")
    pair = _farthest(base, partition, seen)
    low, high = base.arms[pair.low], base.arms[pair.high]
    level = pair.family.pair_level
    ends = base.ends(level, seen.plan.settings.seed)
    ratio = odds_ratio(
        (float(base.value[pair.low]), float(base.value[pair.high])),
        (_one(ends, pair.low), _one(ends, pair.high)),
        float(base.correlation[pair.low, pair.high]),
    )
    wrong = _seen_ratio([arms[base.place[place]] for place in (pair.low, pair.high)], seen, level)
    forced = [_forced_precision(arm.population_id, seen, level) for arm in (low, high)]
    return replace(
        _blank(partition, seen), population_a=low.population_id, population_b=high.population_id,
        base_a=float(base.value[pair.low]), base_b=float(base.value[pair.high]),
        base_difference=pair.difference.value, base_low=pair.difference.low, base_high=pair.difference.high,
        forced_ratio=ratio.value, forced_ratio_low=ratio.low, forced_ratio_high=ratio.high,
        seen_ratio=_finite(wrong, 0), seen_ratio_low=_finite(wrong, 1), seen_ratio_high=_finite(wrong, 2),
        forced_precision_a=_finite(forced[0], 0), forced_precision_a_low=_finite(forced[0], 1),
        forced_precision_a_high=_finite(forced[0], 2), forced_precision_b=_finite(forced[1], 0),
        forced_precision_b_low=_finite(forced[1], 1), forced_precision_b_high=_finite(forced[1], 2),
        proven=pair.proven, pairs_proven=pair.pairs_proven, n_a=low.rows.n, n_b=high.rows.n, pair_level=level,
        method=METHOD, family=pair.family.words, family_size=pair.family.size, status="ok", reason="",
    )  # fmt: skip


def _blank(partition: Partition, seen: Seen) -> Conflict:
    return Conflict(
        subject=seen.name, attribute=partition.attribute, population_a="", population_b="", base_a=None, base_b=None,
        base_difference=None, base_low=None, base_high=None, forced_ratio=None, forced_ratio_low=None,
        forced_ratio_high=None, seen_ratio=None, seen_ratio_low=None, seen_ratio_high=None, forced_precision_a=None,
        forced_precision_a_low=None, forced_precision_a_high=None, forced_precision_b=None,
        forced_precision_b_low=None, forced_precision_b_high=None, proven=False, pairs_proven=0, n_a=0, n_b=0,
        weighted=seen.rows.weight is not None, level=seen.plan.settings.level, pair_level=None, method="none",
        family="", family_size=0, status="too_few", reason="",
    )  # fmt: skip


def _bases(arms: Sequence[Arm], seen: Seen) -> Compared:
    """The share of positive outcomes of every group with enough cases of both outcomes."""
    outcomes = tuple(replace(arm, rows=_as_decided(arm.rows)) for arm in arms)
    found = [_both_outcomes(arm, seen) for arm in outcomes]
    return compared(BASE, outcomes, found, shared_clusters(outcomes))


def _as_decided(rows: object) -> BinaryRows:
    """The rows as if each had been decided as it turned out."""
    assert isinstance(rows, BinaryRows)
    return replace(rows, decision=rows.label)


def _both_outcomes(arm: Arm, seen: Seen) -> Measurement:
    rows = arm.rows
    assert isinstance(rows, BinaryRows)
    if min(rows.positives, rows.negatives) < MIN_RELEVANT:
        return Measurement("too_few", "", rows.n, min(rows.positives, rows.negatives))
    return seen.measure(BASE, rows, f"outcome/{arm.population_id}")


def _farthest(base: Compared, partition: Partition, seen: Seen) -> _Pair:
    """The pair with the largest difference that is proven; where none is, the largest difference."""
    settings = seen.plan.settings
    first, second = every_pair(base.k)
    family = family_of(
        Contrast("difference"), base, (first, second), attribute=partition.by, level=settings.level,
        rng=stream(settings.seed, "simultaneous"),
    )  # fmt: skip
    ends = base.ends(family.pair_level, settings.seed)
    apart = mover_difference(
        base.value[first], Ends(ends.low[first], ends.high[first]),
        base.value[second], Ends(ends.low[second], ends.high[second]), base.correlation[first, second],
    )  # fmt: skip
    value = base.value[first] - base.value[second]
    at_least = np.maximum(0.0, np.maximum(apart.low, -apart.high))
    place = int(np.lexsort((-np.abs(value), -at_least))[0])
    turned = value[place] > 0
    low, high = (second[place], first[place]) if turned else (first[place], second[place])
    span = (apart.low[place], apart.high[place]) if turned else (-apart.high[place], -apart.low[place])
    difference = Ranged(abs(float(value[place])), float(span[0]), float(span[1]))
    proven = at_least > 0
    return _Pair(int(low), int(high), difference, bool(proven[place]), int(proven.sum()), family)


def _one(ends: Ends, place: int) -> Ends:
    return Ends(ends.low[[place]], ends.high[[place]])


def _seen_ratio(pair: Sequence[Arm], seen: Seen, level: float) -> Ranged | None:
    """The false positive rate of the second group to that of the first, as they are; a score interval."""
    found = [seen.measure(WRONG, arm.rows, arm.population_id) for arm in pair]
    sides = compared(WRONG, pair, found, shared_clusters(pair))
    if sides.k < 2 or sides.value[0] == 0:
        return None
    size, df = _together(sides), quantiles(level, np.array([sides.df.min()]))
    ends = koopman_ends(sides.value[1:], size[1:], sides.value[:1], size[:1], df)
    return Ranged(float(sides.value[1] / sides.value[0]), float(ends.low[0]), float(ends.high[0]))


def _together(sides: Compared) -> FloatArray:
    """Independent cases that make the logarithm of the ratio as uncertain as shared clusters make it."""
    relative = sides.standard_errors("ratio")
    apart = float((relative**2).sum())
    together = apart - 2 * float(sides.correlation[0, 1]) * float(relative.prod())
    return np.minimum(sides.size * apart / max(together, 1e-12), sides.count)


def _index(subject: Subject, population_id: str) -> IntArray:
    found = subject.find_rows(population_id)
    return np.arange(subject.n) if found is None or found.index is None else np.asarray(found.index, dtype=np.int64)


def _forced_precision(population_id: str, seen: Seen, level: float) -> Ranged | None:
    """The precision of a group if everyone's error rates were its own; None where these count fewer than ten."""
    whole = seen.rows
    assert isinstance(whole, BinaryRows)
    if whole.decision is None:
        return None
    selected = whole.decision if whole.weight is None else whole.decision & (whole.weight > 0)
    counted = [np.count_nonzero(selected & label) for label in (whole.label, ~whole.label)]
    if min(counted) < MIN_RELEVANT:
        return None
    inside = np.zeros(whole.n)
    inside[_index(seen.subject, population_id)] = 1.0
    weight = np.ones(whole.n) if whole.weight is None else whole.weight
    label, decision = whole.label.astype(np.float64), whole.decision.astype(np.float64)
    positive, negative = weight * label, weight * (1 - label)
    rates = float((positive * decision).sum() / positive.sum()), float((negative * decision).sum() / negative.sum())
    share = float((positive * inside).sum() / (weight * inside).sum())
    influence = log_precision_influence(
        share, inside, *rates, label=label, decision=decision, weight=weight
    )  # fmt: skip
    spread = spread_of(influence, whole.real_clusters)
    if not math.isfinite(spread.se):
        return None
    return precision_range(share, *rates, t_quantile(level, spread.df) * spread.se)


def _finite(found: Ranged | None, place: int) -> float | None:
    return None if found is None or not math.isfinite(found[place]) else float(found[place])
