"""What a plan's model would do, said without loading it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import InputError, UnsafeModelError

if TYPE_CHECKING:
    from evaluator.plan.schema import ArtifactPart, Plan
    from evaluator.subject.models.inspection import Inspection

ALLOWED = "It would run code: `run` needs --allow-code."


def model_prospect(plan: Plan, folder: Path, *, allow_outside: bool = False) -> tuple[str, ...]:
    """What the model is and what `run` would do with it; nothing when the plan names none."""
    artifact = plan.model.artifact
    if artifact is None:
        return ()
    if artifact.path is None:
        return tuple(_function(artifact, folder, allow_outside))
    return tuple(_file(plan, artifact.path, folder, allow_outside))


def _function(artifact: ArtifactPart, folder: Path, allow_outside: bool) -> Iterator[str]:
    from evaluator.subject.models.call_source import check_source, find_source

    try:
        source = find_source(artifact.call or "", folder, allow_outside=allow_outside)
        yield f"model: {source.call} in {source.path.name}, SHA-256 {source.sha256[:12]}…"
        check_source(source, artifact, allow_code=True)
        yield ALLOWED
    except UnsafeModelError as error:
        yield f"It would be refused. {error}"
    except InputError as error:
        yield f"model: it cannot be used. {error}"


def _file(plan: Plan, written: str, folder: Path, allow_outside: bool) -> Iterator[str]:
    from evaluator.subject.files import find_file
    from evaluator.subject.models.inspection import inspect_model

    try:
        found = inspect_model(find_file(folder, written, allow_outside=allow_outside), written)
    except InputError as error:
        yield f"model: it cannot be used. {error}"
        return
    yield f"model: {found.name}, {found.kind}, SHA-256 {found.sha256[:12]}…"
    yield _what_happens(found, plan.model.trust_sha256)
    yield from version_lines(found)


def _what_happens(found: Inspection, trusted: str | None) -> str:
    if found.refused:
        return f"It would be refused: it holds types that are not allowed, {', '.join(found.unusual)}."
    if trusted is not None and trusted != found.sha256:
        return f"It would be refused: the plan trusts SHA-256 {trusted[:12]}…, which is another file."
    if not found.runs_code:
        return "It can be loaded without running code."
    if trusted is None:
        return f"It would be refused: it can run code. Add trust_sha256: {found.sha256} to model if you trust it."
    return ALLOWED


def version_lines(found: Inspection) -> Iterator[str]:
    """A sentence for every library whose version is not the one the model was saved with."""
    for library in found.versions:
        if library.saved != library.installed:
            installed = f"{library.installed} is installed" if library.installed else "it is not installed"
            yield f"It was saved with {library.library} {library.saved}; {installed}."
