"""The subject: the rows, what the models said about them, and the populations they fall into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.plan.schema import CriterionPart
from evaluator.records import ALL, Population, Provenance
from evaluator.subject.levels import find_level

if TYPE_CHECKING:
    from evaluator.subject.models.model import Model

ColumnRole = Literal[
    "id", "label", "score", "prediction", "weight", "cluster", "time", "sensitive", "feature", "other"
]  # fmt: skip
ColumnType = Literal["number", "category", "boolean", "time", "text"]


Label = NDArray[np.bool_] | NDArray[np.float64] | NDArray[np.int64]
"""Whether each outcome is the positive one (binary), the measured number (regression), or the position of its class
(multiclass); shape (n,)."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a multiclass task in their order: canonical values, what people call them, and whether low to high."""

    values: tuple[str, ...]
    labels: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What one model said about every row; for regression `score` is the predicted number and `prediction` None.

    For several classes `score` is that of the predicted class, and `prediction` None.
    `recorded` is True when `prediction` comes from a column of decisions and not from score >= threshold.
    """

    subject: str
    version: str
    score: NDArray[np.float64] | None
    prediction: NDArray[np.bool_] | None
    probability: bool
    threshold: float | None
    recorded: bool
    class_scores: NDArray[np.float64] | None = None
    """Score of every class, shape (n, k), in the order of the subject's classes; multiclass only."""
    chosen: NDArray[np.int64] | None = None
    """Position of the predicted class, shape (n,); multiclass only."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A population and the sorted positions of its rows; None stands for all rows."""

    population: Population
    index: NDArray[np.intp] | None


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """What is known about a column. `levels` are (canonical value, label) in order; `bands` are edges."""

    name: str
    role: ColumnRole
    type: ColumnType
    words: str
    unit: str
    levels: tuple[tuple[str, str], ...]
    bands: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class UnknownLevel:
    """A level a criterion asks about that no row has; `nearest` is the most similar one that exists."""

    criterion_id: str
    column: str
    level: str
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups to compare with each other: disjoint, in the order of their levels, together all rows of `within`.

    `attribute` is the column, or several joined by " & ", and `words` are those of the plan for it; `groups` and `within`
    are population ids.
    """

    attribute: str
    columns: tuple[str, ...]
    within: str
    groups: tuple[str, ...]
    words: str = ""

    @property
    def by(self) -> str:
        """The attribute as a reader knows it: "race or ethnicity"."""
        return self.words or self.attribute


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """The groups that a criterion on a gap compares: those of the partition (`attribute`, `within`).

    `against` is extremes, overall or a level in its canonical spelling; `reference` the population id of that level,
    '' for the other two.
    """

    attribute: str
    within: str
    against: str
    reference: str


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Everything an analysis may look at, checked, in the order of the evaluation file.

    `criterion_populations` gives the population id of every criterion of the plan; when one of its levels is unknown
    (`unknown_levels`), no population with that id is among `populations`. `partitions` are the groups of every
    sensitive column and of every two and three of them, then those that only a criterion asks for; `gap_questions` has the
    criteria on gaps whose levels are all known.
    """

    task: str
    n: int
    row_id: NDArray[np.object_]
    label: Label
    scores: tuple[Scores, ...]
    weight: NDArray[np.float64] | None
    cluster: NDArray[np.int64] | None
    time: NDArray[np.datetime64[Any]] | None
    frame: pd.DataFrame
    columns: tuple[ColumnInfo, ...]
    populations: tuple[Rows, ...]
    criterion_populations: Mapping[str, str]
    unknown_levels: tuple[UnknownLevel, ...]
    training: pd.DataFrame | None
    provenance: tuple[Provenance, ...]
    data_sha256: str
    period: str
    warnings: tuple[str, ...]
    partitions: tuple[Partition, ...] = ()
    gap_questions: Mapping[str, GapQuestion] = field(default_factory=dict)
    model: Model | None = None
    classes: Classes | None = None
    """Of a multiclass task; None for the others."""

    def find_rows(self, population_id: str) -> Rows | None:
        """The rows of a population, or None when it was not made."""
        return next((rows for rows in self.populations if rows.population.population_id == population_id), None)

    def find_partition(self, attribute: str, within: str = ALL) -> Partition | None:
        """The groups of an attribute inside a population, or None when they were not made."""
        return next((made for made in self.partitions if (made.attribute, made.within) == (attribute, within)), None)


def criterion_class(subject: Subject, criterion: CriterionPart) -> str:
    """The class a criterion of the plan is about, in its canonical spelling; '' for all of them, or an unknown one."""
    if subject.classes is None or criterion.class_ is None:
        return ""
    return find_level(criterion.class_, subject.classes.values) or ""


def criterion_population_id(subject: Subject, criterion: CriterionPart) -> str:
    """The id of the population a criterion of the plan is about; `all` when it names none."""
    return subject.criterion_populations.get(criterion.id, ALL)
