"""The best guess about every group: its value drawn towards the mean, or to what its attributes add up to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.grouped import Grouped
from evaluator.analyses.fairness.number_gaps import Sides, variances_of
from evaluator.records import Shrunken
from evaluator.statistics.additive_rates import drawn_to_additive_means, drawn_to_additive_shares
from evaluator.statistics.group_shares import GroupShares
from evaluator.statistics.shrinkage import Drawn, drawn_to_mean
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.subject import Partition

ALONE = "No other group has enough cases."


def guessed_shares(metric: str, grouped: Grouped, shares: GroupShares) -> tuple[Shrunken, ...]:
    """Best guesses of one share; groups of several attributes are drawn to the additive prediction."""
    groups = shares.groups
    few = grouped.few(metric, groups)
    usable = _usable(few)
    value, size, variance = groups.value[usable], groups.size[usable], groups.variance[usable]
    found = None
    if len(grouped.partition.columns) > 1 and usable.size > 1:
        found = drawn_to_additive_shares(value, size, grouped.levels[:, usable])
    counts = [int(cases) for cases in groups.cases]
    return _rows(metric, grouped.seen, grouped.partition, counts, few, value, found, variance)


def guessed_means(seen: Seen, partition: Partition, sides: Sides, levels: IntArray) -> tuple[Shrunken, ...]:
    """Best guesses of one mean of errors."""
    few = [side.why for side in sides.groups]
    usable = _usable(few)
    value = np.array([side.value for side in sides.groups if not side.why])
    variance = variances_of(sides.groups)
    found = None
    if len(partition.columns) > 1 and usable.size > 1:
        found = drawn_to_additive_means(value, variance, levels[:, usable])
    return _rows(sides.metric, seen, partition, [side.n for side in sides.groups], few, value, found, variance)


def _usable(few: Sequence[str]) -> IntArray:
    return np.array([position for position, why in enumerate(few) if not why], dtype=np.int64)


def _rows(
    metric: str,
    seen: Seen,
    partition: Partition,
    counts: Sequence[int],
    few: Sequence[str],
    own: FloatArray,
    additive: Drawn | None,
    variance: FloatArray,
) -> tuple[Shrunken, ...]:
    """One row per group; those that cannot take part have no numbers."""
    drawn = additive or drawn_to_mean(own, variance)
    spread = float(np.sqrt(drawn.between))
    place = {int(position): rank for rank, position in enumerate(_usable(few))}
    rows: list[Shrunken] = []
    for position, (name, why) in enumerate(zip(partition.groups, few, strict=True)):
        why = why or (ALONE if own.size < 2 else "")
        at = None if why else place[position]
        numbers = [None if at is None else float(part[at]) for part in (drawn.value, own, drawn.toward, drawn.weight)]
        rows.append(
            Shrunken(
                metric=metric, class_=seen.class_, subject=seen.name, attribute=partition.attribute, population_id=name,
                value=numbers[0], raw=numbers[1], toward=numbers[2], weight=numbers[3],
                toward_what="mean" if additive is None else "additive", between_sd=None if why else spread,
                n=counts[position], status="too_few" if why else "ok", reason=why,
            )
        )  # fmt: skip
    return tuple(rows)
