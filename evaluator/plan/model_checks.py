"""What a plan says about the model itself: one file or one function, each with the hash that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.plan.problems import Problem
from evaluator.plan.schema import ArtifactPart, ModelPart

_ARTIFACT = ("model", "artifact")


def model_problems(model: ModelPart | None) -> Iterator[Problem]:
    """A model that names both a file and a function, or neither, or a hash of something else."""
    if model is None:
        return
    if model.artifact is not None:
        yield from _artifact_problems(model.artifact)
    if model.trust_sha256 is not None and (model.artifact is None or model.artifact.call is not None):
        message = "is the hash of a model file, and the plan names none."
        yield Problem(("model", "trust_sha256"), message, _trust_hint(model.artifact))


def _trust_hint(artifact: ArtifactPart | None) -> str:
    if artifact is None:
        return "Add 'artifact: {path: FILE}' to the model, or remove 'trust_sha256'."
    return "Write the hash of a function's source as 'source_sha256' inside 'artifact'."


def _artifact_problems(artifact: ArtifactPart) -> Iterator[Problem]:
    hint = "Write 'artifact: {path: FILE}' or 'artifact: {call: \"module:function\"}'."
    if artifact.path is None and artifact.call is None:
        yield Problem(_ARTIFACT, "needs a file or a function, found neither.", hint)
    elif artifact.path is not None and artifact.call is not None:
        yield Problem(_ARTIFACT, "needs a file or a function, found both.", hint)
    elif artifact.path is not None and artifact.source_sha256 is not None:
        message = "is the hash of a function's source, and the plan names a file."
        yield Problem(
            (*_ARTIFACT, "source_sha256"), message, "Write the hash of a file as 'trust_sha256' in the model."
        )
