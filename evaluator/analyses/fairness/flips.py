"""Decisions that change when the group alone is changed, and nothing else about the case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluator.analyses.fairness.gaps import ANALYSIS_NAME
from evaluator.analyses.fairness.measured import Measured
from evaluator.errors import InputError
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.records import ALL, MODEL, EstimateStatus, NotTested, Population, Trace
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.models.checking import check_model
from evaluator.subject.models.features import feature_frame, feature_names
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Partition, Subject

MOST_OF_GROUP = 2_000
QUESTIONS = 20_000
"""Cases the model is asked about for one attribute, all changes together."""
MOST_LEVELS = 10
"""Levels that a case is changed to, the commonest ones."""
MOST_OFF = 0.001
"""A model that misses more than this part of the supplied scores is not the one that decided."""
WHAT = "Whether decisions change when the group alone is changed"
NO_MODEL = "the model was not supplied"
MODEL_LINE = "model: {artifact: {path: models/NAME.skops}}"
NO_THRESHOLD = "the plan names no threshold for the model's scores"
THRESHOLD_LINE = "task: {threshold: 0.5}"
NUMBERS = "a predicted number decides nothing by itself"
OTHER_MODEL = "the model does not give the supplied scores"
CHANGES_ITS_MIND = "the model gives other answers when it is asked again"


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A group that cases are put into, and the row whose value stands for it."""

    group: str
    row: int


def flips(measured: Measured) -> tuple[tuple[Trace, ...], tuple[NotTested, ...]]:
    """Share of each group whose decision is another one with some other value of the attribute, all else alike."""
    obstacle, line = obstacle_of(measured.subject)
    if obstacle:
        rows = tuple(_without(measured, partition, obstacle, "not_tested") for partition in measured.attributes)
        missing = () if measured.subject.task == "regression" else (NotTested(ANALYSIS_NAME, WHAT, obstacle, line),)
        return rows, missing if rows else ()
    assert measured.subject.model is not None
    try:
        return _asked(measured, measured.subject.model)
    except InputError as problem:
        reason = f"the model could not be asked: {problem.message}".rstrip(".")
        return _nothing(measured, reason)


def obstacle_of(subject: Subject) -> tuple[str, str]:
    """Why no decision can be asked for, and the line of the plan that would change it; '' when it can."""
    if subject.task == "regression":
        return NUMBERS, ""
    if subject.model is None:
        return NO_MODEL, MODEL_LINE
    if subject.task == "binary" and subject.scores[0].threshold is None:
        return NO_THRESHOLD, THRESHOLD_LINE
    return "", ""


def _nothing(measured: Measured, reason: str) -> tuple[tuple[Trace, ...], tuple[NotTested, ...]]:
    rows = tuple(_without(measured, partition, reason, "not_tested") for partition in measured.attributes)
    return rows, (NotTested(ANALYSIS_NAME, WHAT, reason, ""),)


def _asked(measured: Measured, model: Model) -> tuple[tuple[Trace, ...], tuple[NotTested, ...]]:
    subject = measured.subject
    read = set(feature_names(measured.plan, subject.columns, model))
    about = [partition for partition in measured.attributes if partition.columns[0] in read]
    frame = feature_frame(measured.plan, subject.frame, subject.columns, model)
    if about and (reason := _not_this_model(measured, model, frame)):
        return _nothing(measured, reason)
    rows: list[Trace] = []
    for partition in measured.attributes:
        if partition in about:
            rows += _of_attribute(measured, partition, model, frame)
        else:
            rows.append(_without(measured, partition, "", "not_applicable"))
    return tuple(rows), ()


def _not_this_model(measured: Measured, model: Model, frame: pd.DataFrame) -> str:
    """Whether the model at hand is another one than that which scored the data, or minds when it is asked."""
    subject = measured.subject
    rng = stream(measured.plan.settings.seed, "fairness/flips/checked")
    index = np.sort(rng.permutation(subject.n)[:MOST_OF_GROUP])
    supplied = subject.scores[0].score if subject.task == "binary" else None
    answers = check_model(model, frame.iloc[index], None if supplied is None else supplied[index].astype(np.float64))
    if answers.reproduced is not None and answers.reproduced < (1 - MOST_OFF) * answers.n:
        return OTHER_MODEL
    return CHANGES_ITS_MIND if answers.differing > MOST_OFF * answers.n else ""


def _of_attribute(measured: Measured, partition: Partition, model: Model, frame: pd.DataFrame) -> Iterator[Trace]:
    column = partition.columns[0]
    changes = changes_of(measured, partition, frame[column])
    groups = [rows.population for name in partition.groups if (rows := measured.subject.find_rows(name)) is not None]
    asked = [group for group in groups if any(change.group != group.population_id for change in changes)]
    size = max(1, QUESTIONS // max(1, len(asked) * len(changes)))
    judged: list[tuple[Population, IntArray, BoolArray]] = []
    for group in asked:
        index = _drawn(measured, group, max(min(MOST_OF_GROUP, size), measured.plan.data.min_group))
        others = [change.row for change in changes if change.group != group.population_id]
        if index.size < measured.plan.data.min_group:
            judged.append((group, index, np.zeros(0, dtype=np.bool_)))
        else:
            judged.append((group, index, changed(measured.subject, model, frame, column, index, others)))
    family = sum(found.size > 0 for _, _, found in judged)
    for group, index, found in judged:
        yield _row(measured, partition, group, index, found, family)


def changes_of(measured: Measured, partition: Partition, values: pd.Series[float]) -> list[Change]:
    """The known groups, the commonest ones first, each with the row that has its middle value."""
    found = []
    for name in partition.groups:
        rows = measured.subject.find_rows(name)
        if rows is None or rows.population.n == 0:
            continue
        index = np.arange(measured.subject.n) if rows.index is None else np.asarray(rows.index)
        known = index[values.iloc[index].notna().to_numpy()]
        if known.size:
            found.append((known.size, Change(name, _middle(values, known))))
    found.sort(key=lambda one: -one[0])
    return [change for _, change in found[:MOST_LEVELS]]


def _middle(values: pd.Series[float], index: IntArray) -> int:
    """The row with the middle value of numbers, so that it stands for a band; any row of a level."""
    series = values.iloc[index]
    if not pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
        return int(index[0])
    order = np.argsort(series.to_numpy(dtype=np.float64), kind="stable")
    return int(index[order[(index.size - 1) // 2]])


def _drawn(measured: Measured, group: Population, most: int) -> IntArray:
    """Some rows of a group, those of no weight left out, each with the same chance."""
    subject = measured.subject
    rows = subject.find_rows(group.population_id)
    assert rows is not None
    index = np.arange(subject.n) if rows.index is None else np.asarray(rows.index)
    if subject.weight is not None:
        index = index[subject.weight[index] > 0]
    rng = stream(measured.plan.settings.seed, "fairness/flips", group.population_id)
    return np.sort(rng.permutation(index)[:most]).astype(np.int64)


def changed(
    subject: Subject, model: Model, frame: pd.DataFrame, column: str, index: IntArray, others: Sequence[int]
) -> BoolArray:
    """Which of the rows are decided otherwise with the column's value of some of the rows `others`."""
    rows = frame.iloc[index].reset_index(drop=True)
    own = _decisions(subject, model.scores(rows))
    found = np.zeros(index.size, dtype=np.bool_)
    place = list(frame.columns).index(column)
    for other in others:
        put = rows.copy()
        put.isetitem(place, frame[column].array.take(np.full(index.size, other)))
        found |= _decisions(subject, model.scores(put)) != own
    return found


def _decisions(subject: Subject, scores: FloatArray) -> IntArray:
    """What is decided: at or above the threshold, or the class with the highest score."""
    if scores.ndim > 1:
        return np.asarray(scores.argmax(axis=1), dtype=np.int64)
    threshold = subject.scores[0].threshold
    assert threshold is not None
    return (scores >= threshold).astype(np.int64)


def _row(
    measured: Measured, partition: Partition, group: Population, index: IntArray, found: BoolArray, family: int
) -> Trace:
    subject, settings = measured.subject, measured.plan.settings
    blank = replace(
        _without(measured, partition, "too few cases", "too_few"), population_id=group.population_id, n=index.size
    )
    if not found.size:
        return blank
    weight = None if subject.weight is None else subject.weight[index]
    cluster = None if subject.cluster is None else np.unique(subject.cluster[index], return_inverse=True)[1]
    rows = BinaryRows(found, found, None, False, weight, cluster)
    share = measure(
        "selection_rate", rows, level=1 - (1 - settings.level) / max(1, family), min_group=measured.plan.data.min_group,
        seed=settings.seed, unit=f"flip/{group.population_id}",
    )  # fmt: skip
    interval = share.interval
    if share.value is None or interval is None or interval.low is None or interval.high is None:
        return replace(blank, reason="there is no range to tell by")
    words = f"all {family} groups by {partition.by}" if family > 1 else f"the one group by {partition.by}"
    return replace(
        blank, value=share.value, low=interval.low, high=interval.high, se=share.se, method=interval.method,
        family=words, family_size=family, proven=interval.low > 0, status="ok", reason="",
    )  # fmt: skip


def _without(measured: Measured, partition: Partition, reason: str, status: EstimateStatus) -> Trace:
    column = partition.columns[0]
    words = next((one.words for one in measured.subject.columns if one.name == column), column)
    return Trace(
        kind="flip", subject=MODEL, attribute=partition.attribute, population_id=ALL, feature=column, words=words,
        value=None, low=None, high=None, se=None, level=measured.plan.settings.level, method="none", family="",
        family_size=0, space="share", n=0, n_rest=0, proven=False, status=status,
        reason=reason or f"the model does not read {words}",
    )  # fmt: skip
