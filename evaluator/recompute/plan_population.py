"""The people of a question as the `population` of a plan's criterion, or why a plan cannot name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.plan.scalars import PlainValue
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.population import span_of
from evaluator.recompute.question import MOST_VALUES, Combine, Filter, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.subject.terms import part_text
from evaluator.subject.words import visible
from evaluator.wording import Quoted, Sentence, compose

LONGEST_NAME = 500
"""Characters of a column's name in a plan."""
LONGEST_LEVEL = 10_000


@dataclass(frozen=True, slots=True)
class PlanPopulation:
    """Column by column the values, bands and windows that a plan lists; `why_not` says what it cannot say.

    `remarks` say what reads differently in a plan but names the same rows of these data.
    """

    terms: Mapping[str, tuple[PlainValue, ...]]
    why_not: tuple[Sentence, ...] = ()
    remarks: tuple[Sentence, ...] = ()


def plan_population(rows: LoadedRows, question: Question, time_column: str | None) -> PlanPopulation:
    """Name the rows of a checked question as a plan does.

    Parameters
    ----------
    time_column : of the plan; only on it can a plan name a span of dates.
    """
    by_column: dict[str, list[Filter]] = {}
    for one in question.filters:
        by_column.setdefault(one.column, []).append(one)
    if question.combine == "any" and len(by_column) > 1:
        said = compose("a plan names groups that fit all conditions; “any of these” over several columns has no place.")
        return PlanPopulation({}, (said,))
    terms: dict[str, tuple[PlainValue, ...]] = {}
    why_not, remarks = [], []
    for name, filters in by_column.items():
        column = rows.columns[name]
        parts = _parts(filters, column, question.combine, dated=name == time_column)
        if problem := _problem(parts, column):
            why_not.append(problem)
            continue
        terms[name] = tuple(parts or ())
        if any(one.operator == "not_in" for one in filters):
            words = Quoted(visible(column.words.words))
            remarks.append(compose("the plan lists the values of “", words, "” that are left."))
    return PlanPopulation(terms, tuple(why_not), tuple(remarks))


def _problem(parts: list[PlainValue] | None, column: AskedColumn) -> Sentence | None:
    words = Quoted(visible(column.words.words))
    if len(column.name) > LONGEST_NAME or any(isinstance(one, str) and len(one) > LONGEST_LEVEL for one in parts or ()):
        return compose("a plan cannot hold so long a name or value: “", words, "”.")
    if parts is None:
        return compose("a plan cannot say the condition on “", words, "”: give the column bands or levels there.")
    if not parts:
        return compose("nobody fits the conditions on “", words, "”, so nothing can be required.")
    if len(parts) > MOST_VALUES:
        return compose("the condition on “", words, "” lists more values than a plan should.")
    return None


def _parts(filters: Sequence[Filter], column: AskedColumn, combine: Combine, *, dated: bool) -> list[PlainValue] | None:
    """What the plan lists for one column; None for what it cannot say."""
    if column.coded:
        return _levels(filters, column, combine)
    if combine == "any" or len(filters) == 1:
        found = [_one(one, column, dated=dated) for one in filters]
        return None if any(part is None for part in found) else [value for part in found for value in part or ()]
    if any(one.operator != "between" for one in filters):
        return None
    joined = _intersection(filters)
    return [] if joined is None else _one(joined, column, dated=dated)


def _levels(filters: Sequence[Filter], column: AskedColumn, combine: Combine) -> list[PlainValue]:
    """The levels, and the missing value, that fit; a plan lists them, so it can say every condition on groups."""
    options: list[str | None] = [*column.levels, *([None] if column.has_missing else [])]
    join = all if combine == "all" else any
    return [option for option in options if join(_fits(option, one) for one in filters)]


def _fits(option: str | None, asked: Filter) -> bool:
    if asked.operator == "missing":
        return option is None
    return (option in asked.values) == (asked.operator == "in")


def _one(asked: Filter, column: AskedColumn, *, dated: bool) -> list[PlainValue] | None:
    if asked.operator == "missing":
        return [None] if column.has_missing else []
    if asked.operator == "in":
        return [_number(float(value)) for value in asked.values]
    if asked.operator == "not_in" or (column.kind == "time" and not dated):
        return None
    return [part_text(span_of(asked))]


def _number(value: float) -> PlainValue:
    return int(value) if value.is_integer() else value


def _intersection(filters: Sequence[Filter]) -> Filter | None:
    """Several ranges on one column as one; None when they share nothing."""
    lows: list[Any] = [one.low for one in filters if one.low is not None]
    highs: list[Any] = [one.high for one in filters if one.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and not low < high:
        return None
    return Filter(filters[0].column, "between", low=low, high=high)
