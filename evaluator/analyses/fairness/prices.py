"""What it costs to hold one fairness goal with a cut-off of its own for every group of an attribute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from evaluator.analyses.fairness.compute import FAMILY, Seen
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.rows import BinaryRows
from evaluator.records import ALL, EstimateStatus, NotTested, Price
from evaluator.records.tradeoffs import Goal
from evaluator.statistics.group_thresholds import (
    OUT_OF_REACH,
    RATES,
    SHARES,
    Today,
    curve_of,
    single_threshold,
)
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray, cluster_factors
from evaluator.statistics.threshold_draws import Drawn, Grid, cell_of_rows, draw_cells, grid_of, row_worth
from evaluator.statistics.threshold_ranges import Priced, Span, Units, price
from evaluator.subject.subject import Partition

GOALS: tuple[Goal, ...] = get_args(Goal)
"""In the order of the rates they hold equal."""
METHOD = "group_thresholds_bootstrap"
GAPS = tuple(f"gap_{rate}" for rate in RATES)
ADD_TO_PLAN = "task: {score: COLUMN, threshold: 0.5}"
OPEN = "No cut-off gives this precision in every group."
UNSURE = "The data cannot tell whether every group has a cut-off that gives this precision."


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """Rows that weigh anything, and the score from which they are selected today."""

    rows: BinaryRows
    kept: IntArray
    threshold: float

    @property
    def score(self) -> FloatArray:
        assert self.rows.score is not None
        return self.rows.score

    @property
    def decision(self) -> BoolArray:
        assert self.rows.decision is not None
        return self.rows.decision


@dataclass(frozen=True, slots=True, eq=False)
class _Split:
    """An attribute: rows by group, which groups have enough cases, and how these stand today.

    `group` is the position of each row among the `usable` groups, or -1.
    """

    partition: Partition
    sizes: tuple[int, ...]
    usable: tuple[int, ...]
    group: IntArray
    today: Today
    cuts: dict[int, IntArray]
    grid: Grid


def why_no_prices(seen: Seen) -> tuple[NotTested, ...]:
    """The row that says why no price was worked out; none where it was."""
    reason = _why_not(seen)
    if not reason:
        return ()
    what = "What holding an error equal between groups would cost"
    return (NotTested("fairness", what, reason[:1].lower() + reason[1:].rstrip("."), ADD_TO_PLAN),)


def _why_not(seen: Seen) -> str:
    """Why group cut-offs cannot be tried, as a sentence; '' where they can."""
    rows = seen.rows
    assert isinstance(rows, BinaryRows)
    if rows.score is None:
        return "The plan names no score, so there is no cut-off to move."
    if rows.decision is None:
        return "The plan names no cut-off for the score."
    rows = rows.with_weight()
    assert rows.decision is not None
    assert rows.score is not None
    if not rows.decision.any() or rows.decision.all():
        return "All cases get the same decision."
    followed = single_threshold(rows.score, rows.decision) is not None
    return "" if followed else "The decisions do not follow one cut-off of the score."


def prices_of(attributes: Sequence[Partition], seen: Seen) -> tuple[Price, ...]:
    """The price of every goal for every attribute.

    Notes
    -----
    Rows are drawn again for all attributes at once (`threshold_draws`), whole clusters with their weights.
    """
    if reason := _why_not(seen):
        return tuple(
            replace(row, status="not_tested", reason=reason)
            for partition in attributes
            for row in _blanks(partition, seen)
        )
    scored = _scored(seen)
    splits = [_split(partition, seen, scored) for partition in attributes]
    drawn = draw_cells(
        {one.partition.attribute: _codes(one, scored) for one in splits if len(one.usable) > 1},
        {one.partition.attribute: one.grid.cells for one in splits if len(one.usable) > 1},
        seed=seen.plan.settings.seed, weight=scored.rows.weight, cluster=scored.rows.real_clusters,
    )  # fmt: skip
    return tuple(row for one in splits for row in _rows_of(one, seen, scored, drawn.get(one.partition.attribute)))


def _scored(seen: Seen) -> _Scored:
    whole = seen.rows
    assert isinstance(whole, BinaryRows)
    kept = np.arange(whole.n) if whole.weight is None else np.flatnonzero(whole.weight > 0)
    rows = whole if kept.size == whole.n else whole.take(kept)
    assert rows.score is not None
    assert rows.decision is not None
    threshold = single_threshold(rows.score, rows.decision)
    assert threshold is not None
    return _Scored(rows, kept.astype(np.int64), threshold)


def _split(partition: Partition, seen: Seen, scored: _Scored) -> _Split:
    rows = scored.rows
    named = np.full(seen.subject.n, -1, dtype=np.int64)
    for position, population in enumerate(partition.groups):
        found = seen.subject.find_rows(population)
        if found is not None and found.index is not None:
            named[found.index] = position
    named = named[scored.kept]
    sizes = tuple(int(np.count_nonzero(named == position)) for position in range(len(partition.groups)))
    usable = tuple(position for position in range(len(sizes)) if _enough(rows, named == position, seen))
    place = np.full(len(sizes) + 1, -1, dtype=np.int64)
    place[list(usable)] = np.arange(len(usable))
    group = place[named]
    curves = tuple(
        curve_of(rows.label[inside], scored.score[inside], scored.threshold, _part(rows.weight, inside))
        for inside in (group == position for position in range(len(usable)))
    )
    today = Today(curves, _left_as_they_are(rows, group < 0, scored.decision))
    cuts = {rate: today.cuts_for(rate) for rate in range(len(RATES))} if len(usable) > 1 else {}
    return _Split(partition, sizes, usable, group, today, cuts, grid_of(today, cuts, _worth(rows, group, len(usable))))


def _enough(rows: BinaryRows, inside: BoolArray, seen: Seen) -> bool:
    positives = int(np.count_nonzero(rows.label & inside))
    n = int(np.count_nonzero(inside))
    if n < seen.plan.data.min_group or min(positives, n - positives) < MIN_RELEVANT:
        return False
    return rows.real_clusters is None or np.unique(rows.real_clusters[inside]).size > 1


def _part(values: FloatArray | None, inside: BoolArray) -> FloatArray | None:
    return None if values is None else values[inside]


def _left_as_they_are(rows: BinaryRows, inside: BoolArray, decision: BoolArray) -> FloatArray:
    weight = np.ones(rows.n) if rows.weight is None else rows.weight
    cells = (rows.label & decision, ~rows.label & decision, rows.label, ~rows.label)
    return np.array([float(weight[inside & cell].sum()) for cell in cells])


def _worth(rows: BinaryRows, group: IntArray, k: int) -> FloatArray:
    inside = [group == position for position in range(k)]
    weights = None if rows.weight is None else [rows.weight[one] for one in inside]
    clusters = None if rows.real_clusters is None else [rows.real_clusters[one] for one in inside]
    return row_worth(weights, clusters, k)


def _codes(split: _Split, scored: _Scored) -> IntArray:
    return cell_of_rows(split.today, split.grid, split.group, scored.rows.label, scored.score, scored.decision)


def _units(split: _Split, rows: BinaryRows) -> Units:
    """Of the usable groups and of everyone."""
    insides = [*(split.group == position for position in range(len(split.usable))), np.ones(rows.n, dtype=bool)]
    found = [_unit(rows, inside) for inside in insides]
    return Units(*np.array(found, dtype=np.float64).T)


def _unit(rows: BinaryRows, inside: BoolArray) -> tuple[float, float, float]:
    clusters = None if rows.real_clusters is None else [rows.real_clusters[inside]]
    weights = None if rows.weight is None else [rows.weight[inside]]
    n = float(np.count_nonzero(inside))
    size = n * float(row_worth(weights, clusters, 1)[0])
    if clusters is None:
        return n / (n - 1), n - 1, size
    sizes = np.unique(clusters[0], return_counts=True)[1].astype(np.float64)
    df = cluster_factors(sizes, np.ones(sizes.size))[1]
    return sizes.size / (sizes.size - 1), df, size


def _rows_of(split: _Split, seen: Seen, scored: _Scored, drawn: Drawn | None) -> list[Price]:
    blanks = [
        replace(row, n=_size_of(row, split), n_kept=_kept_of(row, split)) for row in _blanks(split.partition, seen)
    ]
    if drawn is None:
        reason = "Fewer than two groups have enough cases of both outcomes."
        return [replace(row, status="too_few", reason=reason) for row in blanks]
    units = _units(split, scored.rows)
    return [
        row
        for rate, goal in enumerate(GOALS)
        for row in _goal_rows([row for row in blanks if row.goal == goal], rate, split, seen, units, drawn)
    ]


def _goal_rows(
    blanks: Sequence[Price], rate: int, split: _Split, seen: Seen, units: Units, drawn: Drawn
) -> list[Price]:  # fmt: skip
    cuts, level = split.cuts[rate], seen.plan.settings.level
    if (cuts == OUT_OF_REACH).any():
        return [_cannot_hold(row, split, cuts, seen) for row in blanks]
    found = price(split.today, split.grid, drawn, rate, cuts, level=level, units=units)
    if found.out_of_reach > 1 - level:
        return [_marked(row, split, "undefined", UNSURE, seen) for row in blanks]
    return [_priced(row, found, cuts, split, seen) for row in blanks]


def _cannot_hold(row: Price, split: _Split, cuts: IntArray, seen: Seen) -> Price:
    place = _place(row, split)
    own = place is not None and place < len(split.usable) and cuts[place] == OUT_OF_REACH
    return _marked(row, split, "undefined", "No cut-off gives this precision in this group." if own else OPEN, seen)


def _marked(row: Price, split: _Split, status: EstimateStatus, reason: str, seen: Seen) -> Price:
    if _place(row, split) is None:
        return replace(row, status="too_few", reason=_few(seen))
    return replace(row, status=status, reason=reason)


def _few(seen: Seen) -> str:
    return f"Fewer than {seen.plan.data.min_group} rows, or fewer than {MIN_RELEVANT} of one outcome."


def _place(row: Price, split: _Split) -> int | None:
    """Position of a population among the usable groups, everyone after them; None for groups that are too small."""
    if row.population_id == ALL:
        return len(split.usable)
    position = split.partition.groups.index(row.population_id)
    return split.usable.index(position) if position in split.usable else None


def _priced(row: Price, found: Priced, cuts: IntArray, split: _Split, seen: Seen) -> Price:
    place, k = _place(row, split), len(split.usable)
    if place is None:
        return replace(row, status="too_few", reason=_few(seen))
    if row.metric in GAPS:
        return _priced_gap(row, found, k, split.partition.by)
    at = (place, SHARES.index(row.metric))
    before, after, change = (_number(span, at) for span in (found.before, found.after, found.change))
    own = place < k
    return replace(
        row, before=before[0], before_low=before[1], before_high=before[2], after=after[0], after_low=after[1],
        after_high=after[2], change=change[0], low=change[1], high=change[2], method=METHOD, status="ok", reason="",
        threshold=split.today.curves[place].threshold(int(cuts[place])) if own else None,
        family=f"all {k} groups by {split.partition.by}" if own else FAMILY, family_size=k if own else 1,
    )  # fmt: skip


def _priced_gap(row: Price, found: Priced, k: int, by: str) -> Price:
    at = (GAPS.index(row.metric),)
    after, before = _number(found.gap, at), float(found.gap_before[at])
    if not np.isfinite([*after, before]).all():
        return replace(row, status="undefined", reason="A group has no cases that this rate is a share of.")
    pairs = k * (k - 1) // 2
    words = "the one pair of groups" if pairs == 1 else f"all {pairs} pairs of groups"
    return replace(
        row, before=before, after=after[0], after_low=after[1], after_high=after[2], change=after[0] - before,
        method=f"{METHOD}_simultaneous", family=f"{words} by {by}", family_size=pairs, status="ok", reason="",
    )  # fmt: skip


def _number(span: Span, at: tuple[int, ...]) -> tuple[float, float, float]:
    value, low, high = (float(part[at]) for part in span)
    return value, min(low, value), max(high, value)


def _size_of(row: Price, split: _Split) -> int:
    if row.population_id == ALL:
        return sum(split.sizes)
    return split.sizes[split.partition.groups.index(row.population_id)]


def _kept_of(row: Price, split: _Split) -> int:
    """Rows that keep today's cut-off."""
    if row.population_id == ALL:
        return sum(size for position, size in enumerate(split.sizes) if position not in split.usable)
    return _size_of(row, split) if _place(row, split) is None else 0


def _blanks(partition: Partition, seen: Seen) -> list[Price]:
    """One row for every number there could be: goal by goal, everyone first, then the groups in their order."""
    return [
        Price(
            goal=goal, subject=seen.name, attribute=partition.attribute, population_id=population, metric=metric,
            before=None, before_low=None, before_high=None, after=None, after_low=None, after_high=None, change=None,
            low=None, high=None, threshold=None, level=seen.plan.settings.level, method="none", n=0, n_kept=0,
            weighted=seen.rows.weight is not None, family="", family_size=0, status="not_tested", reason="",
        )
        for goal in GOALS
        for population in (ALL, *partition.groups)
        for metric in ((*SHARES, *GAPS) if population == ALL else SHARES)
    ]  # fmt: skip
