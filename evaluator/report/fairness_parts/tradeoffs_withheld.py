"""Goals and prices for readers who may not see figures about few people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from evaluator.records import ALL, Conflict, Price
from evaluator.report.fairness_parts.closing import HIDDEN, close_line

NOT_SHOWN = "not shown"

Row = TypeVar("Row", Conflict, Price)
Question = tuple[str, str, str]
"""Goal, subject and attribute."""


def withhold(rows: Sequence[Row], fewer_than: int) -> tuple[Row, ...]:
    """The rows of one kind for readers who may not see figures about fewer than `fewer_than` people.

    A group of few people has no number of its own, but everyone's number less those of all other groups would be its
    number. Where the people without a number are that few, the smallest other groups lose their numbers too, and so do
    the gaps, which could give them back.
    """
    closed = _closed(_prices(rows), fewer_than)
    return tuple(_shown(row, closed, fewer_than) for row in rows)


def _prices(rows: Sequence[Conflict] | Sequence[Price]) -> list[Price]:
    return [row for row in rows if isinstance(row, Price)]


def _question(row: Price) -> Question:
    return row.goal, row.subject, row.attribute


def _closed(rows: Sequence[Price], fewer_than: int) -> dict[Question, set[str]]:
    """For each goal and attribute that needs it, the groups that lose their numbers with those of few people."""
    closed: dict[Question, set[str]] = {}
    for question in dict.fromkeys(_question(row) for row in rows):
        groups = {row.population_id: row for row in rows if _question(row) == question and row.population_id != ALL}
        bare = {name for name, row in groups.items() if row.status != "ok" or 0 < row.n < fewer_than}
        line = sorted((name, row.n) for name, row in groups.items())
        if more := close_line(line, bare, fewer_than) - bare:
            closed[question] = more
    return closed


def _shown(row: Row, closed: Mapping[Question, set[str]], fewer_than: int) -> Row:
    if isinstance(row, Conflict):
        few = [0 < n < fewer_than for n in (row.n_a, row.n_b)]
        return replace(row, n_a=HIDDEN if few[0] else row.n_a, n_b=HIDDEN if few[1] else row.n_b)
    question = _question(row)
    kept = HIDDEN if 0 < row.n_kept < fewer_than or question in closed else row.n_kept
    if 0 < row.n < fewer_than:
        row = replace(row, n=HIDDEN)
    if question in closed and (row.population_id in closed[question] or row.metric.startswith("gap_")):
        return replace(
            row, before=None, before_low=None, before_high=None, after=None, after_low=None, after_high=None,
            change=None, low=None, high=None, threshold=None, n_kept=kept, status="too_few", reason=NOT_SHOWN,
            n=HIDDEN if row.population_id != ALL else row.n,
        )  # fmt: skip
    return replace(row, n_kept=kept)
