"""From what was evaluated to a published run, with its scored rows when the plan keeps them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.catalogue.metrics import MULTICLASS
from evaluator.plan.schema import Plan
from evaluator.records import RunContent
from evaluator.store import ColumnRow, ScoredRows, keep_model, make_run_id, publish_run, with_history
from evaluator.store.layout import rows_path, run_path
from evaluator.subject.levels import nfc
from evaluator.subject.subject import ColumnInfo, Subject


def publish(store: Path, content: RunContent, subject: Subject, plan: Plan) -> str:
    """Publish a run as a draft and return its id; rows are kept beside it unless `settings.keep_rows` is false.

    The run is told what the store held before it (`store.history`).
    With `settings.keep_model` the model file is kept first, so that no run names a kept model that is not there.
    """
    if plan.settings.keep_model and subject.model is not None:
        keep_model(store, subject.model.path, subject.model.sha256)
    content = with_history(store, _in_a_free_second(store, content))
    return publish_run(store, content, scored_rows(subject, plan) if plan.settings.keep_rows else None)


def _in_a_free_second(store: Path, content: RunContent) -> RunContent:
    """A run id counts seconds: of two runs of the same plan and data in one second, the later one takes the next."""
    run = content.run
    while run_path(store, run.run_id).exists() or rows_path(store, run.run_id).exists():
        started = run.started_at + timedelta(seconds=1)
        run = replace(run, started_at=started, run_id=make_run_id(run.plan_id, started, run.run_id.rsplit("_", 1)[-1]))
    return replace(content, run=run)


def scored_rows(subject: Subject, plan: Plan) -> ScoredRows:
    """One row per case: what the model said about it, then every other column of the data.

    The earlier model's answers are among the other columns, under their role.
    """
    kept = [info for info in subject.columns if info.name not in _base_columns(plan)]
    others = {f"c{position}": _storable(subject.frame[info.name]) for position, info in enumerate(kept)}
    described = tuple(_described(position, info) for position, info in enumerate(kept))
    frame = pd.DataFrame(_base(subject) | others, index=pd.RangeIndex(subject.n))
    return ScoredRows(frame, described)


def _base(subject: Subject) -> dict[str, Any]:
    model = subject.scores[0]
    return {
        "row_id": subject.row_id,
        "label": subject.label,
        "score": _or_missing(model.score, subject.n),
        "prediction": _or_missing(model.prediction if model.chosen is None else model.chosen, subject.n),
        "weight": _or_missing(subject.weight, subject.n),
        "cluster": _or_missing(subject.cluster, subject.n),
        "time": _or_missing(subject.time, subject.n),
    }


def _or_missing(values: Any, n: int) -> Any:
    return np.full(n, np.nan) if values is None else values


def _base_columns(plan: Plan) -> frozenset[str]:
    """Columns that the base columns already hold; one that also serves the earlier model is kept under its own name.

    Of several classes, the base columns hold positions; the label's own column is kept, because its levels name them.
    """
    task, data, compare = plan.task, plan.data, plan.compare_with
    label = None if task.kind == MULTICLASS else task.label
    held = (label, task.score, task.prediction, data.id, data.weight, data.cluster, data.time)
    earlier = (compare.score, compare.prediction) if compare else ()
    return frozenset(nfc(name) for name in held if name and name not in earlier)


def _storable(series: pd.Series[Any]) -> Any:
    """The values alone; times in UTC without their zone, as the store keeps every time."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        return series.dt.tz_convert("UTC").dt.tz_localize(None).array
    return series.array


def _described(position: int, info: ColumnInfo) -> ColumnRow:
    levels = json.dumps(info.levels, ensure_ascii=False)
    return ColumnRow(position, info.name, info.role, info.type, levels, info.words, info.unit)
