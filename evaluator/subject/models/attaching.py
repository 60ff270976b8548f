"""A subject with its model: loaded, fitted to the columns of the data, and recorded among what was examined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import ModelError
from evaluator.plan.schema import Plan
from evaluator.records import MODEL, Provenance
from evaluator.subject.levels import find_level
from evaluator.subject.models.features import feature_frame
from evaluator.subject.models.loading import load_model
from evaluator.subject.models.model import Model
from evaluator.subject.problems import listed

if TYPE_CHECKING:
    from evaluator.subject.subject import Subject


def attach_model(plan: Plan, subject: Subject, folder: Path, *, allow_code: bool, allow_outside: bool) -> Subject:
    """The subject with the model that the plan names; unchanged when it names none."""
    model = load_model(plan, folder, allow_code=allow_code, allow_outside=allow_outside)
    if model is None:
        return subject
    notes = (*model.notes, *_about_classes(model, subject))
    columns = feature_frame(plan, subject.frame, subject.columns, model).shape[1]
    return replace(
        subject,
        model=model,
        provenance=(*subject.provenance, _provenance(plan, model, columns)),
        warnings=(*subject.warnings, *notes),
    )


def _about_classes(model: Model, subject: Subject) -> Iterator[str]:
    """Classes that the model or the data alone have; ModelError when they share none."""
    if model.classes is None or subject.classes is None or model.estimator is None:
        return
    classes = subject.classes.values
    meant = {find_level(value, classes) for value in model.classes}
    if not meant & set(classes):
        raise ModelError(
            f"{model.name} was fitted on the classes {listed(model.classes)}; the data have {listed(classes)}.",
            "Name the model that was fitted on this label.",
        )
    if unknown := [value for value in classes if value not in meant]:
        yield f"model.artifact: {model.name} was not fitted on {listed(unknown)}."
    if absent := [value for value in model.classes if find_level(value, classes) is None]:
        yield f"model.artifact: {model.name} also knows {listed(absent)}, which no row and no column of scores has."


def _provenance(plan: Plan, model: Model, columns: int) -> Provenance:
    artifact = plan.model.artifact
    declared = plan.model.trust_sha256 or (artifact.source_sha256 if artifact else None)
    return Provenance(
        role=MODEL, path=model.written, rows=0, columns=columns, sha256=model.sha256, source="", licence="",
        collected="", declared_sha256=declared,
    )  # fmt: skip
