"""What is said about the data as a whole: its period in words, and warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from evaluator.plan.schema import Plan
from evaluator.subject.cells import Cells
from evaluator.subject.columns import ColumnPlan
from evaluator.subject.dates import months_words, parse_period
from evaluator.subject.planned import time_span
from evaluator.subject.problems import count_words, listed


def period_words(plan: Plan, cells: Cells) -> str:
    """What the rows cover in words: by their times, else as declared."""
    if (span := time_span(cells)) is not None:
        return months_words(*span)
    declared = plan.data.evaluation.period or ""
    parsed = parse_period(declared)
    return months_words(*parsed) if parsed else declared


def subject_warnings(
    plan: Plan, columns: Sequence[ColumnPlan], cells: Cells, training: pd.DataFrame | None
) -> Iterator[str]:
    """What the reader should know although the data can be evaluated."""
    yield from _period_warning(plan, cells)
    if cells.times is not None and (n := int(np.isnat(cells.times).sum())):
        yield f"'{cells.time_column}' is missing in {count_words(n, 'row')}; they belong to no window."
    for column in columns:
        absent = [level for level in column.nouns if _is_absent(level, column, cells)]
        if absent:
            yield f"data.columns.{column.name}.levels: no row has {listed(absent)}."
    comma = _decimal_commas(cells.frame)
    if comma:
        yield f"{listed(comma)}: numbers with a decimal comma are read as text. Write them with a point."
    if training is not None:
        features = [column.name for column in columns if column.role == "feature"]
        lacking = [name for name in features if name not in training.columns]
        if lacking:
            yield f"data.training lacks {count_words(len(lacking), 'feature')}: {listed(lacking)}."


def _is_absent(level: str, column: ColumnPlan, cells: Cells) -> bool:
    """A level that no row has; a band may well be empty."""
    is_band = column.bands and level.startswith("[")
    return not is_band and level not in cells.coded(column.name).levels


def _decimal_commas(frame: pd.DataFrame) -> list[str]:
    """Text columns whose first values all look like numbers with a decimal comma."""
    return [str(name) for name in frame.columns if _has_decimal_commas(frame[name])]


def _has_decimal_commas(series: pd.Series[Any]) -> bool:
    if not isinstance(series.dtype, pd.StringDtype):
        return False
    first = series.dropna().head(50)
    return len(first) > 0 and bool(first.str.match(r"^\s*[+-]?\d+,\d+\s*$").all())


def _period_warning(plan: Plan, cells: Cells) -> Iterator[str]:
    declared, span = parse_period(plan.data.evaluation.period or ""), time_span(cells)
    if declared is None or span is None:
        return
    said, found = months_words(*declared), months_words(*span)
    if said != found or span[0] < declared[0] or span[1] > declared[1]:
        yield (
            f"data.evaluation.period says {said}, but '{cells.time_column}' runs from {span[0].isoformat()} to "
            f"{span[1].isoformat()}."
        )
