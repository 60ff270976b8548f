"""Compare the kept model's own scores with the supplied ones; done in a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluator.jobs.kept_model import load_kept_model, model_rows, read_plan
from evaluator.recompute.class_answers import scores_of_classes
from evaluator.records import Progress
from evaluator.store import RowsReader, open_rows
from evaluator.subject.models.checking import check_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def run(store: Path, payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """How many of the run's scores the kept model gives again, and whether it gives the same ones twice.

    Returns
    -------
    The fields of ModelCheck, with `deterministic`, the `name` of the model and its `notes`.
    """
    run_id = payload["run_id"]
    progress("Loading the model", 0, 3)
    plan = read_plan(store, run_id)
    reader = open_rows(store, run_id)
    model = load_kept_model(store, run_id, plan)
    progress("Reading the rows", 1, 3)
    frame = model_rows(reader, plan, model)
    supplied = _scores(reader) if model.classes is None else scores_of_classes(reader, plan, model.classes)
    progress("Asking the model twice", 2, 3)
    check = check_model(model, frame, supplied)
    progress("Comparing", 3, 3)
    return {**asdict(check), "deterministic": check.deterministic, "name": model.name, "notes": list(model.notes)}


def _scores(reader: RowsReader) -> NDArray[np.float64] | None:
    """The supplied score of every row; None when there were none."""
    supplied = reader.frame(["score"])["score"]
    return None if supplied.isna().all() else supplied.to_numpy(dtype="float64")
