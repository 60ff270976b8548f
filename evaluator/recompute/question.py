"""A what-if question: which rows, at which cut-off, compared with whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from evaluator.errors import InputError

Operator = Literal["in", "not_in", "between", "missing"]
Combine = Literal["all", "any"]
Edge = float | date
OPERATORS: tuple[Operator, ...] = ("in", "not_in", "between", "missing")
REST, EVERYONE, PREVIOUS_MODEL, WITHOUT = "rest", "all", "previous", "without:"
MOST_FILTERS = 20
MOST_VALUES = 200
MOST_GROUPS = 50
"""Groups with a cut-off, or a share, of their own."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose `column` fits.

    Attributes
    ----------
    operator : "in" and "not_in" look at `values`, levels in their canonical spelling; a missing value is in no list, so
        "not_in" keeps it. "between" is half-open: from `low` to under `high`, None leaves an end open; a missing value
        is never between. "missing" is for rows without a value.
    """

    column: str
    operator: Operator
    values: tuple[str, ...] = ()
    low: Edge | None = None
    high: Edge | None = None


@dataclass(frozen=True, slots=True)
class GroupCutoff:
    """Rows of one level of a column are decided at a cut-off of their own; a score equal to it counts as positive."""

    column: str
    level: str
    cutoff: float


@dataclass(frozen=True, slots=True)
class Target:
    """The shares that some levels of a column are given among all rows; the other levels share the rest as today."""

    column: str
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes
    ----------
    filters, combine : rows that fit all, or any, of the filters; every row without filters.
    threshold : a cut-off to try beside today's; a score equal to it counts as positive.
    compare : "rest" (everyone else), "all" (everyone), "previous" (the earlier model on the same rows) or
        "without:<column>" (rows that fit the other filters but not those on this column).
    class_ : of several classes, the one asked about against the rest; '' asks about all of them together.
    cutoffs : cut-offs of groups, all on one column; the other rows keep `threshold`, or today's without it.
    cost : how many false negatives one false positive weighs; None leaves it to the plan.
    mix : target shares of the levels of some columns, reached by weighing the rows anew; empty leaves them as they are.
    """

    filters: tuple[Filter, ...] = ()
    combine: Combine = "all"
    threshold: float | None = None
    compare: str = REST
    class_: str = ""
    cutoffs: tuple[GroupCutoff, ...] = ()
    cost: float | None = None
    mix: tuple[Target, ...] = ()

    @property
    def tries(self) -> bool:
        """Whether decisions at another cut-off are asked for."""
        return self.threshold is not None or bool(self.cutoffs)

    @property
    def compared_column(self) -> str | None:
        """The column of "without:<column>"."""
        return self.compare.removeprefix(WITHOUT) if self.compare.startswith(WITHOUT) else None

    def without(self, left_out: Filter) -> Question:
        """The question with one filter removed."""
        kept = tuple(one for one in self.filters if one != left_out)
        return replace(self, filters=kept)


def check_size(filters: tuple[Filter, ...]) -> None:
    """Raise InputError for more than anyone asks by hand."""
    values = sum(len(one.values) for one in filters)
    if len(filters) > MOST_FILTERS:
        raise InputError(
            f"The question has {len(filters)} filters; at most {MOST_FILTERS} are answered.", "Remove some of them."
        )
    if values > MOST_VALUES:
        raise InputError(
            f"The question lists {values} values; at most {MOST_VALUES} are answered.",
            "Ask for the values that are left out instead, with !=.",
        )


def check_groups(question: Question) -> None:
    """Raise InputError for more cut-offs or shares of groups than anyone asks by hand."""
    shares = sum(len(target.shares) for target in question.mix)
    for what, count in (("cut-offs", len(question.cutoffs)), ("shares", shares)):
        if count > MOST_GROUPS:
            raise InputError(
                f"The question names {count} {what} of groups; at most {MOST_GROUPS} are answered.",
                "Remove some of them.",
            )
