"""A subject with its model: loaded, fitted to the columns of the data, and recorded among what was examined."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.plan.schema import Plan
from evaluator.records import MODEL, Provenance
from evaluator.subject.models.features import feature_frame
from evaluator.subject.models.loading import load_model
from evaluator.subject.models.model import Model

if TYPE_CHECKING:
    from evaluator.subject.subject import Subject


def attach_model(plan: Plan, subject: Subject, folder: Path, *, allow_code: bool, allow_outside: bool) -> Subject:
    """The subject with the model that the plan names; unchanged when it names none."""
    model = load_model(plan, folder, allow_code=allow_code, allow_outside=allow_outside)
    if model is None:
        return subject
    columns = feature_frame(plan, subject.frame, subject.columns, model).shape[1]
    return replace(
        subject,
        model=model,
        provenance=(*subject.provenance, _provenance(plan, model, columns)),
        warnings=(*subject.warnings, *model.notes),
    )


def _provenance(plan: Plan, model: Model, columns: int) -> Provenance:
    artifact = plan.model.artifact
    declared = plan.model.trust_sha256 or (artifact.source_sha256 if artifact else None)
    return Provenance(
        role=MODEL, path=model.written, rows=0, columns=columns, sha256=model.sha256, source="", licence="",
        collected="", declared_sha256=declared,
    )  # fmt: skip
