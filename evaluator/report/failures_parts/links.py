"""From a group that was found to the what-if question about the same cases."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from evaluator.errors import InputError
from evaluator.recompute.link import link_of
from evaluator.recompute.question import Edge, Filter, Question
from evaluator.records.failures import SliceCondition


def question_link(conditions: Sequence[SliceCondition]) -> dict[str, str] | None:
    """The parts of an address that ask about the same cases; None where they are too long for one."""
    try:
        return link_of(Question(tuple(filter_of(row) for row in conditions)))
    except InputError:
        return None


def filter_of(row: SliceCondition) -> Filter:
    """The condition as a filter: levels as a list, bands and windows as a range, missing values as such."""
    (term,) = json.loads(row.definition)["terms"]
    column: str = term["column"]
    levels: list[str | None] = term.get("levels", [])
    if levels:
        return Filter(column, "missing") if levels == [None] else Filter(column, "in", tuple(map(str, levels)))
    low, high = _ends(term)
    return Filter(column, "between", low=low, high=high)


def _ends(term: Mapping[str, Any]) -> tuple[Edge | None, Edge | None]:
    if "bands" in term:
        ((low, high),) = term["bands"]
        return low, high
    ((start, end),) = term["windows"]
    return _day(start), _day(end)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
