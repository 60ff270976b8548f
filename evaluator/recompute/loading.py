"""Read the scored rows of a run once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.errors import StoreError
from evaluator.plan import Plan, parse_plan
from evaluator.recompute.answers import Answers
from evaluator.recompute.class_answers import class_answers
from evaluator.recompute.columns import (
    AskedColumn,
    coded_column,
    column_words,
    is_asked,
    number_column,
    time_column,
)
from evaluator.recompute.facts import facts_of
from evaluator.recompute.masks import Mask
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.scored import SCORE_METRICS, scored_everyone
from evaluator.recompute.stored import KeptColumns, StoredColumns, fixed
from evaluator.records import Progress
from evaluator.statistics.spread import FloatArray, IntArray, all_alone
from evaluator.store import ColumnRow, RowsReader, open_rows, open_run
from evaluator.subject.levels import Coded, canonical_level, find_level, nfc
from evaluator.subject.words import Phrasing

THREADS = 2
_LABEL_TYPES = {"regression": np.float64, "binary": np.bool_, MULTICLASS: np.int64}


def load_rows(store: Path, run_id: str, progress: Progress | None = None) -> LoadedRows:
    """The scored rows of a run with what its plan says about them.

    Reading takes about a second per million rows; the caller keeps the result, a few runs at most.

    Raises
    ------
    StoreError : the run kept no rows, or they are missing or not the ones it was published with.
    """
    reader = open_rows(store, run_id)
    plan = parse_plan(open_run(store, run_id).plan().yaml, source=f"the plan of {run_id}")
    weight = None if plan.data.weight is None else StoredColumns(reader, None).array("weight", np.float64)
    kept = None if weight is None else _of_weight(weight)
    stored = StoredColumns(reader, kept)
    columns = _columns(reader, stored, plan, progress or _unseen)
    words = {name: column.words for name, column in columns.items()}
    cases, people = (plan.words.case[1], plan.words.people) if plan.words else ("rows", False)
    several = plan.task.kind == MULTICLASS
    said = _class_answers(reader, plan, kept) if several else _answers(reader, stored, plan)
    labels = {} if said.classes is None else dict(zip(said.classes.values, said.classes.labels, strict=True))
    rows = LoadedRows(
        facts=facts_of(run_id, plan, Phrasing(cases, people, words), labels),
        label=stored.array("label", _LABEL_TYPES[plan.task.kind]),
        score=said.score,
        prediction=said.prediction,
        weight=None if weight is None else stored.array("weight", np.float64),
        cluster=_clusters(reader, kept) if plan.data.cluster is not None else None,
        previous_score=said.previous_score,
        previous_prediction=said.previous_prediction,
        columns=columns,
        classes=said.classes,
        class_scores=said.class_scores,
        chosen=said.chosen,
        previous_class_scores=said.previous_class_scores,
        previous_chosen=said.previous_chosen,
    )
    _prepare(rows)
    return rows


def _prepare(rows: LoadedRows) -> None:
    """What every question needs, computed before the first."""
    if rows.score is not None and rows.weight is None and rows.cluster is None and rows.facts.task == "binary":
        rows.model.by_score.prepare()
        for task in scored_everyone(rows).tasks(SCORE_METRICS, rows.facts.level):
            task()


def _unseen(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _of_weight(weight: FloatArray) -> Mask | None:
    """The rows that weigh anything; None when all do."""
    zero = weight == 0
    return ~zero if zero.any() else None


def _columns(reader: RowsReader, stored: StoredColumns, plan: Plan, progress: Progress) -> dict[str, AskedColumn]:
    """What can be asked about, the time first. Columns of few values are read now, others when they are asked about."""
    wanted = [row for row in reader.columns() if is_asked(row)]
    now = [row for row in wanted if row.type in ("category", "boolean")]
    with ThreadPoolExecutor(THREADS) as pool:
        coded: dict[int, AskedColumn] = {}
        for row, found in zip(now, pool.map(lambda row: stored.coded(_name(row)), now), strict=True):
            coded[row.position] = coded_column(row, found, plan)
            progress(f"reading {row.name}", len(coded), len(now) + 1)
    progress("reading the scores", len(now) + 1, len(now) + 1)
    later = Later(reader, stored, plan)
    columns = [coded[row.position] if row.position in coded else later.column(row) for row in wanted]
    first = [] if plan.data.time is None else [later.time_of_plan()]
    return {column.name: column for column in (*first, *columns)}


class Later:
    """Columns that are read when a question first asks about them."""

    def __init__(self, reader: RowsReader, stored: StoredColumns, plan: Plan) -> None:
        self._stored, self._plan, self._kept = stored, plan, KeptColumns()
        numbers = [_name(row) for row in reader.columns() if is_asked(row) and row.type == "number"]
        # What the file says about all rows holds when all of them count.
        self._spans = reader.spans(numbers) if stored.all_count else {}

    def column(self, row: ColumnRow) -> AskedColumn:
        """A number or time."""
        name = _name(row)
        if row.type == "time":
            return time_column(row.name, column_words(row, self._plan, ()), self._reading(name, self._stored.times))
        read = self._reading(name, self._stored.numbers)
        return number_column(row, read, self._plan, self._spans.get(name))

    def time_of_plan(self) -> AskedColumn:
        """The time that the plan names."""
        name = nfc(str(self._plan.data.time))
        part = {nfc(written): part for written, part in self._plan.data.columns.items()}.get(name)
        words = part.words if part and part.words else name.replace("_", " ")
        described = ColumnRow(-1, name, "time", "time", "[]", words, "")
        return time_column(name, column_words(described, self._plan, ()), self._reading("time", self._stored.times))

    def _reading(self, name: str, read: Callable[[str], NDArray[Any]]) -> Callable[[], NDArray[Any]]:
        return partial(self._kept.values, name, read)


def _name(row: ColumnRow) -> str:
    """The stored column."""
    return f"c{row.position}"


def _answers(reader: RowsReader, stored: StoredColumns, plan: Plan) -> Answers:
    """What both models say where the outcome is one of two, or a number."""
    score = stored.array("score", np.float64) if plan.task.score is not None else None
    return Answers(score, stored.flags("prediction"), *_previous(reader, stored, plan))


def _class_answers(reader: RowsReader, plan: Plan, kept: Mask | None) -> Answers:
    """What both models say where the outcome is one of several classes."""

    def read(columns: Sequence[str]) -> pd.DataFrame:
        frame = reader.frame(columns)
        return frame if kept is None else frame[kept]

    base = read(("score", "prediction"))
    return class_answers(reader.columns(), plan, base, lambda row: read([_name(row)])[_name(row)])


def _previous(reader: RowsReader, stored: StoredColumns, plan: Plan) -> tuple[FloatArray | None, Mask | None]:
    """Score and decision of the earlier model, as `subject.scores` reads them from the data."""
    compare = plan.compare_with
    if compare is None:
        return None, None
    score = None if compare.score is None else stored.array(_stored_name(reader, compare.score), np.float64)
    if compare.prediction is not None:
        return score, _decisions(stored.coded(_stored_name(reader, compare.prediction)), plan)
    threshold = plan.task.threshold if compare.threshold is None else compare.threshold
    return score, None if threshold is None or score is None else fixed(score >= threshold)


def _stored_name(reader: RowsReader, name: str) -> str:
    row = next((row for row in reader.columns() if row.name == nfc(name)), None)
    if row is None:
        raise StoreError(f"The scored rows lack the column '{name}' of the earlier model.", "Evaluate the plan again.")
    return _name(row)


def _decisions(coded: Coded, plan: Plan) -> Mask:
    """Decisions written in the values of the label."""
    wanted = canonical_level(plan.task.positive)
    positive = [level for level in coded.levels if find_level(wanted, [level]) is not None]
    return fixed(np.isin(coded.codes, [coded.levels.index(level) for level in positive]))


def _clusters(reader: RowsReader, kept: Mask | None) -> IntArray | None:
    series = reader.frame(["cluster"])["cluster"]
    codes, _ = pd.factorize(np.asarray(series if kept is None else series[kept]))
    found = np.asarray(codes, dtype=np.int64)
    return None if all_alone(found) else fixed(found)
