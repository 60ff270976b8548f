"""The true class, and what each model says about every row, where the outcome is one of several classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.plan.class_checks import ScoredPart, has_class_scores
from evaluator.plan.schema import Plan
from evaluator.records import MODEL, PREVIOUS
from evaluator.subject import values
from evaluator.subject.class_columns import ClassColumns, class_columns
from evaluator.subject.classes import find_classes
from evaluator.subject.levels import canonical_codes, find_level, nfc
from evaluator.subject.problems import Problems, bad_rows, listed
from evaluator.subject.subject import Classes, Scores

PRINTED_ROUNDING = 0.0005
"""How far a probability printed with three digits may be from its value; a row of k of them, k times as far."""
MOST_ROUNDING = 0.01
MOST_COLUMNS_TOLD = 5

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ClassAnswers:
    """Position of the true class of every row, what the models say, the classes, and the columns of their scores.

    Incomplete where a problem was added. `strange` are columns that start like those of scores but fit no class.
    """

    label: Positions
    scores: tuple[Scores, ...] = ()
    classes: Classes | None = None
    columns: frozenset[str] = frozenset()
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    subject: str
    where: str
    version: str
    part: ScoredPart


def class_answers(plan: Plan, frame: pd.DataFrame, names: values.Names, problems: Problems) -> ClassAnswers:
    """The true classes and what the models say of every row, after adding all that is wrong with either."""
    column, nothing = nfc(plan.task.label), ClassAnswers(np.zeros(0, dtype=np.int64))
    if column not in frame.columns:
        return nothing
    coded = canonical_codes(frame[column])
    classes = find_classes(plan, frame[column], coded, names, problems)
    if classes is None:
        return nothing
    reader = _Reader(plan, frame, names, classes, problems)
    scores = tuple(reader.scores(asked) for asked in _asked(plan))
    label = _positions(coded.levels, classes.values)[coded.codes]
    return ClassAnswers(label, scores, classes, frozenset(reader.columns), tuple(dict.fromkeys(reader.strange)))


def _asked(plan: Plan) -> Iterator[_Asked]:
    yield _Asked(MODEL, "task", plan.model.version, plan.task)
    if plan.compare_with is not None:
        yield _Asked(PREVIOUS, "compare_with", plan.compare_with.version, plan.compare_with)


def _positions(levels: Sequence[str], classes: Sequence[str]) -> Positions:
    """The position of each level among the classes; the last entry serves a missing value."""
    place = {value: position for position, value in enumerate(classes)}
    return np.array([place[level] for level in levels] + [-1], dtype=np.int64)


class _Reader:
    """Reads the answers of each model and remembers which columns they came from."""

    def __init__(
        self, plan: Plan, frame: pd.DataFrame, names: values.Names, classes: Classes, problems: Problems
    ) -> None:
        self._plan, self._frame, self._names, self._classes = plan, frame, names, classes
        self._problems = problems
        self._probability = plan.task.score_kind == "probability"
        self.columns: list[str] = []
        self.strange: list[str] = []

    def scores(self, asked: _Asked) -> Scores:
        """What one model says, empty where a problem was added."""
        of_classes = self._class_scores(asked) if has_class_scores(asked.part) else None
        predicted = self._predicted(asked)
        recorded = predicted is not None
        if predicted is None and of_classes is not None:
            # Of equal scores, the first class in order.
            predicted = np.argmax(of_classes, axis=1).astype(np.int64)
        return Scores(
            asked.subject, asked.version, _score_of(of_classes, predicted), None,
            self._probability and of_classes is not None, None, recorded, of_classes, predicted,
        )  # fmt: skip

    def _class_scores(self, asked: _Asked) -> Floats | None:
        found = class_columns(
            self._plan, asked.part, asked.where, self._classes.values, self._frame, self._problems
        )  # fmt: skip
        if found is None:
            return None
        self.columns.extend(found.by_class.values())
        self.strange.extend(found.strange)
        field = f"{asked.where}.{'scores' if asked.part.scores else 'score_prefix'}"
        if nfc(self._plan.task.label) in found.by_class.values():
            self._problems.add(f"{field}: the label is among the score columns.", "Name the model's own columns.")
        return self._table(field, found)

    def _table(self, field: str, found: ClassColumns) -> Floats | None:
        read: list[Floats] = []
        wrong = 0
        for column in found.by_class.values():
            series = self._frame[column]
            one = values.check_score(field, series, self._probability, self._names, self._problems)
            wrong += one is None
            if wrong == MOST_COLUMNS_TOLD:
                self._problems.add(f"{field}: the columns after '{column}' were not looked at.", "Mend these first.")
                return None
            read.extend(() if one is None else (one,))
        if wrong:
            return None
        table = np.column_stack(read)
        return table if not self._probability or self._adds_up(field, table, found) else None

    def _adds_up(self, field: str, table: Floats, found: ClassColumns) -> bool:
        total = table.sum(axis=1)
        off = np.abs(total - 1.0) > min(MOST_ROUNDING, PRINTED_ROUNDING * table.shape[1])
        if off.any():
            beside = f" {listed(found.strange)} start like them but fit no class." if found.strange else ""
            self._problems.add(
                f"{field}: the probabilities of a row do not add up to 1 in {bad_rows(off, self._names, total.round(6))}.{beside}",
                "Name the columns of all classes; divide each row by its sum, or write score_kind: rank.",
            )
        return not off.any()

    def _predicted(self, asked: _Asked) -> Positions | None:
        """Positions of the recorded classes; None without a usable column."""
        name = asked.part.prediction
        if name is None or nfc(name) not in self._frame.columns:
            return None
        series = self._frame[nfc(name)]
        where = f"{asked.where}.prediction: '{series.name}'"
        if nfc(name) == nfc(self._plan.task.label):
            self._problems.add(f"{where} is both the label and the model's answer.", "Name the model's own column.")
        coded = canonical_codes(series)
        if coded.n_missing:
            missing = bad_rows(coded.codes < 0, self._names)
            self._problems.add(f"{where} is missing in {missing}.", "Every row needs a prediction.")
        meant = [find_level(level, self._classes.values) for level in coded.levels]
        strange = np.isin(coded.codes, [code for code, level in enumerate(meant) if level is None])
        if strange.any():
            examples = np.asarray(series, dtype=object)
            self._problems.add(
                f"{where} holds values that are no class of the label ({listed(self._classes.values)}) in "
                f"{bad_rows(strange, self._names, examples)}.",
                f"Write predictions in the values of the label; list a class without rows under "
                f"data.columns.{self._plan.task.label}.levels.",
            )
        if coded.n_missing or strange.any():
            return None
        return _positions([str(level) for level in meant], self._classes.values)[coded.codes]


def _score_of(of_classes: Floats | None, predicted: Positions | None) -> Floats | None:
    """The score of the predicted class."""
    if of_classes is None or predicted is None:
        return None
    return of_classes[np.arange(len(of_classes)), predicted]
