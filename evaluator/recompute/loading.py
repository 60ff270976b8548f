"""Read the scored rows of a run once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from evaluator.recompute.columns import AskedColumn, asked_column, column_words, is_asked, time_column
from evaluator.recompute.facts import facts_of
from evaluator.recompute.masks import Mask
from evaluator.recompute.rows import LoadedRows
from evaluator.recompute.scored import SCORE_METRICS, scored_everyone
from evaluator.records import Progress
from evaluator.statistics.spread import FloatArray, IntArray, all_alone
from evaluator.store import ColumnRow, RowsReader, open_rows, open_run
from evaluator.subject.levels import canonical_codes, canonical_level, find_level, nfc
from evaluator.subject.words import Phrasing

THREADS = 2
_LABEL_TYPES = {"regression": np.float64, "binary": np.bool_, MULTICLASS: np.int64}
_BASE = ("label", "score", "prediction", "weight", "cluster", "time")


def load_rows(store: Path, run_id: str, progress: Progress | None = None) -> LoadedRows:
    """The scored rows of a run with what its plan says about them.

    Reading takes about a second per million rows; the caller keeps the result, a few runs at most.

    Raises
    ------
    StoreError : the run kept no rows, or they are missing or not the ones it was published with.
    """
    reader = open_rows(store, run_id)
    plan = parse_plan(open_run(store, run_id).plan().yaml, source=f"the plan of {run_id}")
    base = reader.frame(_BASE)
    kept = _of_weight(base["weight"])
    base = base if kept is None else base[kept]
    columns = _columns(reader, plan, kept, progress or _unseen)
    if plan.data.time is not None:
        asked = _time_column(plan, base["time"])
        columns = {asked.name: asked, **columns}
    words = {name: column.words for name, column in columns.items()}
    cases, people = (plan.words.case[1], plan.words.people) if plan.words else ("rows", False)
    said = (
        _class_answers(reader, plan, kept, base) if plan.task.kind == MULTICLASS else _answers(reader, plan, kept, base)
    )
    labels = {} if said.classes is None else dict(zip(said.classes.values, said.classes.labels, strict=True))
    rows = LoadedRows(
        facts=facts_of(run_id, plan, Phrasing(cases, people, words), labels),
        label=_fixed(np.asarray(base["label"], dtype=_LABEL_TYPES[plan.task.kind])),
        score=said.score,
        prediction=said.prediction,
        weight=_floats(base["weight"]) if plan.data.weight is not None else None,
        cluster=_clusters(base["cluster"]) if plan.data.cluster is not None else None,
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


def _of_weight(weight: pd.Series[Any]) -> Mask | None:
    """The rows that weigh anything; None when all do or rows have no weight."""
    zero = np.asarray(weight == 0)
    return ~zero if zero.any() else None


def _columns(reader: RowsReader, plan: Plan, kept: Mask | None, progress: Progress) -> dict[str, AskedColumn]:
    wanted = [row for row in reader.columns() if is_asked(row)]

    def read(row: ColumnRow) -> AskedColumn:
        return asked_column(row, _stored(reader, row, kept), plan)

    found: dict[str, AskedColumn] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        for done, column in enumerate(pool.map(read, wanted)):
            progress(f"reading {column.name}", done + 1, len(wanted))
            found[column.name] = column
    return found


def _stored(reader: RowsReader, row: ColumnRow, kept: Mask | None) -> pd.Series[Any]:
    series = reader.frame([f"c{row.position}"])[f"c{row.position}"]
    return series if kept is None else series[kept]


def _time_column(plan: Plan, times: pd.Series[Any]) -> AskedColumn:
    name = nfc(str(plan.data.time))
    part = {nfc(written): part for written, part in plan.data.columns.items()}.get(name)
    words = part.words if part and part.words else name.replace("_", " ")
    described = ColumnRow(-1, name, "time", "time", "[]", words, "")
    values = np.array(times, dtype="datetime64[ns]")
    return time_column(name, values, column_words(described, plan, ()))


def _answers(reader: RowsReader, plan: Plan, kept: Mask | None, base: pd.DataFrame) -> Answers:
    """What both models say where the outcome is one of two, or a number."""
    score = _floats(base["score"]) if plan.task.score is not None else None
    return Answers(score, _booleans(base["prediction"]), *_previous(reader, plan, kept))


def _class_answers(reader: RowsReader, plan: Plan, kept: Mask | None, base: pd.DataFrame) -> Answers:
    """What both models say where the outcome is one of several classes."""
    return class_answers(reader.columns(), plan, base, lambda row: _stored(reader, row, kept))


def _previous(reader: RowsReader, plan: Plan, kept: Mask | None) -> tuple[FloatArray | None, Mask | None]:
    """Score and decision of the earlier model, as `subject.scores` reads them from the data."""
    compare = plan.compare_with
    if compare is None:
        return None, None
    score = _named(reader, compare.score, kept, _floats)
    prediction = _named(reader, compare.prediction, kept, lambda series: _decisions(series, plan))
    if prediction is None and score is not None:
        threshold = plan.task.threshold if compare.threshold is None else compare.threshold
        prediction = None if threshold is None else _fixed(score >= threshold)
    return score, prediction


def _named(
    reader: RowsReader, name: str | None, kept: Mask | None, read: Callable[[pd.Series[Any]], NDArray[Any]]
) -> NDArray[Any] | None:
    if name is None:
        return None
    row = next((row for row in reader.columns() if row.name == nfc(name)), None)
    if row is None:
        raise StoreError(f"The scored rows lack the column '{name}' of the earlier model.", "Evaluate the plan again.")
    return read(_stored(reader, row, kept))


def _decisions(series: pd.Series[Any], plan: Plan) -> Mask:
    """Decisions written in the values of the label."""
    coded = canonical_codes(series)
    wanted = canonical_level(plan.task.positive)
    positive = [level for level in coded.levels if find_level(wanted, [level]) is not None]
    return _fixed(np.isin(coded.codes, [coded.levels.index(level) for level in positive]))


def _floats(series: pd.Series[Any]) -> FloatArray:
    return _fixed(np.array(series, dtype=np.float64))


def _booleans(series: pd.Series[Any]) -> Mask | None:
    """Decisions; None when the model made none."""
    return None if series.isna().any() else _fixed(np.array(series, dtype=np.bool_))


def _clusters(series: pd.Series[Any]) -> IntArray | None:
    codes, _ = pd.factorize(np.asarray(series))
    found = np.asarray(codes, dtype=np.int64)
    return None if all_alone(found) else _fixed(found)


def _fixed(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values
