"""Load the subject of a plan: files read, joined, checked, and cut into the planned populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.errors import InputError
from evaluator.plan.schema import SUPPORTED_TASKS, Plan
from evaluator.subject import values
from evaluator.subject.cells import Cells
from evaluator.subject.class_notes import class_warnings, unknown_classes
from evaluator.subject.class_scores import ClassAnswers, class_answers
from evaluator.subject.columns import ColumnPlan, check_columns_exist, column_info, column_words, plan_columns
from evaluator.subject.joining import join_tables
from evaluator.subject.models.attaching import attach_model
from evaluator.subject.notes import period_words, subject_warnings
from evaluator.subject.populations import Planned, plan_populations
from evaluator.subject.problems import Problems
from evaluator.subject.scores import existing, label_and_scores
from evaluator.subject.sources import Source, data_sha256, read_sources
from evaluator.subject.subject import Classes, ColumnInfo, Label, Scores, Subject
from evaluator.subject.words import Phrasing


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """The columns everything rests on, after every check passed."""

    row_id: NDArray[np.object_]
    label: Label
    scores: tuple[Scores, ...]
    weight: NDArray[np.float64] | None
    cluster: NDArray[np.int64] | None
    cells: Cells
    columns: tuple[ColumnPlan, ...]
    of_classes: ClassAnswers | None

    @property
    def classes(self) -> Classes | None:
        return None if self.of_classes is None else self.of_classes.classes


def load_subject(
    plan: Plan, folder: Path, *, allow_outside: bool = False, allow_code: bool = False, with_model: bool = True
) -> Subject:
    """Everything the plan's data files say, checked, ready to be analysed, and the model when the plan names it.

    Parameters
    ----------
    plan : a plan that passed its own checks.
    folder : the folder the paths of the plan are relative to, and which they must not leave.
    allow_outside : accept paths that lead out of the folder.
    allow_code : leave to run a model that the plan trusts by its hash.
    with_model : load the model; without it nothing is loaded but data.

    Raises
    ------
    InputError : lists every problem of the stage at which something is wrong: files, join, columns and values.
    UnsafeModelError : the model would run code without trust or leave.
    """
    if plan.task.kind not in SUPPORTED_TASKS:
        *kinds, last = sorted(SUPPORTED_TASKS)
        hint = f"Write kind: {', '.join(kinds)} or {last}."
        raise InputError(f"task.kind: {plan.task.kind} data cannot be loaded.", hint)
    sources = read_sources(plan, folder, allow_outside=allow_outside)
    problems = Problems()
    frame = join_tables(sources[0].table, [source.table for source in sources if source.role == "join"], problems)
    problems.raise_any()
    checked = _checked(plan, frame, [source.file.path for source in sources if source.role != "training"])
    phrasing = _phrasing(plan, checked)
    planned = plan_populations(plan, checked.columns, checked.cells, phrasing, problems)
    problems.raise_any()
    subject = _subject(plan, sources, checked, planned, phrasing)
    if not with_model or plan.model.artifact is None:
        return subject
    return attach_model(plan, subject, folder, allow_code=allow_code, allow_outside=allow_outside)


def _checked(plan: Plan, frame: pd.DataFrame, files: Sequence[str]) -> Checked:
    problems, data = Problems(), plan.data
    check_columns_exist(plan, frame, files, problems)
    if data.windows is not None and data.time is None:
        problems.add("data.windows: the plan names no time column.", "Add time: to data, or remove windows.")
    names = values.row_ids(frame, existing(frame, data.id), problems)
    of_classes = class_answers(plan, frame, names, problems) if plan.task.kind == MULTICLASS else None
    answers = (of_classes.label, of_classes.scores) if of_classes else label_and_scores(plan, frame, names, problems)
    weight, cluster, time = (existing(frame, name) for name in (data.weight, data.cluster, data.time))
    weights = None if weight is None else values.check_weight(frame[weight], names, problems)
    clusters = None if cluster is None else values.check_cluster(frame[cluster], names, problems)
    times = None if time is None else values.check_time(frame[time], names, problems)
    cells = Cells(frame, time, times)
    columns = plan_columns(plan, frame, cells, problems, scored=of_classes.columns if of_classes else ())
    problems.raise_any()
    return Checked(names, *answers, weights, clusters, cells, columns, of_classes)


def _phrasing(plan: Plan, checked: Checked) -> Phrasing:
    cases, people = (plan.words.case[1], plan.words.people) if plan.words else ("rows", False)
    frame = checked.cells.frame
    return Phrasing(
        cases, people, {column.name: column_words(column, frame[column.name]) for column in checked.columns}
    )


def _subject(plan: Plan, sources: Sequence[Source], checked: Checked, planned: Planned, phrasing: Phrasing) -> Subject:
    cells = checked.cells
    training = next((source.frame for source in sources if source.role == "training"), None)
    warnings = [*subject_warnings(plan, checked.columns, cells, training), *planned.warnings]
    warnings += class_warnings(checked.of_classes) if checked.of_classes else ()
    return Subject(
        task=plan.task.kind,
        n=len(cells.frame),
        row_id=checked.row_id,
        label=checked.label,
        scores=checked.scores,
        weight=checked.weight,
        cluster=checked.cluster,
        time=cells.times,
        frame=cells.frame,
        columns=tuple(_column_info(column, checked, phrasing.cases) for column in checked.columns),
        populations=planned.rows,
        criterion_populations=planned.of_criteria,
        unknown_levels=(*planned.unknown_levels, *unknown_classes(plan, checked.classes)),
        training=training,
        provenance=tuple(source.provenance for source in sources),
        data_sha256=data_sha256(sources),
        period=period_words(plan, cells),
        warnings=tuple(warnings),
        partitions=planned.partitions,
        gap_questions=planned.gap_questions,
        classes=checked.classes,
    )


def _column_info(column: ColumnPlan, checked: Checked, cases: str) -> ColumnInfo:
    """What is known about a column; the levels of a label of several classes are the classes, with or without rows."""
    info = column_info(column, checked.cells, cases)
    if checked.classes is None or column.role != "label":
        return info
    pairs = zip(checked.classes.values, checked.classes.labels, strict=True)
    return replace(info, type="category", levels=tuple(pairs))
