"""A column of a data file in short, and what its name or its range suggests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaluator.plan.schema import Scalar

ColumnKind = Literal["number", "category", "boolean", "time", "text"]


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column of a data file: kind, number of distinct values, some of them, and the range of numbers.

    `levels` are all values where they are few, else none.
    """

    name: str
    kind: ColumnKind
    distinct: int
    examples: tuple[Scalar, ...] = ()
    low: float | None = None
    high: float | None = None
    levels: tuple[Scalar, ...] = ()


def could_be_score(column: ColumnSummary) -> bool:
    """Whether all values lie between 0 and 1, and are more than two."""
    if column.kind != "number" or column.distinct <= 2 or column.low is None or column.high is None:
        return False
    return column.low >= 0 and column.high <= 1


def name_rank(name: str, names: Sequence[str]) -> int | None:
    """How early a telling name is listed: whole names before names that hold it as one word."""
    plain = name.strip().lower()
    if plain in names:
        return names.index(plain)
    words = set(re.split(r"[^a-z0-9]+", plain))
    ranks = [len(names) + position for position, known in enumerate(names) if known in words]
    return ranks[0] if ranks else None
