"""Every group against the best one and against everyone else: who is held against whom, and at which level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.grouped import Grouped
from evaluator.analyses.fairness.held_against import Batch
from evaluator.catalogue.metrics import METRICS, NEITHER_WAY
from evaluator.catalogue.settings import PAIRS_TOGETHER_FROM
from evaluator.records import EstimateStatus, Gap, GroupGap
from evaluator.statistics.group_shares import GroupShares, Shares
from evaluator.statistics.quantiles import normal_level
from evaluator.statistics.simultaneous import max_t_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

Levels = Mapping[tuple[str, str, str, str, str], Gap]
"""The gaps between all pairs of groups, by metric, class, subject, attribute and kind."""
ALONE = "Fewer than two groups have enough cases."
BEST = "This is the group that the others are held against."
FEW_OTHERS = "Everyone else has too few cases."


@dataclass(frozen=True, slots=True)
class Family:
    """What holds together: in words, how many ranges, and the level of one."""

    words: str
    size: int
    level: float


def gaps_by_kind(gaps: tuple[Gap, ...]) -> Levels:
    """The usual gaps between all pairs of groups of everyone."""
    return {
        (row.metric, row.class_, row.subject, row.attribute, row.kind): row
        for row in gaps
        if row.within == "all" and row.against == "extremes" and row.status == "ok"
    }


def best_of(metric: str, values: FloatArray) -> int:
    """Position of the best value; the highest where neither way is better, the nearest to the ideal where one is set."""
    entry = METRICS[metric]
    if metric in NEITHER_WAY or entry.direction == "higher":
        return int(np.argmax(values))
    return int(np.argmin(values if entry.direction == "lower" else np.abs(values - entry.ideal)))


def held_against_best(metric: str, grouped: Grouped, shares: GroupShares, gaps: Levels, batch: Batch) -> None:
    """Every group against the best one; the ranges hold together with those of all pairs, whichever turned out best."""
    few = grouped.few(metric, shares.groups)
    usable = np.array([at for at, why in enumerate(few) if not why], dtype=np.int64)
    best = int(usable[best_of(metric, shares.groups.value[usable])]) if usable.size > 1 else -1
    against_id = grouped.partition.groups[best] if best >= 0 else ""
    others = usable[usable != best]
    family, levels = _all_pairs(metric, grouped, usable.size, gaps)
    rows: list[GroupGap] = []
    for position, why in enumerate(few):
        row = _blank(metric, grouped, position, shares.groups, "best", against_id, family)
        if why or best < 0:
            batch.add(_without(row, "too_few", why or ALONE))
        elif position == best:
            batch.add(_without(row, "not_applicable", BEST))
        else:
            rows.append(row)
    if rows:
        target = np.full(others.size, best, dtype=np.int64)
        correlation = shares.correlation[others, target]
        batch.add_pairs(rows, shares.groups, others, shares.groups, target, correlation, levels=levels)


def held_against_rest(metric: str, grouped: Grouped, shares: GroupShares, batch: Batch) -> None:
    """Every group against everyone else; the ranges of all groups hold together."""
    few, few_rest = grouped.few(metric, shares.groups), grouped.few(metric, shares.rests)
    reasons = [why or (FEW_OTHERS if other else "") for why, other in zip(few, few_rest, strict=True)]
    usable = np.array([at for at, why in enumerate(reasons) if not why], dtype=np.int64)
    family = _all_groups(grouped, shares, usable)
    rows: list[GroupGap] = []
    for position, why in enumerate(reasons):
        row = _blank(metric, grouped, position, shares.groups, "rest", "", family)
        if why:
            batch.add(_without(row, "too_few", why))
        else:
            rows.append(row)
    if rows:
        correlation = shares.correlation_with_rest[usable]
        levels = (family.level, family.level)
        batch.add_pairs(rows, shares.groups, usable, shares.rests, usable, correlation, levels=levels)


def _all_pairs(metric: str, grouped: Grouped, k: int, gaps: Levels) -> tuple[Family, tuple[float, float]]:
    """The level that one of all pairs takes: that of the gap between all groups, or Bonferroni's where there is none."""
    seen, partition = grouped.seen, grouped.partition
    level, pairs = seen.plan.settings.level, max(1, k * (k - 1) // 2)
    plain = 1 - (1 - level) / pairs
    known = [gaps.get((metric, seen.class_, seen.name, partition.attribute, kind)) for kind in ("difference", "ratio")]
    taken = [plain if row is None or row.pair_level is None else row.pair_level for row in known]
    words = "the one pair of groups" if pairs == 1 else f"all {pairs} pairs of groups"
    return Family(f"{words} by {partition.by}", pairs, taken[0]), (taken[0], taken[1])


def _all_groups(grouped: Grouped, shares: GroupShares, usable: IntArray) -> Family:
    """The level of one group at which all groups, each against everyone else, hold together.

    Notes
    -----
    max-|t| over the differences of all groups: everyone else is made of the same groups, so that the correlation is
    known. Two groups alone are one comparison, seen from both sides. Under PAIRS_TOGETHER_FROM cases: Bonferroni.
    """
    seen = grouped.seen
    level = seen.plan.settings.level
    pair = int(np.count_nonzero(shares.groups.cases)) == 2
    size = 1 if pair else max(1, usable.size)
    words = f"all {usable.size} groups by {grouped.partition.by}, each with everyone else"
    if size == 1:
        return Family(words, size, level)
    sizes = [part.size[usable].min() for part in (shares.groups, shares.rests)]
    if min(sizes) < PAIRS_TOGETHER_FROM:
        return Family(words, size, 1 - (1 - level) / size)
    quantile = max_t_quantile(
        _between_contrasts(shares, usable), level, rng=stream(seen.plan.settings.seed, "simultaneous")
    )
    return Family(words, size, normal_level(quantile))


def _between_contrasts(shares: GroupShares, usable: IntArray) -> FloatArray:
    """Correlation between the differences of the usable groups with everyone else, shape (usable, usable)."""
    groups = shares.groups
    some = groups.cases > 0
    total = groups.total.sum()
    contrast = -groups.total[None, :] / np.maximum(total - groups.total, 1e-300)[:, None]
    np.fill_diagonal(contrast, 1.0)
    se = np.sqrt(np.where(some, np.nan_to_num(groups.variance), 0.0))
    known = shares.correlation + np.eye(se.size)
    covariance = contrast @ (known * np.outer(se, se)) @ contrast.T
    inside = covariance[np.ix_(usable, usable)]
    scale = np.sqrt(np.maximum(np.diag(inside), 1e-300))
    found: FloatArray = (inside / np.outer(scale, scale)).clip(-1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found


def _blank(
    metric: str, grouped: Grouped, position: int, groups: Shares, against: str, against_id: str, family: Family
) -> GroupGap:
    seen, partition = grouped.seen, grouped.partition
    method = "newcombe_koopman" + ("" if not grouped.rows.clustered and grouped.rows.weight is None else "_effective")
    return GroupGap(
        metric=metric, class_=seen.class_, subject=seen.name, attribute=partition.attribute,
        population_id=partition.groups[position], against="best" if against == "best" else "rest", against_id=against_id,
        difference=None, low=None, high=None, ratio=None, ratio_low=None, ratio_high=None,
        level=seen.plan.settings.level, method=method, family=family.words, family_size=family.size,
        n=int(groups.cases[position]), status="ok", reason="",
    )  # fmt: skip


def _without(row: GroupGap, status: EstimateStatus, reason: str) -> GroupGap:
    return replace(row, status=status, reason=reason, method="none")
