"""What every check looks at: the plan, the subject, and its columns as codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.seen import TaskRows, rows_as_seen
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import ColumnPart, Plan
from evaluator.records import Words
from evaluator.subject.levels import nfc
from evaluator.subject.row_codes import MISSING, Codes, column_codes
from evaluator.subject.subject import ColumnInfo, Subject

FREE_ROLES = ("feature", "sensitive", "other")
"""Roles of columns that describe a case, and do not identify, date, weigh or judge it."""


class ColumnCodes(NamedTuple):
    """A column in both tables; `training` is None where the training data lack it."""

    evaluation: Codes
    training: Codes | None

    @property
    def n_levels(self) -> int:
        """Different values in the evaluation data, missing ones left out."""
        return int(np.count_nonzero(np.bincount(self.evaluation)[MISSING + 1 :]))

    @property
    def n_known(self) -> int:
        return int(np.count_nonzero(self.evaluation))


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """A subject ready for the checks."""

    plan: Plan
    subject: Subject
    words: Words
    columns: dict[str, ColumnInfo]
    codes: dict[str, ColumnCodes]

    @property
    def level(self) -> float:
        return self.plan.settings.level

    @property
    def n(self) -> int:
        return self.subject.n

    def with_role(self, *roles: str) -> list[ColumnInfo]:
        return [column for column in self.columns.values() if column.role in roles]

    def features(self) -> list[ColumnInfo]:
        """What the model may read: the plan's features, else every column that describes a case."""
        named = self.plan.data.features
        if named is not None:
            return [self.columns[nfc(name)] for name in named if nfc(name) in self.columns]
        return self.with_role("feature", "sensitive")

    def declared(self, column: str) -> ColumnPart:
        """What the plan says about a column."""
        return next((part for name, part in self.plan.data.columns.items() if nfc(name) == column), ColumnPart())

    def series(self, column: str) -> pd.Series[Any]:
        return self.subject.frame[column]


def examine(plan: Plan, subject: Subject) -> Examined:
    """Number the values of every column once, together with those of the training data."""
    training = subject.training
    codes = {}
    for column in subject.columns:
        parts = [subject.frame[column.name]]
        if training is not None and column.name in training.columns:
            parts.append(training[column.name])
        coded = column_codes(parts)
        codes[column.name] = ColumnCodes(coded[0], coded[1] if len(coded) == 2 else None)
    return Examined(plan, subject, words_of(plan), {column.name: column for column in subject.columns}, codes)


def is_number(series: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype)


def numbers(series: pd.Series[Any]) -> NDArray[np.float64]:
    """A column of numbers as doubles, NaN where missing."""
    return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def model_rows(subject: Subject) -> TaskRows:
    """The rows as the model under review sees them."""
    return rows_as_seen(subject, subject.scores[0])


def outcome_rows(subject: Subject, score: NDArray[np.float64]) -> BinaryRows:
    """The rows with a score beside their outcome, which is one of two; of a measured number, whether it lies above the
    middle value. Several classes are looked at one against the rest (`class_leakage`)."""
    label = subject.label
    positive = label > np.median(label) if subject.task == "regression" else label
    return BinaryRows(positive.astype(bool), None, score, False, subject.weight, subject.cluster)
