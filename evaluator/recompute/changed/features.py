"""Whether the model of a run can be asked about changed inputs, and which inputs can be offered."""

from __future__ import annotations

from collections.abc import Collection

from evaluator.plan import Plan
from evaluator.recompute.changed.change import kinds_for
from evaluator.recompute.checking import Columns
from evaluator.subject.levels import nfc

KEEP_LINE = "settings: {keep_model: true}"
MODEL_LINE = "model: {artifact: {path: models/NAME.skops}}"


def obstacle_of(plan: Plan, *, with_model: bool) -> tuple[str, str] | None:
    """Why the model cannot be asked, and the line to add to the plan; None when nothing known forbids it.

    Parameters
    ----------
    with_model : the run was made with the model itself.
    """
    if not with_model:
        both = f"{MODEL_LINE}, {KEEP_LINE}"
        return "The run was made without the model itself, so nobody can ask what it would say.", both
    if plan.model.artifact is not None and plan.model.artifact.call is not None:
        return "The model of this run is a function, which is code, and the app runs none.", MODEL_LINE
    if not plan.settings.keep_model:
        return "The run kept no copy of its model, so it cannot be asked what it would say.", KEEP_LINE
    return None


def changeable(plan: Plan, columns: Columns, read: Collection[str]) -> tuple[str, ...]:
    """The columns to offer, in the order of the data.

    Parameters
    ----------
    read : what the run found that the model reads; without any the plan's features count, else every column that can be
        asked about. The job refuses one that the model does not read.
    """
    named = read or {nfc(name) for name in plan.data.features or ()} or set(columns)
    return tuple(name for name, column in columns.items() if name in named and kinds_for(column))
