"""The columns a model wants, in its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from evaluator.errors import InputError, did_you_mean
from evaluator.plan.schema import Plan
from evaluator.subject.levels import nfc
from evaluator.subject.problems import count_words, listed

if TYPE_CHECKING:
    from evaluator.subject.models.model import Model
    from evaluator.subject.subject import ColumnInfo


def feature_names(plan: Plan, columns: Sequence[ColumnInfo], model: Model | None) -> tuple[str, ...]:
    """What a model says it was fitted on, else the features of the plan, else every column that has no other role."""
    if model is not None and model.features is not None:
        return model.features
    if plan.data.features is not None:
        return tuple(nfc(name) for name in plan.data.features)
    return tuple(column.name for column in columns if column.role == "feature")


def feature_frame(plan: Plan, subject_frame: pd.DataFrame, columns: Sequence[ColumnInfo], model: Model) -> pd.DataFrame:
    """The rows with the columns that the model wants, in its order.

    Raises
    ------
    InputError : columns are missing, or their number is not the one the model was fitted on.
    """
    names = feature_names(plan, columns, model)
    known = [str(name) for name in subject_frame.columns]
    missing = [name for name in names if name not in known]
    if missing:
        raise InputError(
            f"model.artifact: {model.name} was fitted on {count_words(len(missing), 'column')} that the data lack: "
            f"{listed(missing)}.",
            f"{did_you_mean(missing[0], known)} Join a file that has them, or remove model.artifact.",
        )
    if not names or model.n_features not in (0, len(names)):
        wanted = count_words(model.n_features, "column") if model.n_features else "at least one column"
        raise InputError(
            f"model.artifact: {model.name} takes {wanted} and the plan gives it {len(names):,}.",
            "List the columns it was fitted on, in that order, as data.features.",
        )
    return subject_frame.loc[:, list(names)]
