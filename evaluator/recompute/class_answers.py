"""The classes, and what both models say about them, read back from the rows of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.errors import StoreError
from evaluator.plan import Plan
from evaluator.plan.class_checks import ScoredPart, has_class_scores
from evaluator.recompute.answers import Answers
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.store import ColumnRow, RowsReader
from evaluator.subject.class_columns import class_columns
from evaluator.subject.classes import label_part
from evaluator.subject.levels import canonical_codes, find_level, nfc
from evaluator.subject.problems import Problems
from evaluator.subject.subject import Classes

Read = Callable[[ColumnRow], "pd.Series[Any]"]


def class_answers(columns: Sequence[ColumnRow], plan: Plan, base: pd.DataFrame, read: Read) -> Answers:
    """What both models say, as `subject.class_scores` read it from the data.

    Raises
    ------
    StoreError : a column that the plan names is not among the rows.
    """
    classes = _classes(columns, plan)
    stored = _Stored(columns, plan, classes, read)
    scores = stored.class_scores("task", plan.task)
    chosen = None if base["prediction"].isna().any() else _fixed(np.array(base["prediction"], dtype=np.int64))
    score = None if scores is None else _fixed(np.array(base["score"], dtype=np.float64))
    if plan.compare_with is None:
        return Answers(score, None, None, None, classes, scores, chosen)
    earlier = stored.class_scores("compare_with", plan.compare_with)
    picked = stored.chosen(plan.compare_with.prediction)
    if picked is None and earlier is not None:
        picked = _fixed(np.argmax(earlier, axis=1).astype(np.int64))
    of_picked = None if earlier is None or picked is None else _fixed(earlier[np.arange(len(earlier)), picked])
    return Answers(score, None, of_picked, None, classes, scores, chosen, earlier, picked)


def scores_of_classes(reader: RowsReader, plan: Plan, known: Sequence[str]) -> FloatArray | None:
    """The model's own scores of the classes in `known`, shape (n, len(known)), 0 for one that has no column.

    None when the plan names no scores.
    """

    def read(row: ColumnRow) -> pd.Series[Any]:
        return reader.frame([f"c{row.position}"])[f"c{row.position}"]

    classes = _classes(reader.columns(), plan)
    scores = _Stored(reader.columns(), plan, classes, read).class_scores("task", plan.task)
    if scores is None:
        return None
    places = [find_level(value, classes.values) for value in known]
    columns = [None if value is None else scores[:, classes.values.index(value)] for value in places]
    return np.column_stack([np.zeros(len(scores)) if column is None else column for column in columns])


def _classes(columns: Sequence[ColumnRow], plan: Plan) -> Classes:
    """The classes in their order, which the levels of the label's column keep."""
    row = next((row for row in columns if row.name == nfc(plan.task.label)), None)
    if row is None:
        raise _lacking(plan.task.label)
    levels = json.loads(row.levels)
    return Classes(
        tuple(str(value) for value, _ in levels), tuple(str(label) for _, label in levels), label_part(plan).ordered
    )


class _Stored:
    """Reads what one model says from the stored columns."""

    def __init__(self, columns: Sequence[ColumnRow], plan: Plan, classes: Classes, read: Read) -> None:
        self._by_name = {row.name: row for row in columns}
        self._plan, self._classes, self._read = plan, classes, read

    def class_scores(self, where: str, part: ScoredPart) -> FloatArray | None:
        """Score of every class, shape (n, k); None when the plan names none."""
        if not has_class_scores(part):
            return None
        names = pd.DataFrame(columns=list(self._by_name), dtype=np.float64)
        found = class_columns(self._plan, part, where, self._classes.values, names, Problems())
        if found is None:
            raise StoreError("The scored rows lack a score for each class.", "Evaluate the plan again.")
        columns = [np.asarray(self._read(self._by_name[name]), dtype=np.float64) for name in found.by_class.values()]
        return _fixed(np.column_stack(columns))

    def chosen(self, name: str | None) -> IntArray | None:
        """Class positions from a column of predicted classes; None when the plan names none."""
        if name is None:
            return None
        if nfc(name) not in self._by_name:
            raise _lacking(name)
        coded = canonical_codes(self._read(self._by_name[nfc(name)]))
        meant = [find_level(level, self._classes.values) for level in coded.levels]
        place = np.array([self._classes.values.index(str(level)) for level in meant], dtype=np.int64)
        return _fixed(place[coded.codes])


def _lacking(name: str) -> StoreError:
    return StoreError(f"The scored rows lack the column '{name}'.", "Evaluate the plan again.")


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values
