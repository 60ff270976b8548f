"""Ask the kept model about changed inputs; done in a child."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluator.jobs.kept_model import load_kept_model, model_rows, read_plan
from evaluator.recompute.changed.answering import KeptModel, ask_changed
from evaluator.recompute.changed.asked import asked_of
from evaluator.recompute.loading import load_rows
from evaluator.records import Progress
from evaluator.store import open_rows


def run(store: Path, payload: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """What the changes would do to scores, decisions and errors.

    Parameters
    ----------
    payload : `run_id`; `question`, the parts of its link as JSON; `change`, as an address spells it.

    Returns
    -------
    The fields of `evaluator.recompute.changed.result.Result`.
    """
    run_id = payload["run_id"]
    progress("Loading the model", 0, 0)
    plan = read_plan(store, run_id)
    model = load_kept_model(store, run_id, plan)
    progress("Reading the rows", 0, 0)
    reader = open_rows(store, run_id)
    rows = load_rows(store, run_id)
    asked = asked_of(rows, payload["question"], payload["change"])
    # Questions are about rows of some weight alone; the model's rows are cut to the same ones.
    base = reader.frame(["row_id", "weight"])
    kept = ~(base["weight"] == 0).to_numpy()
    frame = model_rows(reader, plan, model)[kept].reset_index(drop=True)
    kept_model = KeptModel(model.name, model.classes, model.scores)
    return ask_changed(rows, plan, asked, frame, base["row_id"].to_numpy()[kept], kept_model, progress).as_json()
