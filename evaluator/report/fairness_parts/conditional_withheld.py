"""Comparisons among people who are alike, without what is about few people or could be worked out to be.

Cases of the levels add up to those of the group, and those of the groups to those of the level. So a level in which any
group has few cases is closed for all groups, and with it the smallest others, until what is hidden counts enough people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from evaluator.records import Conditional, Stratum
from evaluator.report.fairness_parts.closing import HIDDEN, close_line

NOT_SHOWN = "not shown"
Key = tuple[str, str]
Row = TypeVar("Row", Conditional, Stratum)


def withhold(rows: Sequence[Row], fewer_than: int) -> tuple[Row, ...]:
    """The same comparisons, or levels, for readers who may not see figures about fewer than `fewer_than` people."""
    found: list[Row] = []
    by_place: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        by_place[row.attribute, row.given].append(row)
    for same in by_place.values():
        if isinstance(same[0], Stratum):
            found += _levels(same, fewer_than)
        else:
            found += _comparisons(same, fewer_than)
    order = {id(row): position for position, row in enumerate(rows)}
    places = [order[id(row)] for same in by_place.values() for row in same]
    return tuple(row for _, row in sorted(zip(places, found, strict=True), key=lambda pair: pair[0]))


def _comparisons(rows: Sequence[Conditional], fewer_than: int) -> list[Conditional]:
    """Groups of few people, the next smallest group without its counts, and levels left out that hold few."""
    closed: dict[str, set[str]] = {
        metric: _small_groups(rows, metric, fewer_than) for metric in {r.metric for r in rows}
    }
    return [_comparison(row, closed[row.metric], fewer_than) for row in rows]


def _small_groups(rows: Sequence[Conditional], metric: str, fewer_than: int) -> set[str]:
    return _closed([{row.population_id: row.n for row in rows if row.metric == metric}], fewer_than)


def _comparison(row: Conditional, closed: Collection[str], fewer_than: int) -> Conditional:
    if _is_few(row.n, fewer_than) or _is_few(row.n_rest, fewer_than):
        return replace(
            row, rate=None, rate_rest=None, crude=None, crude_low=None, crude_high=None, difference=None, low=None,
            high=None, odds_ratio=None, odds_low=None, odds_high=None, disparity=None, disparity_low=None,
            disparity_high=None, p_value=None, p_adjusted=None, p_alike=None, reversed_=False, explained=False,
            uncovered=False, strata_used=HIDDEN, n=HIDDEN, n_rest=HIDDEN, n_used=HIDDEN, n_rest_used=HIDDEN, status="too_few",
            reason=f"fewer than {fewer_than}",
        )  # fmt: skip
    shown = row.population_id not in closed
    left_out = (row.n - row.n_used, row.n_rest - row.n_rest_used)
    few = any(_is_few(n, fewer_than) for n in (*left_out, row.n_used, row.n_rest_used))
    return replace(
        row, n=row.n if shown else HIDDEN, n_rest=row.n_rest if shown else HIDDEN,
        n_used=HIDDEN if few or not shown else row.n_used, n_rest_used=HIDDEN if few or not shown else row.n_rest_used,
        reason="too few cases" if row.status == "too_few" else row.reason,
    )  # fmt: skip


def _levels(rows: Sequence[Stratum], fewer_than: int) -> list[Stratum]:
    closed = _closed_levels(rows, fewer_than)
    # People of groups too small to stand here are what is left of everyone else.
    rest_shown = not any(_is_few(n, fewer_than) for n in _left_over(rows).values())
    whole = _most_cases(rows)
    # Those who repaid leave those who did not: cases that are part of others are not counted where few are left.
    parted = any(
        _is_few(left, fewer_than) for row in rows if row.stratum_id not in closed for left in _beside(row, whole)
    )
    return [
        _level(row, closed, fewer_than, rest_shown=rest_shown, counted=not parted or not any(_beside(row, whole)))
        for row in rows
    ]


def _most_cases(rows: Sequence[Stratum]) -> dict[tuple[str, str], tuple[int, int]]:
    """Cases of both sides by group and level, over all numbers."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        key = (row.population_id, row.stratum_id)
        n, n_rest = found.get(key, (0, 0))
        found[key] = (max(n, row.n), max(n_rest, row.n_rest))
    return found


def _beside(row: Stratum, whole: dict[tuple[str, str], tuple[int, int]]) -> tuple[int, int]:
    """Cases of both sides that the number is not about."""
    n, n_rest = whole[row.population_id, row.stratum_id]
    return n - row.n, n_rest - row.n_rest


def _closed_levels(rows: Sequence[Stratum], fewer_than: int) -> set[str]:
    """Levels with few of any group, on either side, by any number, and those that would give them away."""
    counts: dict[tuple[str, str, int], dict[str, int]] = defaultdict(dict)
    for row in rows:
        for side, n in enumerate((row.n, row.n_rest)):
            counts[row.population_id, row.metric, side][row.stratum_id] = n
    return _closed(list(counts.values()), fewer_than)


def _left_over(rows: Sequence[Stratum]) -> dict[tuple[str, str], int]:
    """People of a level who are in none of the groups that stand here."""
    total: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.metric, row.stratum_id)
        total[key] = total.get(key, row.n + row.n_rest) - row.n
    return total


def _closed(counts: Sequence[dict[str, int]], fewer_than: int) -> set[str]:
    """Names with few cases in any of the counts, and the smallest others until no count hides few people."""
    closed: set[str] = set()
    more = {name for numbers in counts for name, n in numbers.items() if _is_few(n, fewer_than)}
    while more - closed:
        closed |= more
        more = {name for numbers in counts for name in close_line(sorted(numbers.items()), closed, fewer_than)}
    return closed


def _level(row: Stratum, closed: Collection[str], fewer_than: int, *, rest_shown: bool, counted: bool) -> Stratum:
    if row.stratum_id not in closed:
        reason = "too few cases" if row.status == "too_few" else row.reason
        n, n_rest = (row.n, row.n_rest if rest_shown else HIDDEN) if counted else (HIDDEN, HIDDEN)
        return replace(row, n=n, n_rest=n_rest, reason=reason)
    few = _is_few(row.n, fewer_than) or _is_few(row.n_rest, fewer_than)
    return replace(
        row, n=HIDDEN, n_rest=HIDDEN, rate=None, rate_rest=None, difference=None, low=None, high=None, status="too_few",
        reason=f"fewer than {fewer_than}" if few else NOT_SHOWN,
    )  # fmt: skip


def _is_few(n: int, fewer_than: int) -> bool:
    return 0 < n < fewer_than
