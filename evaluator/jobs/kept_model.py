"""The model that a run kept and the rows it is asked about; for use in a child alone.

A model that can run code is never loaded here, whatever its plan trusts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from evaluator.errors import JobError, StoreError, UnsafeModelError
from evaluator.plan import Plan, parse_plan
from evaluator.plan.schema import ArtifactPart
from evaluator.store import ColumnRow, RowsReader, open_run, stored_model
from evaluator.subject.models.features import feature_frame, feature_names
from evaluator.subject.models.loading import load_model
from evaluator.subject.subject import ColumnInfo, ColumnRole, ColumnType

if TYPE_CHECKING:
    import pandas as pd

    from evaluator.subject.models.model import Model

NO_CODE = "The app runs no code of a model: save it with skops.io.dump, name that file in the plan and evaluate again."


def read_plan(store: Path, run_id: str) -> Plan:
    """The plan that a run was made from."""
    return parse_plan(open_run(store, run_id).plan().yaml, source=f"the plan of {run_id}")


def load_kept_model(store: Path, run_id: str, plan: Plan) -> Model:
    """The model that was kept beside a run.

    Raises
    ------
    StoreError : none was kept, or it is missing or changed.
    UnsafeModelError : it can run code.
    """
    sha256 = open_run(store, run_id).run().model_sha256
    if sha256 is None:
        raise StoreError(
            f"The run {run_id} was made without the model itself.",
            "Name it as `artifact` under `model`, set `keep_model: true` under `settings`, and evaluate again.",
        )
    if plan.model.artifact is not None and plan.model.artifact.call is not None:
        raise UnsafeModelError("The model of this run is a function, which is code.", NO_CODE)
    kept = stored_model(store, sha256)
    if kept is None:
        raise StoreError(
            f"The model of {run_id} is not in the store.",
            "Set `keep_model: true` under `settings` in the plan and evaluate again.",
        )
    try:
        model = load_model(_with_artifact(plan, kept.name), kept.parent, allow_code=False)
    except UnsafeModelError as refused:
        raise UnsafeModelError(refused.message, NO_CODE) from refused
    if model is None or model.sha256 != sha256:
        raise JobError(f"The kept model of {run_id} changed while it was read.", "Start the work again.")
    return model


def model_rows(reader: RowsReader, plan: Plan, model: Model) -> pd.DataFrame:
    """The features of every kept row as the model wants them, in the order of the rows."""
    described = reader.columns()
    infos = [_info(row) for row in described]
    wanted = feature_names(plan, infos, model)
    read = [row for row in described if row.name in wanted]
    frame = reader.frame([f"c{row.position}" for row in read])
    frame.columns = [row.name for row in read]
    return feature_frame(plan, frame, infos, model)


def _with_artifact(plan: Plan, name: str) -> Plan:
    model = plan.model.model_copy(update={"artifact": ArtifactPart(path=name)})
    return plan.model_copy(update={"model": model})


def _info(row: ColumnRow) -> ColumnInfo:
    role, kind = cast(ColumnRole, row.role), cast(ColumnType, row.type)
    return ColumnInfo(row.name, role, kind, row.words, row.unit, (), ())
