"""What all causes look at: the columns in both tables, who is in a slice, and how much is lost there and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.failures.found import FoundSlice
from evaluator.analyses.failures.levels import as_numbers
from evaluator.analyses.failures.losses import Loss, Outcomes, outcomes_of
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.ordering import IndexArray, descending
from evaluator.statistics.spread import FloatArray, IntArray, without_gaps
from evaluator.subject.cells import is_number
from evaluator.subject.models.features import feature_names
from evaluator.subject.row_codes import column_codes
from evaluator.subject.subject import ColumnInfo, Subject

DESCRIBING = ("feature", "sensitive", "other")
"""Roles of columns that describe a case, and do not identify, date, weigh or judge it."""
BINS = 10
MOST_LEVELS = 30
FEWEST_BINNED = 50


@dataclass(frozen=True, eq=False)
class Column:
    """A column in both tables.

    Attributes
    ----------
    codes : the value of every row as a number from 1, 0 where missing; equal numbers for equal values in both tables.
    values : of a quantity, NaN where missing, else None.
    """

    info: ColumnInfo
    codes: IntArray
    training_codes: IntArray | None
    values: FloatArray | None
    training_values: FloatArray | None

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def missing(self) -> BoolArray:
        return np.asarray(self.codes == 0)

    @cached_property
    def bins(self) -> tuple[IntArray, IntArray] | None:
        """Both tables in tenths of the training values, or levels; 0 where missing. None for what has too many levels."""
        if self.training_codes is None:
            return None
        if self.values is None or self.training_values is None:
            few = self.is_category and int(self.training_codes.max(initial=0)) <= MOST_LEVELS
            return (self.codes, self.training_codes) if few else None
        known = self.training_values[np.isfinite(self.training_values)]
        if known.size < FEWEST_BINNED:
            return None
        edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method="lower"))
        return _place(self.values, edges), _place(self.training_values, edges)

    @property
    def is_category(self) -> bool:
        return self.info.type in ("category", "boolean")


def _place(values: FloatArray, edges: FloatArray) -> IntArray:
    return np.where(np.isnan(values), 0, np.searchsorted(edges, values, side="right") + 1)


@dataclass(frozen=True, eq=False)
class Scene:
    """A subject ready for the search for causes. `read` are the columns that the model may read."""

    plan: Plan
    subject: Subject
    outcomes: Outcomes
    columns: Mapping[str, Column]
    read: tuple[Column, ...]
    cluster: IntArray | None

    @property
    def n(self) -> int:
        return self.subject.n

    @property
    def level(self) -> float:
        return self.plan.settings.level

    @property
    def weight(self) -> FloatArray | None:
        return self.subject.weight

    @property
    def has_training(self) -> bool:
        return self.subject.training is not None and len(self.subject.training) > 0

    @property
    def binary(self) -> BinaryRows | None:
        """The rows of a binary task with a score, else None."""
        rows = self.outcomes.rows
        return rows if isinstance(rows, BinaryRows) and rows.score is not None else None

    @cached_property
    def by_score(self) -> IndexArray:
        """All rows by descending score, of a binary task."""
        assert self.binary is not None
        assert self.binary.score is not None
        return descending(self.binary.score)[0]

    def loss(self, name: str) -> Loss | None:
        return next((loss for loss in self.outcomes.losses if loss.name == name), None)


def scene_of(plan: Plan, subject: Subject) -> Scene | None:
    """None for a model whose answers are held against nothing."""
    outcomes = outcomes_of(subject)
    if outcomes is None:
        return None
    columns = {info.name: _column(info, subject) for info in subject.columns}
    names = feature_names(plan, subject.columns, subject.model)
    read = tuple(columns[name] for name in dict.fromkeys(names) if name in columns)
    return Scene(plan, subject, outcomes, columns, read, without_gaps(subject.cluster))


def _column(info: ColumnInfo, subject: Subject) -> Column:
    training = subject.training
    series = subject.frame[info.name]
    other = training[info.name] if training is not None and info.name in training.columns else None
    coded = column_codes([series] if other is None else [series, other])
    is_quantity = info.type == "number" and is_number(series)
    return Column(
        info, coded[0], None if other is None else coded[1],
        as_numbers(series) if is_quantity else None, _numbers(other) if is_quantity else None,
    )  # fmt: skip


def _numbers(series: pd.Series[Any] | None) -> FloatArray | None:
    return None if series is None or not is_number(series) else as_numbers(series)


@dataclass(frozen=True, eq=False)
class Here:
    """One slice under one loss.

    Attributes
    ----------
    mask : rows of the slice. `among` : rows that the loss is about. `here`, `rest` : those inside and outside.
    values : the loss of every row. `training` : training rows of the slice, None without training data.
    """

    scene: Scene
    found: FoundSlice
    loss: Loss
    mask: BoolArray
    among: BoolArray
    values: FloatArray

    @cached_property
    def here(self) -> BoolArray:
        return np.asarray(self.mask & self.among)

    @cached_property
    def rest(self) -> BoolArray:
        return np.asarray(~self.mask & self.among)

    @cached_property
    def n(self) -> int:
        return int(np.count_nonzero(self.here))

    @cached_property
    def excess(self) -> float:
        """How much higher the mean loss is here than elsewhere."""
        return self.mean(self.here) - self.mean(self.rest)

    def mean(self, rows: BoolArray) -> float:
        """Weighted mean loss of some rows."""
        weight = self.scene.weight
        return float(np.average(self.values[rows], weights=None if weight is None else weight[rows]))

    @cached_property
    def training(self) -> BoolArray | None:
        """Training rows that fit the conditions; where nobody says, those with levels or within the range seen here."""
        if not self.scene.has_training:
            return None
        if self.found.training_mask is not None:
            return self.found.training_mask
        assert self.scene.subject.training is not None
        inside = np.ones(len(self.scene.subject.training), dtype=np.bool_)
        for name in self.found.columns:
            column = self.scene.columns.get(name)
            fit = None if column is None else _fitting(column, self.mask)
            if fit is None:
                return None
            inside &= fit
        return inside


def _fitting(column: Column, mask: BoolArray) -> BoolArray | None:
    """Training rows whose value is a level, or within the range, of the evaluation rows in a mask.

    Training comes before the evaluation, so that a condition on the time would fit none of it: it counts as met.
    """
    if column.training_codes is None:
        return None
    if column.info.type == "time":
        return np.ones(column.training_codes.size, dtype=np.bool_)
    if column.values is None or column.training_values is None:
        return np.asarray(np.isin(column.training_codes, np.unique(column.codes[mask])))
    own = column.values[mask]
    known = own[~np.isnan(own)]
    missing = np.isnan(column.training_values)
    if not known.size:
        return np.asarray(missing)
    inside = (column.training_values >= known.min()) & (column.training_values <= known.max())
    return np.asarray(inside | (missing & bool(np.isnan(own).any())))


def here_of(scene: Scene, found: FoundSlice) -> Here | None:
    """None for a loss that the subject does not have."""
    loss = scene.loss(found.loss)
    if loss is None:
        return None
    weighs = np.ones(scene.n, dtype=np.bool_) if scene.weight is None else scene.weight > 0
    among = scene.outcomes.among(loss) & weighs
    return Here(scene, found, loss, found.mask & weighs, among, scene.outcomes.values(loss))
